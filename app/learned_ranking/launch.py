"""What the controls specify, its cost, and the button that launches it."""

from __future__ import annotations

from app.shell import state
from app.shell.kinds import KINDS
from app.shell.launcher import costing, launcher
from app.shell.missing_work import MissingWork
from app.shell.titled import titled
from app.shell.wording import plain
from eproxy_engine import spaces
from eproxy_engine.counted import counted
from eproxy_engine.errors import UserError
from eproxy_engine.runs import RankingSpecification, Run, Store
from eproxy_engine.sampling import drawable

KIND = KINDS[RankingSpecification.kind]


def launch_panel(store: Store, runs: list[Run]) -> bool:
    """Show the page's title, with the cost estimate and launch button beside it; return whether it can be run."""
    place, given = titled(KIND.page_title), state.choice().specification
    if not drawable(given.space, given.task) and not state.choice().ranking.given:
        space = spaces.get(given.space)
        missing = f"A ranking learns from a few accuracies, and none of {plain(space.title)} is known."
        place.text.info(f"{missing} {space.ground_truth_hint}", icon=":material/info:")
        return False
    return launcher(
        place,
        store,
        runs,
        lambda: [specified()],
        _sentence,
        KIND.launch,
        ":material/balance:",
        "launch-ranking",
        "Computes what is missing of the scores, then judges the ranking over all draws of the labelled architectures.",
    )


def specified() -> RankingSpecification:
    """Return what the controls specify. Raises UserError."""
    return state.choice().ranking.specification(state.choice().specification)


def specified_or_none() -> RankingSpecification | None:
    """Return what the controls specify; None if it cannot be run."""
    try:
        return specified().checked()
    except UserError:
        return None


def _sentence(given: RankingSpecification, work: MissingWork) -> str:
    count, scores = len(given.candidates()), len(given.panel.names)
    draws = f", judged over {given.settings.draws} draws" if given.settings.draws > 1 else ""
    what = f"**{counted(count, 'architecture')}**, {counted(scores, 'score')} and descriptors{draws}"
    if not work.missing:
        return f"{what}. All scores are there; judging takes a few seconds."
    return costing(what, work)
