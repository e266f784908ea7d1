"""Compared proxies, architecture by architecture: a selection in one picture applies to all."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from app.correlations.charts.grid import proxy_grid_data, proxy_grid_figure
from app.correlations.charts.points import Rows, best_title, highest
from app.correlations.charts.rank_rank import rank_rank_data, rank_rank_figure
from app.shell.wording import accuracy_title, plain
from app.views.architecture import architecture_panel
from app.views.difference import verdict
from app.views.drawn import drawn
from app.views.metric import too_few
from app.views.paired import rho_difference
from app.views.point_choice import point_choices
from app.views.scale import RANKS, shows_ranks
from eproxy_engine import benchmarks
from eproxy_engine.runs import Run

SELECTED = "compared-selection"
MOST_DRAWN = 4
MOST_PANELS = 8
"""Panels that are drawn unasked; 23 keep a browser busy for seconds."""
LASSO = "Circle points with the lasso to highlight them in every picture and to draw their cells below."


def points_panel(run: Run, scores: pd.DataFrame, rows: list[dict[str, Any]]) -> None:
    """Show one scatter plot per proxy."""
    shown, width = st.columns([3, 2], vertical_alignment="bottom")
    with shown:
        ranks = shows_ranks("compared-ranks", RANKS)
    columns = width.segmented_control(
        "Columns", [1, 2, 3, 4], default=None, key="compared-columns", help="Number of plots side by side."
    )
    panels: Rows = rows
    if len(rows) > MOST_PANELS and not st.toggle(
        f"All {len(rows)} proxies",
        key="compared-all",
        help=f"Draws all instead of the {MOST_PANELS} with the highest ρ.",
    ):
        panels = highest(rows, MOST_PANELS)
    data = proxy_grid_data(scores, panels, selection(), ranks)._replace(title=best_title(rows))
    title = "rank of accuracy" if ranks else accuracy_title(_unit(run))
    event = st.plotly_chart(
        drawn(proxy_grid_figure, data, accuracy_title=title, columns=columns),
        key=f"grid-{run.id}-{ranks}",
        on_select="rerun",
        selection_mode=("lasso", "box", "points"),
        alt="Score of each proxy against accuracy",
    )
    _take(event.selection.points)
    selection_panel(run, scores, rows)


def rank_rank_panel(run: Run, scores: pd.DataFrame, rows: list[dict[str, Any]]) -> None:
    """Show two proxies against each other."""
    titles = {row["name"]: row["title"] for row in rows}
    if len(titles) < 2:
        st.info("This needs two proxies. Choose more on the left.", icon=":material/checklist:")
        return
    names = list(titles)
    across, up = st.columns(2)
    first = across.selectbox(
        "Across", names, 0, format_func=titles.__getitem__, key="rank-across", help="Horizontal axis."
    )
    second = up.selectbox("Up", names, 1, format_func=titles.__getitem__, key="rank-up", help="Vertical axis.")
    event = st.plotly_chart(
        drawn(
            rank_rank_figure,
            rank_rank_data(scores, rows, first, second, selection()),
            accuracy_title=accuracy_title(_unit(run)),
        ),
        key=f"ranks-{run.id}-{first}-{second}",
        height=520,
        on_select="rerun",
        selection_mode=("lasso", "box", "points"),
        alt=f"Ranks by {titles[first]} against ranks by {titles[second]}",
    )
    _take(event.selection.points)
    if first != second and not too_few(len(scores), 0):
        gap = rho_difference(*(scores[name] for name in (first, second, "accuracy")))
        st.markdown(f"On these architectures {verdict(gap, plain(titles[first]), plain(titles[second]))}.")
    selection_panel(run, scores, rows)


def selection() -> list[str]:
    """Return the selected architectures."""
    return st.session_state.get(SELECTED, [])


def selection_panel(run: Run, scores: pd.DataFrame, rows: list[dict[str, Any]]) -> None:
    """Show accuracy, rank by every proxy and cells of the selected architectures."""
    accuracies = dict(zip(scores["architecture"], scores["accuracy"], strict=True))
    picked = point_choices(
        "Highlighted architectures",
        list(accuracies),
        selection(),
        f"compared-points-{run.id}",
        lambda text: f"{accuracies[text]:.4g} · {text}",
    )
    if set(picked) != set(selection()) & set(accuracies):
        st.session_state[SELECTED] = picked
        st.rerun(scope="fragment")
    chosen = scores[scores["architecture"].isin(selection())]
    if chosen.empty:
        st.info(LASSO, icon=":material/gesture_select:")
        return
    text, button = st.columns([4, 1], vertical_alignment="center")
    text.markdown(
        f"**{len(chosen)} selected** of {len(scores)}: accuracy, and rank by each proxy ({len(scores)} is best)"
    )
    if button.button("Select none", icon=":material/deselect:", width="stretch", key="select-none"):
        st.session_state[SELECTED] = []
        st.rerun(scope="fragment")
    places = {row["title"]: scores[row["name"]].rank()[chosen.index] for row in rows}
    table = chosen[["architecture", "accuracy"]].assign(**places).sort_values("accuracy", ascending=False)
    st.dataframe(
        table,
        hide_index=True,
        key="compared-selected",
        column_config={
            "accuracy": st.column_config.NumberColumn(accuracy_title(_unit(run)), format="%.2f"),
            **{title: st.column_config.NumberColumn(format="%d") for title in places},
        },
    )
    for column, architecture in zip(st.columns(MOST_DRAWN), table["architecture"], strict=False):
        with column:
            architecture_panel(run.specification.space, architecture)
    if len(table) > MOST_DRAWN:
        st.caption(f"Only the {MOST_DRAWN} most accurate are drawn.")


def _take(points: list[Any]) -> None:
    """Keep the circled points, which are highlighted in every picture."""
    circled = list(dict.fromkeys(point["customdata"][0] for point in points if point.get("customdata")))
    if circled and set(circled) != set(selection()):
        st.session_state[SELECTED] = circled
        st.rerun(scope="fragment")


def _unit(run: Run) -> str:
    return benchmarks.task(run.specification.space, run.specification.task).unit
