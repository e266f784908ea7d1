"""Features that the good configurations share, branch by branch."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from app.charts import palette
from app.charts.layout import empty, rounded, styled
from app.proxy_search.charts.components import FEATURE_TITLES, FEWEST, STAGE_TITLES, best_fifth
from eproxy_engine.proxy import Configuration
from eproxy_engine.search.proxy_search.search import Trial

PRESENT = "any (the branch is there)"


class DpsFeaturesData(NamedTuple):
    """Counts of configurations: rows are :data:`PRESENT` and the features, columns the branches; both (6, 3)."""

    title: str
    rows: list[str]
    columns: list[str]
    best: NDArray[np.int64]
    everyone: NDArray[np.int64]
    best_count: int
    """Number of configurations in the best fifth, which ``best`` counts."""
    all_count: int

    @property
    def share(self) -> NDArray[np.float64]:
        """Share of the best fifth in %."""
        return 100 * self.best / max(self.best_count, 1)

    @property
    def difference(self) -> NDArray[np.float64]:
        """Difference to the share of all, in percentage points."""
        return self.share - 100 * self.everyone / max(self.all_count, 1)


def features_data(trials: list[Trial]) -> DpsFeaturesData:
    """Count features in all ``trials`` and in their best fifth, as in :func:`.components.best_fifth`."""
    best = best_fifth(trials)
    found = np.array([_there(trial.configuration) for trial in trials], dtype=np.int64).reshape(-1, 6, 3)
    data = DpsFeaturesData(
        title="",
        rows=[PRESENT, *FEATURE_TITLES.values()],
        columns=list(STAGE_TITLES.values()),
        best=found[best].sum(axis=0),
        everyone=found.sum(axis=0),
        best_count=len(best),
        all_count=len(trials),
    )
    return data._replace(title=_title(data))


def features_figure(data: DpsFeaturesData) -> go.Figure:
    """Draw two heat maps: the share of the best fifth, and its difference to the share of all."""
    if not data.best_count:
        return empty(data.title, "no trial evaluated in full yet")
    titles = (
        f"% of the best fifth<br>n = {data.best_count:,}",
        f"minus % of all<br>n = {data.all_count:,}",
    )
    figure = make_subplots(cols=2, shared_yaxes=True, horizontal_spacing=0.05, subplot_titles=titles)
    counts = np.stack([data.best, data.everyone], axis=-1)
    hover = (
        f"%{{y}}<br>%{{x}}<br>%{{customdata[0]:,}} of the best {data.best_count:,}<br>"
        f"%{{customdata[1]:,}} of all {data.all_count:,}<extra></extra>"
    )
    share, difference = data.share, data.difference
    limit = float(np.abs(difference).max()) or 1.0
    for column, (z, text, scale) in enumerate(
        (
            (share, [[f"{value:.0f}" for value in row] for row in share], (palette.SCALE, 0, 100)),
            (difference, [[_signed(value) for value in row] for row in difference], ("RdBu", -limit, limit)),
        ),
        start=1,
    ):
        heat = go.Heatmap(
            z=z,
            x=data.columns,
            y=data.rows,
            text=text,
            texttemplate="%{text}",
            customdata=counts,
            colorscale=scale[0],
            zmin=scale[1],
            zmax=scale[2],
            xgap=2,
            ygap=2,
            showscale=False,
            hovertemplate=hover,
        )
        figure.add_trace(heat, row=1, col=column)
    styled(figure, data.title)
    figure.update_layout(margin_t=100)
    figure.update_annotations(font_size=13)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticks="")
    figure.update_xaxes(title_text="branch", showgrid=False, ticks="")
    return figure


def _there(configuration: Configuration) -> list[list[bool]]:
    """Return which branches are present and which features they have, shape (6, 3)."""
    branches = {branch.stage: branch.features for branch in configuration.branches}
    has = [[feature in branches.get(stage, ()) for stage in STAGE_TITLES] for feature in FEATURE_TITLES]
    return [[stage in branches for stage in STAGE_TITLES], *has]


def _title(data: DpsFeaturesData) -> str:
    """State the largest difference."""
    if not data.best_count:
        return "Features of the best fifth"
    if data.all_count < FEWEST:
        return f"Features of the best {data.best_count} of {data.all_count} configurations"
    row, column = np.unravel_index(int(np.abs(data.difference).argmax()), data.share.shape)
    branch = f"the branch {data.columns[column]}" if "before" in data.columns[column] else "the deepest branch"
    what = f"{data.rows[row]} in {branch}" if row else branch[0].upper() + branch[1:]
    best, everyone = data.share[row, column], 100 * data.everyone[row, column] / data.all_count
    return f"{what}: {best:.0f}% of the best fifth, {everyone:.0f}% of all"


def _signed(value: float) -> str:
    text = rounded(value, 0)
    return text if text.startswith("−") or text == "0" else f"+{text}"
