"""Choice of a chart's points by name: what a click and the lasso do, for the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

HINT = "Click or choose a point"


def point_choice(
    label: str, options: Sequence[Any], selected: Any, key: str, named: Callable[[Any], str] = str
) -> Any | None:
    """Show a list of the points, in which the ``selected`` one is chosen, and return the chosen one, None for none."""
    _follow(key, selected, selected if selected in options else None)
    return st.selectbox(label, options, index=None, format_func=named, key=key, placeholder=HINT)


def point_choices(
    label: str, options: Sequence[Any], selected: Sequence[Any], key: str, named: Callable[[Any], str] = str
) -> list[Any]:
    """Show the same for several points."""
    _follow(key, list(selected), [each for each in selected if each in set(options)])
    return st.multiselect(label, options, format_func=named, key=key, placeholder="Circle or choose points")


def _follow(key: str, selected: Any, shown: Any) -> None:
    """Let the list show what was selected elsewhere, as in the chart."""
    told = f"{key}-told"
    if told not in st.session_state or st.session_state[told] != selected:
        st.session_state[told] = selected
        st.session_state[key] = shown


def newly_chosen(selected: Any, *candidates: Any) -> Any | None:
    """Return the first of ``candidates`` that is not what is selected already; None if there is none."""
    return next((each for each in candidates if each is not None and each != selected), None)
