"""What landscapes would cost, and the button that launches them."""

from __future__ import annotations

import streamlit as st

from app import state
from app.launching import launch
from app.panels.missing import missing_work
from app.panels.speed import multiply_accumulates_per_second
from app.wording import duration
from eproxy_engine.errors import UserError
from eproxy_engine.runs import LandscapeSpecification, Run, Store
from eproxy_engine.runs.executors import cores


def landscape_launch_panel(store: Store, runs: list[Run]) -> None:
    """The page's title, with estimate and launch button for what the controls say beside it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title("Loss landscape", width="content")
        _launcher(store, runs)


def specified() -> LandscapeSpecification | None:
    """What the controls say, if it means something."""
    choice = state.choice()
    try:
        return choice.landscape.specification(choice.specification, choice.eproxy)
    except UserError:
        return None


def _launcher(store: Store, runs: list[Run]) -> None:
    choice = state.choice()
    try:
        specification = choice.landscape.specification(choice.specification, choice.eproxy).checked()
        count, work = missing_work(store, specification, runs)
    except UserError as error:
        st.error(str(error), icon=":material/error:")
        return
    speed = multiply_accumulates_per_second(runs, specification.space)
    st.markdown(_sentence(specification, count, work / speed / cores()))
    if st.button("Compute", type="primary", icon=":material/landscape:", key="landscape", shortcut="Ctrl+Enter"):
        launch(store, specification)


def _sentence(given: LandscapeSpecification, count: int, seconds: float) -> str:
    surfaces = len(given.surfaces())
    what = f"**{surfaces} surface{'s' if surfaces > 1 else ''}** of {given.view.steps} × {given.view.steps} points"
    if not count:
        return f"{what}, all computed before: they are there at once."
    return f"{what}: about **{duration(seconds)}** on {cores()} cores."
