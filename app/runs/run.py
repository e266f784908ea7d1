"""List of runs, and the details and actions of one."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from app.shell import state
from app.shell.downloads import run_download
from app.shell.errors import show_error
from app.shell.opening import open_run
from app.shell.progress import progress_panel
from app.shell.wording import duration, estimate, moment, plain
from app.views.metric import estimate_metric
from eproxy_engine.errors import UserError
from eproxy_engine.proxy.evaluation import NATIVE
from eproxy_engine.runs import Run, Store, archive
from eproxy_engine.runs.arithmetic import why_torch
from eproxy_engine.runs.worker import start_detached


def listing(runs: list[Run]) -> pd.DataFrame:
    """Return one row per run."""
    return pd.DataFrame(
        {
            "status": run.status,
            "what": run.specification.title,
            "ρ": run.rho,
            "95% interval": estimate(run.result, "rho")[1] if run.result else "",
            "n": (run.result or {}).get("n"),
            "seed": run.specification.seed,
            "created": moment(run.created),
            "origin": run.origin,
            "id": run.id,
        }
        for run in runs
    )


@st.dialog("Delete this run?")
def _confirm_deletion(store: Store, run: Run) -> None:
    """Ask before deleting a run."""
    st.write(f"{plain(run.specification.title)}. Its evaluations stay in the store for other runs to reuse.")
    if st.button("Delete", type="primary", icon=":material/delete:"):
        store.delete(run.id)
        if state.choice().run == run.id:
            state.keep(replace(state.choice(), run=None))
        st.rerun()


def _actions(store: Store, run: Run) -> None:
    """Show the buttons for one run."""
    columns = st.columns(4)
    if columns[0].button("Open", type="primary", icon=":material/open_in_new:", width="stretch"):
        open_run(run)
    if columns[1].button(
        "Repeat",
        icon=":material/replay:",
        width="stretch",
        help="Launches the run again. Stored evaluations are not repeated.",
    ):
        again = store.create(run.specification)
        start_detached(store)
        open_run(again)
    run_download(columns[2], store, run, "Export")
    if columns[3].button("Delete", icon=":material/delete:", width="stretch", disabled=run.status == "running"):
        _confirm_deletion(store, run)


def _who_computes(run: Run) -> str:
    """Say who computed the run's trainings and, if new runs could be faster, how."""
    if run.specification.arithmetic == NATIVE:
        return "Computed by compiled kernels, where they can."
    if (run.result or {}).get("evaluations") == 0:
        return "Nothing was computed on a network: all that was looked at is known."
    if run.specification.computed_by(NATIVE).arithmetic != NATIVE:
        return "Computed by torch."
    reason = why_torch()
    return f"Computed by torch. New runs are, too: {reason}." if reason else "Computed by torch; new runs are faster."


def run_panel(store: Store, run: Run) -> None:
    """Show results and specification of one run."""
    st.subheader(plain(run.specification.title))
    if run.error:
        show_error(run.error)
    progress_panel(store, run)
    _actions(store, run)
    if run.result and "rho" in run.result:
        names = (("rho", "Spearman ρ"), ("tau", "Kendall τ"), ("top10", "Top-10% retrieval"))
        for column, (name, title) in zip(st.columns(4), names, strict=False):
            with column:
                estimate_metric(title, run.result, name, percent=name == "top10")
    if run.started and run.finished:
        st.caption(
            f"Started {moment(run.started)}, ended {moment(run.finished)}, {duration(run.finished - run.started)}"
        )
    st.caption(_who_computes(run))
    with st.expander("Specification", icon=":material/description:"):
        st.json(run.specification.as_dict(), expanded=1)


def import_panel(store: Store) -> None:
    """Import an exported run, or show what is wrong with the file."""
    given = st.file_uploader(
        "A file that Eproxy Studio exported", ["gz"], help="It is added as a new run, unless it is here already."
    )
    if given is None or st.session_state.get("imported_file") == given.file_id:
        return
    try:
        before = {run.id for run in store.runs()}
        imported = archive.unpack(store, given.getvalue(), origin="imported")
    except UserError as error:
        show_error(f"{given.name}: {error}")
        return
    st.session_state.imported_file = given.file_id
    told = "Already here as run" if imported.id in before else "Imported as run"
    st.toast(f"{told} {imported.id}: {plain(imported.specification.title)}", icon=":material/check_circle:")
