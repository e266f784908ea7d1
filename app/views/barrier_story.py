"""When the barrier helps and when not: one text, shown wherever a result speaks for or against it."""

from __future__ import annotations

import streamlit as st

from app.shell.text import text
from eproxy_engine.proxy import Configuration
from eproxy_engine.scoring import Proxy, members_of


def barrier_story(why: str) -> None:
    """Offer the text behind a line that says ``why`` it matters here."""
    with st.expander(why, icon=":material/help:"):
        st.markdown(text("views", "barrier"))


def barrier_off(proxy: Proxy) -> str:
    """Say that a proxy does without the barrier, wholly or in part; empty if it has one or is no Eproxy.

    >>> barrier_off(Configuration(barrier=False)), barrier_off(Configuration())
    ('has no barrier', '')
    """
    eproxies = [member for member in members_of(proxy) if isinstance(member, Configuration)]
    bare = sum(not member.barrier for member in eproxies)
    if not bare:
        return ""
    return "has no barrier" if bare == len(eproxies) else f"has no barrier in {bare} of {len(eproxies)} members"
