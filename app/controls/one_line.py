"""Controls behind the one line that says what they are set to."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app.shell import state
from app.shell.choice import Choice
from app.shell.wording import plain


def in_one_line(
    choice: Choice,
    line: Callable[[Choice], str],
    controls: Callable[[Choice], Choice],
    key: str,
    icon: str,
    expanded: bool = False,
) -> Choice:
    """Show controls that a click on their line opens.

    Args:
        choice: What is chosen.
        line: Says what a choice sets the controls to.
        controls: Shows them and returns the choice they lead to.
        key: Under which the session keeps that it is open.
        icon: Of the line.
        expanded: Whether they are open at first.
    """
    said = line(choice)
    with st.expander(plain(said), icon=icon, expanded=expanded or st.session_state.get(key) == said):
        changed = controls(choice)
    if (now := line(changed)) != said:  # it stands above what it tells of
        state.keep(changed)
        st.session_state[key] = now  # who has just changed it has it open; an expander closes when its label changes
        st.rerun()
    return changed
