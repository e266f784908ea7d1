"""Map of what a search tried, replayed trial by trial."""

from __future__ import annotations

import streamlit as st

from app.architecture_search.charts.map import COLOURINGS, map_data, map_figure
from app.architecture_search.shown import search_of
from app.architecture_search.trials import places_of, trials_of
from app.charts.layout import plain_title
from app.shell.wording import plain, rounded_accuracy
from app.views.architecture import drawing
from app.views.clicked import clicked
from app.views.drawn import drawn
from app.views.point_choice import newly_chosen, point_choice
from app.views.stacked import stacked_columns
from eproxy_engine import benchmarks, spaces
from eproxy_engine.runs import Run, Store


def map_panel(store: Store, run: Run) -> None:
    """Show the points of the first seed; a click on one shows its cell."""
    trials = trials_of(store, run)
    if trials.empty:
        st.info("Nothing has been tried yet.", icon=":material/hourglass_empty:")
        return
    given = search_of(run)
    offered = [name for name in COLOURINGS if name == "place" or trials[name].notna().any()]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        coloured = st.segmented_control(
            "Colour",
            offered,
            default=offered[0],
            required=True,
            format_func=COLOURINGS.__getitem__,
            key=f"nas-colour-{run.id}",
            help="Includes accuracies of architectures that were not queried, which the search did not know. The "
            "lowest tenth shares the darkest colour.",
        )
        lines = st.toggle("Lines from parent to child", key=f"nas-lines-{run.id}")
    last = len(trials)
    if last > 1:
        last = st.slider("Up to trial", 1, last, last, key=f"nas-trial-{run.id}-{last}", help="Replays the search.")
    places, explained = places_of(store, run)
    spent = 0 if given.spent is None else len(given.spent_architectures())
    selected = st.session_state.get(f"nas-selected-{run.id}")
    data = map_data(trials, places, explained, str(coloured), last, spent)
    figure = drawn(map_figure, data, str(coloured), lines, selected)
    left, right = stacked_columns("map", [3, 1])
    event = left.plotly_chart(
        figure,
        key=f"nas-map-{run.id}",
        height=520,
        on_select="rerun",
        selection_mode="points",
        alt=plain_title(figure),
    )
    with right:
        chosen = point_choice("Architecture", data.architectures, selected, f"nas-point-{run.id}")
    if (architecture := newly_chosen(selected, chosen, clicked(event))) is not None:
        st.session_state[f"nas-selected-{run.id}"] = architecture
        st.rerun(scope="fragment")
    with right:
        shown = selected or (data.architectures[data.best] if data.best is not None else None)
        if shown is not None:
            _architecture(given.space, shown, "selected" if selected else "the best")
    st.caption(
        "Trials of the first seed. Architectures that differ in few operations are close together. The axes are "
        "principal components of the operations at each position."
    )


def _architecture(space: str, text: str, what: str) -> None:
    family = spaces.get(space)
    st.caption(f":material/touch_app: Shown: {what}.")
    for title, graph in family.drawings(family.parse(text)).items():
        drawing(title, graph, text)
    st.code(text, language=None, wrap_lines=True)
    table = benchmarks.load(space)
    row = table[table["architecture"] == text]
    accuracies = [
        f"{plain(task.name)} **{rounded_accuracy(float(row[task.name].iloc[0]), task.unit)}**"
        for task in benchmarks.tasks(space)
        if len(row) and task.name in row and row[task.name].notna().all()
    ]
    st.caption(f"Accuracy: {' · '.join(accuracies) or 'not known'}")
