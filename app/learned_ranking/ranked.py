"""The ranking by the labels of the first draw: numbers, predicted against measured, the table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from app.learned_ranking.charts.predicted import predicted_data, predicted_figure
from app.learned_ranking.charts.spreads import Spread, spreads_figure
from app.learned_ranking.names import score_title
from app.shell import state
from app.shell.wording import accuracy_title, plain
from app.views.architecture import architecture_panel
from app.views.clicked import clicked
from app.views.drawn import drawn
from app.views.metric import metric, metric_places
from app.views.point_choice import newly_chosen, point_choice
from app.views.scale import RANKS, shows_ranks
from app.views.stacked import stacked_columns
from eproxy_engine import benchmarks
from eproxy_engine.counted import counted
from eproxy_engine.learning.judging import FEWEST_JUDGED, STATISTICS
from eproxy_engine.learning.models import MODELS
from eproxy_engine.runs.kinds.ranking.problem import Problem
from eproxy_engine.runs.kinds.ranking.result import references

TITLES = {"rho": "Spearman ρ", "tau": "Kendall τ", "top10": "Top-10% retrieval", "precision10": "Precision@10"}
HELP = {
    "rho": "Rank correlation of prediction and accuracy on the architectures that are not labelled.",
    "tau": "Share of pairs in the right order minus the share in the wrong order.",
    "top10": "Share of the most accurate tenth that is also in the tenth ranked highest.",
    "precision10": "Share of the ten ranked highest that are in the most accurate tenth.",
}
COLUMNS = {
    "rank": st.column_config.NumberColumn(width="small"),
    "predicted": st.column_config.NumberColumn(
        format="%.2f", help="Expected normal score of the accuracy: 0 is the middle rank."
    ),
    "deviation": st.column_config.NumberColumn("±", format="%.2f", help="Standard deviation of the prediction."),
    "labelled": st.column_config.CheckboxColumn(width="small"),
    "accuracy": st.column_config.NumberColumn(format="%.4g", help="Empty if unknown."),
}


def numbers_panel(problem: Problem) -> None:
    """Show how good this ranking is on held-out architectures, and what is left out."""
    labelled, predicted = problem.prediction()
    held_out = problem.court.held_out(labelled)
    columns = metric_places(5)
    with columns[0]:
        metric("Labels", f"{len(labelled)}", f"of {len(problem.rows):,} architectures")
    if len(held_out) >= FEWEST_JUDGED:
        for column, (name, statistic) in zip(columns[1:], STATISTICS.items(), strict=True):
            value = statistic(predicted.mean[held_out], problem.accuracies[held_out])
            flops = statistic(problem.scores["flops"].to_numpy(float)[held_out], problem.accuracies[held_out])
            digits = ".0%" if name in ("top10", "precision10") else ".2f"
            with column:
                metric(TITLES[name], f"{value:{digits}}", f"FLOPs alone: {flops:{digits}}", HELP[name])
    else:
        columns[1].info("Too few other accuracies are known to judge this ranking.", icon=":material/balance:")
    for name in problem.candidates.constant_scores:
        st.caption(
            f":material/info: {plain(score_title(name))} is left out: it is the same for all these architectures."
        )
    known = len(labelled) + len(held_out)
    if same := int(np.isfinite(problem.accuracies).sum()) - known:
        st.caption(
            f":material/info: {counted(same, 'more architecture is', 'more architectures are')} the same network as a "
            "labelled one, and left out here."
        )
    if failed := len(problem.candidates.failed):
        st.caption(
            f":material/warning: Every score failed on {counted(failed, 'architecture')}. Descriptors rank them."
        )


def scatter_panel(problem: Problem, table: pd.DataFrame) -> None:
    """Show predicted against measured, the clicked architecture, and what learns nothing beside it."""
    given, (labelled, predicted) = problem.specification, problem.prediction()
    chart, details = stacked_columns("ranking", [5, 3])
    selected = state.choice().architecture
    held_out = problem.court.held_out(labelled)
    enough = len(held_out) >= FEWEST_JUDGED
    rho = STATISTICS["rho"](predicted.mean[held_out], problem.accuracies[held_out]) if enough else float("nan")
    with chart:
        ranks = shows_ranks("rank-ranks", RANKS)
        unit = benchmarks.task(given.space, given.task).unit
        event = st.plotly_chart(
            drawn(
                predicted_figure,
                predicted_data(table, rho, len(held_out), selected, ranks),
                "rank of accuracy" if ranks else accuracy_title(unit),
            ),
            key="rank-scatter",
            height=430,
            on_select="rerun",
            selection_mode="points",
            alt="Predicted rank against measured accuracy",
        )
    with details:
        chosen = point_choice("Architecture", table["architecture"].tolist(), selected, "rank-point")
        if (architecture := newly_chosen(selected, chosen, clicked(event))) is not None:
            state.keep(replace(state.choice(), architecture=architecture))
            state.write_url()
            st.rerun()
        if selected is not None and selected in set(table["architecture"]):
            architecture_panel(given.space, selected, table.rename(columns={"predicted": "score"}))
        else:
            st.info("Click a point to see its architecture.", icon=":material/touch_app:")
    if enough:
        rows = [Spread(MODELS[given.settings.model].title, rho, 0.0, True)]
        for name, score in references(problem).items():
            value = STATISTICS["rho"](score[held_out], problem.accuracies[held_out])
            if np.isfinite(value):
                rows.append(Spread(score_title(name), value, 0.0, False))
        title = f"Beside what learns nothing, on the same {len(held_out):,} architectures"
        st.plotly_chart(
            drawn(spreads_figure, rows, title, "ρ"), key="rank-beside", alt="ρ of the ranking and of single scores"
        )


def table_panel(problem: Problem, table: pd.DataFrame) -> None:
    """Show the whole ranking with all scores, and offer it as CSV."""
    st.download_button(
        "Ranking as CSV",
        lambda: table.to_csv(index=False),
        f"ranking-{problem.specification.space}-{problem.specification.task}.csv",
        "text/csv",
        icon=":material/table:",
    )
    st.dataframe(
        table.replace({float("-inf"): None}),
        hide_index=True,
        height=460,
        key="rank-table",
        column_order=[*COLUMNS, "architecture", *problem.scores],
        column_config=COLUMNS,
    )
