"""Choice of the architecture searches to show, and their data for charts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import streamlit as st

from app.architecture_search.charts.runs import Searched, style
from app.architecture_search.form import NAMES
from app.architecture_search.launch import specified_or_none
from app.architecture_search.proxy import leader_title
from app.shell import state
from app.shell.errors import show_warning
from app.shell.shown_run import runs_of
from eproxy_engine.counted import counted
from eproxy_engine.runs import ArchitectureSearchSpecification, Run
from eproxy_engine.runs.store import ACTIVE

MOST_AT_FIRST = 6
"""Most runs shown before the user chooses."""


def search_of(run: Run) -> ArchitectureSearchSpecification:
    """Return the specification of a run that is an architecture search."""
    assert isinstance(run.specification, ArchitectureSearchSpecification)
    return run.specification


def searches_here(runs: list[Run]) -> list[Run]:
    """Return the architecture searches on the session's space and task, newest first."""
    given = state.choice().specification
    return [
        run
        for run in runs_of(runs, ArchitectureSearchSpecification)
        if (run.specification.space, run.specification.task) == (given.space, given.task)
    ]


def shown_searches(runs: list[Run]) -> list[Run]:
    """Show the control that chooses searches, and return the chosen ones."""
    here = {run.id: run for run in searches_here(runs)}
    if not here:
        return []
    choice, titles = state.choice(), {run_id: run_title(run, runs) for run_id, run in here.items()}
    shown = (
        at_first(list(here.values()), runs)
        if choice.architecture_search.shown is None
        else choice.architecture_search.shown
    )
    if gone := set(shown) - {run.id for run in runs}:
        show_warning(f"Runs that are not here: {', '.join(sorted(gone))}.", icon=":material/link_off:")
    chosen = st.multiselect(
        "Runs",
        list(here),
        [run_id for run_id in shown if run_id in here],
        format_func=titles.__getitem__,
        key=state.key(f"nas-shown-{choice.specification.space}-{choice.specification.task}-{next(iter(here))}"),
        placeholder="Choose what to look at",
        help="Architecture searches on this space and task, newest first. Each keeps its colour.",
    )
    if tuple(chosen) != tuple(run_id for run_id in shown if run_id in here):
        state.keep(replace(choice, architecture_search=replace(choice.architecture_search, shown=tuple(chosen))))
    return [here[run_id] for run_id in chosen]


def at_first(here: list[Run], runs: list[Run]) -> tuple[str, ...]:
    """Return the run in the address, those with exactly the controls' settings, the shipped ones, then the newest."""
    said = specified_or_none(state.choice(), runs)
    first = [run for run in here if run.id == state.choice().run or run.specification in said]
    ordered = first + [run for run in here if run.origin == "sample"] + here
    kept = list(dict.fromkeys(run.id for run in ordered))[:MOST_AT_FIRST]
    return tuple(run.id for run in here if run.id in kept)


def run_name(run: Run, runs: list[Run]) -> str:
    """Name a search by strategy and proxy."""
    given = search_of(run)
    return NAMES[given.settings.strategy].format(proxy=leader_title(given, runs))


def run_title(run: Run, runs: list[Run]) -> str:
    """Return the name of a search with what distinguishes it from others of that name.

    Its status is left out: a box keeps the words in which something was chosen.
    """
    given = search_of(run).settings
    queries = counted(given.queries, "query", "queries") if given.queries else "no query"
    return f"{run_name(run, runs)}, {queries} · {run.id}"


def searched(shown: list[Run], runs: list[Run]) -> list[Searched]:
    """Return the searches as data for charts; equal names are distinguished by the run."""
    order = [run.id for run in reversed(searches_here(runs))]
    names = {run.id: run_name(run, runs) for run in shown}
    several = Counter(names.values())
    return [
        searched_run(run, names[run.id] + (f" · {run.id}" if several[names[run.id]] > 1 else ""), order.index(run.id))
        for run in shown
    ]


def searched_run(run: Run, name: str, place: int) -> Searched:
    """Return one search as data for charts. ``place``: its place among all, which gives its colour."""
    given, result = search_of(run), run.result
    if result is not None and run.status not in ACTIVE:
        improvements = [each["improvements"] for each in result["searches"]]
        queries = [each["queries"] for each in result["searches"]]
        optimum = result["optimum"]["accuracy"] if result["optimum"] else None
    else:
        improvements = run.progress.get("improvements", [[] for _ in given.seeds])
        queries = run.progress.get("queries", [0 for _ in given.seeds])
        optimum = given.domain.optimum
    steps = [[(int(query), float(accuracy)) for query, accuracy in seed] for seed in improvements]
    spent = 0 if given.spent is None else len(given.spent_architectures())
    return Searched(run.id, name, *style(place), steps, queries, spent, optimum, run.status in ACTIVE)
