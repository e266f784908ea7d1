"""Step 6: from two architectures to twenty and to all."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import pandas as pd
import streamlit as st

from app.charts import palette
from app.charts.scatter import correlation_title, scatter_data, scatter_figure
from app.lesson import data
from app.lesson.curves import evaluation_run_at
from app.lesson.findings import flipped, told
from app.lesson.numbers import judged, paired, rho
from app.lesson.recompute import Offer, chosen_outcomes, recompute_panel
from app.lesson.telling import begun, chart, finding, folded, words
from app.lesson.walk import seed_control
from app.views.difference import verdict
from eproxy_engine.runs import Store
from eproxy_engine.statistics import Estimate

TITLE = "The ranking"
FEW = 20


class Side(NamedTuple):
    """All evaluated architectures with or without the barrier, as :func:`app.lesson.numbers.judged` returns them."""

    rows: pd.DataFrame
    estimate: Estimate
    """ρ of the first of them, as many as are chosen."""


def show(store: Store) -> None:
    """Show score against accuracy with and without the barrier for the first n of the sample. Raises UserError."""
    text = words("ranking")
    above = begun(text)
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
            sides[barrier] = Side(rows, _rho(rows.head(count)))
            _scatter(rows.head(count), barrier, sides[barrier].estimate)
    finding(above, _sentence(count, most, sides[True], sides[False]))
    folded(text)
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
    chart(figure, f"lesson-scatter-{barrier}", f"{side}: rank by accuracy against rank by score")


def _sentence(count: int, most: int, on: Side, off: Side) -> str:
    """Compare both sides at the chosen number and for all; during computation, for as many as there are."""
    lines = []
    for number in sorted({count, most}):
        one, other = on.rows.head(number), off.rows.head(number)
        lines.append(
            f"With {max(len(one), len(other))} architectures ρ is **{told(_rho(one))}** with the barrier and "
            f"**{told(_rho(other))}** without: {verdict(paired(one, other))}."
        )
    if min(len(on.rows), len(off.rows)) < most:
        lines.append(f"Evaluated so far, of {most}: {len(on.rows)} with the barrier, {len(off.rows)} without.")
    elif _rho(off.rows).high < 0:
        upside_down = off.rows.assign(score=-off.rows["score"])
        lines.append(f"**Why not flip the sign?** Read upside down, {flipped(paired(on.rows, upside_down))}.")
    return "  \n".join(dict.fromkeys(lines))
