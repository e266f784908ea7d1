"""The user's choices in the lesson, kept from step to step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import pandas as pd
import streamlit as st

from eproxy_engine.runs import EvaluationSpecification

SEEDS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Walk:
    """Choices shared by several steps."""

    good: int = 1
    """Place of the good architecture, counted from the most accurate of the sample."""
    bad: int = 1
    """Place of the bad one, counted from the least accurate."""
    seed: int = SEEDS[0]
    """Seed of images, weights and targets."""


class Pair(NamedTuple):
    """Two architectures of the sample: rows of its table."""

    good: pd.Series
    bad: pd.Series

    def texts(self) -> tuple[str, str]:
        """Return their canonical texts."""
        return self.good["architecture"], self.bad["architecture"]


def walk() -> Walk:
    """Return the choices so far."""
    return st.session_state.setdefault("lesson", Walk())


def pair_of(specification: EvaluationSpecification) -> Pair:
    """Return the chosen pair among the sample's architectures of known accuracy."""
    rows, chosen = ranked(specification), walk()
    half = max(len(rows) // 2, 1)
    return Pair(rows.iloc[min(chosen.good, half) - 1], rows.iloc[-min(chosen.bad, half)])


def pair_control(specification: EvaluationSpecification) -> Pair:
    """Show two sliders for the pair and return it."""
    half, chosen = len(ranked(specification)) // 2, walk()
    if half > 1:
        left, right = st.columns(2, gap="large")
        good = left.slider("The good one: place from the top", 1, half, min(chosen.good, half), key="lesson-good")
        bad = right.slider("The bad one: place from the bottom", 1, half, min(chosen.bad, half), key="lesson-bad")
        st.session_state.lesson = replace(walk(), good=good, bad=bad)
    return pair_of(specification)


def seed_control(shipped: Iterable[int]) -> int:
    """Show the seed control and return the seed. ``shipped``: seeds whose results come with the product."""
    known, chosen = set(shipped), walk()
    seed = st.selectbox(
        "Seed",
        SEEDS,
        SEEDS.index(chosen.seed),
        format_func=lambda one: f"{one}" if one in known else f"{one} (to be computed)",
        key="lesson-seed",
        width=170,
        help="Seed of everything random: images, initial weights, target, barrier.",
    )
    st.session_state.lesson = replace(walk(), seed=seed)
    return int(seed)


def ranked(specification: EvaluationSpecification) -> pd.DataFrame:
    """Return the architectures of known accuracy, most accurate first."""
    known = specification.architectures().dropna(subset=["accuracy"])
    return known.sort_values("accuracy", ascending=False, kind="stable").reset_index(drop=True)
