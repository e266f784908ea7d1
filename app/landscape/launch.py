"""Cost estimate of landscapes, and the button that launches them."""

from __future__ import annotations

import streamlit as st

from app.shell import state
from app.shell.launcher import launcher
from eproxy_engine.errors import UserError
from eproxy_engine.runs import LandscapeSpecification, Run, Store


def launch_panel(store: Store, runs: list[Run]) -> None:
    """Show the page's title, with the cost estimate and launch button beside it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title("Loss landscape", width="content")
        launcher(store, runs, specified, _what, "Compute", ":material/landscape:", "landscape")


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


def _what(given: LandscapeSpecification) -> str:
    surfaces = len(given.surfaces())
    return f"**{surfaces} surface{'s' if surfaces > 1 else ''}** of {given.view.steps} × {given.view.steps} points"
