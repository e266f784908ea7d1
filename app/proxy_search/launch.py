"""Cost estimate of a search, and the button that launches it."""

from __future__ import annotations

from app.shell import state
from app.shell.kinds import KINDS
from app.shell.launcher import launcher, time_needed
from app.shell.missing_work import MissingWork
from app.shell.titled import titled
from app.shell.wording import plain
from eproxy_engine import spaces
from eproxy_engine.counted import counted
from eproxy_engine.runs import ProxySearchSpecification, Run, Store
from eproxy_engine.sampling import drawable

KIND = KINDS[ProxySearchSpecification.kind]


def launch_panel(store: Store, runs: list[Run]) -> None:
    """Show the page's title, with the cost estimate and launch button beside it."""
    place, given = titled(KIND.page_title), state.choice().specification
    if not drawable(given.space, given.task):
        space = spaces.get(given.space)
        missing = f"A search needs a few measured architectures, and no accuracy of {plain(space.title)} is known."
        place.text.info(f"{missing} {space.ground_truth_hint}", icon=":material/info:")
        return
    launcher(
        place,
        store,
        runs,
        lambda: [specified()],
        _sentence,
        KIND.launch,
        ":material/travel_explore:",
        "launch-search",
        "Runs in a separate worker. You can close the browser. Several searches queue up.",
    )


def specified() -> ProxySearchSpecification:
    """Return what the controls specify."""
    given, search = state.choice().specification, state.choice().proxy_search
    return ProxySearchSpecification(
        given.space, given.task, search.sample, search.settings, given.images, given.seed, search.held_out
    )


def _sentence(given: ProxySearchSpecification, work: MissingWork) -> str:
    settings = given.settings
    tried = f"**{counted(settings.trials, 'configuration')}**{' at random' if settings.is_random else ''}"
    tried += f" on {counted(len(given.architectures()), 'architecture')}"
    judged = f", judged on {given.held_out} held-out ones" if given.held_out else ", not judged"
    return f"{tried}{judged}: up to {counted(given.most_evaluations, 'evaluation')}, {time_needed(work)}."
