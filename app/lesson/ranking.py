"""Step 7: from two architectures to twenty and to all."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import pandas as pd
import streamlit as st

from app.charts import palette
from app.charts.scatter import correlation_title, scatter_data, scatter_figure
from app.lesson import data
from app.lesson.curves import evaluation_run_at
from app.lesson.findings import ahead, told
from app.lesson.numbers import judged, rho
from app.lesson.recompute import Offer, chosen_outcomes, recompute_panel
from app.lesson.telling import finding, folded, words
from app.lesson.walk import seed_control
from eproxy_engine.runs import Store
from eproxy_engine.statistics import Estimate

TITLE = "The ranking"
FEW = 20


class Side(NamedTuple):
    """ρ with or without the barrier."""

    few: Estimate
    """ρ of the chosen number of architectures."""
    whole: Estimate
    """ρ of all evaluated architectures."""
    evaluated: int


def show(store: Store) -> None:
    """Show score against accuracy with and without the barrier for the first n of the sample. Raises UserError."""
    text = words("ranking")
    st.markdown(text.introduction)
    most = len(data.evaluation_run(barrier=True).specification.architectures())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        count = most
        if most > FEW:
            count = st.slider("Architectures", FEW, most, FEW, 10, key="lesson-count", width=420)
        seed = seed_control({data.evaluation_run(barrier=True).specification.seed})
    given = {barrier: evaluation_run_at(barrier, seed) for barrier in (False, True)}
    asked = [each.specification for each in given.values()]
    outcomes = chosen_outcomes(store, asked, given[False].outcomes | given[True].outcomes, "ranking")
    sides: dict[bool, Side] = {}
    for place, (barrier, each) in zip(st.columns(2, gap="large"), given.items(), strict=True):
        rows = judged(each.specification, outcomes)
        with place:
            sides[barrier] = Side(_rho(rows.head(count)), _rho(rows), len(rows))
            _scatter(rows.head(count), barrier, sides[barrier].few)
    finding(_sentence(count, most, sides[True], sides[False]))
    folded(text.folds)
    few = [replace(each, sample=replace(each.sample, size=min(FEW, most))) for each in asked]
    offers = [Offer(f"the first {min(FEW, most)}", tuple(few))] if asked[0].sample.rule == "random" else []
    recompute_panel(store, [*offers, Offer(f"all {most} architectures", tuple(asked))], "ranking")


def _rho(rows: pd.DataFrame) -> Estimate:
    return rho(rows["score"].to_numpy(float), rows["accuracy"].to_numpy(float))


def _scatter(rows: pd.DataFrame, barrier: bool, estimate: Estimate) -> None:
    """Show ranks, which are all that ρ sees, so that both charts have the same axes."""
    correlation = {**estimate.as_dict("rho"), "n": len(rows)}
    figure = scatter_figure(
        scatter_data(rows, correlation, ranks=True),
        colour=palette.BARRIER if barrier else palette.NO_BARRIER,
        accuracy_title="rank by accuracy (1: lowest)",
        score_title="rank by score (1: highest loss)",
    )
    side = "With the barrier" if barrier else "Without"
    figure.update_layout(title_text=f"{side}: {correlation_title(correlation)}", height=430)
    st.plotly_chart(figure, key=f"lesson-scatter-{barrier}", alt=f"{side}: rank by accuracy against rank by score")


def _sentence(count: int, most: int, on: Side, off: Side) -> str:
    """Compare both sides at the chosen number and for all; during computation, for as many as there are."""
    there = max(on.evaluated, off.evaluated)
    lines = [
        f"With {min(number, there)} architectures ρ is **{told(one)}** with the barrier and **{told(other)}** without: "
        f"{ahead(one, other)}."
        for number, one, other in ((count, on.few, off.few), (most, on.whole, off.whole))
    ]
    if min(on.evaluated, off.evaluated) < most:
        lines.append(f"Evaluated so far, of {most}: {on.evaluated} with the barrier, {off.evaluated} without.")
    return "  \n".join(dict.fromkeys(lines))
