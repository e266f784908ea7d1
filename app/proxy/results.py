"""Results of a run: correlation, scatter, loss curves, table, exports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from app.charts.loss_curves import loss_curves_data, loss_curves_figure
from app.charts.scatter import scatter_data, scatter_figure
from app.proxy.compared import Compared, beside_panel, compared_numbers, compared_runs, overlay_panel
from app.proxy.famous import famous_panel
from app.proxy.reference import why_unpaired
from app.shell import state
from app.shell.downloads import File, export_panel
from app.shell.errors import show_warning
from app.shell.tabs import tabs_panel
from app.shell.wording import accuracy_title, plain, score_title
from app.views.architecture import architecture_panel
from app.views.clicked import clicked
from app.views.colours import proxy_colour
from app.views.drawn import drawn
from app.views.evaluated import evaluated_rows, evaluation_of
from app.views.metric import SMALLEST_FOR_HEADLINE, estimate_metric, metric_places, preliminary, too_few
from app.views.point_choice import newly_chosen, point_choice
from app.views.scale import shows_ranks
from app.views.stacked import stacked_columns
from eproxy_engine import benchmarks, spaces
from eproxy_engine.baselines import Baseline
from eproxy_engine.runs import Run, Store
from eproxy_engine.runs.kinds.evaluation.famous import standings
from eproxy_engine.runs.kinds.evaluation.plan import summary
from eproxy_engine.scoring.proxy import first_of, to_yaml


def results_panel(store: Store, run: Run, reference: Run | None) -> None:
    """Show everything about the evaluated architectures of a run.

    ``reference``: a run to compare it with, as far as that can be paired with it.
    """
    evaluated = evaluated_rows(store, run)
    specification = evaluation_of(run)
    finished = run.status == "finished" and run.result is not None
    found = run.result if finished and run.result else summary(specification, evaluated)
    judged = evaluated[evaluated["accuracy"].notna()]
    if found["diverged"]:
        show_warning(f"{found['diverged']} of {len(evaluated)} evaluations {_what_failed(run)}")
    for note, count in found.get("notes", {}).items():
        st.caption(f":material/info: {plain(note)} ({count} of {len(evaluated)})")
    if judged.empty:
        st.info(
            f"No accuracy of these architectures on {specification.task} is known. The scores rank them (see Table), "
            f"but nothing judges the ranking yet. {spaces.get(specification.space).ground_truth_hint}",
            icon=":material/info:",
        )
    compared = None if reference is None or judged.empty else _paired(store, run, reference)
    if compared:
        compared_numbers(compared)
    elif not judged.empty:
        _numbers(found, len(judged), int(specification.architectures()["accuracy"].count()))
        if len(judged) < len(evaluated):
            st.caption(f"Judged on the {len(judged)} of {len(evaluated)} architectures whose accuracy is known.")
    unit = benchmarks.task(specification.space, specification.task).unit
    selected = _selected(evaluated)
    famous = standings(specification.space, evaluated)
    panels = {"Famous networks": lambda: famous_panel(run, evaluated, famous, selected)} if famous else {}
    panels |= {
        "Scatter": lambda: _scatter(run, judged, found, unit, selected),
        "Loss curves": lambda: _curves(run, evaluated, unit, selected),
        "Table": lambda: _table(evaluated, {each.network.architecture: each.network.name for each in famous}),
        "Export": lambda: _export(store, run, evaluated),
    }
    if compared:
        beside = {"Side by side": lambda: beside_panel(compared, selected), "Overlay": lambda: overlay_panel(compared)}
        panels = (beside if compared.barrier else dict(reversed(beside.items()))) | panels
    tabs_panel(panels, "beside-tab" if compared else "results-tab")


def _paired(store: Store, run: Run, reference: Run) -> Compared | None:
    unpaired = why_unpaired(evaluation_of(run), evaluation_of(reference))
    return None if unpaired else compared_runs(store, run, reference)


def _what_failed(run: Run) -> str:
    if isinstance(first_of(evaluation_of(run).proxy), Baseline):
        return "gave no number; they rank last. The reasons are below."
    return "diverged (their loss was no longer a number); they rank last. A lower learning rate makes it rarer."


def _numbers(found: Mapping[str, Any], judged: int, asked: int) -> None:
    """Show the statistics of the ``judged`` architectures, of ``asked`` in all that can be."""
    if few := too_few(judged, asked):
        st.info(few, icon=":material/hourglass_empty:")
        return
    if early := preliminary(judged, asked):
        st.markdown(early)
    reference = found["reference"]
    columns = metric_places(5)
    for column, name, title, text in (
        (columns[0], "rho", "Spearman ρ", "Rank correlation of score and accuracy over the evaluated architectures."),
        (columns[1], "tau", "Kendall τ", "Share of pairs in the right order minus the share in the wrong order."),
        (
            columns[2],
            "top10",
            "Top-10% retrieval",
            "Share of the most accurate tenth that is also in the highest-scored tenth.",
        ),
    ):
        with column:
            estimate_metric(title, found, name, text, percent=name == "top10")
    text = "For reference: how well size alone ranks the same architectures."
    for column, name, title in ((columns[3], "parameters", "ρ of parameters"), (columns[4], "flops", "ρ of FLOPs")):
        with column:
            estimate_metric(title, reference[name], "rho", text)


def _selected(evaluated: pd.DataFrame) -> str | None:
    architecture = state.choice().architecture
    return architecture if architecture in set(evaluated["architecture"]) else None


def _scatter(run: Run, evaluated: pd.DataFrame, found: Mapping[str, Any], unit: str, selected: str | None) -> None:
    chart, details = stacked_columns("scatter", [5, 3])
    with chart:
        ranks = shows_ranks("ranks")
        values = accuracy_title(unit), score_title(evaluation_of(run).proxy)
        titles = ("rank of accuracy", "rank of score") if ranks else values
        data = scatter_data(evaluated, found, selected, ranks)
        if too_few(len(evaluated), 0):
            data = data._replace(title=f"n = {len(evaluated)}: ρ from {SMALLEST_FOR_HEADLINE} on")
        event = st.plotly_chart(
            drawn(
                scatter_figure,
                data,
                colour=proxy_colour(evaluation_of(run).proxy),
                accuracy_title=titles[0],
                score_title=titles[1],
            ),
            key=f"scatter-{run.id}",
            height=400,
            on_select="rerun",
            selection_mode="points",
            alt=f"Scatter plot of score against accuracy, {len(evaluated)} architectures",
        )
    with details:
        accuracies = dict(zip(evaluated["architecture"], evaluated["accuracy"], strict=True))
        chosen = point_choice(
            "Architecture", list(accuracies), selected, "point", lambda text: f"{accuracies[text]:.4g} · {text}"
        )
    if (architecture := newly_chosen(selected, chosen, clicked(event))) is not None:
        state.keep(replace(state.choice(), architecture=architecture))
        state.write_url()
        st.rerun(scope="fragment")
    with details:
        if selected is None:
            st.info("A point's cell and, for Eproxy, its loss curve appear here.", icon=":material/touch_app:")
        else:
            architecture_panel(run.specification.space, selected, evaluated)


def _curves(run: Run, evaluated: pd.DataFrame, unit: str, selected: str | None) -> None:
    if isinstance(first_of(evaluation_of(run).proxy), Baseline):
        st.info("This proxy trains nothing, so there are no loss curves.", icon=":material/info:")
        return
    log = st.toggle("Logarithmic loss", key="log-loss", help="Shows small differences between low losses.")
    figure = drawn(
        loss_curves_figure, loss_curves_data(evaluated, selected), log=log, accuracy_title=accuracy_title(unit)
    )
    st.plotly_chart(
        figure, key=f"curves-{run.id}", height=400, alt="Loss at each iteration of every evaluated architecture"
    )


def _table(evaluated: pd.DataFrame, names: Mapping[str, str]) -> None:
    """``names``: those of famous networks among the architectures."""
    shown = (
        _plain(evaluated)
        .drop(columns="losses")
        .assign(parameters=evaluated["parameters"] / 1e6, flops=evaluated["flops"] / 1e6)
    )
    if names:
        shown.insert(0, "network", evaluated["architecture"].map(names).fillna(""))
    st.dataframe(
        shown,
        hide_index=True,
        height=420,
        column_config={
            "accuracy": st.column_config.NumberColumn("accuracy", format="%.2f"),
            "score": st.column_config.NumberColumn(
                "score",
                format="%.4f",
                help="Higher is better. For Eproxy, minus the final loss. Empty if diverged or failed.",
            ),
            "parameters": st.column_config.NumberColumn("parameters (M)", format="%.2f"),
            "flops": st.column_config.NumberColumn("FLOPs (M)", format="%.0f"),
            "seconds": st.column_config.NumberColumn("seconds", format="%.2f"),
        },
    )


def _export(store: Store, run: Run, evaluated: pd.DataFrame) -> None:
    scores = File("Scores as CSV", "scores", "csv", lambda: _plain(evaluated).to_csv(index=False))
    proxy = File("Proxy as YAML", "proxy", "yaml", to_yaml(evaluation_of(run).proxy))
    export_panel(store, run, [scores, proxy])


def _plain(evaluated: pd.DataFrame) -> pd.DataFrame:
    """Drop internal columns and empty diverged scores."""
    kept = ["architecture", "accuracy", "score", "parameters", "flops", "seconds", "losses"]
    return evaluated[kept].replace({"score": {float("-inf"): None}})
