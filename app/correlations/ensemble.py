"""Ensemble of several compared proxies, from their ranks, without new evaluations."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from app.charts import palette
from app.charts.scatter import scatter_data, scatter_figure
from app.controls.use import use_button
from app.shell.wording import accuracy_title, plain
from app.views.difference import verdict
from app.views.drawn import drawn
from app.views.metric import estimate_metric, too_few
from app.views.paired import rho_difference
from app.views.stacked import stacked_columns
from eproxy_engine import benchmarks, statistics
from eproxy_engine.runs import ComparisonSpecification, Run
from eproxy_engine.scoring.proxy import AGGREGATIONS, MOST_MEMBERS, Ensemble, Member

TITLES = {"mean": "mean of ranks", "log": "logarithms of ranks"}


def ensemble_panel(run: Run, scores: pd.DataFrame, rows: list[dict[str, Any]]) -> None:
    """Choose members, show the ρ of the ensemble, and send it to the Proxy page."""
    members = {name: member for name, member in _members(run).items() if name in scores}
    titles = {row["name"]: row["title"] for row in rows}
    best = sorted((row for row in rows if row["name"] in members), key=lambda row: -(row["rho"] or -2.0))
    computed = [row["name"] for row in best if row["seconds_per_architecture"] is not None]
    chosen_place, how_place = st.columns([3, 1])
    chosen = chosen_place.multiselect(
        "Members",
        list(members),
        computed[:3],
        format_func=titles.__getitem__,
        max_selections=MOST_MEMBERS,
        key=f"ensemble-{run.id}",
        help="Their ranks are aggregated. Proxies that err on different architectures complement each other best.",
    )
    how = how_place.selectbox(
        "Aggregation",
        list(AGGREGATIONS),
        format_func=TITLES.__getitem__,
        key="ensemble-how",
        help=". ".join(f"{TITLES[name].capitalize()}: {text}" for name, text in AGGREGATIONS.items()),
    )
    if len(chosen) < 2:
        st.info("Choose two or more members.", icon=":material/group_add:")
        return
    ensemble = Ensemble(tuple(members[name] for name in chosen), aggregation=how)
    score = ensemble.combine(scores[chosen].to_numpy(float).T, scores["flops"].to_numpy(float))
    judged = scores[["architecture", "accuracy", "parameters", "flops"]].assign(score=score)
    found = statistics.correlate(np.asarray(judged["score"]), np.asarray(judged["accuracy"])).as_dict()
    numbers, chart = stacked_columns("ensemble", [1, 2])
    with numbers:
        _numbers(found, judged, scores, [row for row in best if row["name"] in chosen])
        use_button(ensemble, run.id, f"ensemble-{run.id}")
        st.caption("Choosing members by their ρ on these same architectures makes the ensemble look better than it is.")
    with chart:
        unit = benchmarks.task(run.specification.space, run.specification.task).unit
        st.plotly_chart(
            drawn(
                scatter_figure,
                scatter_data(judged, found),
                colour=palette.OTHER_PROXY,
                accuracy_title=accuracy_title(unit),
                score_title="aggregated rank",
            ),
            key=f"ensemble-scatter-{run.id}",
            height=420,
            alt="Aggregated rank against accuracy",
        )


def _members(run: Run) -> dict[str, Member]:
    """Return by name the compared proxies that can be members: all but ensembles."""
    assert isinstance(run.specification, ComparisonSpecification)
    named = run.specification.proxies
    return {each.name: each.proxy for each in named if not isinstance(each.proxy, Ensemble)}


def _numbers(found: dict[str, Any], judged: pd.DataFrame, scores: pd.DataFrame, members: list[dict[str, Any]]) -> None:
    if few := too_few(len(judged), 0):
        st.info(few, icon=":material/hourglass_empty:")
        return
    for name, title in (("rho", "Spearman ρ of the ensemble"), ("top10", "Top-10% retrieval")):
        estimate_metric(title, found, name, percent=name == "top10")
    best = members[0]
    estimate_metric(f"ρ of its best member, {plain(best['title'])}", best, "rho")
    gap = rho_difference(judged["score"], scores[best["name"]], judged["accuracy"])
    st.markdown(f"On these architectures {verdict(gap, 'the ensemble', plain(best['title']))}.")
