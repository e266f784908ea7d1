"""Details and actions of one run."""

from __future__ import annotations

import streamlit as st

from app.runs.deleting import confirm_deletion
from app.runs.facts import COMPUTED_NOTHING, computed_by, disk_use, took
from app.runs.labels import labels_form
from app.runs.report.downloading import report_button
from app.shell.command import command_panel
from app.shell.downloads import run_download
from app.shell.errors import show_error
from app.shell.kinds import KINDS
from app.shell.missing_work import missing_work
from app.shell.opening import open_run
from app.shell.progress import progress_panel
from app.shell.wording import moment, plain
from app.views.metric import estimate_metric
from eproxy_engine.errors import UserError
from eproxy_engine.proxy.evaluation import NATIVE, TORCH
from eproxy_engine.runs import Run, Store
from eproxy_engine.runs.arithmetic import faster, why_torch
from eproxy_engine.runs.headline import headline
from eproxy_engine.runs.worker import start_detached

STORED = (
    "Everything that this run needs is stored already: a repetition would compute nothing. *Open* shows the result."
)


def run_panel(store: Store, run: Run) -> None:
    """Show what one run is, what it found, and what can be done with it."""
    st.header(plain(run.name))
    given = run.specification
    tags = " ".join(f":gray-badge[{plain(tag)}]" for tag in run.labels.tags)
    st.markdown(f"{KINDS[run.kind].run_title} · {plain(given.title)} · run `{run.id}` {tags}")
    if run.labels.note:
        st.text(run.labels.note)
    if run.error:
        show_error(run.error)
    progress_panel(store, run)
    _actions(store, run)
    _numbers(run)
    st.caption(f"{plain(_facts(run))} {_who_computes(run)}")
    with st.expander("Settings and command line", icon=":material/description:"):
        command_panel(given)
        st.json(given.as_dict(), expanded=1)


def _numbers(run: Run) -> None:
    """Show the statistics of the result, or the result in words."""
    if not run.result or "rho" not in run.result:
        st.markdown(f"**{plain(headline(run))}**")
        return
    names = (("rho", "Spearman ρ"), ("tau", "Kendall τ"), ("top10", "Top-10% retrieval"))
    for column, (name, title) in zip(st.columns(4), names, strict=False):
        with column:
            if run.result.get(name) is not None:
                estimate_metric(title, run.result, name, percent=name == "top10")
    st.caption(plain(headline(run)))


def _actions(store: Store, run: Run) -> None:
    """Show the buttons for one run."""
    row = st.container(horizontal=True)
    with row:
        if st.button("Open", type="primary", icon=":material/open_in_new:"):
            open_run(run)
        with st.popover("Name, tags, note", icon=":material/edit:"):
            labels_form(store, run)
        again = st.button(
            "Repeat",
            icon=":material/replay:",
            help="Launches the run again. Stored evaluations are not repeated.",
        )
        run_download(row, store, run, "Export")
        report_button(store, [run])
        if st.button("Delete", icon=":material/delete:", disabled=run.status == "running"):
            confirm_deletion(store, [run])
    if again:
        _repeat(store, run)


def _repeat(store: Store, run: Run) -> None:
    """Launch the run again, unless that would compute nothing."""
    if run.status == "finished" and _all_is_stored(store, run):
        st.info(STORED, icon=":material/inventory_2:")
        return
    try:
        runs = store.runs()
        again = store.create(faster(run.specification, runs, lambda one: missing_work(store, runs, one).missing))
    except UserError as error:
        show_error(error)
        return
    start_detached(store)
    open_run(again)


def _all_is_stored(store: Store, run: Run) -> bool:
    """Return whether the store has all evaluations of a finished run. What a search asks for is known by its plan."""
    try:
        work = missing_work(store, store.runs(), run.specification)
    except UserError:
        return False
    return not work.missing


def _facts(run: Run) -> str:
    """Say when the run was launched, how long it took, and what it stores."""
    facts = [f"Launched {moment(run.created)}"]
    facts += [f"took {time}" if run.started else time] if (time := took(run)) else []
    facts += [f"{size} of evaluations in the store, which other runs may share"] if (size := disk_use(run)) else []
    return ", ".join(facts) + "."


def _who_computes(run: Run) -> str:
    """Say who computed the run's trainings and, if new runs could be faster, how."""
    where = f" on {run.device}" if run.device else ""
    if run.specification.arithmetic != TORCH:
        return f"Computed by compiled kernels, where they can{where}."
    if computed_by(run) == COMPUTED_NOTHING:
        return "Nothing was computed on a network: all that was looked at is known."
    if run.specification.computed_by(NATIVE).arithmetic != NATIVE:
        return f"Computed by torch{where}."
    reason = why_torch()
    if reason:
        return f"Computed by torch{where}. New runs are, too: {reason}."
    return f"Computed by torch{where}; new runs are faster."
