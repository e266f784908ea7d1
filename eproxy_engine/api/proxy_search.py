"""``ep.search_proxy``: Discrete Proxy Search."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from eproxy_engine import benchmarks
from eproxy_engine.api.arguments import Architectures, plain_settings, sample_of
from eproxy_engine.api.carrying_out import carried_out
from eproxy_engine.api.result import RunResult, interval, number, with_interval
from eproxy_engine.runs import ProxySearchSpecification
from eproxy_engine.scoring import Proxy
from eproxy_engine.scoring.proxy import proxy_of, title_of, to_yaml
from eproxy_engine.search.proxy_search.settings import DEFAULT, ProxySearchSettings
from eproxy_engine.search.proxy_search.settings import settings as preset_settings

if TYPE_CHECKING:
    import plotly.graph_objects as go


@dataclass(frozen=True, eq=False, repr=False)
class FoundProxy(RunResult):
    """The proxy that a search has found, judged on architectures that it has not seen.

    ``frame`` has a row per configuration that was tried, in order: ``rho`` on the sample (optimistic, as it is the
    best of many), ``best_rho`` so far, ``parent`` (place of the one that it was bred from), ``evaluated`` and
    ``diverged`` (numbers of architectures), ``reused`` and ``configuration`` (plain values).
    """

    @property
    def proxy(self) -> Proxy:
        """The proxy, which :func:`evaluate`, :func:`compare` and the others take."""
        return proxy_of(self.found["proxy"])

    @property
    def rho(self) -> float:
        """Spearman's ρ on held-out architectures; nan without any."""
        return number(self.found, "rho")

    @property
    def rho_interval(self) -> tuple[float, float]:
        """Bootstrap interval of ρ at 95%."""
        return interval(self.found, "rho")

    @property
    def sample_rho(self) -> float:
        """ρ on the architectures of the search: optimistic, as it was chosen by them."""
        return number(self.found, "sample_rho")

    @property
    def summary(self) -> str:
        judged = ""
        if "n" in self.found:
            judged = f"{with_interval(self.found, 'rho', 'held-out ρ')}, n = {self.found['n']}; "
        return f"{title_of(self.proxy)}: {judged}ρ = {self.sample_rho:.2f} on the sample (optimistic)"

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the proxy to a YAML file, which every ``proxy=`` and ``--config`` takes. Raises OSError."""
        Path(path).write_text(to_yaml(self.proxy), "utf-8")

    def plot(self) -> go.Figure:
        """Draw the ρ on the sample of all configurations, and of the best so far."""
        from eproxy_engine.api.figures import BLUE, GREY, figure, go

        tried = go.Scatter(x=self.frame.index, y=self.frame["rho"], mode="markers", name="tried", marker_color=GREY)
        best = go.Scatter(x=self.frame.index, y=self.frame["best_rho"], name="best so far", line_color=BLUE)
        return figure(tried, best, title=self.summary, x="configurations tried", y="ρ on the sample", legend=True)


def search_proxy(
    space: str,
    architectures: Architectures = 20,
    *,
    task: str | None = None,
    preset: str = DEFAULT,
    held_out: int = 200,
    rule: str = "random",
    seed: int = 1,
    draw: int | None = None,
    images: str = "bundled",
    device: str = "auto",
    workers: int | str | None = None,
    store: str | os.PathLike[str] | None = None,
    progress: bool = True,
    **settings: Any,
) -> FoundProxy:
    """Search for a configuration of Eproxy that ranks a few architectures, and judge it on others (§2.2, A.6).

    Args:
        space: Name of a search space.
        architectures: Whose accuracy the search may use: a number, or architectures as text.
        task: What the accuracies were measured on; by default the space's first.
        preset: Settings to start from: ``paper`` or ``robust``.
        held_out: Number of other architectures that judge the proxy.
        rule: How the sample is drawn, as for :func:`evaluate`.
        seed: Seed of search, images and evaluations, and of the sample if ``draw`` is None.
        draw: Seed of the sample.
        images: Image source, as for :func:`evaluate`, like the arguments below.
        device: ``auto``, ``cpu`` or ``cuda``.
        workers: Number of processes, or the address of a Ray cluster.
        store: Path of the store.
        progress: Whether to show a progress bar.
        settings: Other settings of the search, such as ``cycles=50, population=20, members=3`` (docs/SETTINGS.md).

    Returns:
        The proxy found.

    Raises:
        UserError: If a value is not accepted.

    Example:
        A search takes minutes; this one fails before it begins.

        >>> import eproxy_engine as ep
        >>> ep.search_proxy("nasbench201", 20, populaton=10)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        eproxy_engine.errors.UserError: unknown search key 'populaton'; accepted: strategy, population, ...
    """
    specification = ProxySearchSpecification(
        space,
        benchmarks.task(space, task).name,
        sample_of(architectures, rule, seed if draw is None else draw),
        replace(preset_settings(preset), **plain_settings(ProxySearchSettings, settings)),
        images,
        seed,
        held_out,
    )
    with carried_out(specification, device, workers, store, progress) as (run, opened):
        trials = pd.DataFrame(opened.history(run.id)).drop(columns=["scores"])
        trials.insert(1, "best_rho", trials["rho"].cummax())
        return FoundProxy(specification.title, trials, run.id, run.result or {})
