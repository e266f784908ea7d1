"""Cost estimate of architecture searches, and the button that launches them."""

from __future__ import annotations

import json
from dataclasses import replace

import streamlit as st

from app.architecture_search.form import TITLES
from app.architecture_search.proxy import chosen_proxy
from app.shell import state
from app.shell.choice import Choice
from app.shell.errors import show_error
from app.shell.launching import launch
from app.shell.speed import multiply_accumulates_per_second
from app.shell.wording import duration
from eproxy_engine import benchmarks
from eproxy_engine.errors import UserError
from eproxy_engine.runs import ArchitectureSearchSpecification, Run, Store
from eproxy_engine.runs.cost import cost
from eproxy_engine.runs.executors import cores
from eproxy_engine.search.architecture_search.settings import BY_PROXY


def launch_panel(store: Store, runs: list[Run]) -> None:
    """Show the page's title, with the cost estimate and launch button beside it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title("Architecture search", width="content")
        try:
            given = specified(state.choice(), runs)
        except UserError as error:
            show_error(error)
            return
        if not given:
            st.info("Choose at least one strategy on the left.", icon=":material/checklist:")
            return
        takes = [_takes(json.dumps(each.as_dict()), benchmarks.version(each.space)) for each in given]
        for each, (_, refusal) in zip(given, takes, strict=True):
            if refusal:
                show_error(f"{TITLES[each.settings.strategy].capitalize()}: {refusal}")
        if any(refusal for _, refusal in takes):
            return
        speed = multiply_accumulates_per_second(runs, given[0].space) * cores()
        st.markdown("  \n".join(map(_sentence, given, [operations / speed for operations, _ in takes])))
        if st.button(
            "Search",
            type="primary",
            icon=":material/hub:",
            key="launch-nas",
            shortcut="Ctrl+Enter",
            help="One run per strategy, in a separate worker. You can close the browser.",
        ):
            state.keep(
                replace(state.choice(), architecture_search=replace(state.choice().architecture_search, shown=None))
            )
            launch(store, *given)


def specified(choice: Choice, runs: list[Run]) -> list[ArchitectureSearchSpecification]:
    """Return what the controls specify, one search per strategy. Raises UserError."""
    given = choice.specification
    chosen = choice.architecture_search.effective(len(benchmarks.known(given.space, given.task)))
    seeds = tuple(range(chosen.first_seed, chosen.first_seed + chosen.seeds))
    searches = []
    for strategy in chosen.strategies:
        search = ArchitectureSearchSpecification(given.space, given.task, chosen.settings_of(strategy), seeds=seeds)
        if strategy in BY_PROXY:
            proxy = chosen_proxy(choice, runs)
            search = replace(
                search,
                proxy=proxy.proxy,
                spent=proxy.spent,
                images=given.images,
                proxy_seed=given.seed,
            )
        searches.append(search)
    return searches


def specified_or_none(choice: Choice, runs: list[Run]) -> list[ArchitectureSearchSpecification]:
    """Return what the controls specify; empty if it cannot be run."""
    try:
        return specified(choice, runs)
    except UserError:
        return []


@st.cache_data(max_entries=100, show_spinner="Checking whether this can be searched …")
def _takes(specification: str, version: tuple[tuple[str, int], ...]) -> tuple[float, str]:
    """Return the work of a search if nothing is stored, and why it is impossible; empty if it is possible."""
    try:
        return cost(ArchitectureSearchSpecification.from_dict(json.loads(specification)).checked()).search, ""
    except UserError as error:
        return 0.0, str(error)


def _sentence(given: ArchitectureSearchSpecification, seconds: float) -> str:
    settings, seeds, spent = given.settings, len(given.seeds), len(given.spent_architectures())
    queries = f"{settings.queries:,} queries" if settings.queries else "no query"
    queries += f" ({spent} spent)" if spent else ""
    each = f", {seeds} seeds" if seeds > 1 else ""
    scored = "nothing to compute"
    if seconds:
        count = settings.scored * seeds
        scored = f"up to {count:,} architectures scored, at most **{duration(seconds)}** on {cores()} cores"
    return f"**{TITLES[settings.strategy].capitalize()}**: {queries}{each}, {scored}."
