"""Axes over the bulk of the values, so that one broken network at 10% does not press all others into a band.

What lies outside is marked at the edge of the picture; a button shows all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from app.charts.layout import BUTTON, laid_out

FENCE = 3.0
"""Interquartile ranges beyond the quartiles at which a value is far out (Tukey 1977)."""
FEWEST = 8
"""Fewest values whose quartiles say what is usual."""
MOST = 0.15
"""Largest share of values that are far out; more of them are no exceptions."""
WORTH_IT = 0.6
"""Axes change only if the bulk spans less than this share of all values."""
MARK, ROOM = 0.07, 0.12
"""Where marks of outlying values are, and where the axis ends, in spans of the bulk beyond it."""
OTHER_END = 0.05
_SYMBOLS = {(0, -1): "triangle-down", (0, 1): "triangle-up", (-1, 0): "triangle-left", (1, 0): "triangle-right"}
_CORNER = "diamond"


class Bulk(NamedTuple):
    """Values without those far out."""

    low: float
    high: float
    below: int
    """Number of values that are lower."""
    above: int

    @property
    def span(self) -> float:
        """Distance between lowest and highest value of the bulk."""
        return self.high - self.low

    @property
    def range(self) -> tuple[float, float]:
        """Ends of the axis."""
        return (
            self.low - self.span * (ROOM if self.below else OTHER_END),
            self.high + self.span * (ROOM if self.above else OTHER_END),
        )

    def side(self, values: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return −1 for each value below, 1 for each above, else 0."""
        return (values > self.high).astype(np.int64) - (values < self.low)

    def placed(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the values, those outside moved to the edges."""
        side, reach = self.side(values), MARK * self.span
        return np.where(side < 0, self.low - reach, np.where(side > 0, self.high + reach, values))


def bulk(values: ArrayLike) -> Bulk | None:
    """Return the bulk of ``values`` (1-D; what is not finite does not count).

    None if no value is far out, if many are, or if the axis would hardly change without them.
    """
    known = np.asarray(values, dtype=float)
    known = known[np.isfinite(known)]
    if known.size < FEWEST:
        return None
    first, third = np.quantile(known, (0.25, 0.75))
    reach = FENCE * (third - first)
    usual = known[(known >= first - reach) & (known <= third + reach)]
    low, high = float(usual.min()), float(usual.max())
    if usual.size < (1 - MOST) * known.size:
        return None
    if low == high or high - low > WORTH_IT * float(np.ptp(known)):
        return None
    return Bulk(low, high, int((known < low).sum()), int((known > high).sum()))


def over_the_bulk(figure: go.Figure, axes: Mapping[str, Bulk | None], failed: Sequence[str] = ()) -> go.Figure:
    """Confine axes to their bulk, mark outlying points at the edges, and add a button that shows all.

    Args:
        figure: Traces of points have all of them at their true places; they are not changed.
        axes: Bulk by axis (``x``, ``y``, ``x2`` ...); None for one that stays as it is.
        failed: Names, or their beginnings, of traces whose x is no value. They keep their symbol, and do not count.
    """
    confined = {axis: found for axis, found in axes.items() if found is not None}
    if not confined:
        return figure
    marks = [mark for trace in figure.data if (mark := _at_the_edge(trace, confined, tuple(failed))) is not None]
    if marks:
        marks[0].update(name=_said(confined), showlegend=True)
    places = range(len(figure.data), len(figure.data) + len(marks))
    figure.add_traces(marks)
    ranges = {_name(axis): found.range for axis, found in confined.items()}
    for name, span in ranges.items():
        figure.layout[name].range = span
    return with_button(laid_out(figure, showlegend=True), ranges, dict.fromkeys(places, False))


def with_button(figure: go.Figure, ranges: Mapping[str, tuple[float, float]], shown: Mapping[int, bool]) -> go.Figure:
    """Add a button *Show all*; another click on it shows the bulk again.

    Args:
        figure: Shows the bulk.
        ranges: Ends of each confined axis, by its name in the layout.
        shown: Whether a trace is visible when all is shown, by its place; else it is when the bulk is.
    """
    bulk_only = {f"{name}.range": list(span) for name, span in ranges.items()}
    everything = {f"{name}.autorange": True for name in ranges}
    seen = {"visible": list(shown.values())}, {"visible": [not there for there in shown.values()]}
    button = {
        "label": "Show all",
        "method": "update",
        "args": [seen[0], everything, list(shown)],
        "args2": [seen[1], bulk_only, list(shown)],
    }
    # Beside the title of the horizontal axis, as legends may need all of the room above.
    place = {"x": 0, "xanchor": "left", "y": 0, "yanchor": "top", "pad": {"t": 26}}
    return laid_out(figure, updatemenus=[{"type": "buttons", "active": -1, **place, **BUTTON, "buttons": [button]}])


def _at_the_edge(trace: Any, axes: Mapping[str, Bulk], failed: tuple[str, ...]) -> Any | None:
    """Return the outlying points of a trace as a trace at the edges; None if it has none or no points."""
    if trace.type not in ("scatter", "scattergl") or "markers" not in (trace.mode or ""):
        return None
    true = [np.asarray(values, dtype=float) for values in (trace.x, trace.y)]
    found = [axes.get(trace.xaxis or "x"), axes.get(trace.yaxis or "y")]
    side = [np.zeros(len(v), np.int64) if b is None else b.side(v) for v, b in zip(true, found, strict=True)]
    outlying = np.flatnonzero((side[0] != 0) | (side[1] != 0))
    if not outlying.size:
        return None
    placed = [v if b is None else b.placed(v) for v, b in zip(true, found, strict=True)]
    mark = type(trace)(trace)
    marker = _only(trace.marker.to_plotly_json(), outlying, len(true[0]))
    if not (failed and str(trace.name).startswith(failed)):
        marker["symbol"] = [_SYMBOLS.get((int(x), int(y)), _CORNER) for x, y in zip(*side, strict=True) if x or y]
        marker["size"] = np.maximum(np.asarray(marker.get("size", 6)), 10).tolist()
        marker["opacity"] = 1
    mark.update(
        x=placed[0][outlying],
        y=placed[1][outlying],
        marker=marker,
        customdata=_with_values(trace, true, outlying),
        hovertemplate=_of_values(trace),
        showlegend=False,
        legendgroup=None,
        error_x=None,
        error_y=None,
    )
    return mark


def _only(marker: dict[str, Any], outlying: NDArray[np.int64], count: int) -> dict[str, Any]:
    """Keep the outlying points' part of what a marker has for each point."""
    arrays = (list, tuple, np.ndarray)
    return {
        name: [value[i] for i in outlying] if isinstance(value, arrays) and len(value) == count else value
        for name, value in marker.items()
    }


def _with_values(trace: Any, true: Sequence[NDArray[np.float64]], outlying: NDArray[np.int64]) -> list[list[Any]]:
    """Append the true values to the custom data, as the mark is not at them."""
    custom = trace.customdata
    return [[*([] if custom is None else custom[i]), float(true[0][i]), float(true[1][i])] for i in outlying]


def _of_values(trace: Any) -> str:
    """Take the values of the hover box from the custom data."""
    first = 0 if trace.customdata is None or not len(trace.customdata) else len(trace.customdata[0])
    template = str(trace.hovertemplate or "%{y}<extra></extra>")
    for place, axis in enumerate("xy", start=first):
        template = template.replace(f"%{{{axis}", f"%{{customdata[{place}]")
    return template


def _said(axes: Mapping[str, Bulk]) -> str:
    """Say how many values lie beyond the vertical axis, or else beyond the others."""
    upright = [found for axis, found in axes.items() if axis.startswith("y")][:1]
    told = []
    for found in upright or list(axes.values())[:1]:
        words = ("below", "above") if upright else ("left of", "right of")
        for count, word, end in zip((found.below, found.above), words, (found.low, found.high), strict=True):
            if count:
                told.append(f"{count:,} {word} {number(end)}")
    return f"{', '.join(told)}, at the edge"


def number(value: float) -> str:
    """Format the end of a bulk.

    >>> number(71.33), number(-0.6123)
    ('71.3', '−0.612')
    """
    return f"{value:.3g}".replace("-", "−")


def _name(axis: str) -> str:
    """Return the layout's name of an axis.

    >>> _name("y2")
    'yaxis2'
    """
    return f"{axis[0]}axis{axis[1:]}"
