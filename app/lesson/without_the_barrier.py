"""Step 4: training without the barrier."""

from __future__ import annotations

import streamlit as st

from app.lesson import data
from app.lesson.curves import curves_chart, curves_of, evaluation_run_at, iteration_control, offers, sentence
from app.lesson.recompute import chosen_outcomes, recompute_panel
from app.lesson.telling import begun, finding, folded, words
from app.lesson.walk import another_pair, seed_control
from eproxy_engine.runs import Store

TITLE = "Without the barrier"


def show(store: Store) -> None:
    """Show two loss curves. Raises UserError."""
    told = words("without_the_barrier")
    place = begun(told)
    shipped = data.evaluation_run(barrier=False).specification
    with st.container(horizontal=True, vertical_alignment="bottom"):
        iteration, log = iteration_control(shipped)
        seed = seed_control({shipped.seed})
        pair = another_pair()
    given = evaluation_run_at(False, seed)
    outcomes = chosen_outcomes(store, [given.specification], given.outcomes, "without")
    curves = curves_of(given.specification, outcomes)
    curves_chart(curves, pair, iteration, log)
    finding(place, sentence(curves, pair, iteration))
    folded(told)
    recompute_panel(store, offers([given.specification], pair), "without")
