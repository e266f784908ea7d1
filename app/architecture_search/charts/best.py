"""Best accuracy so far against the number of queries: what a search gains at what cost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from app.architecture_search.charts.runs import Searched, mean_and_error
from app.charts import palette
from app.charts.layout import empty, rounded, styled

MOST_NAMED = 2
"""Most runs that the title names."""
QUARTILES = (0.5, 0.25, 0.75)
BEGINNING = 0.05
"""Share of the queries after which a run's accuracy counts for the start of the scale."""


class BestLine(NamedTuple):
    """One run; arrays are of shape (m,)."""

    name: str
    colour: str
    dash: str
    queries: NDArray[np.int64]
    """Queries at which any of the runs changes, ascending; the last is where this one ends."""
    median: NDArray[np.float64]
    """Median over seeds of the best accuracy so far; nan while no seed has one."""
    low: NDArray[np.float64]
    """First quartile over seeds."""
    high: NDArray[np.float64]
    """Third quartile."""
    seeds: int
    spent: int


class BestData(NamedTuple):
    """Data of the chart."""

    title: str
    lines: list[BestLine]
    optima: list[float]
    """Optima; several if the runs have different constraints."""


def best_data(runs: Sequence[Searched], digits: int = 2) -> BestData:
    """Prepare the lines of all ``runs`` that have queried anything. ``digits``: digits of an accuracy."""
    asked = [run for run in runs if any(run.improvements)]
    optima = dict.fromkeys(run.optimum for run in asked if run.optimum is not None)
    changes = {query for run in asked for steps in run.improvements for query, _ in steps}
    return BestData(_title(asked, digits), [_line(run, changes) for run in asked], list(optima))


def best_figure(
    data: BestData, *, accuracy_title: str = "accuracy (%)", logarithmic: bool = False, digits: int = 2
) -> go.Figure:
    """Draw staircases, with a band between the quartiles if a run has several seeds."""
    if not data.lines:
        return empty(data.title, "no query yet")
    figure = go.Figure()
    for line in data.lines:
        if line.seeds > 1:
            _add_band(figure, line)
    for line in data.lines:
        _add_line(figure, line, digits)
    styled(figure, data.title)
    for place, optimum in enumerate(data.optima):
        figure.add_hline(
            optimum,
            line={"color": palette.MUTED, "width": 1.5, "dash": "dash"},
            annotation={
                "text": f"optimum {rounded(optimum, digits)}",
                "xanchor": "right",
                "yanchor": ("bottom", "top")[place % 2],
            },
        )
    for spent in dict.fromkeys(line.spent for line in data.lines if line.spent):
        figure.add_vline(spent, line={"color": palette.MUTED, "width": 1, "dash": "dot"})
        figure.add_annotation(
            text=f"{spent} for the proxy's design",
            x=math.log10(spent) if logarithmic else spent,  # unlike shapes, annotations take the logarithm
            y=0,
            yref="paper",
            xanchor="left",
            yanchor="bottom",
            textangle=-90,
            showarrow=False,
        )
    figure.update_layout(
        hovermode="x unified",
        legend={"x": 0, "xanchor": "left", "y": -0.2, "yanchor": "top"},
        margin_t=44 + 20 * data.title.count("<br>"),
    )
    end = max(int(line.queries[-1]) for line in data.lines)
    span = (-0.02, math.log10(end) + 0.02) if logarithmic else (-0.01 * end, 1.01 * end)
    figure.update_xaxes(
        title_text="queries, logarithmic" if logarithmic else "queries",
        type="log" if logarithmic else "linear",
        dtick="D2" if logarithmic else None,
        tickformat=",d",
        range=span,
    )
    figure.update_yaxes(title_text=accuracy_title, range=_range(data))
    return figure


def _line(run: Searched, changes: set[int]) -> BestLine:
    """Compute one line: an active run ends at its slowest seed; a finished one keeps the final values of its seeds.

    ``changes``: queries at which any run changes, so that a hover box has a value of each run.
    """
    end = max(min(run.queries) if run.going_on else max(run.queries), 1)
    queries = np.array(sorted({1, end} | {query for query in changes if query <= end}), dtype=np.int64)
    best = np.array([_best_at(steps, queries) for steps in run.improvements])
    median, low, high = _quartiles(best)
    return BestLine(run.name, run.colour, run.dash, queries, median, low, high, len(best), run.spent)


