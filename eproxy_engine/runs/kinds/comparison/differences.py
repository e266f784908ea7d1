"""How far the proxies of a comparison are ahead of each other, on the same architectures."""

from __future__ import annotations

from itertools import combinations
from typing import Any, NamedTuple

from eproxy_engine import statistics
from eproxy_engine.runs.kinds.comparison.plan import scores_of
from eproxy_engine.runs.kinds.comparison.specification import ComparisonSpecification
from eproxy_engine.runs.plan import Outcomes

RHO_DIFFERENCE = "rho_difference"


class Together(NamedTuple):
    """Proxies whose ρ is known in the same resamples of the architectures."""

    names: list[str]
    resampled: statistics.Resampled

    def difference(self, first: str, second: str) -> dict[str, Any]:
        """Return ρ of one proxy minus ρ of another as ``rho_difference``, with its paired interval and ``n``."""
        found = self.resampled.difference(self.names.index(first), self.names.index(second))
        return {"first": first, "second": second, **found.as_dict(RHO_DIFFERENCE)}

    def pairs(self) -> list[dict[str, Any]]:
        """Return the differences of every two proxies."""
        return [self.difference(first, second) for first, second in combinations(self.names, 2)]


def together(specification: ComparisonSpecification, outcomes: Outcomes) -> Together:
    """Resample the architectures of known accuracy, once for all proxies that are evaluated in full."""
    scores = scores_of(specification, outcomes)
    names = [proxy.name for proxy in specification.proxies if proxy.name in scores]
    columns = [scores[name] for name in names]
    return Together(names, statistics.resampled_together(statistics.spearman, columns, scores["accuracy"]))
