"""The session's choice: kept across pages and mirrored in the URL, so that a reload or a link shows the same."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.shell.choice import Choice, from_query
from app.shell.errors import show_warning
from eproxy_engine.runs import Store, archive


def begin() -> None:
    """Begin a script run: a new session takes its choice from the URL."""
    if "choice" not in st.session_state:
        choice, problems = from_query(st.query_params, st.query_params.get_all)
        st.session_state.choice, st.session_state.form_version, st.session_state.problems = choice, 0, problems
    for problem in st.session_state.problems:
        show_warning(problem, icon=":material/link_off:")


def choice() -> Choice:
    """Return what this session has chosen."""
    return st.session_state.choice


def keep(new: Choice) -> None:
    """Store what the controls specify."""
    if new != st.session_state.choice:
        st.session_state.problems = []
        st.session_state.choice = new


def show(new: Choice) -> None:
    """Store a choice made elsewhere and redraw the controls with its values."""
    keep(new)
    st.session_state.form_version += 1


def key(name: str) -> str:
    """Return the key of a control; it changes whenever the controls have to show other values."""
    return f"{name}-{st.session_state.form_version}"


def write_url() -> None:
    """Mirror the choice in the address bar."""
    query: dict[str, Any] = choice().to_query()
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)


def store() -> Store:
    """Return the store, including the runs that ship with the product. Raises UserError."""
    opened = Store()
    archive.add_samples(opened)
    return opened
