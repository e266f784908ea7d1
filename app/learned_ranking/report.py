"""What a report says of a learned ranking."""

from __future__ import annotations

from app.charts.report import Section
from app.learned_ranking.charts.curve import curve_data, curve_figure
from app.learned_ranking.charts.spreads import Spread, spreads, spreads_figure
from app.learned_ranking.names import score_title
from eproxy_engine.learning.models import MODELS
from eproxy_engine.runs import Run, Store


def sections(store: Store, run: Run) -> list[Section]:
    """Return all models on the same draws, the learning curve, and what the prediction follows."""
    result = run.result or {}
    carried = [Spread(score_title(name), value, 0.0, True) for name, value in result["carried_by"].items()]
    found = [Section("What the prediction follows", spreads_figure(carried, "Correlation with each score", "ρ", 0.0))]
    if "rho" not in result:
        return found
    references = {score_title(name): values for name, values in result["references"].items()}
    models = spreads({MODELS[name].title: values["rho"] for name, values in result["models"].items()}, True)
    rows = [*models, *spreads({name: values["rho"] for name, values in references.items()}, False)]
    title = f"{result['labels']} labels, {result['n']:,} held-out architectures, {result['draws']} draws"
    first = [Section("On architectures without a label", spreads_figure(rows, title, "ρ ± one standard deviation"))]
    if result["curve"]:
        first.append(Section("Learning curve", curve_figure(curve_data(result["curve"], references))))
    return first + found
