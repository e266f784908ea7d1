"""Heat map of rank correlations."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
from numpy.typing import NDArray

from app.charts import palette

SCALE = ((0, palette.VERMILLION), (0.5, "#D9D9D9"), (1, palette.BLUE_ON_DARK))
"""Colours from −1 to 1; black can be read on all of them, and none matches the background of a theme."""


def correlation_map(
    rho: NDArray[Any], columns: list[str], rows: list[str], text: list[list[str]] | None, **other: Any
) -> go.Heatmap:
    """Draw the trace of a heat map from −1 to 1.

    Args:
        rho: Shape (rows, columns), nan where undefined.
        text: Texts in the cells; None for none.
        other: Further properties of the trace.
    """
    return go.Heatmap(
        z=rho,
        x=columns,
        y=rows,
        text=text,
        texttemplate=None if text is None else "%{text}",
        textfont={"color": palette.BLACK},
        colorscale=SCALE,
        zmin=-1,
        zmax=1,
        colorbar={"title": "ρ", "thickness": 12, "outlinewidth": 0},
        **{"xgap": 1, "ygap": 1, **other},
    )
