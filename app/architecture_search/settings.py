"""The numbers of the strategies that are chosen."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.controls.field import field
from app.shell.choice.architecture_search import FREE, USED, ArchitectureSearchChoice
from eproxy_engine.search.architecture_search.settings import BY_ACCURACY, ArchitectureSearchSettings


def numbers_form(given: ArchitectureSearchChoice, measured: int) -> ArchitectureSearchSettings:
    """Controls for what the chosen strategies use. ``measured``: architectures of known accuracy."""
    settings, strategies = given.settings, given.effective(measured).strategies
    used = [name for name, users in USED.items() if set(users) & set(strategies) and name != "labels_from"]
    if not settings.compute and "seeded-evolution" not in strategies and "pool" in used:
        used.remove("pool")
    if settings.labels_from and "panel" not in used:
        used.append("panel")
    if not used:
        st.caption("The chosen strategies have none.")
        return settings
    columns = st.columns(2)
    typed = {name: field(settings, name, f"nas-{name}", columns[place % 2]) for place, name in enumerate(used)}
    if FREE in strategies and measured:
        bound = set(strategies) & set(BY_ACCURACY)
        more = "The other strategies use accuracies in any case." if bound else ""
        typed["measured"] = field(settings, "measured", "nas-measured", more=more)
    return replace(settings, **typed)
