"""Cost estimate of runs, and the button that launches them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from app.shell.errors import show_error
from app.shell.launching import launch
from app.shell.missing_work import MissingWork, missing_work
from app.shell.titled import Place
from app.shell.wording import duration
from eproxy_engine.counted import counted
from eproxy_engine.errors import UserError
from eproxy_engine.runs import Run, Specification, Store
from eproxy_engine.runs.arithmetic import faster

S = TypeVar("S", bound=Specification)


def launcher(
    place: Place,
    store: Store,
    runs: list[Run],
    specified: Callable[[], Sequence[S]],
    sentence: Callable[[S, MissingWork], str],
    label: str,
    icon: str,
    key: str,
    help: str | None = None,
    name: Callable[[S], str] | None = None,
    on_click: Callable[[], None] | None = None,
) -> bool:
    """Show the cost of the specified runs and their launch button, or why they cannot be run.

    Args:
        place: Where to show them.
        store: The store.
        runs: All runs in it.
        specified: Returns what the controls specify; a UserError it raises is shown.
        sentence: Says what a run computes and what that costs, most often by :func:`costing`.
        label: Label of the button.
        icon: Icon of the button.
        key: Key of the button.
        help: Help of the button.
        name: Names one of several runs in its error.
        on_click: Called when the button is clicked, before the launch.

    Returns:
        Whether they can be run.
    """
    try:
        wanted = specified()
    except UserError as error:
        show_error(error, place.text)
        return False
    sentences, errors, launched = [], [], []
    for each in wanted:
        try:
            each.checked()
            with place.text:
                launched.append(faster(each, runs, lambda one: missing_work(store, runs, one).missing))
                sentences.append(sentence(launched[-1], missing_work(store, runs, launched[-1])))
        except UserError as error:
            errors.append(f"{name(each)}: {error}" if name else str(error))
    for problem in errors:
        show_error(problem, place.text)
    if errors:
        return False
    place.text.markdown("  \n".join(sentences))
    if place.button.button(
        label,
        type="primary",
        icon=icon,
        width="content",
        key=key,
        shortcut="Ctrl+Enter",
        help=help,
        on_click=on_click,
    ):
        launch(store, *launched)
    return True


def costing(what: str, work: MissingWork) -> str:
    """Say what a run computes, and how many evaluations and how much time that still takes."""
    if not work.seconds:
        return f"{what}. All computed already, so the result takes a few seconds."
    evaluations = f"{counted(work.missing, 'evaluation')}, " if work.missing else ""
    return f"{what}: {evaluations}{time_needed(work)}."


def time_needed(work: MissingWork) -> str:
    """Say how long the work takes if nothing else runs.

    >>> time_needed(MissingWork(100, 100, 18.2, at_most=False))
    'about **18 s** on an idle machine'
    """
    return f"{'at most' if work.at_most else 'about'} **{duration(work.seconds)}** on an idle machine"
