"""What an architecture may be, to be tried at all."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.shell import state
from app.shell.errors import show_error
from eproxy_engine import benchmarks, spaces
from eproxy_engine.errors import UserError
from eproxy_engine.fields import table
from eproxy_engine.search.architecture_search.constraints import Constraints
from eproxy_engine.spaces.cells.darts import DARTSOpen

MILLION = 1_000_000
LOOKED_AT = 100
"""Architectures whose depth is looked at, to say what it can be."""


UNITS = {"parameters": MILLION, "flops": MILLION, "depth": 1}
"""What one in the control stands for."""


def constraints_form(space: str, given: Constraints) -> Constraints:
    """Two controls for each; empty is unbounded. Bounds that exclude each other are told, and the former ones kept."""
    family = spaces.get(space)
    if isinstance(family, DARTSOpen):
        limits = f"{family.min_flops / MILLION:g} to {family.max_flops / MILLION:g} M"
        st.caption(f"This space has architectures of {limits} FLOPs only, as in the paper (§3.5).")
    bounds: dict[str, int | None] = {}
    for what in UNITS:
        bounds |= _bounds(space, what, given)
    try:
        return Constraints(**bounds)
    except UserError as error:
        show_error(error)
        return given


def _bounds(space: str, what: str, given: Constraints) -> dict[str, int | None]:
    unit, found = UNITS[what], {}
    for place, side, bound in zip(st.columns(2), ("min", "max"), given.of(what), strict=True):
        each = table(Constraints)[f"{side}_{what}"]
        typed = place.number_input(
            each.label if unit == 1 else f"{each.label} (M)",
            min_value=0 if unit == 1 else 0.0,
            value=None if bound is None else bound // unit if unit == 1 else bound / unit,
            step=1 if unit == 1 else None,
            format="%d" if unit == 1 else "%g",
            placeholder="any",
            key=state.key(f"nas-{side}-{what}-{space}"),
            help=f"{each.help}{'' if unit == 1 else ' In millions.'} {_range(space, what)}",
        )
        found[each.name] = None if typed is None else round(typed * unit)
    return found


def _range(space: str, what: str) -> str:
    found, unit = _measured_range(space, what, benchmarks.version(space)), UNITS[what]
    return f"The measured ones have {found[0] / unit:.3g} to {found[1] / unit:.3g}." if found else ""


@st.cache_data(max_entries=100, show_spinner=False)
def _measured_range(space: str, what: str, version: tuple[tuple[str, int], ...]) -> tuple[float, float] | None:
    """Of depth, that of some of them."""
    table = benchmarks.load(space)
    if what == "depth":
        family, step = spaces.get(space), max(len(table) // LOOKED_AT, 1)
        values = pd.Series([family.depth(family.parse(text)) for text in table["architecture"][::step]], dtype=float)
    else:
        values = table[what].dropna()
    return (float(values.min()), float(values.max())) if len(values) else None
