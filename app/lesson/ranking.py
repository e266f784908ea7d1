"""Step 7: from two architectures to twenty and to all."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from app.charts import palette
from app.charts.scatter import correlation_title, scatter_data, scatter_figure
from app.lesson import data
from app.lesson.curves import sweep_at
from app.lesson.findings import ahead, told
from app.lesson.numbers import judged, rho
from app.lesson.recompute import Offer, chosen_outcomes, recompute_panel
from app.lesson.telling import finding, folded, words
from app.lesson.walk import seed_control
from eproxy_engine.runs import Store
from eproxy_engine.statistics import Estimate

TITLE = "The ranking"
FEW = 20


def show(store: Store) -> None:
    """Score against accuracy with and without the barrier, of the first n of the sample. Raises UserError."""
    text = words("ranking")
    st.markdown(text.introduction)
    most = len(data.sweep(barrier=True).specification.architectures())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        count = most
        if most > FEW:
            count = st.slider("Architectures", FEW, most, FEW, 10, key="lesson-count", width=420)
        seed = seed_control({data.sweep(barrier=True).specification.seed})
    given = {barrier: sweep_at(barrier, seed) for barrier in (False, True)}
    asked = [each.specification for each in given.values()]
    outcomes = chosen_outcomes(store, asked, given[False].outcomes | given[True].outcomes, "ranking")
    estimates: dict[bool, tuple[Estimate, Estimate]] = {}
    for place, (barrier, each) in zip(st.columns(2, gap="large"), given.items(), strict=True):
        rows = judged(each.specification, outcomes)
        with place:
            estimates[barrier] = _rho(rows.head(count)), _rho(rows)
            _scatter(rows.head(count), barrier, estimates[barrier][0])
    finding(_sentence(count, most, estimates))
    folded(text.folds)
    few = [replace(each, sample=replace(each.sample, size=min(FEW, most))) for each in asked]
    offers = [Offer(f"the first {min(FEW, most)}", tuple(few))] if asked[0].sample.rule == "random" else []
    recompute_panel(store, [*offers, Offer(f"all {most} architectures", tuple(asked))], "ranking")


def _rho(rows: pd.DataFrame) -> Estimate:
    return rho(rows["score"].to_numpy(float), rows["accuracy"].to_numpy(float))


def _scatter(rows: pd.DataFrame, barrier: bool, estimate: Estimate) -> None:
    """Places in the order, which is all that ρ sees: so both charts have the same axes."""
    correlation = {**estimate.as_dict("rho"), "n": len(rows)}
    figure = scatter_figure(
        scatter_data(rows, correlation, ranks=True),
        colour=palette.BARRIER if barrier else palette.NO_BARRIER,
        accuracy_title="place by accuracy (1: lowest)",
        score_title="place by score (1: highest loss)",
    )
    side = "With the barrier" if barrier else "Without"
    figure.update_layout(title_text=f"{side}: {correlation_title(correlation)}", height=430)
    st.plotly_chart(figure, key=f"lesson-scatter-{barrier}", alt=f"{side}: place by accuracy against place by score")


def _sentence(count: int, most: int, estimates: dict[bool, tuple[Estimate, Estimate]]) -> str:
    """At the chosen number, and with all of them."""
    lines = [
        f"With {number} architectures ρ is **{told(on)}** with the barrier and **{told(off)}** without: "
        f"{ahead(on, off)}."
        for number, on, off in (
            (count, estimates[True][0], estimates[False][0]),
            (most, estimates[True][1], estimates[False][1]),
        )
    ]
    return "  \n".join(dict.fromkeys(lines))
