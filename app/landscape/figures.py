"""Figures of a run of landscapes."""

from __future__ import annotations

from dataclasses import replace

import plotly.graph_objects as go
import streamlit as st

from app.charts.layout import plain_title
from app.charts.surfaces import in_plane, surfaces_data, surfaces_figure
from app.landscape.charts.animation import animation_data, animation_figure
from app.landscape.charts.contours import contours_data, contours_figure
from app.landscape.charts.interpolation import interpolation_data, interpolation_figure
from app.landscape.charts.slices import slices_data, slices_figure
from app.landscape.side_by_side import pairs_of
from app.shell.text import text
from app.shell.wording import plain
from app.views.architecture import dark_theme
from app.views.drawn import drawn
from app.views.linked_figure import linked_figure
from app.views.surfaces import Looked, landscape_run, looked_at, recipe_line, shown_surface
from eproxy_engine.runs import Run, Store

PAIR_HEIGHT, SQUARE_HEIGHT = 450, 980
MOST_FILMED = 2
LEAVES = "leaves a random plane at once, so it is not drawn"


def surfaces_panel(store: Store, run: Run) -> None:
    """Show up to four surfaces in one figure, with the same heights and colours and cameras that turn together.

    Until they are complete, each turns by itself: Streamlit's own chart takes new rows in, while a linked figure would
    reload with each of them and be blank meanwhile.
    """
    looked, logarithmic = _side_by_side(store, run)
    if not looked.shown:
        return
    height = PAIR_HEIGHT if len(looked.shown) <= 2 else SQUARE_HEIGHT
    if all(each.landscape.complete for each in looked.shown):
        linked_figure(surfaces_drawn(looked, logarithmic), f"landscape-{run.id}", height)
        turning = "Drag to turn: all surfaces turn together."
    else:
        growing = surfaces_figure(surfaces_data(looked.shown, logarithmic))
        _chart(growing.update_layout(height=height if growing.data else None), run, "surfaces")
        turning = "Drag to turn; once complete, all surfaces turn together."
    seen = any(in_plane(each.landscape) for each in looked.shown)
    path = "The pink line is the training path, projected on the plane." if seen else f"The training path {LEAVES}."
    st.caption(f"{turning} {path}")
    _recipe(run, looked)
    with st.expander("Is this what the paper's Figure 5 shows?", icon=":material/help:"):
        st.markdown(text("landscape", "figure_5"))


def contours_panel(store: Store, run: Run) -> None:
    """Show contour maps with the optimisation path."""
    looked, logarithmic = _controls(store, run, "contours")
    if looked.shown:
        _chart(drawn(contours_figure, contours_data(looked.shown, logarithmic)), run, "contours")
        if looked.surfaces[0].view.plane == "random":
            st.caption(
                f":material/info: The training path {LEAVES}. The plane “where the training went”, under *Grid and "
                "directions*, shows all of it."
            )
        _recipe(run, looked)


def lines_panel(store: Store, run: Run) -> None:
    """Show slices through the middle, and the line from the initial to the last point."""
    looked, logarithmic = _controls(store, run, "lines")
    if looked.shown:
        _chart(drawn(slices_figure, slices_data(looked.shown, logarithmic)), run, "slices")
        _chart(drawn(interpolation_figure, interpolation_data(looked.shown, logarithmic)), run, "interpolation")
        _recipe(run, looked)


def film_panel(store: Store, run: Run) -> None:
    """Show the surface of one architecture after each iteration."""
    given = landscape_run(run)
    if len(given.centres) < 2:
        st.info(
            "This run has no film. Choose **A film: after each iteration** as the middle of the surface on the left "
            "and compute it: one surface after each iteration.",
            icon=":material/movie:",
        )
        return
    looked, logarithmic = _controls(store, run, "film")
    if not looked.surfaces:
        return
    first = looked.surfaces[0]
    frames = []
    for centre in given.centres:
        same = [
            each
            for each in given.surfaces()
            if (each.architecture, each.seed, each.view.draw) == (first.architecture, first.seed, first.view.draw)
            and each.view.centre == centre
        ]
        frames.append((centre, [shown_surface(store, given, each) for each in same[:MOST_FILMED]]))
    whole = [frame for frame in frames if all(shown.landscape.complete for shown in frame[1])]
    if not whole:
        st.caption("The film begins with the first surface that is complete.")
        return
    linked_figure(
        animation_figure(animation_data(whole, logarithmic), dark_theme()), f"film-{run.id}", PAIR_HEIGHT + 60
    )
    _recipe(run, looked)


def surfaces_drawn(looked: Looked, logarithmic: bool = True) -> go.Figure:
    """Draw the chosen surfaces in one figure, whose title says how they differ."""
    return drawn(surfaces_figure, surfaces_data(looked.shown, logarithmic), dark_theme())


def _side_by_side(store: Store, run: Run) -> tuple[Looked, bool]:
    """Show the controls in one row, and return the two surfaces to compare, or all."""
    looked = looked_at(store, run)
    if not looked.shown:
        st.info("Choose at least one architecture.", icon=":material/checklist:")
    pairs = pairs_of(looked)
    with st.container(horizontal=True, vertical_alignment="center"):
        if pairs:
            titles = list(pairs)
            chosen = st.segmented_control(
                "Side by side",
                titles,
                default=titles[0],
                required=True,
                key=f"side-by-side-{run.id}",
                label_visibility="collapsed",
            )
            looked = replace(
                looked,
                surfaces=[looked.surfaces[i] for i in pairs[chosen]],
                shown=[looked.shown[i] for i in pairs[chosen]],
            )
        logarithmic = _logarithmic(run, "surfaces")
    return looked, logarithmic


def _controls(store: Store, run: Run, name: str) -> tuple[Looked, bool]:
    looked = looked_at(store, run)
    if not looked.shown:
        st.info("Choose at least one architecture.", icon=":material/checklist:")
    return looked, _logarithmic(run, name)


def _logarithmic(run: Run, name: str) -> bool:
    return st.toggle(
        "Logarithmic",
        True,
        key=f"log-{name}-{run.id}",
        help="Shows log10 of the loss, so that its shape is visible at every scale.",
    )


def _chart(figure: go.Figure, run: Run, name: str) -> None:
    st.plotly_chart(figure, key=f"{name}-{run.id}", alt=plain_title(figure))


def _recipe(run: Run, looked: Looked) -> None:
    if looked.surfaces:
        st.caption(plain(recipe_line(landscape_run(run), looked.surfaces[0])))
