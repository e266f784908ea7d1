"""First view of a comparison: ρ of every proxy with its interval, and all of them against one by paired differences."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import streamlit as st

from app.correlations.charts.forest import forest_data, forest_figure
from app.shell.wording import plain
from app.views.difference import verdict
from app.views.drawn import drawn
from app.views.metric import too_few
from eproxy_engine import statistics
from eproxy_engine.runs import Run
from eproxy_engine.statistics import Difference

SIZES = {"flops": "FLOPs", "parameters": "Parameters"}


def overview_panel(run: Run, scores: pd.DataFrame, rows: list[dict[str, Any]]) -> None:
    """Show the forest plot, and a sentence about the best proxy."""
    if few := too_few(len(scores), len(scores)):
        st.info(few, icon=":material/forest:")
        return
    rows = [*rows, *_sizes(scores, rows)]
    titles = {row["name"]: row["title"] for row in rows if row.get("rho") is not None}
    if not titles:
        st.info("ρ is undefined for all proxies: their scores or the accuracies are all equal.", icon=":material/info:")
        return
    names = sorted(titles, key=lambda name: (name not in SIZES, list(titles).index(name)))
    baseline = st.selectbox(
        "Compared with",
        names,
        format_func=titles.__getitem__,
        key="compared-baseline",
        width=320,
        help="The shaded band. Every other proxy is compared with it on the same architectures, by resampling them in "
        "pairs: two intervals that overlap do not mean that a difference is chance.",
    )
    differences = _differences(run, scores, list(titles), baseline)
    st.plotly_chart(
        drawn(forest_figure, forest_data(rows, baseline, differences)),
        key=f"forest-{run.id}",
        alt=f"ρ with interval of {len(titles)} proxies, compared with {titles[baseline]}",
    )
    if proxies := [name for name in differences if name not in SIZES]:
        best = max(proxies, key=lambda name: differences[name].first)
        said = verdict(differences[best], plain(titles[best]), plain(titles[baseline]))
        st.markdown(f"Against {plain(titles[baseline])}, on the same {len(scores):,} architectures, **{said}**.")
    lucky = max(1, round(0.05 * len(differences)))
    st.caption(
        f"Of {len(differences)} comparisons at 95%, about {lucky} would seem more than chance if nothing differed. "
        "τ, top-10% and cost are in the table."
    )


def _sizes(scores: pd.DataFrame, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of parameters and FLOPs where they are known for all and not among the proxies."""
    there = {row["name"] for row in rows}
    return [
        {"name": size, "title": title, "n": len(scores), **_size(scores[size].tolist(), scores["accuracy"].tolist())}
        for size, title in SIZES.items()
        if size not in there and scores[size].notna().all()
    ]


@st.cache_data(max_entries=20, show_spinner=False)
def _size(values: list[float], accuracy: list[float]) -> dict[str, float | None]:
    return statistics.bootstrap_interval(statistics.spearman, values, accuracy).as_dict("rho")


def _differences(run: Run, scores: pd.DataFrame, names: list[str], baseline: str) -> dict[str, Difference]:
    """Return how far every other proxy is ahead of the baseline."""
    about = json.dumps([run.id, names, len(scores)])
    found = statistics.Resampled(*_together(about, scores[[*names, "accuracy"]]))
    return {
        name: found.difference(place, names.index(baseline)) for place, name in enumerate(names) if name != baseline
    }


@st.cache_data(max_entries=10, show_spinner="Resampling the architectures …")
def _together(about: str, _scores: pd.DataFrame) -> tuple[Any, Any, int, float]:
    """Resample all proxies together, once for ``about``: the run and which of its proxies are complete."""
    *names, accuracy = _scores
    found = statistics.resampled_together(statistics.spearman, [_scores[name] for name in names], _scores[accuracy])
    return found.values, found.resamples, found.n, found.level
