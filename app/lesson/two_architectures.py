"""Step 1: a good and a bad architecture."""

from __future__ import annotations

import streamlit as st

from app.lesson import data
from app.lesson.telling import begun, finding, folded, words
from app.lesson.typical import BAD, GOOD
from app.lesson.walk import Pair, pair_control, places, ranked, typical
from app.shell import warming
from app.shell.wording import rounded_accuracy
from app.views.architecture import drawing
from eproxy_engine import benchmarks, spaces
from eproxy_engine.runs import EvaluationSpecification, Store

TITLE = "Two architectures"


def show(store: Store) -> None:
    """Show the drawings and figures of both. Raises UserError."""
    told = words("two_architectures")
    place = begun(told)
    given = data.evaluation_run(barrier=True).specification
    pair = pair_control()
    for column, name, row in zip(st.columns(2, gap="large"), ("The good one", "The bad one"), pair, strict=True):
        with column:
            _architecture(given, name, row["architecture"], row)
    finding(place, _sentence(given, pair))
    folded(told)
    _count(given, pair)
    warming.import_later(warming.TORCH)


def _architecture(given: EvaluationSpecification, name: str, text: str, row) -> None:  # type: ignore[no-untyped-def]
    unit = benchmarks.task(given.space, given.task).unit
    st.subheader(f"{name}: {rounded_accuracy(row['accuracy'], unit)}{unit}", anchor=False)
    family = spaces.get(given.space)
    for title, graph in family.drawings(family.parse(text)).items():
        drawing(title, graph, text)
    st.caption(f"{row['parameters'] / 1e6:.2f} M parameters, {row['flops'] / 1e6:.0f} M FLOPs")


def _sentence(given: EvaluationSpecification, pair: Pair) -> str:
    task = benchmarks.task(given.space, given.task)
    away = rounded_accuracy(pair.good["accuracy"] - pair.bad["accuracy"], task.unit)
    away += " percentage points" if task.unit == "%" else f" {task.unit}"
    larger = pair.good["parameters"] > pair.bad["parameters"]
    size = "has more parameters, so size alone would tell here" if larger else "does not have more parameters"
    return f"On {task.title.partition(',')[0]} the good one is **{away}** more accurate. It {size}. {_typical(given)}"


def _typical(given: EvaluationSpecification) -> str:
    """Say how the pair was chosen."""
    count = len(ranked(given))
    if places() != typical():
        return f"They are two of the {count} architectures of this lesson, drawn at random."
    return (
        f"Of the {count} architectures of this lesson, drawn at random, about {1 - GOOD:.0%} are better than the good "
        f"one and about {BAD:.0%} worse than the bad one; of all such pairs these two are the most typical in what "
        "the exercise makes of them."
    )


def _count(given: EvaluationSpecification, pair: Pair) -> None:
    """Build the two networks and count parameters and FLOPs, to compare with the benchmark's numbers."""
    with st.container(border=True):
        st.markdown("**Compute these numbers here**")
        with st.container(horizontal=True, vertical_alignment="center"):
            clicked = st.button("Count parameters and FLOPs", icon=":material/calculate:", key="lesson-count")
            st.caption("Takes a few seconds. The benchmark's authors measured the accuracies after full training.")
        if clicked:
            st.markdown("  \n".join(_counted(given.space, name, row) for name, row in pair._asdict().items()))


def _counted(space: str, name: str, row) -> str:  # type: ignore[no-untyped-def]
    family = spaces.get(space)
    found = family.complexity(family.parse(row["architecture"]))
    same = (found.parameters, found.flops) == (row["parameters"], row["flops"])
    verdict = "as shipped" if same else f"shipped: {row['parameters']:,} and {row['flops']:,}"
    return f"The {name} one, counted here: {found.parameters:,} parameters, {found.flops:,} FLOPs ({verdict})."
