"""Cost of an architecture search."""

from __future__ import annotations

import numpy as np

from eproxy_engine.learning.panels import panel
from eproxy_engine.runs.kind import Cost
from eproxy_engine.runs.kinds.architecture_search.specification import ArchitectureSearchSpecification
from eproxy_engine.scoring import Member
from eproxy_engine.scoring.cost import multiply_accumulates

FEW = 20
"""Number of architectures drawn to estimate a typical size."""


def cost(given: ArchitectureSearchSpecification) -> Cost:
    """Return the cost of all scores, assuming that no two seeds meet the same architecture. Raises UserError."""
    members = _members(given)
    if not members:
        return Cost()
    rng, domain = np.random.default_rng(0), given.domain
    flops = float(np.mean([domain.size(domain.sample(rng)).flops for _ in range(FEW)]))
    each = sum(multiply_accumulates(member, given.space, flops) for member in members)
    return Cost(search=each * given.settings.scored * len(given.seeds))


def _members(given: ArchitectureSearchSpecification) -> tuple[Member, ...]:
    """Return the proxies that are computed."""
    if given.settings.needs_proxy:
        return given.fitness().members
    return tuple(score.member for score in panel(given.settings.panel).scores) if given.settings.compute else ()