def _best_at(steps: list[tuple[int, float]], queries: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the best accuracy at each of ``queries``, shape (m,); nan before the first of ``steps``."""
    known = np.array([np.nan, *(accuracy for _, accuracy in steps)])
    return known[np.searchsorted([query for query, _ in steps], queries, side="right")]


def _quartiles(best: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return median, first and third quartile, shape (3, m), over the seeds with an accuracy; ``best``: (seeds, m)."""
    found = np.full((3, best.shape[1]), np.nan)
    known = ~np.isnan(best)
    whole, some = known.all(axis=0), known.any(axis=0) & ~known.all(axis=0)
    found[:, whole] = np.quantile(best[:, whole], QUARTILES, axis=0)
    found[:, some] = np.nanquantile(best[:, some], QUARTILES, axis=0)  # a call a column: slow
    return found


def _title(runs: Sequence[Searched], digits: int) -> str:
    """Write one line per run, best first: queries to the optimum if all seeds found it, else the accuracies."""
    if not runs:
        return "Best accuracy so far"
    found = [run for run in runs if len(run.to_optimum) == len(run.queries)]
    if found:
        ordered = sorted(found, key=lambda run: float(np.mean(run.to_optimum)))
        lines = [f"{run.name}: {mean_and_error(run.to_optimum)} queries to the optimum" for run in ordered]
    else:
        ordered = sorted(runs, key=lambda run: -float(np.mean(run.best)))
        lines = [
            f"{run.name}: {mean_and_error(run.best, digits)} after {max(run.queries):,} queries" for run in ordered
        ]
    more = [f"and {len(lines) - MOST_NAMED} more"] if len(lines) > MOST_NAMED else []
    return "<br>".join(escape(line, quote=False) for line in (*lines[:MOST_NAMED], *more))


def _add_band(figure: go.Figure, line: BestLine) -> None:
    known = ~np.isnan(line.median)
    edge = {"mode": "lines", "line": {"width": 0, "shape": "hv"}, "hoverinfo": "skip", "showlegend": False}
    group = {"legendgroup": line.name, "fillcolor": _faint(line.colour)}
    figure.add_trace(go.Scatter(x=line.queries[known], y=line.low[known], **edge, legendgroup=line.name))
    figure.add_trace(go.Scatter(x=line.queries[known], y=line.high[known], **edge, **group, fill="tonexty"))


def _add_line(figure: go.Figure, line: BestLine, digits: int) -> None:
    known = ~np.isnan(line.median)
    spread = [
        f" ({rounded(low, digits)} – {rounded(high, digits)})" for low, high in zip(line.low, line.high, strict=True)
    ]
    figure.add_trace(
        go.Scatter(
            x=line.queries[known],
            y=line.median[known],
            mode="lines",
            name=line.name,
            legendgroup=line.name,
            line={"color": line.colour, "width": 2.5, "dash": line.dash, "shape": "hv"},
            customdata=np.array(spread)[known] if line.seeds > 1 else [""] * int(known.sum()),
            hovertemplate=f"%{{y:.{digits}f}}%{{customdata}}",
        )
    )


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.15)"


def _range(data: BestData) -> list[float]:
    """Return the range from where a median run is after its first queries up to the optimum, including all ends.

    A run that begins with useless architectures thus does not flatten the others.
    """
    begins = [line.low[_at(line, BEGINNING * line.queries[-1])] for line in data.lines]
    ends = [float(line.low[-1]) for line in data.lines]
    low = min(float(np.nanquantile(begins, 0.5, method="higher")) if not np.isnan(begins).all() else ends[0], *ends)
    high = max(*(float(line.high[-1]) for line in data.lines), *data.optima)
    pad = 0.08 * ((high - low) or 1.0)
    return [low - pad, high + pad]


def _at(line: BestLine, query: float) -> int:
    """Return the place in ``line`` that holds at that query, the first before it."""
    return max(int(np.searchsorted(line.queries, query, side="right")) - 1, 0)
