"""Tab of the famous networks: where a proxy ranks the networks that one knows."""

from __future__ import annotations

from dataclasses import replace
from statistics import median

import pandas as pd
import streamlit as st

from app.proxy.charts.famous import famous_data, famous_figure
from app.shell import state
from app.shell.wording import score_title
from app.views.architecture import architecture_panel
from app.views.clicked import clicked
from app.views.drawn import drawn
from app.views.evaluated import evaluation_of
from app.views.point_choice import newly_chosen, point_choice
from app.views.stacked import stacked_columns
from eproxy_engine.runs import Run
from eproxy_engine.runs.kinds.evaluation.famous import Standing, agreement


def famous_panel(run: Run, evaluated: pd.DataFrame, found: list[Standing], selected: str | None) -> None:
    """Show the famous networks among the evaluated architectures, as a chart and as a table.

    ``found``: their standings, highest score first, at least one. ``selected``: architecture to show in detail.
    """
    event = st.plotly_chart(
        drawn(famous_figure, famous_data(evaluated, found), score_title=score_title(evaluation_of(run).proxy)),
        key=f"famous-{run.id}",
        height=440,
        on_select="rerun",
        selection_mode="points",
        alt=f"Scores of {len(found)} famous networks among {len(evaluated)} architectures, against FLOPs",
    )
    names = {each.network.architecture: each.network.name for each in found}
    chosen = point_choice("Network", list(names), selected, "famous-point", names.__getitem__)
    if (architecture := newly_chosen(selected, chosen, clicked(event))) is not None:
        state.keep(replace(state.choice(), architecture=architecture))
        state.write_url()
        st.rerun(scope="fragment")
    st.caption(f"{_shares(found)} {_agreement(found)}")
    table, details = stacked_columns("famous", [5, 3])
    with table:
        _table(evaluated, found)
    with details:
        architecture_panel(run.specification.space, selected or found[0].network.architecture, evaluated)


def _table(evaluated: pd.DataFrame, found: list[Standing]) -> None:
    sizes = evaluated.set_index("architecture")
    rows = [
        {
            "network": each.network.name,
            "rank": each.place,
            "above": None if each.above is None else 100 * each.above,
            "top1": "" if each.top1 is None else f"{each.top1:.1f}",
            "score": each.score,
            "parameters": sizes.loc[each.network.architecture, "parameters"] / 1e6,
            "flops": sizes.loc[each.network.architecture, "flops"] / 1e6,
            "from": each.network.paper,
        }
        for each in found
    ]
    st.dataframe(
        pd.DataFrame(rows).replace({"score": {float("-inf"): None}}),
        hide_index=True,
        height="content",
        column_config={
            "above": st.column_config.ProgressColumn(
                "scores higher than",
                format="%.0f%%",
                min_value=0,
                max_value=100,
                help="Share of the other architectures that score lower.",
            ),
            "score": st.column_config.NumberColumn(format="%.4f", help="Higher is better. Empty if diverged."),
            "top1": st.column_config.TextColumn(
                "ImageNet error (%)",
                alignment="right",
                help="Top-1 test error in Table 8 of the paper, if it is there.",
            ),
            "parameters": st.column_config.NumberColumn("parameters (M)", format="%.2f"),
            "flops": st.column_config.NumberColumn("FLOPs (M)", format="%.0f"),
        },
    )


def _shares(found: list[Standing]) -> str:
    shares = [each.above for each in found if each.above is not None]
    if not shares:
        return "There are no other architectures in this sample."
    return f"The median famous network scores higher than **{median(shares):.0%}** of the other architectures."


def _agreement(found: list[Standing]) -> str:
    rho, n = agreement(found)
    if n < 2:
        return "Their published ImageNet accuracies are too few to compare with."
    value = "undefined" if rho != rho else f"{rho:.2f}".replace("-", "−")
    return (
        f"ρ of their scores with their published ImageNet accuracies: **{value}**, n = {n}. So few say little, and "
        "each was trained by its own authors."
    )
