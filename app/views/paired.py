"""Paired differences of ρ, kept between reruns of a page."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

import pandas as pd
import streamlit as st

from eproxy_engine import statistics
from eproxy_engine.statistics import Difference


def rho_difference(first: pd.Series, second: pd.Series, accuracy: pd.Series) -> Difference:
    """Return how far the first scores are ahead of the second, all of the same architectures in the same order."""
    return Difference(*_fields(first.tolist(), second.tolist(), accuracy.tolist()))


@st.cache_data(max_entries=50, show_spinner=False)
def _fields(first: list[float], second: list[float], accuracy: list[float]) -> tuple[Any, ...]:
    return astuple(statistics.paired_difference(first, second, accuracy))
