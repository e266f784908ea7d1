"""Which loss landscapes are looked at, and how."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.controls.configuration import configuration_form
from app.controls.field import field
from app.shell import state
from app.shell.choice import Choice, with_specification
from app.shell.choice.landscape import LandscapeChoice
from eproxy_engine.proxy import Configuration
from eproxy_engine.scoring import first_of

WHICH = {True: "Best and worst", False: "All"}


def landscape_form(choice: Choice) -> Choice:
    """Controls for architectures, barrier, centre and grid."""
    given = choice.landscape
    extremes = _extremes(given)
    barrier = field(given, "barrier", "landscape-barrier", widget="buttons")
    given = replace(given, extremes=extremes, barrier=barrier)
    given = _centre(given, choice.eproxy.iterations)
    with st.expander("Grid and directions", icon=":material/grid_4x4:"):
        given = _grid(given)
    return replace(choice, landscape=given)


def eproxy_form(choice: Choice) -> Choice:
    """The whole configuration of Eproxy; another proxy that the Proxy page has stays chosen there."""
    there = choice.specification.proxy
    if isinstance(first_of(there), Configuration):
        return configuration_form(choice, barrier_control=False)
    tuned = configuration_form(with_specification(choice, proxy=choice.eproxy), barrier_control=False)
    return with_specification(tuned, proxy=there)


def _extremes(given: LandscapeChoice) -> int:
    which = st.segmented_control(
        "Of the sample",
        list(WHICH),
        default=given.extremes > 0,
        required=True,
        format_func=WHICH.__getitem__,
        key=state.key("landscape-which"),
        help="The most and least accurate of the sample, or all of it. Pick single ones by hand with the rule "
        "“picked by hand” above.",
    )
    if not which:
        return 0
    return field(given, "extremes", "landscape-extremes", low=1)


def _centre(given: LandscapeChoice, iterations: int) -> LandscapeChoice:
    """Where the middle is."""
    titles = {"trained": "Where training ends", "initial": "The initial point", "between": "In between"}
    titles |= {"film": "A film: after each iteration"}
    current = "film" if given.film else "trained" if given.trained else "between" if given.view.centre else "initial"
    chosen = st.selectbox(
        "Middle of the surface",
        list(titles),
        index=list(titles).index(current),
        format_func=titles.__getitem__,
        key=state.key("landscape-centre"),
        help="The point of parameter space in the middle, by the number of updates that lead there.",
    )
    centre = given.view.centre
    if chosen == "initial":
        centre = 0
    elif chosen == "between":
        between = replace(given.view, centre=max(centre, 1))
        centre = field(between, "centre", "landscape-updates", high=iterations)
    view = replace(given.view, centre=centre)
    return replace(given, view=view, trained=chosen in ("trained", "film"), film=chosen == "film")


def _grid(given: LandscapeChoice) -> LandscapeChoice:
    view = given.view
    plane = field(view, "plane", "landscape-plane")
    left, right = st.columns(2)
    steps, radius = field(view, "steps", "landscape-steps", left), field(view, "radius", "landscape-radius", right)
    given = replace(given, view=replace(view, plane=plane, steps=steps, radius=radius))
    if plane == "random":
        given = _directions(given)
    seeds = field(given, "seeds", "landscape-seeds", widget="slider")
    return replace(given, seeds=seeds)


def _directions(given: LandscapeChoice) -> LandscapeChoice:
    view = given.view
    normalisation = field(view, "normalisation", "landscape-normalisation")
    biases = field(view, "biases", "landscape-biases")
    left, right = st.columns(2)
    draw = field(view, "draw", "landscape-draw", left)
    draws = field(given, "draws", "landscape-draws", right)
    return replace(given, view=replace(view, normalisation=normalisation, biases=biases, draw=draw), draws=draws)
