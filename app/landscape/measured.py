"""Measures of a run's surfaces, and whether they tell good architectures from bad ones."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from app.charts.layout import plain_title
from app.landscape.charts.measures import TITLES, Measured, measures_data, measures_figure
from app.views.surfaces import landscape_run, names_of
from eproxy_engine.runs import Run, Store
from eproxy_engine.runs.kinds.landscape.plan import halves, measured, separated

HELP = {
    "ruggedness": "Mean absolute second difference between neighbouring points.",
    "log_ruggedness": "Ruggedness of log₁₀ of the loss: independent of scale, so comparable with and without barrier.",
    "local_minima": "Points of the grid that are lower than all eight neighbours.",
    "non_convex": "Share of the inner points where the surface curves downwards in some direction.",
    "flatness": "Share of the square, connected to the middle, where the loss stays within 10% above the middle's.",
    "loss_range": "Highest minus lowest loss of the square.",
    "log_range": "log₁₀ of highest over lowest loss.",
    "agreement": "Mean cosine between the gradients of neighbouring points; 1 if all have the same direction.",
    "holes": "Points whose loss is not finite.",
    "top_eigenvalue": "Top eigenvalue of the Hessian at the middle, by power iteration: the sharpest curvature.",
    "trace": "Trace of the Hessian at the middle, by Hutchinson's estimate: the total curvature.",
    "centre_loss": "Loss at the point in the middle.",
}
FEWEST_COMPARED = 2
"""Fewest architectures on each side of the comparison; one against one says nothing."""
SHOWN_FIRST = "log_ruggedness"


def measures_panel(store: Store, run: Run) -> None:
    """Show one row per surface with what differs, the comparison of good and bad, and a chart of one measure."""
    rows = pd.DataFrame(rows_of(store, run))
    if rows.empty:
        st.caption("Numbers appear once the first surface is complete.")
        return
    names = names_of(landscape_run(run))
    table = rows.assign(
        architecture=rows["architecture"].map(names),
        barrier=rows["barrier"].map({True: "with", False: "without"}),
    )
    several = [name for name in ("seed", "draw", "centre") if table[name].nunique() > 1]
    columns = ["architecture", "barrier", *several, *TITLES]
    st.dataframe(table[columns], hide_index=True, height="content", column_config=_columns())
    good, _ = halves(rows)
    if len(good) >= FEWEST_COMPARED:
        _separation(rows)
    else:
        st.caption("Measure two or more of the most and of the least accurate architectures to compare them here.")
    if good:
        _dots(rows, run)


def rows_of(store: Store, run: Run) -> list[dict[str, Any]]:
    """Return one row per complete surface, from the result or from what is computed so far."""
    if run.status == "finished" and run.result:
        return list(run.result["surfaces"])
    given = landscape_run(run)
    evaluations = (each for surface in given.surfaces() for each in given.evaluations(surface))
    return measured(given, store.outcomes(evaluations))


def _columns() -> dict[str, Any]:
    numbers = {
        name: st.column_config.NumberColumn(title, help=HELP[name], format="%.2g") for name, title in TITLES.items()
    }
    return {
        "architecture": st.column_config.TextColumn(width=110, pinned=True),
        "barrier": st.column_config.TextColumn(width=80),
        "draw": st.column_config.NumberColumn("directions", width=80),
        "seed": st.column_config.NumberColumn(width=60),
        "centre": st.column_config.NumberColumn("updates", width=70, help="Updates before the point in the middle."),
        **numbers,
    }


def _separation(rows: pd.DataFrame) -> None:
    found = pd.DataFrame(separated(rows))
    counts = f"{found['n_good'].max()} more and {found['n_bad'].max()} less accurate architectures"
    st.markdown(f"**Do they tell good from bad?** {counts}, each by its mean over seeds and directions.")
    wide = found.assign(barrier=found["barrier"].map({True: "with", False: "without"})).pivot(
        index="measure", columns="barrier", values=["good", "bad", "auc", "p"]
    )
    wide.columns = [f"{barrier}: {'AUC' if name == 'auc' else name}" for name, barrier in wide.columns]
    ordered = sorted(wide.columns, key=lambda name: not name.startswith("with:"))
    shown = wide.reindex(list(TITLES))[ordered].rename(index=TITLES).rename_axis("measure").reset_index()
    number = st.column_config.NumberColumn(format="%.2g")
    st.dataframe(shown, hide_index=True, height="content", column_config=dict.fromkeys(ordered, number))
    st.caption(
        "AUC: the chance that a good architecture has a higher value than a bad one. 0.5 says nothing; 0 or 1 "
        "separates them. p: two-sided Mann–Whitney test. With twelve measures tested, one p of 0.05 means little."
    )


def _dots(rows: pd.DataFrame, run: Run) -> None:
    names = list(TITLES)
    measure = st.selectbox(
        "Measure", names, names.index(SHOWN_FIRST), format_func=TITLES.__getitem__, key=f"measure-{run.id}"
    )
    groups = []
    for name, architectures in zip(("good", "bad"), halves(rows), strict=True):
        for barrier in (True, False):
            chosen = rows[rows["architecture"].isin(architectures) & (rows["barrier"] == barrier)]
            groups.append(Measured(name, barrier, measure, chosen[measure].astype(float).tolist()))
    figure = measures_figure(measures_data([group for group in groups if group.values], measure))
    st.plotly_chart(figure, key=f"dots-{run.id}", alt=plain_title(figure))
