"""Columns that stand one below the other on half a screen."""

from __future__ import annotations

from typing import Any

import streamlit as st


def stacked_columns(key: str, widths: int | list[int]) -> list[Any]:
    """Return columns for charts and what belongs to them; ``app/shell/style.css`` stacks them by the key."""
    return st.container(key=f"stacked-{key}").columns(widths)
