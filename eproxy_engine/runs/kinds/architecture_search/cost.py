"""What an architecture search would take."""

from __future__ import annotations

import numpy as np

from eproxy_engine.runs.kind import Cost
from eproxy_engine.runs.kinds.architecture_search.specification import ArchitectureSearchSpecification
from eproxy_engine.scoring.cost import multiply_accumulates

FEW = 20
"""Architectures drawn to know how large a typical one is."""


def cost(given: ArchitectureSearchSpecification) -> Cost:
    """The scores of every seed, if no two seeds meet. Raises UserError."""
    if not given.settings.needs_proxy:
        return Cost()
    rng, domain = np.random.default_rng(0), given.domain
    flops = float(np.mean([domain.size(domain.sample(rng)).flops for _ in range(FEW)]))
    each = sum(multiply_accumulates(member, given.space, flops) for member in given.fitness().members)
    return Cost(search=each * given.settings.scored * len(given.seeds))
