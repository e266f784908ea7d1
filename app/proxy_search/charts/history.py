"""History of a Discrete Proxy Search: ρ on the sample against trial."""

from __future__ import annotations

from html import escape
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from app.charts import palette
from app.charts.layout import empty, rounded, styled
from app.proxy_search.charts.components import configuration_lines
from eproxy_engine.counted import counted
from eproxy_engine.search.proxy_search.search import UNDEFINED, Trial

_FEW = 300
"""Most trials with large points."""


class HistoryPoints(NamedTuple):
    """Some of the trials; ``x`` counts from 1, ``details`` are the place (from 0) and the text of the hover box."""

    x: list[int]
    y: list[float]
    details: list[tuple[int, str]]


class DpsHistoryData(NamedTuple):
    """Data of the chart. Every trial is in one of the first four groups, including members and the selected one."""

    title: str
    full: HistoryPoints
    reused: HistoryPoints
    """Fully evaluated without training, because an earlier trial has the same training part (e.g. only α differs)."""
    cut_short: HistoryPoints
    """Cut short by racing: ρ is the highest that was still possible."""
    undefined: HistoryPoints
    """Trials in which every architecture diverged or scored the same; drawn just below all others."""
    members: HistoryPoints
    selected: HistoryPoints
    best: list[float]
    """Highest ρ so far of fully evaluated trials, after each trial; nan before the first."""
    population: list[float]
    """Mean ρ of the population (the last ``living`` trials), after each trial."""
    living: int
    first_population: int | None
    """Trials before the first child; None before there is one."""


def history_data(
    trials: list[Trial], population: int, members: tuple[int, ...] = (), selected: int | None = None
) -> DpsHistoryData:
    """Group the ``trials``.

    ``population``: number of trials that come first and are alive at a time. ``members`` (of the proxy found) and
    ``selected`` are places in ``trials``; places outside it are ignored.
    """
    floor = _floor(trials)
    kinds = [_kind(trial) for trial in trials]
    everyone = range(len(trials))
    groups = {
        kind: _points(trials, [place for place in everyone if kinds[place] == kind], floor)
        for kind in ("full", "reused", "cut_short", "undefined")
    }
    return DpsHistoryData(
        title=_title(trials),
        **groups,
        members=_points(trials, [place for place in members if place in everyone], floor),
        selected=_points(trials, [place for place in everyone if place == selected], floor),
        best=_running_best(trials),
        population=[float(np.mean([t.rho for t in trials[max(0, i + 1 - population) : i + 1]])) for i in everyone],
        living=population,
        first_population=population if len(trials) > population else None,
    )


def history_figure(data: DpsHistoryData) -> go.Figure:
    """Draw one point per trial; its ``customdata[0]`` is its place, counted from 0."""
    total = len(data.best)
    if not total:
        return empty(data.title, "no trials yet")
    size, opacity = (9, 0.9) if total <= _FEW else (6, 0.75)
    figure = go.Figure()
    # The line of the best is below the points, which it would hide; the mean is on top.
    _line(figure, data.best, "best so far", {"color": palette.ORANGE, "width": 2.5, "shape": "hv"})
    for points, name, marker in (
        (data.full, "evaluated in full", {"color": palette.BLUE, "opacity": opacity}),
        (
            data.reused,
            "trained before",
            {"color": palette.SKY_BLUE, "symbol": "diamond", "line": {"color": palette.BLUE, "width": 1.5}},
        ),
        (
            data.cut_short,
            "cut short (at most)",
            {"color": palette.MUTED, "symbol": "circle-open", "line": {"width": 1.5}, "opacity": opacity},
        ),
        (data.undefined, "ρ undefined", {"symbol": "x-thin", "line": {"color": palette.MUTED, "width": 1.5}}),
    ):
        _add(figure, points, f"{name} ({len(points.x):,})", {"size": size, **marker})
    _line(figure, data.population, f"mean of the last {data.living}", {"color": palette.GREEN, "width": 2.5})
    star = {"size": size + 7, "symbol": "star", "color": palette.ORANGE, "line": {"color": palette.BLACK, "width": 1}}
    _add(figure, data.members, "in the proxy found", star)
    ring = {"size": size + 10, "symbol": "circle-open", "color": palette.SELECTED, "line": {"width": 3}}
    _add(figure, data.selected, "selected", ring)
    styled(figure, data.title)
    figure.update_layout(hovermode="closest", legend={"x": 0, "xanchor": "left", "y": -0.2, "yanchor": "top"})
    figure.update_xaxes(title_text="trial", range=[0.5 - 0.02 * total, total + 0.5 + 0.02 * total], tickformat="d")
    figure.update_xaxes(**({"dtick": 1} if total <= 12 else {"nticks": 12}))
    figure.update_yaxes(title_text="ρ on the sample (optimistic)", range=_range(data))
    if data.first_population is not None:
        figure.add_vline(
            data.first_population + 0.5,
            line={"color": palette.MUTED, "width": 1, "dash": "dot"},
            annotation={"text": "children →", "font_size": 11, "yanchor": "bottom", "y": 1},
        )
    return figure


