"""The session's choice: kept while pages change and mirrored in the URL, so that a reload or a link shows the same."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.shell.choice import Choice, from_query
from app.shell.errors import show_warning
from eproxy_engine.runs import Store, archive


def begin() -> None:
    """At the start of every script run: a new session takes its choice from the URL."""
    if "choice" not in st.session_state:
        choice, problems = from_query(st.query_params, st.query_params.get_all)
        st.session_state.choice, st.session_state.form_version, st.session_state.problems = choice, 0, problems
    for problem in st.session_state.problems:
        show_warning(problem, icon=":material/link_off:")


def choice() -> Choice:
    """What this session has chosen."""
    return st.session_state.choice


def keep(new: Choice) -> None:
    """Take over what the controls say."""
    if new != st.session_state.choice:
        st.session_state.problems = []
        st.session_state.choice = new


def show(new: Choice) -> None:
    """Take over a choice made elsewhere: the controls are drawn anew with its values."""
    keep(new)
    st.session_state.form_version += 1


def key(name: str) -> str:
    """The key of a control; a new one whenever the controls are to show other values."""
    return f"{name}-{st.session_state.form_version}"


def write_url() -> None:
    """Mirror the choice in the address bar."""
    query: dict[str, Any] = choice().to_query()
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)


def store() -> Store:
    """The store, with the runs that ship with the product in it. Raises UserError."""
    opened = Store()
    archive.add_samples(opened)
    return opened
