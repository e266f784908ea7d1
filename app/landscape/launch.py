"""What landscapes would cost, and the button that launches them."""

from __future__ import annotations

import streamlit as st

from app.shell import state
from app.shell.launcher import launcher
from eproxy_engine.errors import UserError
from eproxy_engine.runs import LandscapeSpecification, Run, Store


def launch_panel(store: Store, runs: list[Run]) -> None:
    """The page's title, with estimate and launch button for what the controls say beside it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title("Loss landscape", width="content")
        launcher(store, runs, specified, _what, "Compute", ":material/landscape:", "landscape")


def specified() -> LandscapeSpecification:
    """What the controls specify. Raises UserError."""
    choice = state.choice()
    return choice.landscape.specification(choice.specification, choice.eproxy)


def specified_or_none() -> LandscapeSpecification | None:
    """What the controls specify; None where it cannot be run."""
    try:
        return specified()
    except UserError:
        return None


def _what(given: LandscapeSpecification) -> str:
    surfaces = len(given.surfaces())
    return f"**{surfaces} surface{'s' if surfaces > 1 else ''}** of {given.view.steps} × {given.view.steps} points"
