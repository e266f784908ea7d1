"""The proxy found on its own sample beside held-out architectures, and beside other proxies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from app.charts import palette
from app.charts.bulk import Bulk, bulk, over_the_bulk
from app.charts.layout import empty, rounded, styled, wrapped
from app.charts.scatter import correlation_title, left_of

JUDGED_TITLES = {
    "proxy": "proxy found",
    "best": "best configuration alone",
    "learned": "learned ranking, same labels",
    "default": "default preset",
    "parameters": "parameters",
    "flops": "FLOPs",
}


class Ranked(NamedTuple):
    """Scores of a proxy on some architectures, one entry per architecture."""

    architecture: list[str]
    accuracy: NDArray[np.float64]
    score: NDArray[np.float64]
    """−inf where the evaluation diverged."""
    estimate: Mapping[str, Any]
    """rho, rho_low, rho_high, n, as in ``statistics.Correlation.as_dict``."""


class HeldOutData(NamedTuple):
    """Data of the chart."""

    title: str
    titles: tuple[str, str]
    """Titles of the two panels."""
    panels: tuple[Ranked, Ranked]
    """The sample and the held-out architectures."""
    selected: str | None
    across: Bulk | None = None
    """Scores that both panels show; None for all."""
    up: Bulk | None = None
    """The same of the accuracies."""


def held_out_data(sample: Ranked, held_out: Ranked, selected: str | None = None) -> HeldOutData:
    """Prepare both panels. ``selected``: an architecture to highlight in the panel that has it."""
    return HeldOutData(
        title=_title(sample.estimate, held_out.estimate),
        titles=(
            f"sample of the search, optimistic<br>{correlation_title(sample.estimate, len(sample.architecture))}",
            f"held-out architectures<br>{correlation_title(held_out.estimate, len(held_out.architecture))}",
        ),
        panels=(sample, held_out),
        selected=selected,
        across=bulk(np.r_[sample.score, held_out.score]),
        up=bulk(np.r_[sample.accuracy, held_out.accuracy]),
    )


def held_out_figure(
    data: HeldOutData,
    *,
    barrier: bool = True,
    accuracy_title: str = "accuracy (%)",
    score_title: str = "score (minus final loss)",
) -> go.Figure:
    """Draw two scatter plots with one accuracy axis. ``customdata[0]`` of a point is its architecture's text."""
    if not any(len(panel.architecture) for panel in data.panels):
        return empty(data.title, "nothing judged yet")
    figure = make_subplots(
        cols=2, shared_yaxes=True, horizontal_spacing=0.04, subplot_titles=data.titles, x_title=score_title
    )
    shown: set[str] = set()
    colour = palette.BARRIER if barrier else palette.NO_BARRIER
    for column, (panel, hollow) in enumerate(zip(data.panels, (True, False), strict=True), start=1):
        for name, points in _traces(panel, hollow, colour, data.selected):
            figure.add_trace(points.update(showlegend=name != "architectures" and name not in shown), row=1, col=column)
            shown.add(name)
    styled(figure, data.title)
    figure.update_layout(
        margin={"t": 92, "b": 64},
        showlegend=len(shown) > 1,
        hovermode="closest",
        legend={"y": -0.16, "yanchor": "top"},
    )
    figure.update_annotations(font_size=13)
    figure.update_yaxes(title_text=accuracy_title, row=1, col=1)
    both = {"x": data.across, "x2": data.across, "y": data.up, "y2": data.up}
    return over_the_bulk(figure, both, failed=["diverged"])


def _traces(panel: Ranked, hollow: bool, colour: str, selected: str | None) -> list[tuple[str, go.Scatter]]:
    """Draw points, crosses left of them for diverged architectures, and a ring around the selected one."""
    finite = np.isfinite(panel.score)
    x = np.where(finite, panel.score, left_of(panel.score[finite]))
    size = 9 if len(panel.architecture) <= 500 else 6
    point = {"color": colour, "size": size, "opacity": 0.85 if size == 9 else 0.5}
    if hollow:
        point |= {"symbol": "circle-open", "line": {"width": 2}}
    cross = {"symbol": "x-thin", "size": size, "line": {"color": colour, "width": 1.5}}
    ring = {"symbol": "circle-open", "size": size + 9, "color": palette.SELECTED, "line": {"width": 3}}
    chosen = np.array([text == selected for text in panel.architecture], dtype=bool)
    groups = (("architectures", finite, point), ("diverged", ~finite, cross), ("selected", chosen, ring))
    traces = []
    for name, which, marker in groups:
        if which.any():
            texts = [panel.architecture[i] for i in np.flatnonzero(which)]
            scores = [f"{s:.4g}" if np.isfinite(s) else "diverged" for s in panel.score[which]]
            points = go.Scatter(
                x=x[which],
                y=panel.accuracy[which],
                mode="markers",
                name=name,
                legendgroup=name,
                marker=marker,
                unselected={"marker": {"opacity": marker.get("opacity", 1)}},
                customdata=list(zip(texts, map(wrapped, texts), scores, strict=True)),
                hovertemplate="%{customdata[1]}<br>accuracy %{y:.4g}<br>score %{customdata[2]}<extra></extra>",
            )
            traces.append((name, points))
    return traces


