"""What a run would cost, and the button that launches it."""

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
    """``make``: what the controls say, or a UserError, which is told instead; ``what``: that in a few words."""
    try:
        specification = make()
        specification.checked()
        count, work = missing_work(store, specification, runs)
    except UserError as error:
        show_error(error)
        return
    seconds = work / multiply_accumulates_per_second(runs, specification.space) / cores()
    cost = f"{count:,} evaluations, about **{duration(seconds)}** on {cores()} cores."
    st.markdown(f"{what(specification)}{': ' + cost if count else ', all computed before: it is there at once.'}")
    if st.button(label, type="primary", icon=icon, key=key, shortcut="Ctrl+Enter"):
        launch(store, specification)
