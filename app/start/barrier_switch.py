"""The picture of the Start page: a switch for the barrier, 200 networks in order, and what the proxy looks like."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.charts.layout import rounded
from app.shell.errors import told
from app.start.charts.eproxy import eproxy_dot
from app.start.charts.two_orders import SIDES, two_orders_data, two_orders_figure
from app.views.architecture import dark_theme
from app.views.difference import verdict
from app.views.drawn import drawn
from app.views.shipped_runs import ENDING, LESSON, shipped_run, version
from eproxy_engine import spaces, statistics
from eproxy_engine.proxy import Configuration
from eproxy_engine.runs import EvaluationSpecification
from eproxy_engine.runs.kinds.evaluation.plan import scored
from eproxy_engine.statistics import Difference, Estimate

FILES = {barrier: LESSON / f"barrier-{'on' if barrier else 'off'}{ENDING}" for barrier in (True, False)}

PRESS = """
<style>.st-key-start-picture .updatemenu-container { visibility: hidden; }</style>
<script>
(function press(tries) {  // the picture's own button, once there is one: it moves the dots
    const button = document.querySelectorAll(".st-key-start-picture .updatemenu-button")[%d];
    if (button) button.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    else if (tries) setTimeout(press, 100, tries - 1);
})(100);
</script>
"""
WEAK = 0.2
"""|ρ| up to which an order is hardly one."""


class Sides(NamedTuple):
    """Both runs on the networks that they share."""

    about: str
    accuracy: NDArray[np.float64]
    scores: dict[bool, NDArray[np.float64]]
    """By barrier, in the order of ``accuracy``."""
    rho: dict[bool, Estimate]
    difference: Difference


@st.fragment
@told()
def barrier_switch() -> None:
    """Show where the proxy puts the networks, with the barrier or without. Raises UserError."""
    found = _sides(*map(version, FILES.values()))
    barrier = st.toggle(
        "**Barrier**: switch it, and watch the dots",
        value=True,
        key="start-barrier",
        help="A frozen random layer between the network and the exercise that it learns.",
    )
    rho = found.rho[barrier]
    st.markdown(f"**{'With' if barrier else 'Without'} the barrier: ρ = {_told(rho)}, n = {len(found.accuracy)}**")
    with st.container(key="start-picture"):
        figure = drawn(two_orders_figure, two_orders_data(found.scores, found.accuracy))
        st.plotly_chart(figure, key="start-orders", alt="Networks in order by the proxy, against their accuracy")
    st.html(PRESS % SIDES.index(barrier), unsafe_allow_javascript=True)
    st.markdown(f"{meaning(rho.value)} {_difference(found.difference)}")
    st.caption(found.about)
    dot = eproxy_dot(dark_theme(), barrier)
    way = "network, transform and barrier layer" if barrier else "network and transform layer"
    st.graphviz_chart(dot, width="stretch", alt=f"Images go through {way} to the loss")


def meaning(rho: float) -> str:
    """Say what ρ means for somebody who takes the network that the proxy likes best.

    >>> meaning(0.58)
    'The networks that the proxy puts first **are mostly the accurate ones**.'
    """
    if rho > WEAK:
        end = "**are mostly the accurate ones**"
    elif rho < -WEAK:
        end = "are mostly **the inaccurate ones**"
    else:
        end = "are **hardly better than a random choice**"
    return f"The networks that the proxy puts first {end}."


def _told(rho: Estimate) -> str:
    interval = "" if np.isnan(rho.low) else f" [{rounded(rho.low)}, {rounded(rho.high)}]"
    return f"{rounded(rho.value)}{interval}"


def _difference(difference: Difference) -> str:
    said = verdict(difference, "the barrier", "no barrier")
    return f"{said[0].upper()}{said[1:]}."


@st.cache_resource(max_entries=2, show_spinner="Ranking 200 networks …")
def _sides(*changed: int) -> Sides:
    """``changed`` tells versions of the files apart."""
    given = {barrier: shipped_run(path, EvaluationSpecification) for barrier, path in FILES.items()}
    rows = {barrier: scored(*each).dropna(subset=["accuracy"]) for barrier, each in given.items()}
    both = rows[True].merge(rows[False], on="architecture", suffixes=("", "_without"))
    accuracy = both["accuracy"].to_numpy(float)
    scores = {True: both["score"].to_numpy(float), False: both["score_without"].to_numpy(float)}
    rho = {
        barrier: statistics.bootstrap_interval(statistics.spearman, score, accuracy)
        for barrier, score in scores.items()
    }
    difference = statistics.paired_difference(scores[True], scores[False], accuracy)
    return Sides(_about(given[True].specification), accuracy, scores, rho, difference)


def _about(specification: EvaluationSpecification) -> str:
    """Say what was computed."""
    configuration, family = specification.proxy, spaces.get(specification.space)
    assert isinstance(configuration, Configuration)
    width = family.stem_channels(configuration.width)
    return (
        f"Each dot is one of {specification.sample.size} networks of {family.title}, {width} channels wide, judged "
        f"after {configuration.iterations} training steps. ρ is 1 if both orders are the same, and about 0 by chance. "
        "The barrier does not help everywhere: the lesson shows where it does."
    )
