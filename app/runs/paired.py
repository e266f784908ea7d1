"""Evaluations side by side: how far ρ differs on the architectures that both have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.views.difference import told, verdict
from app.views.evaluated import can_be_shown, evaluated_rows
from app.views.metric import SMALLEST_FOR_HEADLINE
from app.views.paired import rho_difference
from eproxy_engine.counted import counted
from eproxy_engine.runs import EvaluationSpecification, Run, Store
from eproxy_engine.runs.kinds.evaluation.rows import in_both, judged
from eproxy_engine.statistics import Difference


class Paired(NamedTuple):
    """One run, and how far others are ahead of it. Places are those among the runs that were given."""

    reference: int
    differences: dict[int, Difference]
    """Each other run minus the reference, by its place."""


def paired(store: Store, runs: Sequence[Run]) -> Paired | None:
    """Compare evaluations with the first that shares scored architectures of known accuracy with another.

    None if no two runs do.
    """
    places = [place for place, run in enumerate(runs) if _has_scores(run)]
    for first, reference in enumerate(places):
        others = places[first + 1 :]
        found = {other: gap for other in others if (gap := _difference(store, runs[other], runs[reference]))}
        if found:
            return Paired(reference, found)
    return None


def cells(found: Paired, count: int) -> list[str]:
    """Return a row of a table with a cell for each of ``count`` runs, empty for one that cannot be paired."""
    said = {place: f"{told(gap)}, n = {gap.n:,}" for place, gap in found.differences.items() if _enough(gap)}
    return [({found.reference: "the reference"} | said).get(place, "") for place in range(count)]


def sentences(found: Paired, names: Sequence[str]) -> list[str]:
    """Say of each pair which run is ahead, and whether that may be chance. ``names``: of all runs."""
    reference = names[found.reference]
    return [_sentence(gap, names[place], reference) for place, gap in found.differences.items()]


def _sentence(gap: Difference, name: str, reference: str) -> str:
    name, reference = f"“{name}”", f"“{reference}”"  # names have commas
    if not _enough(gap):
        return f"{name} and {reference} share {counted(gap.n, 'architecture')}: too few to compare them."
    return f"On the {gap.n:,} architectures of both, {verdict(gap, name, reference)}."


def _enough(gap: Difference) -> bool:
    return gap.n >= SMALLEST_FOR_HEADLINE


def _has_scores(run: Run) -> bool:
    return isinstance(run.specification, EvaluationSpecification) and bool(run.result) and can_be_shown(run)


def _difference(store: Store, first: Run, second: Run) -> Difference | None:
    """Return the paired difference of ρ; None if the runs are of another task or share no architecture."""
    given, other = first.specification, second.specification
    if (given.space, given.task) != (other.space, other.task):
        return None
    one, two = in_both(judged(evaluated_rows(store, first)), judged(evaluated_rows(store, second)))
    return None if one.empty else rho_difference(one["score"], two["score"], one["accuracy"])
