"""What runs, how far it is and how long it takes yet: in the top bar of every page, and in the title of the tab."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.shell.kinds import KINDS
from app.shell.opening import open_run
from app.shell.wording import duration
from eproxy_engine.errors import UserError
from eproxy_engine.runs import Run, Store
from eproxy_engine.runs.store import ACTIVE

SECONDS = 3
"""Between two looks at what runs."""
ENDED = {"finished": ("✓", "done"), "failed": ("✗", "failed"), "interrupted": ("✗", "interrupted")}
"""Sign and word for a run that nobody stopped or paused."""


class Status(NamedTuple):
    """What is told of the runs."""

    run: Run
    """The run that goes on or, if there is none, has just ended."""
    text: str
    """For the top bar."""
    tab: str
    """Before the page's name in the title of the tab."""


def status_panel(page: StreamlitPage) -> None:
    """Show the status and follow it without running the page again; show nothing when nothing runs.

    If the browser asks for a fragment while another page is on its way to it, it asks in the name of the page it still
    shows. Streamlit then clears the new page, and draws only the fragment. This fragment is on every page, so it sees
    that, and asks for the page again.
    """
    if not st.session_state.pop("by_itself", False):
        st.session_state.ended = None  # somebody is here, and has seen it
    followed = st.session_state.setdefault("followed", [])
    active = _active()
    shown = _page_asked_for()

    @st.fragment(run_every=SECONDS if active or followed else None)
    def following() -> None:
        if _page_asked_for() != shown:
            st.switch_page(page)
        status = _status(_active())
        st.set_page_config(page_title=tab_title(page.title, status))
        if status is None:
            return
        with st.container(key="status"):
            if st.button(status.text, type="tertiary", key="open-status", help="Opens this run."):
                open_run(status.run)

    following()


def _page_asked_for() -> str | None:
    """Return Streamlit's name of the page for which the browser asked."""
    context = get_script_run_ctx()
    return None if context is None else context.page_script_hash


def tab_title(page_title: str, status: Status | None) -> str:
    """Return the title of the browser's tab."""
    return f"{status.tab if status else ''}{page_title} · Eproxy Studio"


def _status(active: list[Run]) -> Status | None:
    """Return what to tell; None if nothing runs and nothing has ended since somebody did something."""
    session = st.session_state
    gone = [run_id for run_id in session.followed if run_id not in {run.id for run in active}]
    session.followed = [run.id for run in active]
    if gone and (ended := _run(gone[-1])) is not None:
        session.ended = ended.id if ended.status in ENDED else None
    if active:
        return of_active(active)
    last = _run(session.ended) if session.ended else None
    return None if last is None else of_ended(last)


def of_active(active: list[Run]) -> Status:
    """Return the status of the run that goes on, or else waits, and the number of the others."""
    run = next((each for each in active if each.status == "running"), active[-1])
    done, total = run.progress.get("done", 0), run.progress.get("total", 0)
    share = f"{done / total:.0%}" if total and run.status == "running" else ""
    left = run.progress.get("seconds_left")
    parts = [KINDS[run.kind].page_title, share or ("running" if run.status == "running" else "queued")]
    parts += [f"{duration(left)} left"] if left is not None and run.status == "running" else []
    parts += [f"{len(active) - 1} waiting"] if len(active) > 1 else []
    return Status(run, f":material/progress_activity: {' · '.join(parts)}", f"{share or '…'} · ")


def of_ended(run: Run) -> Status:
    """Return the status of a run that has ended by itself."""
    sign, word = ENDED[run.status]
    return Status(run, f"{sign} {KINDS[run.kind].page_title} · {word}", f"{sign} {word} – ")


def _active() -> list[Run]:
    """Return the runs that go on or wait, newest first; none if the store cannot be read, which the page tells."""
    try:
        return [run for run in Store().runs() if run.status in ACTIVE and run.kind in KINDS]
    except UserError:
        return []


def _run(run_id: str) -> Run | None:
    try:
        return Store().run(run_id)
    except UserError:
        return None  # deleted meanwhile
