"""What an architecture may be, to be tried at all."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
import streamlit as st

from app.shell import state
from app.shell.errors import show_error
from eproxy_engine import benchmarks, spaces
from eproxy_engine.errors import UserError
from eproxy_engine.search.architecture_search.constraints import Constraints
from eproxy_engine.spaces.cells.darts import DARTSOpen

MILLION = 1_000_000
LOOKED_AT = 100
"""Architectures whose depth is looked at, to say what it can be."""


class Bounded(NamedTuple):
    """What can be bounded."""

    title: str
    unit: int
    """What one in the control stands for."""
    format: str
    about: str


BOUNDED = {
    "parameters": Bounded("parameters (M)", MILLION, "%g", "Millions, at the published width."),
    "flops": Bounded("FLOPs (M)", MILLION, "%g", "Millions of multiply–accumulates, as the benchmark counts them."),
    "depth": Bounded("depth", 1, "%d", "Cells or blocks in a row; of a single cell, its longest path."),
}


def constraints_form(space: str, given: Constraints) -> Constraints:
    """Two controls for each; empty is unbounded. Bounds that exclude each other are told, and the former ones kept."""
    family = spaces.get(space)
    if isinstance(family, DARTSOpen):
        limits = f"{family.min_flops / MILLION:g} to {family.max_flops / MILLION:g} M"
        st.caption(f"This space has architectures of {limits} FLOPs only, as in the paper (§3.5).")
    bounds: dict[str, int | None] = {}
    for what in BOUNDED:
        bounds |= _bounds(space, what, given)
    try:
        return Constraints(**bounds)
    except UserError as error:
        show_error(error)
        return given


def _bounds(space: str, what: str, given: Constraints) -> dict[str, int | None]:
    title, unit, form, about = BOUNDED[what]
    found = {}
    for place, side, bound in zip(st.columns(2), ("min", "max"), given.of(what), strict=True):
        typed = place.number_input(
            f"{side.capitalize()} {title}",
            min_value=0 if unit == 1 else 0.0,
            value=None if bound is None else bound // unit if unit == 1 else bound / unit,
            step=1 if unit == 1 else None,
            format=form,
            placeholder="any",
            key=state.key(f"nas-{side}-{what}-{space}"),
            help=f"{about} {_range(space, what)}",
        )
        found[f"{side}_{what}"] = None if typed is None else round(typed * unit)
    return found


def _range(space: str, what: str) -> str:
    found, unit = _measured_range(space, what, benchmarks.version(space)), BOUNDED[what].unit
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
