"""What runs would take, before they are launched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np

from eproxy_engine.landscape import cost as landscape_cost
from eproxy_engine.proxy import Evaluation
from eproxy_engine.runs.kinds.architecture_search.specification import ArchitectureSearchSpecification
from eproxy_engine.runs.kinds.comparison.specification import ComparisonSpecification
from eproxy_engine.runs.kinds.evaluation.specification import EvaluationSpecification
from eproxy_engine.runs.kinds.landscape.specification import LandscapeSpecification
from eproxy_engine.runs.kinds.proxy_search.specification import ProxySearchSpecification
from eproxy_engine.runs.specification import Specification
from eproxy_engine.runs.store import Store
from eproxy_engine.scoring.cost import multiply_accumulates

PROBED = 200
"""Configurations drawn to know what a typical one of a search costs."""
FEW = 20
"""Architectures drawn likewise."""


def work(store: Store, specifications: Iterable[Specification]) -> dict[str, float]:
    """Multiply–accumulates still to be computed for all of them together, by space; at most, where one is a search.

    What is stored costs nothing, and what several of them ask for is computed once. Raises UserError.
    """
    given = list(specifications)
    total: defaultdict[str, float] = defaultdict(float)
    for specification in given:
        if isinstance(specification, ProxySearchSpecification):
            total[specification.space] += searching(specification)
        if isinstance(specification, ArchitectureSearchSpecification):
            total[specification.space] += searching_architectures(specification)
    for evaluation, operations in missing(store, given).items():
        total[evaluation.space] += operations
    return {space: operations for space, operations in total.items() if operations}


def missing(store: Store, specifications: Iterable[Specification]) -> dict[Evaluation, float]:
    """What all but searches need and the store does not have, each with its multiply–accumulates.

    Raises UserError.
    """
    wanted: dict[Evaluation, float] = {}
    for specification in specifications:
        for sweep in _sweeps(specification):
            wanted |= _evaluations(sweep)
        if isinstance(specification, LandscapeSpecification):
            wanted |= _pieces(specification)
    stored = store.outcomes(wanted)
    return {evaluation: operations for evaluation, operations in wanted.items() if evaluation.key not in stored}


def searching(specification: ProxySearchSpecification) -> float:
    """Multiply–accumulates of a search and its judgement, if nothing is stored. Raises UserError."""
    rng, settings = np.random.default_rng(0), specification.settings
    space, rows = settings.space(), specification.architectures()
    flops = float(rows["flops"].mean())
    drawn = [multiply_accumulates(space.sample(rng), specification.space, flops) for _ in range(PROBED)]
    searched = settings.trials * settings.seeds * len(rows)
    return float(np.mean(drawn)) * (searched + (settings.members + 1) * specification.held_out)


def searching_architectures(specification: ArchitectureSearchSpecification) -> float:
    """Multiply–accumulates of an architecture search, if nothing is stored and no two seeds meet. Raises UserError."""
    if not specification.settings.needs_proxy:
        return 0.0
    rng, domain = np.random.default_rng(0), specification.domain
    flops = float(np.mean([domain.size(domain.sample(rng)).flops for _ in range(FEW)]))
    members = specification.fitness().members
    each = sum(multiply_accumulates(member, specification.space, flops) for member in members)
    return each * specification.settings.scored * len(specification.seeds)


def _sweeps(specification: Specification) -> Iterator[EvaluationSpecification]:
    if isinstance(specification, EvaluationSpecification):
        yield specification
    elif isinstance(specification, ComparisonSpecification):
        for seed in specification.seeds:
            for proxy in specification.proxies:
                yield specification.sweep(proxy, seed)


def _pieces(specification: LandscapeSpecification) -> dict[Evaluation, float]:
    """Each with the multiply–accumulates that it takes."""
    flops = specification.architectures().set_index("architecture")["flops"]
    return {
        evaluation: landscape_cost.multiply_accumulates(
            evaluation.configuration, specification.space, float(flops[surface.architecture])
        )
        for surface in specification.surfaces()
        for evaluation in specification.evaluations(surface)
    }


def _evaluations(sweep: EvaluationSpecification) -> dict[Evaluation, float]:
    """Each with the multiply–accumulates that it takes."""
    flops = sweep.architectures()["flops"]
    return {
        evaluation: multiply_accumulates(member, sweep.space, architecture)
        for member in sweep.members()
        for evaluation, architecture in zip(sweep.evaluations_of(member), flops, strict=False)
    }
