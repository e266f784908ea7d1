"""Target of a branch: its first channels."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from app.charts.layout import empty, styled

_COLUMNS = 8
_PIXELS_A_ROW = 90


class TargetData(NamedTuple):
    """Data of the chart: tiles of 8×8 in rows of eight, with gaps of one nan between them."""

    title: str
    mosaic: NDArray[np.float32]
    channel: NDArray[np.int64]
    """Channel (from 1) of each pixel of the mosaic, same shape."""
    limit: float
    """Colours span −limit to limit."""
    rows: int


def target_data(
    target: NDArray[np.floating], branch: str = "deepest branch", image: int = 0, channels: int = 32
) -> TargetData:
    """Arrange the first ``channels`` of one ``image``'s target; ``target``: shape (b, c, 8, 8); ``branch``: its name.

    Raises: IndexError for an image that is not in the batch.
    """
    maps = np.asarray(target, dtype=np.float32)[image][:channels]
    available, side = target.shape[1], target.shape[2]
    rows, columns = math.ceil(len(maps) / _COLUMNS), min(_COLUMNS, len(maps))
    tiles = np.full((rows * columns, side + 1, side + 1), np.nan, dtype=np.float32)
    tiles[: len(maps), :side, :side] = maps
    numbers = np.broadcast_to(np.arange(1, rows * columns + 1)[:, None, None], tiles.shape)
    shown = f"{available}" if len(maps) == available else f"{len(maps)} of {available}"
    return TargetData(
        title=f"Target, {branch}: {shown} channels",
        mosaic=_laid_out(tiles, rows, columns),
        channel=_laid_out(numbers, rows, columns),
        limit=float(np.abs(maps).max(initial=0)) or 1.0,
        rows=rows,
    )


def target_figure(data: TargetData) -> go.Figure:
    """Draw the tiles as one heat map, red above zero, blue below."""
    if not data.rows:
        return empty(data.title, "no channels")
    heatmap = go.Heatmap(
        z=data.mosaic,
        customdata=data.channel,
        zmin=-data.limit,
        zmax=data.limit,
        colorscale="RdBu_r",
        colorbar={"title": {"text": "value", "side": "right"}, "thickness": 12, "outlinewidth": 0},
        hovertemplate="channel %{customdata}<br>value %{z:.3g}<extra></extra>",
        hoverongaps=False,
    )
    figure = styled(go.Figure(heatmap), data.title)
    figure.update_layout(height=72 + _PIXELS_A_ROW * data.rows)
    figure.update_xaxes(visible=False, constrain="domain", constraintoward="left")
    figure.update_yaxes(visible=False, constrain="domain", autorange="reversed", scaleanchor="x")
    return figure


def _laid_out(tiles: NDArray, rows: int, columns: int) -> NDArray:
    """Lay tiles (rows * columns, h, w) side by side, without the gaps after the last row and column."""
    height, width = tiles.shape[1:]
    grid = tiles.reshape(rows, columns, height, width).transpose(0, 2, 1, 3)
    return grid.reshape(rows * height, columns * width)[:-1, :-1]
