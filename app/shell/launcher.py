"""Cost estimate of a run, and the button that launches it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from app.shell.errors import show_error
from app.shell.launching import launch
from app.shell.missing_work import missing_work
from app.shell.speed import multiply_accumulates_per_second
from app.shell.wording import duration
from eproxy_engine.errors import UserError
from eproxy_engine.runs import Run, Specification, Store
from eproxy_engine.runs.executors import cores

S = TypeVar("S", bound=Specification)


def launcher(
    store: Store, runs: list[Run], make: Callable[[], S], what: Callable[[S], str], label: str, icon: str, key: str
) -> None:
    """Show the cost of the specified run and its launch button.

    Args:
    store: The store.
    runs: All runs in it.
    make: Returns what the controls specify; a UserError it raises is shown instead.
    what: Describes the specification in a few words.
    label: Label of the button.
    icon: Icon of the button.
    key: Key of the button.
    """
    try:
        specification = make()
        specification.checked()
        count, work = missing_work(store, specification, runs)
    except UserError as error:
        show_error(error)
        return
    seconds = work / multiply_accumulates_per_second(runs, specification.space) / cores()
    cost = f"{count:,} evaluations, about **{duration(seconds)}** on {cores()} cores."
    st.markdown(f"{what(specification)}{': ' + cost if count else '. Already computed; results load immediately.'}")
    if st.button(label, type="primary", icon=icon, key=key, shortcut="Ctrl+Enter"):
        launch(store, specification)
