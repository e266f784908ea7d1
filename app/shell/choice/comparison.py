"""What the Correlations page compares, and its form in the URL."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from eproxy_engine.baselines import Baseline
from eproxy_engine.errors import UserError
from eproxy_engine.proxy.reading import whole
from eproxy_engine.runs import ComparisonSpecification, EvaluationSpecification, ProxySearchSpecification, Run
from eproxy_engine.runs.kinds.comparison.specification import MOST_PROXIES
from eproxy_engine.runs.kinds.proxy_search.plan import proxy_in
from eproxy_engine.scoring import Ensemble, Proxy
from eproxy_engine.scoring.named import named

DEFAULT_PROXIES = (
    "eproxy_laptop",
    "parameters",
    "flops",
    "grad_norm",
    "snip",
    "grasp",
    "fisher",
    "synflow",
    "naswot",
)
"""Those of the paper's Table 2, and mere size."""
TUNED = "tuned"
"""Eproxy as the controls of the Proxy page say."""
RUN = "run:"
"""Before the id of a run whose proxy is meant."""
MOST_SEEDS = 5


@dataclass(frozen=True)
class ComparisonChoice:
    """Space, task, sample, images and the first seed are those of the session's specification."""

    proxies: tuple[str, ...] = DEFAULT_PROXIES
    """Names of :func:`eproxy_engine.scoring.named.named`, :data:`TUNED`, or :data:`RUN` and an id."""
    batch: int = Baseline.batch
    """Images that proxies other than Eproxy see."""
    width: int | str = Baseline.width
    """Of their networks."""
    seeds: int = 1
    """How many, counted from the first."""

    @classmethod
    def of(cls, given: ComparisonSpecification) -> ComparisonChoice:
        """What leads to a comparison again; its proxies go by their names."""
        names, measured = tuple(proxy.name for proxy in given.proxies), given.measured_on
        return cls(names, measured.batch, measured.width, min(len(given.seeds), MOST_SEEDS))

    def to_query(self) -> dict[str, Any]:
        """Parameters of the URL; what is at its default is left out."""
        default = ComparisonChoice()
        values = {
            "compare": "" if self.proxies == default.proxies else ",".join(self.proxies) or "none",
            "compare-batch": "" if self.batch == default.batch else self.batch,
            "compare-width": "" if self.width == default.width else self.width,
            "compare-seeds": "" if self.seeds == default.seeds else self.seeds,
        }
        return {key: value for key, value in values.items() if value != ""}


def proxy_of(run: Run) -> Proxy | None:
    """What a search has found, or the ensemble that was evaluated; None for other runs."""
    given = run.specification
    if isinstance(given, ProxySearchSpecification):
        return _found(json.dumps((run.result or {}).get("proxy")))
    if isinstance(given, EvaluationSpecification) and isinstance(given.proxy, Ensemble):
        return given.proxy
    return None


@lru_cache(maxsize=200)
def _found(proxy: str) -> Proxy | None:
    """Kept, as every proxy that is offered anywhere is looked for among all runs."""
    return proxy_in({"proxy": json.loads(proxy)})


def proxies_in(text: str, left_out: Callable[[UserError], None]) -> tuple[str, ...]:
    """The names in a part of the URL; ``left_out`` is told why another one is not taken. Raises UserError."""
    names = () if text == "none" else tuple(dict.fromkeys(filter(None, text.split(","))))
    if len(names) > MOST_PROXIES:
        raise UserError(f"{len(names)} proxies; accepted: up to {MOST_PROXIES}")
    known = []
    for name in names:
        try:
            if name != TUNED and not name.startswith(RUN):
                named(name)
            known.append(name)
        except UserError as error:
            left_out(error)
    return tuple(known)


def seeds_in(text: str) -> int:
    """How many seeds. Raises UserError."""
    return whole(text, 1, MOST_SEEDS, "number of seeds")


def batch_in(text: str) -> int:
    """Images of a batch. Raises UserError."""
    return Baseline("flops").replace("batch", text).batch


def width_in(text: str) -> int | str:
    """Stem channels. Raises UserError."""
    return Baseline("flops").replace("width", text).width
