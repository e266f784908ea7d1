"""Progress of a run, and the buttons that control it."""

from __future__ import annotations

import time
from typing import Any

import streamlit as st

from app.shell.wording import STATUS_ICONS, duration, plain
from eproxy_engine.counted import counted as words
from eproxy_engine.runs import Run, Store
from eproxy_engine.runs.execution import own_work
from eproxy_engine.runs.store import ACTIVE, RESUMABLE
from eproxy_engine.runs.worker import start_detached

PATIENCE_SECONDS = 30
PLACES = ("First", "Second", "Third", "Fourth", "Fifth")
"""Of a run in the queue; what runs is the first."""


def progress_panel(store: Store, run: Run) -> None:
    """Show a progress bar with time left and reused evaluations, and buttons to pause, stop or resume."""
    if run.status == "finished":
        return
    row = st.container(horizontal=True, vertical_alignment="center")
    sentence = _waiting(store, run) if run.status == "queued" else _sentence(run)
    row.progress(_share(run), text=f"{STATUS_ICONS[run.status]} {sentence}")
    if run.status in ACTIVE:
        asked = run.request is not None
        _request_button(row, store, run, "pause", ":material/pause:", asked or run.status == "queued")
        _request_button(row, store, run, "stop", ":material/stop:", asked)
    elif run.status in RESUMABLE and row.button("Resume", icon=":material/play_arrow:", key=f"resume-{run.id}"):
        store.resume(run.id)
        start_detached(store)
        st.rerun()


def _request_button(place, store: Store, run: Run, request: str, icon: str, disabled: bool) -> None:  # type: ignore[no-untyped-def]
    clicked = place.button(request.capitalize(), icon=icon, disabled=disabled, key=f"{request}-{run.id}")
    if clicked:
        store.ask(run.id, request)
        st.rerun()


def _share(run: Run) -> float:
    done, total = run.progress.get("done", 0), run.progress.get("total", 0)
    return done / total if total else 0.0


def _sentence(run: Run) -> str:
    counted = _counted(run.progress)
    if run.status == "running":
        if run.request:
            return f"{counted}; will {run.request} after the current evaluations …"
        left = run.progress.get("seconds_left")
        return f"{counted}, " + (_beginning(run.progress) if left is None else f"about {duration(left)} left")
    if run.status == "failed":
        return f"Failed after {counted}: {run.error}"
    if run.status == "interrupted":
        return f"The worker died after {counted}. Nothing else is lost; press Resume to continue."
    return f"{run.status.capitalize()} after {counted}."


def _waiting(store: Store, run: Run) -> str:
    """Say what a queued run waits for: what runs, and what has been waiting longer."""
    queue = [each for each in store.runs() if each.status == "queued" and each.created < run.created]
    ahead = [each for each in store.runs() if each.status == "running"] + sorted(queue, key=lambda each: each.created)
    if ahead:
        place = PLACES[len(ahead)] if len(ahead) < len(PLACES) else f"Number {len(ahead) + 1}"
        return f"{place} in the queue, behind “{plain(ahead[-1].specification.title)}”."
    if time.time() - run.created < PATIENCE_SECONDS:
        return "Waiting for the worker to start …"
    return "Waiting: the worker did not start (see worker.log next to the store)."


def _counted(progress: dict[str, Any]) -> str:
    done, total, queries = progress.get("done", 0), progress.get("total", 0), sum(progress.get("queries", []))
    counted = [f"{done:,} of {total:,} evaluations"] if total else []
    earlier = progress.get("reused", 0) and done - own_work(progress)
    if earlier > 0:
        counted[0] += f" ({earlier:,} from earlier runs)"
    if queries:
        asked, searches = words(queries, "query", "queries"), words(len(progress["queries"]), "search", "searches")
        counted.append(f"{asked} in {searches}")
    return ", ".join(counted) or "no evaluation yet"


def _beginning(progress: dict[str, Any]) -> str:
    """Describe a run without a time estimate: a search may ask for accuracies without training anything."""
    return "running …" if sum(progress.get("queries", [])) else "starting …"
