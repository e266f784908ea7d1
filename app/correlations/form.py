"""Which proxies are compared, and how."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.controls.field import field
from app.shell import state
from app.shell.choice import Choice
from app.shell.choice.comparison import DEFAULT_PROXIES, MOST_SEEDS, RUN, TUNED, ComparisonChoice, proxy_of
from app.shell.errors import show_warning
from eproxy_engine.baselines import Baseline, tabulated
from eproxy_engine.runs import ProxySearchSpecification, Run
from eproxy_engine.scoring.named import SLOW, named, names


def comparison_form(choice: Choice, runs: list[Run]) -> Choice:
    """Controls for what is compared."""
    titles = comparison_titles(choice, runs)
    given = choice.comparison
    if gone := [name for name in given.proxies if name not in titles]:
        show_warning(
            f"Left out: {', '.join(gone)}. A run that is not here, or accuracies that the table does not have.",
            icon=":material/link_off:",
        )
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
        others = Baseline("flops", given.batch, given.width)
        batch = field(others, "batch", "compare-batch")
        width = field(others, "width", "compare-width")
        seeds = st.slider(
            "Seeds",
            1,
            MOST_SEEDS,
            given.seeds,
            key=state.key("compare-seeds"),
            help="Everything random is drawn anew for each: shows how much of ρ is luck, at so many times the cost.",
        )
    return replace(choice, comparison=ComparisonChoice(tuple(chosen), batch, width, seeds))


def comparison_titles(choice: Choice, runs: list[Run]) -> dict[str, str]:
    """Titles by name of all that can be chosen."""
    known = tabulated.available(choice.specification.architectures())
    titles = {name: named(name).title for name in names(known)}
    return (
        {TUNED: "Eproxy as on the Proxy page"} | titles | {RUN + run.id: _title(run) for run in runs if proxy_of(run)}
    )


def _title(run: Run) -> str:
    kind = "DPS" if isinstance(run.specification, ProxySearchSpecification) else "Ensemble"
    return f"{kind} {run.id}: {run.specification.space_title}, {run.specification.task}"


def _shortcuts(choice: Choice, titles: dict[str, str]) -> None:
    everyday = tuple(name for name in titles if name != TUNED and not name.startswith(RUN) and name not in SLOW)
    columns = st.columns(2)
    for column, label, wanted, what in (
        (columns[0], "The paper's", DEFAULT_PROXIES, "Those of Table 2, and size."),
        (columns[1], "All", everyday, "Every one but Eproxy at the benchmark's own width, which takes hours on a CPU."),
    ):
        if column.button(label, width="stretch", key=f"choose-{label}", help=what):
            compared = replace(choice.comparison, proxies=wanted)
            state.show(replace(choice, comparison=compared))
            st.rerun()
