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
    rng, settings, rows = np.random.default_rng(0), given.settings, given.architectures()
    space, flops = settings.space(), float(rows["flops"].mean())
    drawn = [multiply_accumulates(space.sample(rng), given.space, flops) for _ in range(PROBED)]
    searched = settings.trials * settings.seeds * len(rows)
    return Cost(search=float(np.mean(drawn)) * (searched + (settings.members + 1) * given.held_out))
