"""Step 4: training with the barrier."""

from __future__ import annotations

import streamlit as st

from app.lesson import data
from app.lesson.curves import curves_chart, curves_of, evaluation_run_at, iteration_control, offers, sentence
from app.lesson.recompute import chosen_outcomes, recompute_panel
from app.lesson.telling import finding, folded, words
from app.lesson.walk import pair_control, seed_control
from eproxy_engine.runs import Store

TITLE = "With the barrier"


def show(store: Store) -> None:
    """Show two loss curves without the barrier and, once it is switched on, two with it. Raises UserError."""
    told = words("with_the_barrier")
    st.markdown(told.introduction)
    shipped = data.evaluation_run(barrier=True).specification
    pair = pair_control(shipped)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        switched_on = st.toggle("Barrier", value=True, key="lesson-barrier")
        iteration, log = iteration_control(shipped)
        seed = seed_control({shipped.seed})
    off, on = evaluation_run_at(False, seed), evaluation_run_at(True, seed)
    asked = [off.specification, on.specification]
    outcomes = chosen_outcomes(store, asked, off.outcomes | on.outcomes, "with")
    shown = [curves_of(each, outcomes) for each in (asked if switched_on else asked[:1])]
    for place, curves in zip(st.columns(len(shown), gap="large"), shown, strict=True):
        with place:
            curves_chart(curves, pair, iteration, log)
    finding("  \n".join(sentence(curves, pair, iteration) for curves in shown))
    folded(told.folds)
    recompute_panel(store, offers(asked, pair), "with")
