"""Controls of a proxy search."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.controls.one_line import in_one_line
from app.controls.sample import ICON, sample_controls, sample_line, space_controls, task_line
from app.proxy_search.settings import settings_form
from app.shell import state
from app.shell.choice import Choice
from eproxy_engine.sampling import drawable


def search_form(choice: Choice) -> Choice:
    """Show controls for space, task, the few architectures whose accuracy may be used, settings and judgement."""
    choice = in_one_line(choice, _line, _sample_controls, "learned-from-line", ICON)
    space, task = choice.specification.space, choice.specification.task
    given = settings_form(choice.proxy_search)
    most = max(drawable(space, task) - 1, 0)
    held_out = st.number_input(
        "Held-out architectures",
        0,
        most,
        min(given.held_out, most),
        step=50,
        key=state.key(f"held-out-{space}-{task}"),
        help="Unseen architectures that judge the proxy found. ρ on the sample is optimistic, because it selected the "
        "best of many. Every search on a space is judged by the same ones.",
    )
    return replace(choice, proxy_search=replace(given, held_out=int(held_out)))


def _line(choice: Choice) -> str:
    return f"{task_line(choice)} · learns from {sample_line(choice.proxy_search.sample)}"


def _sample_controls(choice: Choice) -> Choice:
    choice = space_controls(choice)
    space, task, given = choice.specification.space, choice.specification.task, choice.proxy_search
    st.markdown("**Architectures it may learn from**")
    st.caption("The search knows only the accuracies of these architectures. Paper: 20.")
    sample = sample_controls(space, task, given.sample, prefix="dps-", measured_only=True)
    return replace(choice, proxy_search=replace(given, sample=sample))
