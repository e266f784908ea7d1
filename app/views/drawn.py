"""Figures that are drawn once, as long as what they show stays the same."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from hashlib import sha1
from typing import ParamSpec

import plotly.graph_objects as go
import streamlit as st

P = ParamSpec("P")


def drawn(draw: Callable[P, go.Figure], *given: P.args, **more: P.kwargs) -> go.Figure:
    """Return ``draw(*given, **more)``, from the last time if all of it is the same. The figure may not be changed.

    Most of what a page's script takes is drawing, and most clicks leave the figure as it is.
    """
    what = pickle.dumps((draw.__module__, draw.__qualname__, given, more))
    return _kept(sha1(what, usedforsecurity=False).digest(), lambda: draw(*given, **more))


@st.cache_resource(max_entries=100, show_spinner=False)
def _kept(key: bytes, _draw: Callable[[], go.Figure]) -> go.Figure:
    return _draw()
