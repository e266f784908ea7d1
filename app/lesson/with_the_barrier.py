"""Step 5: training with the barrier."""

from __future__ import annotations

import streamlit as st

from app.lesson import data
from app.lesson.curves import curves_chart, curves_of, evaluation_run_at, iteration_control, offers, sentence
from app.lesson.recompute import chosen_outcomes, recompute_panel
from app.lesson.telling import begun, finding, folded, words
from app.lesson.walk import another_pair, seed_control
from eproxy_engine.runs import Store

TITLE = "With the barrier"


def show(store: Store) -> None:
    """Show two loss curves without the barrier and, once it is switched on, two with it. Raises UserError."""
    told = words("with_the_barrier")
    place = begun(told)
    shipped = data.evaluation_run(barrier=True).specification
    with st.container(horizontal=True, vertical_alignment="bottom"):
        switched_on = st.toggle("Barrier", value=True, key="lesson-barrier")
        iteration, log = iteration_control(shipped)
        seed = seed_control({shipped.seed})
        pair = another_pair()
    off, on = evaluation_run_at(False, seed), evaluation_run_at(True, seed)
    asked = [off.specification, on.specification]
    outcomes = chosen_outcomes(store, asked, off.outcomes | on.outcomes, "with")
    shown = [curves_of(each, outcomes) for each in (asked if switched_on else asked[:1])]
    for column, curves in zip(st.columns(len(shown), gap="large"), shown, strict=True):
        with column:
            curves_chart(curves, pair, iteration, log)
    finding(place, "  \n".join(sentence(curves, pair, iteration) for curves in shown))
    folded(told)
    recompute_panel(store, offers(asked, pair), "with")
