"""Parallel coordinates of a search's configurations: one line each, across its components to its ρ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.colors import sample_colorscale

from app.charts import palette
from app.charts.layout import empty, styled
from app.proxy_search.charts.components import (
    FEWEST,
    active,
    best_fifth,
    component_title,
    most_telling,
    value_order,
    value_text,
    varying,
)
from app.proxy_search.charts.importance import importance_data, most_important
from eproxy_engine.search.proxy_search.search import UNDEFINED, Trial

MOST_AXES = 8
_SPREAD = 0.28
"""Spread of lines with one value to both sides, so that they do not hide each other."""
_LETTERS = {"net": "N", "wave_low": "L", "wave_mid": "M", "wave_high": "H", "dot": "D"}
_LETTERS_EXPLAINED = "features: N net, L M H waves low mid high, D dot"
_SHORT = {" + ": " ", "Kaiming": "Kai.", "Xavier": "Xav.", "deepest": "deep", "before ": ""}
"""Abbreviations, because the name of a value has only 80 pixels."""


class ParallelAxis(NamedTuple):
    """One component: where each line crosses it, shape (lines,), and the names of its values from bottom to top."""

    name: str
    places: NDArray[np.int64]
    values: list[str]


class DpsParallelData(NamedTuple):
    """Data of the chart: one line per fully evaluated trial with defined ρ."""

    title: str
    axes: list[ParallelAxis]
    rho: NDArray[np.float64]
    trials: list[int]
    """Place of each line's trial."""
    threshold: float
    """Lowest ρ of the best fifth."""


def parallel_data(trials: list[Trial], components: Sequence[str] | None = None) -> DpsParallelData:
    """Prepare the lines and axes.

    ``components``: names of those to show; those that do not vary are left out. None: the most important or, with too
    few trials to tell, the first that vary, at most 8. A caller that has the importance already saves computing it
    again by passing ``most_important(importance)[:MOST_AXES]``.
    """
    tried = [active(trial.configuration) for trial in trials]
    if components is None:
        importance = importance_data(trials)
        components = (most_important(importance) if importance else varying(tried))[:MOST_AXES]
    shown = [place for place, trial in enumerate(trials) if trial.scores and trial.rho != UNDEFINED]
    # Ascending ρ, so that the best are drawn last.
    shown.sort(key=lambda place: trials[place].rho)
    differing = set(varying(tried[place] for place in shown))
    names = [name for name in components if name in differing]
    best = [place for place in best_fifth(trials) if trials[place].rho != UNDEFINED]
    return DpsParallelData(
        title=_title(tried, best, names),
        axes=[_axis(name, [tried[place].get(name) for place in shown]) for name in names],
        rho=np.array([trials[place].rho for place in shown]),
        trials=shown,
        threshold=min((trials[place].rho for place in best), default=0.0),
    )


def parallel_figure(data: DpsParallelData) -> go.Figure:
    """Draw the best fifth in colour and the others grey; dragging along an axis selects others."""
    if len(data.trials) < 2 or not data.axes:
        return empty(data.title, "needs two different configurations")
    rng = np.random.default_rng(0)
    low, high = float(data.rho.min()), float(data.rho.max())
    dimensions = [_dimension(axis, rng) for axis in data.axes]
    # A range of no width, as of a single line, would select nothing.
    best = [data.threshold - 1e-3 * ((high - low) or 1.0), high]
    dimensions.append({"label": "ρ on<br>the sample", "values": data.rho, "constraintrange": best})
    lines = go.Parcoords(
        dimensions=dimensions,
        line={
            "color": data.rho,
            "colorscale": sample_colorscale(palette.SCALE, list(np.linspace(*palette.LINE_SPAN, 10))),
            "cmin": low,
            "cmax": high if high > low else low + 1,
            "showscale": False,
        },
        unselected={"line": {"color": palette.MUTED, "opacity": 0.2}},
        labelfont={"size": 11},
        tickfont={"size": 11},
        rangefont={"size": 1, "color": "rgba(0,0,0,0)"},
        domain={"x": [0.02, 0.97], "y": [0, 0.9]},
    )
    figure = styled(go.Figure(lines), data.title)
    figure.update_layout(margin={"l": 56, "r": 30, "t": 98, "b": 28})
    if any(axis.name.endswith(".features") for axis in data.axes):
        place = {"x": 0, "xanchor": "left", "y": 0, "yanchor": "top", "xref": "paper", "yref": "paper", "yshift": -8}
        figure.add_annotation(text=_LETTERS_EXPLAINED, showarrow=False, font_size=12, **place)
    return figure


def _axis(name: str, values: list[Any]) -> ParallelAxis:
    distinct = sorted(set(values), key=value_order)
    places = np.array([distinct.index(value) for value in values], dtype=np.int64)
    return ParallelAxis(name, places, [_short(name, value) for value in distinct])


def _short(name: str, value: Any) -> str:
    if name.endswith(".features") and value is not None:
        return "".join(_LETTERS[feature] for feature in value)
    text = value_text(value)
    for long, short in _SHORT.items():
        text = text.replace(long, short)
    return text


def _dimension(axis: ParallelAxis, rng: np.random.Generator) -> dict[str, Any]:
    count = len(axis.values)
    return {
        "label": component_title(axis.name).replace(": ", ":<br>").replace(" kernel", "<br>kernel"),
        "values": axis.places + rng.uniform(-_SPREAD, _SPREAD, axis.places.size),
        "range": [-0.5, count - 0.5],
        "tickvals": list(range(count)),
        "ticktext": axis.values,
    }


def _title(tried: list[dict[str, Any]], best: list[int], names: list[str]) -> str:
    """State the value that sets the best apart the most."""
    telling = most_telling(tried, best, names) if best and len(tried) >= FEWEST else None
    if telling is None:
        return f"Components of {len(tried):,} configurations and their ρ"
    what = f"{component_title(telling.component)} = {value_text(telling.value)}"
    return f"{what} in {100 * telling.best:.0f}% of the best fifth, {100 * telling.everyone:.0f}% of all"
