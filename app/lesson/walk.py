"""The user's choices in the lesson, kept from step to step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import pandas as pd
import streamlit as st

from app.lesson import data
from app.lesson.numbers import judged
from app.lesson.typical import typical_places
from eproxy_engine.runs import EvaluationSpecification

SEEDS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Walk:
    """Choices shared by several steps."""

    good: int | None = None
    """Place of the good architecture, counted from the most accurate of the sample; None: the typical pair's."""
    bad: int | None = None
    """Place of the bad one, counted from the least accurate; None: the typical pair's."""
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


def places() -> tuple[int, int]:
    """Return the places of the chosen pair, from the top and from the bottom. Raises UserError."""
    rows, chosen = ranked(data.evaluation_run(barrier=True).specification), walk()
    half = max(len(rows) // 2, 1)
    good, bad = typical()
    return min(chosen.good or good, half), min(chosen.bad or bad, half)


def typical() -> tuple[int, int]:
    """Return the places of the pair that the lesson opens with, by the runs that ship. Raises UserError."""
    return _typical(data.versions())


@st.cache_data(max_entries=2, show_spinner=False)
def _typical(versions: tuple[int, ...]) -> tuple[int, int]:
    """``versions`` tells versions of the files apart."""
    runs = [data.evaluation_run(barrier) for barrier in (True, False)]
    rows = ranked(runs[0].specification)
    final = [
        judged(each.specification, each.outcomes).set_index("architecture")["score"].reindex(rows["architecture"])
        for each in runs
    ]
    return typical_places(rows["accuracy"].to_numpy(float), [-scores.to_numpy(float) for scores in final])


def pair() -> Pair:
    """Return the chosen pair among the sample's architectures of known accuracy. Raises UserError."""
    rows = ranked(data.evaluation_run(barrier=True).specification)
    good, bad = places()
    return Pair(rows.iloc[good - 1], rows.iloc[-bad])


def pair_control() -> Pair:
    """Show two sliders for the pair and return it. Raises UserError."""
    half, (good, bad) = len(ranked(data.evaluation_run(barrier=True).specification)) // 2, places()
    if half > 1:
        left, right = st.columns(2, gap="large")
        good = left.slider("The good one: place from the top", 1, half, good, key="lesson-good")
        bad = right.slider("The bad one: place from the bottom", 1, half, bad, key="lesson-bad")
        st.session_state.lesson = replace(walk(), good=good, bad=bad)
    return pair()


def another_pair() -> Pair:
    """Offer the sliders for the pair behind a button, and return the pair. Raises UserError."""
    with st.popover("Another pair", icon=":material/compare_arrows:"):
        return pair_control()


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
