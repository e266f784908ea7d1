"""Choice of the surfaces of a run to show."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from app.charts.shown import Shown
from app.charts.surfaces import MOST_SURFACES
from eproxy_engine.runs import LandscapeSpecification, Run, Store
from eproxy_engine.runs.kinds.landscape.plan import surface_of
from eproxy_engine.runs.kinds.landscape.specification import Surface

MOST_ARCHITECTURES = 2


@dataclass(frozen=True)
class Looked:
    """Chosen surfaces of a run, each with its title and as far as it is computed."""

    surfaces: list[Surface]
    shown: list[Shown]


def landscape_run(run: Run) -> LandscapeSpecification:
    """Return the specification of a run of landscapes."""
    assert isinstance(run.specification, LandscapeSpecification)
    return run.specification


def names_of(given: LandscapeSpecification) -> dict[str, str]:
    """Return a short name of each architecture, most accurate first: rank and accuracy, or place.

    Two are a good and a bad one, and one is neither: nobody knows of how many they are the best and the worst.
    """
    rows = given.architectures().sort_values("accuracy", ascending=False, kind="stable")
    known = rows["accuracy"].notna().sum()
    first, last = {1: ("the network", ""), 2: ("good", "bad")}.get(len(rows), ("best", "worst"))
    names = {}
    for place, row in enumerate(rows.itertuples(), 1):
        what = first if place == 1 else last if place == known else f"no. {place}"
        names[row.architecture] = f"{what} ({row.accuracy:.1f})" if row.accuracy == row.accuracy else f"no. {place}"
    return names


def looked_at(store: Store, run: Run) -> Looked:
    """Show controls for what the charts show, and return the choice.

    It has up to two architectures, at one seed, pair of directions and centre.
    """
    given = landscape_run(run)
    names = names_of(given)
    surfaces = given.surfaces()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = list(names)[:: max(len(names) - 1, 1)][:MOST_ARCHITECTURES]
        if len(names) > MOST_ARCHITECTURES:
            chosen = st.multiselect(
                "Architectures",
                list(names),
                chosen,
                max_selections=MOST_ARCHITECTURES,
                format_func=names.__getitem__,
                key=f"looked-{run.id}",
                width=420,
            )
        seed = _one("Seed", sorted({each.seed for each in surfaces}), run)
        draw = _one("Directions", sorted({each.view.draw for each in surfaces}), run)
        centre = _one("After updates", sorted({each.view.centre for each in surfaces}, reverse=True), run)
    wanted = [
        each
        for each in surfaces
        if each.architecture in chosen and (each.seed, each.view.draw, each.view.centre) == (seed, draw, centre)
    ]
    return Looked(wanted[:MOST_SURFACES], [shown_surface(store, given, each) for each in wanted[:MOST_SURFACES]])


def shown_surface(store: Store, given: LandscapeSpecification, surface: Surface) -> Shown:
    """Return the surface as far as it is computed."""
    barrier = "with barrier" if surface.barrier else "without barrier"
    title = f"{names_of(given)[surface.architecture]}, {barrier}"
    return Shown(title, surface.barrier, surface_of(given, surface, store.outcomes(given.evaluations(surface))))


def _one(label: str, options: list[int], run: Run) -> int:
    """Show a choice of one option; return the only one if there is no choice."""
    if len(options) == 1:
        return options[0]
    return st.selectbox(label, options, key=f"looked-{label}-{run.id}", width=140)


def recipe_line(given: LandscapeSpecification, surface: Surface) -> str:
    """Describe everything that a figure depends on, in one line."""
    view, configuration = surface.view, given.configuration
    plane = "plane of the path"
    if view.plane == "random":
        moved = "biases and batch norm moved too" if view.biases else "biases and batch norm not moved"
        plane = f"directions {view.draw}, normalised {view.normalisation}-wise, {moved}"
    return (
        f"Recipe: {given.space_title}, seed {surface.seed}, {plane}, radius {view.radius:g}, "
        f"{view.steps} × {view.steps} points, middle after {view.centre} of {configuration.iterations} updates at "
        f"learning rate {configuration.learning_rate:g}, batch norm on the statistics of the fixed "
        f"{configuration.batch} images ({given.images}), stem width {configuration.width}."
    )
