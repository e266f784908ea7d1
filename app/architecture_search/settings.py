"""The numbers of the strategies that are chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from app.shell import state
from app.shell.choice.architecture_search import FREE, USED, ArchitectureSearchChoice
from eproxy_engine.search.architecture_search.settings import BY_ACCURACY, RANGES, ArchitectureSearchSettings

HELP = {
    "population": "Architectures drawn at first; so many live at a time.",
    "tournament": "Drawn from the living; the fittest of them becomes the parent.",
    "cycles": "Children that the proxy scores after the first population. They cost time, but no query.",
    "neighbours": "So many of the queries go to neighbours of the best, after the proxy's best were asked for; the "
    "paper takes 70 of 150 (§3.5).",
    "pool": "Random architectures that the proxy ranks; the best of them are the first population.",
}


def numbers_form(given: ArchitectureSearchChoice, measured: int) -> ArchitectureSearchSettings:
    """Controls for what the chosen strategies use. ``measured``: architectures of known accuracy."""
    settings, strategies = given.settings, given.effective(measured).strategies
    used = [name for name, users in USED.items() if set(users) & set(strategies)]
    if not used:
        st.caption("The chosen strategies have none.")
        return settings
    typed: dict[str, Any] = {}
    columns = st.columns(2)
    for place, name in enumerate(used):
        low, high = RANGES[name]
        number = columns[place % 2].number_input(
            name.capitalize(), low, high, getattr(settings, name), key=state.key(f"nas-{name}"), help=HELP[name]
        )
        typed[name] = int(number)
    if FREE in strategies and measured:
        typed["measured"] = _measured(settings, strategies)
    return replace(settings, **typed)


def _measured(settings: ArchitectureSearchSettings, strategies: tuple[str, ...]) -> bool:
    bound = [strategy for strategy in strategies if strategy in BY_ACCURACY]
    return st.toggle(
        "Only measured architectures",
        settings.measured,
        key=state.key("nas-measured"),
        help="On: only architectures whose accuracy is known are tried, so that each can be queried. Off: the proxy "
        "leads through the whole space, and only the measured ones among its best are queried."
        + (" The other strategies go by accuracies in any case." if bound else ""),
    )