def _title(sample: Mapping[str, Any], held_out: Mapping[str, Any]) -> str:
    before, after = (_number(estimate) for estimate in (sample, held_out))
    return f"ρ is {before} on the sample of the search and {after} on architectures it has not seen"


def _number(estimate: Mapping[str, Any]) -> str:
    rho = estimate.get("rho")
    return "undefined" if rho is None else rounded(rho)


class JudgedData(NamedTuple):
    """Proxies judged by the same held-out architectures, best first; ``low`` and ``high`` are nan without interval."""

    title: str
    names: list[str]
    rho: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def judged_data(judged: Mapping[str, Mapping[str, Any]]) -> JudgedData:
    """Sort the proxies in ``judged``: name -> an estimate (rho, rho_low, rho_high, n).

    Proxies with undefined ρ are left out, and the best configuration alone if it is the proxy found.
    """
    parts = ("rho", "rho_low", "rho_high")
    if judged.get("proxy") and judged.get("best") == judged["proxy"]:
        judged = {name: estimate for name, estimate in judged.items() if name != "best"}
    known = {name: estimate for name, estimate in judged.items() if estimate.get("rho") is not None}
    names = sorted(known, key=lambda name: -known[name]["rho"])
    rows = [[known[name].get(part) for part in parts] for name in names]
    values = np.array(rows, dtype=float).reshape(-1, 3)
    return JudgedData(_judged_title(known), [JUDGED_TITLES.get(n, n) for n in names], *values.T)


def judged_figure(data: JudgedData) -> go.Figure:
    """Draw a dot with its 95 % interval for each proxy; the proxy found has its own colour."""
    if not data.names:
        return empty(data.title, "nothing judged yet")
    own = (JUDGED_TITLES["proxy"], JUDGED_TITLES["best"])
    colours = [palette.BLUE if name in own else palette.MUTED for name in data.names]
    texts = [
        rounded(rho) if np.isnan(low) else f"{rounded(rho)} [{rounded(low)}, {rounded(high)}]"
        for rho, low, high in zip(data.rho, data.low, data.high, strict=True)
    ]
    figure = go.Figure()
    for i, name in enumerate(data.names):
        reach = {"array": [data.high[i] - data.rho[i]], "arrayminus": [data.rho[i] - data.low[i]]}
        figure.add_trace(
            go.Scatter(
                x=[data.rho[i]],
                y=[name],
                error_x={"type": "data", **reach, "thickness": 2, "width": 5, "color": colours[i]},
                mode="markers+text",
                text=[texts[i]],
                textposition="top center",
                cliponaxis=False,
                marker={"size": 11, "color": colours[i]},
                hovertemplate=f"{name}<br>ρ = {texts[i]}<extra></extra>",
                showlegend=False,
            )
        )
    styled(figure, data.title)
    figure.update_layout(height=130 + 52 * len(data.names), margin_r=56)
    figure.add_vline(0, line={"color": palette.MUTED, "width": 1, "dash": "dot"})
    figure.update_xaxes(title_text="ρ, with its 95% interval")
    figure.update_yaxes(autorange="reversed", showgrid=False, range=None)
    return figure


def _judged_title(known: Mapping[str, Mapping[str, Any]]) -> str:
    """State ρ of the proxy found and of the best of the others."""
    own = known.get("proxy")
    counts = {estimate["n"] for estimate in known.values() if estimate.get("n")}
    where = f"{counts.pop():,} held-out architectures" if len(counts) == 1 else "held-out architectures"
    others = {name: estimate["rho"] for name, estimate in known.items() if name not in ("proxy", "best")}
    if own is None or not others:
        return f"ρ on {where}"
    best = max(others, key=lambda name: others[name])
    name = JUDGED_TITLES.get(best, best)
    return f"On {where}: proxy found ρ = {rounded(own['rho'])}, {name} {rounded(others[best])}"
