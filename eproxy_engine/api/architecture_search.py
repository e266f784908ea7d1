"""``ep.search_architecture``: look for the best architecture of a space."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from eproxy_engine import benchmarks
from eproxy_engine.api.arguments import Architectures, ProxyLike, proxy_of, sample_of, settings_of
from eproxy_engine.api.carrying_out import carried_out
from eproxy_engine.api.result import RunResult
from eproxy_engine.counted import counted
from eproxy_engine.fields import table
from eproxy_engine.runs import ArchitectureSearchSpecification
from eproxy_engine.search.architecture_search.constraints import Constraints
from eproxy_engine.search.architecture_search.settings import ArchitectureSearchSettings

COLUMNS = ("architecture", "parent", "parameters", "flops", "scores", "query", "accuracy")

if TYPE_CHECKING:
    import plotly.graph_objects as go


@dataclass(frozen=True, eq=False, repr=False)
class FoundArchitecture(RunResult):
    """What an architecture search has found, with the first seed, and how it went.

    ``frame`` has a row per architecture that was tried with the first seed: ``architecture``, ``parent``,
    ``parameters``, ``flops``, ``scores`` of the proxy, ``query`` (which look-up of an accuracy it was; nan for none),
    ``accuracy`` (nan where it was not asked for).
    """

    @property
    def best(self) -> str | None:
        """The architecture found, as text; None if none was allowed."""
        best = self.found["best"]
        return None if best is None else str(best["architecture"])

    @property
    def accuracy(self) -> float:
        """Its accuracy; nan if it is unknown."""
        best = self.found["best"] or {}
        return math.nan if best.get("accuracy") is None else float(best["accuracy"])

    @property
    def queries(self) -> int:
        """Number of accuracies that were asked for."""
        return int(self.found["queries"])

    @property
    def summary(self) -> str:
        known = "unknown" if math.isnan(self.accuracy) else f"{self.accuracy:g}"
        return f"accuracy {known} after {counted(self.queries, 'query', 'queries')}, {self.best}"

    def plot(self) -> go.Figure:
        """Draw the accuracies that were asked for, and the best so far."""
        from eproxy_engine.api.figures import BLUE, GREY, figure, go

        rows = self.frame.dropna(subset=["query"]).sort_values("query")
        asked = {"x": rows["query"], "text": rows["architecture"]}
        points = go.Scatter(**asked, y=rows["accuracy"], mode="markers", name="queried", marker_color=GREY)
        best = go.Scatter(**asked, y=rows["accuracy"].cummax(), name="best so far", line_color=BLUE)
        return figure(points, best, title=self.summary, x="queries", y="accuracy", legend=True)


def search_architecture(
    space: str,
    strategy: str = ArchitectureSearchSettings.strategy,
    *,
    queries: int = ArchitectureSearchSettings.queries,
    task: str | None = None,
    proxy: ProxyLike = "laptop",
    proxy_settings: Mapping[str, Any] | None = None,
    spent: Architectures | None = None,
    seeds: int | Sequence[int] = 1,
    proxy_seed: int = 1,
    images: str = "bundled",
    device: str = "auto",
    workers: int | str | None = None,
    store: str | os.PathLike[str] | None = None,
    progress: bool = True,
    **settings: Any,
) -> FoundArchitecture:
    """Look for the best architecture of a space, and count every accuracy that is asked for (Li et al. 2022, §3.5).

    Args:
        space: Name of a search space.
        strategy: ``random``, ``evolution``, ``local``, ``bayesian`` (go by accuracies), ``proxy-evolution`` or
            ``seeded-evolution`` (go by a proxy, too).
        queries: Most accuracies that may be asked for.
        task: What the accuracies were measured on; by default the space's first.
        proxy: Proxy of the strategies that need one, as for :func:`evaluate`.
        proxy_settings: Changes of the proxy, such as ``{"width": 8}``.
        spent: Architectures that the proxy was designed on, the first queries: a number, or texts.
        seeds: Seed of the strategy, or several searches' seeds.
        proxy_seed: Seed of the proxy's images, weights and targets.
        images: Image source, as for :func:`evaluate`, like the arguments below.
        device: ``auto``, ``cpu`` or ``cuda``.
        workers: Number of processes, or the address of a Ray cluster.
        store: Path of the store.
        progress: Whether to show a progress bar.
        settings: Other settings of the search, such as ``population=20, cycles=100``, and bounds of the architecture,
            such as ``max_flops=100_000_000`` (docs/SETTINGS.md).

    Returns:
        The best architecture, and all that were tried.

    Raises:
        UserError: If a value is not accepted.

    Example:
        >>> import eproxy_engine as ep
        >>> found = ep.search_architecture("nasbench201", "evolution", queries=50, progress=False)
        >>> found.queries, found.accuracy > 90
        (50, True)
    """
    bounds = {name: settings.pop(name) for name in table(Constraints) if name in settings}
    given = {"strategy": strategy, "queries": queries, "constraints": bounds, **settings}
    specification = ArchitectureSearchSpecification(
        space,
        benchmarks.task(space, task).name,
        settings_of(ArchitectureSearchSettings, given),
        proxy_of(proxy, proxy_settings),
        None if spent is None else sample_of(spent, "random", 1),
        images,
        (seeds,) if isinstance(seeds, int) else tuple(seeds),
        proxy_seed,
    )
    with carried_out(specification, device, workers, store, progress) as (run, opened):
        return FoundArchitecture(specification.title, _trials(opened.history(run.id)), run.id, run.result or {})


def _trials(history: list[dict[str, Any]]) -> pd.DataFrame:
    trials = pd.DataFrame(history, columns=list(COLUMNS))
    trials["query"] = trials["query"].astype(float)
    trials["accuracy"] = trials["accuracy"].astype(float)
    return trials
