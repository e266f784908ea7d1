"""All loss curves of an evaluation run, coloured by the accuracy of their architectures."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.colors import sample_colorscale

from app.charts import palette
from app.charts.layout import empty, styled, wrapped

_MOST_BANDS = 10
_MOST_SVG_POINTS = 50_000
_MOST_PLAIN = 50  # curves; above, they hide each other, and the median of each band is drawn over them


class Curves(NamedTuple):
    """Curves end to end, both shape (points,), with a nan after each so that one line draws them all."""

    iteration: NDArray[np.float32]
    loss: NDArray[np.float32]


class LossCurvesData(NamedTuple):
    """Data of the chart. Band i holds the curves of accuracies from ``edges[i]`` to ``edges[i + 1]``."""

    title: str
    bands: list[Curves]
    medians: list[Curves]
    """Median of each band at each iteration, diverged curves counting as infinite; empty for few curves."""
    edges: list[float]
    unmeasured: Curves
    """Curves of architectures with unknown accuracy, which are in no band."""
    unmeasured_count: int
    diverged: int
    ends: Curves
    """Last finite loss of each diverged curve that has one, moved down to ``range`` if above."""
    selected: Curves | None
    selected_name: str
    iterations: int
    range: tuple[float, float] | None
    """Lowest and highest loss of the curves that did not diverge; exploding ones must not set the scale."""


def loss_curves_data(rows: pd.DataFrame, selected: str | None = None) -> LossCurvesData:
    """Prepare the curves of ``rows``.

    Columns: architecture, accuracy (nan where unknown) and losses, a list whose last value is not finite if the
    evaluation diverged. ``selected``: an architecture to highlight; one not in ``rows`` is ignored.
    """
    rows = rows.reset_index(drop=True)
    curves = [_finite_part(losses) for losses in rows["losses"]]
    whole = np.array([len(c) == len(losses) > 0 for c, losses in zip(curves, rows["losses"], strict=True)], dtype=bool)
    accuracy = rows["accuracy"].to_numpy(float)
    final = np.array([c[-1] if w else math.inf for c, w in zip(curves, whole, strict=True)], dtype=float)
    measured = np.flatnonzero(np.isfinite(accuracy))
    unmeasured = np.flatnonzero(~np.isfinite(accuracy))
    band, edges = _bands(accuracy[measured])
    banded = [[curves[i] for i in measured[band == b]] for b in range(len(edges) - 1)]
    iterations = max(map(len, curves), default=0)
    span = _span([c for c, w in zip(curves, whole, strict=True) if w])
    chosen = rows.index[rows["architecture"] == selected]
    return LossCurvesData(
        title=_title(accuracy[measured], final[measured], len(rows)),
        bands=[_joined(group) for group in banded],
        medians=[_median(group, iterations) for group in banded] if len(curves) > _MOST_PLAIN else [],
        edges=edges,
        unmeasured=_joined([curves[i] for i in unmeasured]),
        unmeasured_count=len(unmeasured),
        diverged=int((~whole).sum()),
        ends=_ends([c for c, w in zip(curves, whole, strict=True) if not w and len(c)], span),
        selected=_joined([curves[chosen[0]]]) if len(chosen) else None,
        selected_name=str(selected) if len(chosen) else "",
        iterations=iterations,
        range=span,
    )


def loss_curves_figure(data: LossCurvesData, *, log: bool = False, accuracy_title: str = "accuracy (%)") -> go.Figure:
    """Draw loss by iteration, one line trace per band; ``log``: logarithmic losses."""
    if not data.bands and not data.unmeasured_count:
        return empty(data.title, "no evaluations yet")
    if not data.iterations:
        return empty(data.title, "every evaluation diverged at the first iteration")
    trace = go.Scattergl if sum(len(band.loss) for band in data.bands) > _MOST_SVG_POINTS else go.Scatter
    mode = "lines" if data.iterations > 1 else "markers"
    colours = _colours(len(data.bands))
    figure = go.Figure()
    style: dict[str, Any] = {"mode": mode, "showlegend": False, "opacity": 0.3 if data.medians else 0.6}
    if data.unmeasured_count:
        name = f"accuracy not known ({data.unmeasured_count:,})"
        line = {"color": palette.MUTED, "width": 1}
        figure.add_trace(
            _curves(trace, data.unmeasured, mode=mode, name=name, line=line, opacity=0.5, hoverinfo="skip")
        )
    for band, colour in zip(data.bands, colours, strict=True):
        figure.add_trace(_curves(trace, band, **style, line={"color": colour, "width": 1}, hoverinfo="skip"))
    for i, (median, colour) in enumerate(zip(data.medians, colours, strict=bool(data.medians))):
        style = {"mode": mode, "showlegend": False, "line": {"color": colour, "width": 2.5}}
        hover = (
            f"{accuracy_title} {data.edges[i]:.4g} – {data.edges[i + 1]:.4g}<br>median loss %{{y:.4g}}<extra></extra>"
        )
        figure.add_trace(_curves(trace, median, **style, hovertemplate=hover))
    if len(data.bands) > 1:
        figure.add_trace(_colour_bar(data.edges, colours, accuracy_title))
    if data.diverged:
        marker = {"symbol": "x-thin", "size": 7, "line": {"color": palette.MUTED, "width": 1.5}}
        name = f"diverged ({data.diverged:,})"
        figure.add_trace(_curves(trace, data.ends, mode="markers", marker=marker, name=name, hoverinfo="skip"))
    if data.selected is not None:
        style = {"mode": mode, "line": {"color": palette.SELECTED, "width": 4}, "name": "selected"}
        hover = f"{wrapped(data.selected_name)}<br>loss %{{y:.4g}}<extra></extra>"
        figure.add_trace(_curves(trace, data.selected, **style, hovertemplate=hover))
    styled(figure, data.title)
    figure.update_layout(showlegend=bool(data.diverged or data.unmeasured_count) or data.selected is not None)
    figure.update_xaxes(title_text="iteration", tickformat="d", range=_padded(1, max(data.iterations, 2), 0.02))
    figure.update_xaxes(**({"dtick": 1} if data.iterations <= 12 else {"nticks": 12}))
    figure.update_yaxes(title_text="loss", type="log" if log else "linear")
    if data.diverged and data.range and (not log or data.range[0] > 0):
        low, high = map(math.log10, data.range) if log else data.range
        figure.update_yaxes(range=_padded(low, high, 0.05))
    return figure


def _finite_part(losses: Any) -> NDArray[np.float64]:
    """Return the curve up to its first non-finite loss."""
    curve = np.asarray(losses, dtype=float)
    broken = np.flatnonzero(~np.isfinite(curve))
    return curve[: broken[0]] if broken.size else curve


def _bands(accuracy: NDArray[np.float64]) -> tuple[NDArray[np.int64], list[float]]:
    """Return the band of each accuracy, from the lowest, and the bands' edges; equal accuracies share a band."""
    if not accuracy.size:
        return np.zeros(0, dtype=np.int64), []
    inner = np.quantile(accuracy, np.linspace(0, 1, min(_MOST_BANDS, accuracy.size) + 1)[1:-1])
    _, band = np.unique(np.searchsorted(inner, accuracy, side="right"), return_inverse=True)
    lowest = [float(accuracy[band == b].min()) for b in range(int(band.max()) + 1)]
    return band, [*lowest, float(accuracy.max())]


