"""Which proxies are compared, and how."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app import state
from app.choice import Choice
from app.comparison_choice import DEFAULT_PROXIES, MOST_SEEDS, RUN, TUNED, ComparisonChoice
from eproxy_engine.baselines import tabulated
from eproxy_engine.proxy.choices import WIDTHS
from eproxy_engine.runs import DpsSpecification, Run, SweepSpecification
from eproxy_engine.runs.dps_plan import proxy_in
from eproxy_engine.scoring.named import named, names

LEFT_OUT_OF_ALL = ("eproxy_paper",)
"""At the benchmark's own width it takes hours on a CPU."""


def comparison_form(choice: Choice, runs: list[Run]) -> Choice:
    """Controls for what is compared."""
    titles = comparison_titles(choice, runs)
    given = choice.comparison
    chosen = st.multiselect(
        "Proxies",
        list(titles),
        [name for name in given.proxies if name in titles],
        format_func=titles.__getitem__,
        key=state.key(f"compared-{choice.specification.space}"),
        placeholder="Choose some",
        help="Zero-cost proxies, mere size, early stopping where the table knows it, Eproxy as tuned on the Proxy "
        "page, and what your searches have found. Each is computed once only.",
    )
    _shortcuts(choice, titles)
    with st.expander("Batch, width, seeds", icon=":material/tune:"):
        batch = st.number_input(
            "Images",
            2,
            256,
            given.batch,
            key=state.key("compare-batch"),
            help="How many the zero-cost proxies see: 16, as Eproxy, by default. Most papers take 64 or 128: four to "
            "eight times as long.",
        )
        width = st.selectbox(
            "Width",
            list(WIDTHS),
            index=list(WIDTHS).index(str(given.width)) if given.width in WIDTHS else None,
            placeholder=str(given.width),
            key=state.key("compare-width"),
            help="Stem channels of their networks: a laptop's, or the benchmark's own.",
        )
        seeds = st.slider(
            "Seeds",
            1,
            MOST_SEEDS,
            given.seeds,
            key=state.key("compare-seeds"),
            help="Everything random is drawn anew for each: shows how much of ρ is luck, at so many times the cost.",
        )
    compared = ComparisonChoice(tuple(chosen), int(batch), width or given.width, seeds)
    return replace(choice, comparison=compared)


def comparison_titles(choice: Choice, runs: list[Run]) -> dict[str, str]:
    """Titles by name of all that can be chosen."""
    known = tabulated.available(choice.specification.architectures())
    titles = {name: named(name).title for name in names(known)}
    found = {RUN + run.id: _found_by(run) for run in runs if _has_proxy(run)}
    return {TUNED: "Eproxy as on the Proxy page"} | titles | found


def _found_by(run: Run) -> str:
    kind = "DPS" if isinstance(run.specification, DpsSpecification) else "Ensemble"
    return f"{kind} {run.id}: {run.specification.space_title}, {run.specification.task}"


def _has_proxy(run: Run) -> bool:
    if isinstance(run.specification, DpsSpecification):
        return proxy_in(run.result) is not None
    return isinstance(run.specification, SweepSpecification) and run.specification.ensemble is not None


def _shortcuts(choice: Choice, titles: dict[str, str]) -> None:
    named = tuple(name for name in titles if name != TUNED and not name.startswith(RUN) and name not in LEFT_OUT_OF_ALL)
    columns = st.columns(2)
    for column, label, wanted, what in (
        (columns[0], "The paper's", DEFAULT_PROXIES, "Those of Table 2, and size."),
        (columns[1], "All", named, "Every one but Eproxy at the benchmark's own width, which takes hours on a CPU."),
    ):
        if column.button(label, width="stretch", key=f"choose-{label}", help=what):
            compared = replace(choice.comparison, proxies=wanted)
            state.show(replace(choice, comparison=compared))
            st.rerun()
