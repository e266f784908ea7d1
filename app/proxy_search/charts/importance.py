"""Importance of components: which decide whether a configuration is in the best fifth (PED-ANOVA, from Optuna)."""

from __future__ import annotations

import json
import warnings
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from app.charts import palette
from app.charts.layout import empty, styled
from app.proxy_search.charts.components import FEWEST, active, best_fifth, component_title, varying
from eproxy_engine.search.proxy_search.search import Trial

SHUFFLES = 19
"""Random orders to compare with: an importance above all 19 comes by chance once in twenty times."""
TOO_FEW = f"importance needs {FEWEST} trials"


class DpsImportanceData(NamedTuple):
    """Data of the chart: one entry per varying component, the most important first."""

    title: str
    names: list[str]
    share: list[float]
    """Share of the total importance, in %."""
    chance: list[float]
    """Highest of 19 random orders of the same trials, in the same unit."""
    present: list[int]
    """Trials that have the component: those with its branch, and with a barrier if it is part of that."""
    trials: int


def importance_data(trials: list[Trial]) -> DpsImportanceData | None:
    """Compute the importance of each component; None below 20 trials or if no component varies.

    Importance is how much the values of a component differ between the best fifth and all trials: the divergence of
    their distributions. A component of a branch counts among the trials that have that branch, weighted by how many
    of the best have it; the presence of the branch counts for ``branches`` (conditional PED-ANOVA). The same holds
    for the parts of a barrier and ``barrier``. Trials that racing cut short are not among the best.

    A component with many values differs more by chance alone; ``chance`` says how much. It assumes independent
    trials, which the children of an evolution are not: what they inherit together rises together.

    Source: Watanabe et al. 2023, PED-ANOVA (IJCAI); for conditional components arXiv 2601.20800.
    """
    tried = [active(trial.configuration) for trial in trials]
    names = varying(tried)
    if len(trials) < FEWEST or not names:
        return None
    best = best_fifth(trials)
    found, chance = _importances(tried, names, best)
    total = sum(found.values()) or 1.0
    order = sorted(names, key=lambda name: -found[name])
    return DpsImportanceData(
        title=_title(order, found, chance),
        names=order,
        share=[100 * found[name] / total for name in order],
        chance=[100 * chance[name] / total for name in order],
        present=[sum(name in row for row in tried) for name in order],
        trials=len(trials),
    )


def importance_figure(data: DpsImportanceData | None) -> go.Figure:
    """Draw a bar per component, most important at the top, and its chance level. ``customdata[0]`` is its name."""
    if data is None:
        return empty("Importance of the components", TOO_FEW)
    titles = [component_title(name) for name in data.names]
    beyond = [share > chance for share, chance in zip(data.share, data.chance, strict=True)]
    details = list(zip(data.names, data.present, data.chance, strict=True))
    hover = (
        f"%{{y}}<br>importance %{{x:.1f}} %<br>by chance up to %{{customdata[2]:.1f}} %<br>"
        f"in %{{customdata[1]:,}} of {data.trials:,} trials<extra></extra>"
    )
    bars = go.Bar(
        x=data.share,
        y=titles,
        orientation="h",
        name="importance",
        marker={"color": [palette.BLUE if b else palette.MUTED for b in beyond], "line": {"width": 0}},
        customdata=details,
        hovertemplate=hover,
        showlegend=False,
    )
    stroke = {"symbol": "line-ns", "size": 10, "line": {"color": palette.ORANGE, "width": 3}}
    name = f"chance level, {SHUFFLES} shuffles"
    marks = go.Scatter(x=data.chance, y=titles, mode="markers", marker=stroke, name=name, hoverinfo="skip")
    figure = styled(go.Figure([bars, marks]), data.title)
    figure.update_layout(height=110 + 22 * len(titles), bargap=0.35, showlegend=True)
    figure.update_xaxes(title_text="share of the importance (%)", rangemode="tozero")
    figure.update_yaxes(autorange="reversed", showgrid=False, dtick=1)
    return figure


def most_important(data: DpsImportanceData) -> list[str]:
    """Rank the components by their importance relative to chance, highest first.

    By importance alone, features would usually come first, because they have the most values.
    """
    beside = {name: share / max(c, 1e-9) for name, share, c in zip(data.names, data.share, data.chance, strict=True)}
    return sorted(beside, key=lambda name: -beside[name])


def _importances(
    tried: list[dict[str, Any]], names: list[str], best: list[int]
) -> tuple[dict[str, float], dict[str, float]]:
    """Return by component the importance and the highest of the random orders."""
    import optuna
    from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances

    # The half keeps the quantile of k of n trials at k despite rounding.
    evaluator = PedAnovaImportanceEvaluator(target_quantile=(len(best) - 0.5) / len(tried))
    study = _study(tried, names)
    rng = np.random.default_rng(0)
    orders = [np.array(best), *(rng.permutation(len(tried))[: len(best)] for _ in range(SHUFFLES))]
    found: list[dict[str, float]] = []
    with warnings.catch_warnings():
        # Expected: `normalize` is experimental, low targets are good, a value occurs once.
        warnings.simplefilter("ignore", (optuna.exceptions.ExperimentalWarning, UserWarning))
        for order in orders:
            chosen = set(order.tolist())

            def target(trial: Any, chosen: set[int] = chosen) -> float:
                return float(trial.number not in chosen)

            found.append(
                get_param_importances(study, evaluator=evaluator, params=names, target=target, normalize=False)
            )
    return found[0], {name: max(shuffled[name] for shuffled in found[1:]) for name in names}


def _study(tried: list[dict[str, Any]], names: list[str]) -> Any:
    """Build an Optuna study of the configurations, with values as JSON, because it keeps only numbers and words."""
    import optuna
    from optuna.distributions import CategoricalDistribution

    rows = [{name: json.dumps(row[name]) for name in names if name in row} for row in tried]
    options = {name: CategoricalDistribution(sorted({row[name] for row in rows if name in row})) for name in names}
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study()
    optuna.logging.set_verbosity(before)
    create = optuna.trial.create_trial
    study.add_trials([create(params=r, distributions={name: options[name] for name in r}, value=0.0) for r in rows])
    return study


def _title(order: list[str], found: dict[str, float], chance: dict[str, float]) -> str:
    beyond = sum(found[name] > chance[name] for name in order)
    if not beyond:
        return f"None of {len(order)} components sets the best fifth apart more than chance does"
    first = next(name for name in order if found[name] > chance[name])
    noun = "component sets" if beyond == 1 else "components set"
    return f"{beyond} of {len(order)} {noun} the best fifth apart beyond chance, {component_title(first)} most"
