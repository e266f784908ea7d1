"""Cost of a proxy search."""

from __future__ import annotations

import numpy as np

from eproxy_engine.runs.kind import Cost
from eproxy_engine.runs.kinds.proxy_search.specification import ProxySearchSpecification
from eproxy_engine.scoring.cost import multiply_accumulates

PROBED = 200
"""Number of configurations drawn to estimate a typical cost."""


def cost(given: ProxySearchSpecification) -> Cost:
    """Return the cost of a proxy search and its judgement. Raises UserError."""
    rng, space, flops = np.random.default_rng(0), given.settings.space(), float(given.architectures()["flops"].mean())
    drawn = [multiply_accumulates(space.sample(rng), given.space, flops) for _ in range(PROBED)]
    return Cost(search=float(np.mean(drawn)) * given.most_evaluations)
