"""Cost estimate of landscapes, and the button that launches them."""

from __future__ import annotations

from app.shell import state
from app.shell.kinds import KINDS
from app.shell.launcher import costing, launcher
from app.shell.missing_work import MissingWork
from app.shell.titled import titled
from eproxy_engine.counted import counted
from eproxy_engine.errors import UserError
from eproxy_engine.runs import LandscapeSpecification, Run, Store

KIND = KINDS[LandscapeSpecification.kind]


def launch_panel(store: Store, runs: list[Run]) -> None:
    """Show the page's title, with the cost estimate and launch button beside it."""
    place = titled(KIND.page_title)
    launcher(place, store, runs, lambda: [specified()], _sentence, KIND.launch, ":material/landscape:", "landscape")


def specified() -> LandscapeSpecification:
    """Return what the controls specify. Raises UserError."""
    choice = state.choice()
    return choice.landscape.specification(choice.specification, choice.eproxy)


def specified_or_none() -> LandscapeSpecification | None:
    """Return what the controls specify; None if it cannot be run."""
    try:
        return specified()
    except UserError:
        return None


def _sentence(given: LandscapeSpecification, work: MissingWork) -> str:
    steps = given.view.steps
    return costing(f"**{counted(len(given.surfaces()), 'surface')}** of {steps} × {steps} points", work)
