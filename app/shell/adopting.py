"""A page that nobody has touched takes the settings of the run it shows."""

from __future__ import annotations

from dataclasses import replace

from app.shell import state
from app.shell.choice import Choice, with_run
from app.shell.choice.parts import filled_in
from app.shell.kinds import KIND_OF_PAGE
from eproxy_engine.errors import UserError
from eproxy_engine.runs import Run

BY_THEMSELVES = ("learned_ranking",)
"""Pages whose results always are those of their controls."""


def adopt_settings() -> None:
    """At the beginning of a visit, set the controls to the run that it shows, but for what a person has chosen."""
    choice, page = state.choice(), state.page()
    if not state.arrived() or page not in KIND_OF_PAGE:
        return
    here = [run for run in state.store().runs() if run.kind == KIND_OF_PAGE[page]]
    if choice.run is not None and choice.run not in {run.id for run in here}:
        if "run" in state.chosen():
            return  # the page says that it is not here
        state.forget_run()
        choice = state.choice()
    if page in BY_THEMSELVES and choice.run is None:
        return
    suggestions = [suggested for run in here if (suggested := _suggested(choice, run))]
    best = min(suggestions, key=lambda each: _distance(choice, *each), default=None)
    if best is not None and best[1] != choice:
        state.adopt(best[1])


def _suggested(choice: Choice, run: Run) -> tuple[Run, Choice] | None:
    """Return the run with the choice that shows it; None if it is about something else, or cannot be shown."""
    if choice.run not in (None, run.id):
        return None
    given, chosen = run.specification, state.chosen()
    fixed = {name for name in ("space", "task") if name in chosen}
    if any(getattr(given, name) != getattr(choice.specification, name) for name in fixed):
        return None
    try:
        given.checked()
        whole = with_run(choice, run)
        suggested = filled_in(choice, whole, chosen)
        return run, suggested if suggested == whole else replace(suggested, run=choice.run)
    except UserError:
        return None


def _distance(choice: Choice, run: Run, suggested: Choice) -> tuple[bool, ...]:
    """Order as :func:`app.shell.shown_run.shown_run` does, by what the controls say already."""
    it, given = run.specification, choice.specification
    return (
        replace(suggested, run=None, architecture=None) != replace(choice, run=None, architecture=None),
        not (run.result or run.progress),
        (it.space, it.task) != (given.space, given.task),
        it.space != given.space,
    )