def _title(accuracy: NDArray[np.float64], final: NDArray[np.float64], n: int) -> str:
    """State final losses of the most and the least accurate tenth; diverged ones count as infinite."""
    if not final.size:
        return f"Loss curves, n = {n:,}, no accuracy known" if n else "Loss curves"
    order = np.argsort(accuracy, kind="stable")
    tenth = math.ceil(final.size / 10)
    best, worst = (_loss_text(float(np.median(final[part]))) for part in (order[-tenth:], order[:tenth]))
    if final.size == 1:
        return f"Final loss {best}, n = 1"
    if tenth == 1:
        return f"Final loss: most accurate {best}, least accurate {worst}"
    return f"Median final loss: most accurate tenth {best}, least accurate {worst}"


def _loss_text(loss: float) -> str:
    return f"{loss:.3g}" if math.isfinite(loss) else "diverged"


def _joined(curves: list[NDArray[np.float64]]) -> Curves:
    gap = np.array([np.nan])
    if not curves:
        return Curves(np.zeros(0, np.float32), np.zeros(0, np.float32))
    iterations = [part for curve in curves for part in (np.arange(1.0, len(curve) + 1), gap)]
    losses = [part for curve in curves for part in (curve, gap)]
    # float32 is finer than any screen and halves the size sent to the browser.
    return Curves(np.concatenate(iterations).astype(np.float32), np.concatenate(losses).astype(np.float32))


def _median(curves: list[NDArray[np.float64]], iterations: int) -> Curves:
    padded = np.full((len(curves), iterations), np.inf)
    for row, curve in zip(padded, curves, strict=True):
        row[: len(curve)] = curve
    median = np.median(padded, axis=0)
    return _joined([median[np.isfinite(median)]])


def _span(curves: list[NDArray[np.float64]]) -> tuple[float, float] | None:
    if not curves:
        return None
    losses = np.concatenate(curves)
    return float(losses.min()), float(losses.max())


def _ends(curves: list[NDArray[np.float64]], span: tuple[float, float] | None) -> Curves:
    highest = span[1] if span else math.inf
    last = np.array([[len(curve), min(curve[-1], highest)] for curve in curves], dtype=np.float32).reshape(-1, 2)
    return Curves(last[:, 0], last[:, 1])


def _curves(trace: Any, curves: Curves, **style: Any) -> Any:
    return trace(x=curves.iteration, y=curves.loss, **style)


def _colours(bands: int) -> list[str]:
    if bands < 2:
        return [palette.MUTED] * bands
    return sample_colorscale(palette.SCALE, list(np.linspace(*palette.LINE_SPAN, bands)))


def _colour_bar(edges: list[float], colours: list[str], title: str) -> go.Scatter:
    """Return a trace without points that adds the colour bar, one step per band, as bands hold equally many curves."""
    count = len(colours)
    steps = [(position / count, colour) for i, colour in enumerate(colours) for position in (i, i + 1)]
    bar = {"title": {"text": title, "side": "right"}, "tickvals": list(range(count + 1)), "thickness": 12}
    decimals = max(0, 3 - math.floor(math.log10(max(map(abs, edges)) or 1)))
    bar |= {"ticktext": [f"{edge:.{decimals}f}" for edge in edges], "len": 1, "outlinewidth": 0}
    marker = {"color": [0], "cmin": 0, "cmax": count, "colorscale": steps, "showscale": True, "colorbar": bar}
    return go.Scatter(x=[None], y=[None], mode="markers", marker=marker, showlegend=False, hoverinfo="skip")


def _padded(low: float, high: float, share: float) -> list[float]:
    pad = share * ((high - low) or abs(low) or 1.0)
    return [low - pad, high + pad]
