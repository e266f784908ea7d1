"""The session's choice: kept across pages and mirrored in the URL, so that a reload or a link shows the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.shell.choice import Choice, from_query
from app.shell.choice.parts import LOOKED_AT, SHARED, differing, given_by
from app.shell.errors import show_warning
from eproxy_engine.runs import Store, bundled


def begin(page: str) -> None:
    """Begin a script run of the page with this path.

    A new session takes its choice from the URL, and so does one whose user went back or forward in the browser.
    """
    session = st.session_state
    back = _went_back()
    if "choice" not in session:
        session.choice, session.before, session.chosen, session.problems = Choice(), None, frozenset(), []
        session.page, session.arrived, session.form_version, session.runs_shown = page, True, 0, {}
        _read_url()
    elif session.page != page:
        _arrive(page)
    if back:
        _read_url()
    for problem in session.problems:
        show_warning(problem, icon=":material/link_off:")


def _went_back() -> bool:
    """Return whether the browser's Back or Forward led here: the address then says what is to be shown."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def _read_url() -> None:
    """Take the choice from the URL; one that says nothing is where the lesson begins, and changes nothing else."""
    session = st.session_state
    session.choice = replace(session.choice, lesson_step=1)
    if st.query_params:
        session.choice, session.problems = from_query(st.query_params, st.query_params.get_all)
        session.before, session.chosen, session.arrived = None, given_by(st.query_params, session.page), True
        session.form_version += 1


def _arrive(page: str) -> None:
    """Come from another page: take back what that one showed by itself, and show the run last seen on this one."""
    session = st.session_state
    session.runs_shown[session.page] = session.choice.run
    arriving = session.choice if session.before is None else session.before
    new = replace(arriving, run=session.runs_shown.get(page))
    if replace(new, run=None) != replace(session.choice, run=None):
        session.form_version += 1
    session.choice, session.before, session.page, session.arrived = new, None, page, True


def choice() -> Choice:
    """Return what this session has chosen."""
    return st.session_state.choice


def page() -> str:
    """Return the path of the page that is shown; empty for the first."""
    return st.session_state.page


def chosen() -> frozenset[str]:
    """Return the parts of the choice that a person has made, here or in a link; the others are at their defaults."""
    return st.session_state.chosen


def arrived() -> bool:
    """Return, once per visit of a page, whether the visit has just begun."""
    return st.session_state.pop("arrived", False)


def forget_run() -> None:
    """Look at no run in particular; the visit of the page begins anew."""
    session = st.session_state
    session.choice, session.chosen, session.arrived = replace(session.choice, run=None), session.chosen - {"run"}, True
    session.runs_shown.pop(session.page, None)


def adopt(new: Choice) -> None:
    """Show a choice that nobody made; another page will not keep it unless something is changed on this one."""
    session = st.session_state
    session.before, session.choice = session.choice, new
    session.form_version += 1


def keep(new: Choice) -> None:
    """Store what the controls specify."""
    session = st.session_state
    if new == session.choice:
        return
    changed = differing(session.choice, new)
    if changed - LOOKED_AT:
        changed |= {"space", "task"}  # all other settings are for these
    if new.run not in (None, session.choice.run):  # launched or opened: what it was evaluated on is a choice, too
        changed |= SHARED
    session.problems, session.before = [], None
    session.chosen |= changed
    session.choice = new


def show(new: Choice) -> None:
    """Store a choice made elsewhere and redraw the controls with its values."""
    keep(new)
    st.session_state.form_version += 1


def show_on(page: str, new: Choice) -> None:
    """Store a choice that is made for the page with this path, which is opened next."""
    show(new)
    st.session_state.chosen |= SHARED | {"proxy"}
    st.session_state.runs_shown[page] = new.run


def key(name: str) -> str:
    """Return the key of a control; it changes whenever the controls have to show other values."""
    return f"{name}-{st.session_state.form_version}"


def write_url() -> None:
    """Mirror the choice in the address bar, which stays short while nobody has chosen anything."""
    query: dict[str, Any] = choice().to_query() if chosen() or st.session_state.problems else {}
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)


def refresh() -> None:
    """Run the page again because something has happened, not because anybody did anything."""
    st.session_state.by_itself = True
    st.rerun()


def store() -> Store:
    """Return the store, including the runs that ship with the product. Raises UserError."""
    opened = Store()
    bundled.add_samples(opened)
    return opened
