"""What landscapes would cost, and the button that launches them."""

from __future__ import annotations

import streamlit as st

from app.shell import state
from app.shell.launcher import launcher
from eproxy_engine.errors import UserError
from eproxy_engine.runs import LandscapeSpecification, Run, Store


def landscape_launch_panel(store: Store, runs: list[Run]) -> None:
    """The page's title, with estimate and launch button for what the controls say beside it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title("Loss landscape", width="content")
        launcher(store, runs, said, _what, "Compute", ":material/landscape:", "landscape")


def said() -> LandscapeSpecification:
    """What the controls say. Raises UserError."""
    choice = state.choice()
    return choice.landscape.specification(choice.specification, choice.eproxy)


def specified() -> LandscapeSpecification | None:
    """What the controls say, if it means something."""
    try:
        return said()
    except UserError:
        return None


def _what(given: LandscapeSpecification) -> str:
    surfaces = len(given.surfaces())
    return f"**{surfaces} surface{'s' if surfaces > 1 else ''}** of {given.view.steps} × {given.view.steps} points"