def _kind(trial: Trial) -> str:
    if not trial.scores:
        return "cut_short"
    if trial.rho == UNDEFINED:
        return "undefined"
    return "reused" if trial.reused else "full"


def _floor(trials: list[Trial]) -> float:
    """Return a value just below the lowest defined ρ."""
    defined = [trial.rho for trial in trials if trial.rho != UNDEFINED]
    return min(defined) - 0.06 * ((max(defined) - min(defined)) or 1.0) if defined else 0.0


def _points(trials: list[Trial], places: list[int], floor: float) -> HistoryPoints:
    return HistoryPoints(
        x=[place + 1 for place in places],
        y=[floor if trials[place].rho == UNDEFINED else trials[place].rho for place in places],
        details=[(place, _described(place, trials[place])) for place in places],
    )


def _described(place: int, trial: Trial) -> str:
    origin = "random" if trial.parent is None else f"child of {trial.parent + 1}"
    rho = "undefined" if trial.rho == UNDEFINED else rounded(trial.rho, 3)
    found = f"ρ = {rho}" if trial.scores else f"ρ ≤ {rho}, cut short after {counted(trial.evaluated, 'architecture')}"
    lines = [f"trial {place + 1} ({origin})", found]
    if trial.diverged:
        lines.append(f"{counted(trial.diverged, 'evaluation')} diverged")
    return "<br>".join(escape(line, quote=False) for line in [*lines, *configuration_lines(trial.configuration)])


def _running_best(trials: list[Trial]) -> list[float]:
    known = np.array([trial.rho if trial.scores and trial.rho != UNDEFINED else np.nan for trial in trials])
    return np.fmax.accumulate(known).tolist() if trials else []


def _title(trials: list[Trial]) -> str:
    if not trials:
        return "ρ on the sample"
    known = [place for place, trial in enumerate(trials) if trial.scores and trial.rho != UNDEFINED]
    if not known:
        return f"ρ undefined in every trial, n = {len(trials):,}"
    best = max(known, key=lambda place: (trials[place].rho, -place))
    found = (
        f"Best ρ = {rounded(trials[best].rho)} on its {counted(trials[best].evaluated, 'architecture')} (optimistic)"
    )
    return f"{found}, trial {best + 1:,} of {len(trials):,}"


def _add(figure: go.Figure, points: HistoryPoints, name: str, marker: dict[str, Any]) -> None:
    if points.x:
        figure.add_trace(
            go.Scatter(
                x=points.x,
                y=points.y,
                mode="markers",
                name=name,
                marker=marker,
                unselected={"marker": {"opacity": marker.get("opacity", 1)}},
                customdata=points.details,
                hovertemplate="%{customdata[1]}<extra></extra>",
            )
        )


def _line(figure: go.Figure, y: list[float], name: str, line: dict[str, Any]) -> None:
    trials = list(range(1, len(y) + 1))
    figure.add_trace(go.Scatter(x=trials, y=y, mode="lines", name=name, line=line, hoverinfo="skip"))


def _range(data: DpsHistoryData) -> list[float]:
    """Return the range of the points; a mean that starts at an undefined ρ must not set the scale."""
    y = [value for points in (data.full, data.reused, data.cut_short, data.undefined) for value in points.y]
    pad = 0.06 * ((max(y) - min(y)) or 1.0)
    return [min(y) - pad, max(y) + pad]
