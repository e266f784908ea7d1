"""Mini-batch as the proxy sees it."""

from __future__ import annotations

import base64
import io
import math
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from PIL import Image

from app.charts.layout import empty, styled
from eproxy_engine.images import MEAN, STD

_COLUMNS = 8
_GAP = 2
_PIXELS_A_ROW = 100


class ImagesData(NamedTuple):
    """Data of the chart: pictures in rows of eight, RGBA, shape (height, width, 4), uint8; gaps are transparent."""

    title: str
    mosaic: NDArray[np.uint8]
    rows: int


def images_data(batch: NDArray[np.floating]) -> ImagesData:
    """Arrange the pictures of a normalised batch, shape (n, 3, side, side); values outside 0 to 255 are clipped."""
    count, _, side, _ = batch.shape
    rows, columns = math.ceil(count / _COLUMNS), min(_COLUMNS, count)
    tiles = np.zeros((rows * columns, side + _GAP, side + _GAP, 4), dtype=np.uint8)
    scaled = batch.transpose(0, 2, 3, 1) * np.array(STD) + np.array(MEAN)
    tiles[:count, :side, :side, :3] = np.clip(np.rint(255 * scaled), 0, 255)
    tiles[:count, :side, :side, 3] = 255
    grid = tiles.reshape(rows, columns, side + _GAP, side + _GAP, 4).transpose(0, 2, 1, 3, 4)
    mosaic = grid.reshape(rows * (side + _GAP), columns * (side + _GAP), 4)[:-_GAP, :-_GAP]
    noun = "image" if count == 1 else "images"
    return ImagesData(f"The proxy sees {count} {noun} of {side}×{side} pixels", mosaic, rows)


def images_figure(data: ImagesData) -> go.Figure:
    """Draw the pictures as one image."""
    if not data.rows:
        return empty(data.title, "no images")
    figure = styled(go.Figure(go.Image(source=_png(data.mosaic), hoverinfo="skip")), data.title)
    figure.update_layout(height=72 + _PIXELS_A_ROW * data.rows)
    figure.update_xaxes(visible=False, constrain="domain", constraintoward="left")
    figure.update_yaxes(visible=False, constrain="domain")
    return figure


def _png(pixels: NDArray[np.uint8]) -> str:
    """Return a data URI, a hundredth of the size of the same pixels written as numbers."""
    stream = io.BytesIO()
    Image.fromarray(pixels, mode="RGBA").save(stream, format="PNG")
    return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"
