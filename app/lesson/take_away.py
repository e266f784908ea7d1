"""The last step: what to remember, and where to go on."""

from __future__ import annotations

import streamlit as st

from app.lesson import data
from app.lesson.curves import curves_of
from app.lesson.findings import pairs
from app.lesson.findings import told as told_rho
from app.lesson.numbers import paired, rho, right_order
from app.lesson.telling import begun, finding, folded, words
from app.lesson.when import sentence, settings, shipped
from app.views.difference import verdict
from eproxy_engine.runs import Store

TITLE = "What to take home"


def show(store: Store) -> None:
    """Show the lesson in three sentences, with the numbers that ship. Raises UserError."""
    text = words("take_away")
    above = begun(text)
    given = {barrier: data.evaluation_run(barrier) for barrier in (True, False)}
    curves = {barrier: curves_of(each.specification, each.outcomes) for barrier, each in given.items()}
    for column, barrier in zip(st.columns(2, gap="large"), (False, True), strict=True):
        side = curves[barrier]
        accuracy = side.rows["accuracy"].to_numpy(float)
        final = side.scores[:, -1]
        with column:
            st.metric(f"ρ {'with' if barrier else 'without'} the barrier", told_rho(rho(final, accuracy)), border=True)
            st.markdown(f"Of all pairs {pairs(right_order(final, accuracy))}.")
    lines = [
        f"The same {len(curves[True].rows)} architectures, the same {curves[True].scores.shape[1]} iterations: "
        f"{verdict(paired(curves[True].rows, curves[False].rows))}.",
    ]
    everywhere = shipped()
    outcomes = {key: outcome for each in everywhere for key, outcome in each.outcomes.items()}
    lines.append(sentence(settings([each.specification for each in everywhere], outcomes)))
    finding(above, "  \n".join(lines))
    folded(text)
    with st.container(horizontal=True):
        st.page_link("../pages/proxy.py", label="Try it on the Proxy page", icon=":material/tune:")
        st.page_link("../pages/landscape.py", label="Look at the surfaces", icon=":material/landscape:")
        st.page_link("../pages/scoreboard.py", label="Check us against the paper", icon=":material/scoreboard:")
