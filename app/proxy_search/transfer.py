"""Transfer of proxies found on one space and task to others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd
import streamlit as st

from app.proxy_search.charts.transfer import transfer_data, transfer_figure
from app.proxy_search.trials import search_of
from app.shell.launching import queue
from app.shell.missing_work import moment
from app.shell.shown_run import runs_of
from app.views.stacked import stacked_columns
from eproxy_engine import benchmarks, spaces
from eproxy_engine.counted import counted
from eproxy_engine.proxy import preset
from eproxy_engine.proxy.presets import DEFAULT
from eproxy_engine.runs import EvaluationSpecification, ProxySearchSpecification, Run, Store
from eproxy_engine.runs.kinds.evaluation.rows import stored_rows
from eproxy_engine.runs.kinds.proxy_search.plan import proxy_in
from eproxy_engine.sampling import drawable
from eproxy_engine.scoring import members_of
from eproxy_engine.statistics import spearman

DEFAULT_NAME = f"preset {DEFAULT}"


class Cell(NamedTuple):
    """One proxy on one space and task."""

    proxy: str
    evaluation_run: EvaluationSpecification
    home: bool


def transfer_panel(store: Store, run: Run) -> None:
    """Show a matrix of spaces and tasks by proxies, and a button that evaluates missing cells."""
    runs = store.runs()
    proxies = [other for other in runs_of(runs, ProxySearchSpecification) if proxy_in(other.result)]
    if proxy_in(run.result) is None:
        st.info("No proxy has been found yet.", icon=":material/hourglass_empty:")
        return
    given = search_of(run)
    left, middle, right = stacked_columns("transfer", [4, 4, 2])
    measured = [name for name in spaces.names() if any(drawable(name, t.name) for t in benchmarks.tasks(name))]
    chosen_spaces = left.multiselect(
        "Search spaces",
        measured,
        default=[given.space],
        format_func=lambda name: spaces.get(name).title,
        key=f"transfer-spaces-{run.id}",
        help="All tasks of each space. Tasks of one space share their evaluations.",
    )
    by_id = {other.id: other for other in proxies}
    chosen_runs = middle.multiselect(
        "Proxies found by",
        list(by_id),
        default=[run.id],
        format_func=lambda run_id: f"{run_id} · {by_id[run_id].specification.title}",
        key=f"transfer-runs-{run.id}",
    )
    count = int(
        right.number_input(
            "Architectures",
            10,
            2500,
            given.held_out or 200,
            step=10,
            key=f"transfer-count-{run.id}",
            help="Architectures per space, or as many as are measured. Excludes those a search has seen.",
        )
    )
    cells = list(_cells([by_id[i] for i in chosen_runs], chosen_spaces, given, count))
    if not cells:
        st.caption(":material/info: Choose at least one search space and one proxy.")
        return
    with st.spinner("Looking up what is already evaluated …"):
        known = _known(store, cells, moment(runs))
    places = list(dict.fromkeys((cell.evaluation_run.space, cell.evaluation_run.task) for cell in cells))
    data = transfer_data(known, places, list(dict.fromkeys(cell.proxy for cell in cells)))
    st.plotly_chart(transfer_figure(data), key=f"transfer-{run.id}", alt="ρ of each proxy on each space and task")
    _launch(store, cells, known)


def _cells(runs: list[Run], names: list[str], given: ProxySearchSpecification, count: int) -> Iterator[Cell]:
    for name in names:
        for task in benchmarks.tasks(name):
            if not drawable(name, task.name):
                continue
            for run in runs:
                proxy, search = proxy_in(run.result), search_of(run)
                assert proxy is not None
                home = (search.space, search.task) == (name, task.name)
                yield Cell(f"run {run.id}", search.transfer(name, task.name, count, proxy), home)
            yield Cell(DEFAULT_NAME, given.transfer(name, task.name, count, preset(DEFAULT)), False)


def _known(store: Store, cells: list[Cell], now: int) -> pd.DataFrame:
    """Return one row per fully evaluated cell."""
    found = []
    for cell in cells:
        value = _rho(str(store.path), json.dumps(cell.evaluation_run.as_dict()), now)
        if value is not None:
            rho, n = value
            found.append((cell.evaluation_run.space, cell.evaluation_run.task, cell.proxy, rho, n, cell.home))
    return pd.DataFrame(found, columns=["space", "task", "proxy", "rho", "n", "home"])


@st.cache_data(max_entries=500, show_spinner=False)
def _rho(path: str, specification: str, now: int) -> tuple[float, int] | None:
    """Return ρ and n, None if an evaluation is missing; ``now`` changes when runs have progressed."""
    given = EvaluationSpecification.from_dict(json.loads(specification))
    evaluated = stored_rows(Store(path), given)
    if len(evaluated) < len(given.sample.picked):
        return None
    return spearman(evaluated["score"].to_numpy(float), evaluated["accuracy"].to_numpy(float)), len(evaluated)


def _launch(store: Store, cells: list[Cell], known: pd.DataFrame) -> None:
    """Show the launch button; tasks of one space with the same sample share one run per proxy."""
    done = set(zip(known["space"], known["task"], known["proxy"], strict=True))
    missing = {
        (cell.evaluation_run.space, cell.proxy, cell.evaluation_run.sample): cell.evaluation_run
        for cell in cells
        if (cell.evaluation_run.space, cell.evaluation_run.task, cell.proxy) not in done
    }
    if not missing:
        st.caption("All of these are evaluated. The frame marks where a proxy was found.")
        return
    evaluations = sum(len(members_of(each.proxy)) * len(each.sample.picked) for each in missing.values())
    if st.button(
        f"Evaluate what is missing: {counted(len(missing), 'run')}, up to {counted(evaluations, 'evaluation')}",
        icon=":material/play_arrow:",
        key="transfer-launch",
        help="The runs queue up, and the matrix fills as they finish. The Runs page shows them.",
    ):
        queue(store, *missing.values())
        st.rerun()
