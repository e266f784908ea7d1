"""The run that others are compared with: pinned here, or the other half of *With and without*."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.proxy.with_and_without import switched
from app.shell import state
from app.shell.wording import plain
from app.views.evaluated import evaluation_of
from eproxy_engine.errors import shown
from eproxy_engine.proxy import Configuration
from eproxy_engine.runs import EvaluationSpecification, Run
from eproxy_engine.scoring import title_of


def reference_of(runs: list[Run], run: Run) -> Run | None:
    """Return the run that the address names as reference; None if it is ``run`` itself or not an evaluation here."""
    wanted = state.choice().reference
    return next((each for each in runs if each.id == wanted != run.id), None)


def barrier_switched(run: Run, reference: Run) -> bool:
    """Return whether two runs differ in the barrier and in nothing else."""
    given = evaluation_of(run)
    return isinstance(given.proxy, Configuration) and switched(given) == reference.specification


def why_unpaired(given: EvaluationSpecification, other: EvaluationSpecification) -> str:
    """Say why two evaluations cannot be compared architecture by architecture; empty if they can.

    Of two samples, the architectures in both are compared.
    """
    if (given.space, given.task) != (other.space, other.task):
        return (
            f"cannot be paired with this run: it is on {other.space_title}, {other.task}, and this run on "
            f"{given.space_title}, {given.task}"
        )
    if not set(given.architectures()["architecture"]) & set(other.architectures()["architecture"]):
        return "cannot be paired with this run: they have no architecture in common"
    return ""


def reference_bar(run: Run, reference: Run | None) -> None:
    """Say which run is the reference, and offer to pin this one or to let go of it."""
    pinned = state.choice().reference
    with st.container(horizontal=True, vertical_alignment="center"):
        if pinned is not None:
            st.caption(_sentence(run, reference, pinned), width="content")
        if pinned != run.id:
            label = "Pin as reference" if pinned is None else "Pin this run instead"
            _button(label, run.id, ":material/keep:", "Later runs on these architectures are shown over it.")
        if pinned is not None:
            _button("Unpin", None, ":material/keep_off:", "Shows this run alone.")


def _sentence(run: Run, reference: Run | None, pinned: str) -> str:
    if pinned == run.id:
        return (
            ":material/keep: This run is the reference. Change the controls and press **Evaluate**: the next run on "
            "these architectures is shown over it."
        )
    if reference is None:
        return f":material/link_off: The reference {plain(shown(pinned, 40))} is no evaluation that is here."
    given, other = evaluation_of(run), evaluation_of(reference)
    if unpaired := why_unpaired(given, other):
        return f":material/keep: The reference, run {reference.id}, {plain(unpaired)}."
    differs = other.title if given.sample != other.sample else title_of(other.proxy)
    return f":material/keep: Reference: run {reference.id}, {plain(differs)}"


def _button(label: str, reference: str | None, icon: str, help: str) -> None:
    if st.button(label, icon=icon, key=f"reference-{label}", help=help, type="tertiary"):
        state.keep(replace(state.choice(), reference=reference))
        state.write_url()
        st.rerun()
