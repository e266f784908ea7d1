"""``ep.evaluate``: one proxy on architectures of known accuracy."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eproxy_engine import benchmarks
from eproxy_engine.api.arguments import Architectures, ProxyLike, proxy_of, sample_of
from eproxy_engine.api.carrying_out import carried_out
from eproxy_engine.api.result import RunResult, interval, number, with_interval
from eproxy_engine.runs import EvaluationSpecification
from eproxy_engine.runs.kinds.evaluation.rows import stored_rows

if TYPE_CHECKING:
    import plotly.graph_objects as go


@dataclass(frozen=True, eq=False, repr=False)
class Evaluated(RunResult):
    """How well a proxy ranks architectures.

    ``frame`` has a row per architecture: ``architecture``, ``accuracy`` (nan if unknown), ``score`` (higher is better;
    −inf where the training diverged), ``parameters``, ``flops`` (multiply–accumulates), ``losses`` (one per
    iteration), ``seconds``, ``diverged``, ``note`` and the other columns of the benchmark.
    """

    @property
    def rho(self) -> float:
        """Spearman's ρ between score and accuracy; nan if it is undefined."""
        return number(self.found, "rho")

    @property
    def rho_interval(self) -> tuple[float, float]:
        """Bootstrap interval of ρ at 95%; nan with fewer than five architectures."""
        return interval(self.found, "rho")

    @property
    def tau(self) -> float:
        """Kendall's τ."""
        return number(self.found, "tau")

    @property
    def top10(self) -> float:
        """Share of the most accurate tenth that is among the tenth with the highest scores."""
        return number(self.found, "top10")

    @property
    def n(self) -> int:
        """Number of architectures of known accuracy."""
        return int(self.found["n"])

    @property
    def summary(self) -> str:
        return f"{with_interval(self.found, 'rho', 'ρ')}, n = {self.n}"

    def plot(self) -> go.Figure:
        """Draw accuracy over score, a point per architecture."""
        from eproxy_engine.api.figures import BLUE, figure, go

        rows = self.frame[~self.frame["diverged"]]
        points = go.Scatter(
            x=rows["score"], y=rows["accuracy"], text=rows["architecture"], mode="markers", marker_color=BLUE
        )
        return figure(points, title=self.summary, x="score", y="accuracy")


def evaluate(
    space: str,
    architectures: Architectures = 200,
    proxy: ProxyLike = "laptop",
    *,
    task: str | None = None,
    settings: Mapping[str, Any] | None = None,
    rule: str = "random",
    seed: int = 1,
    draw: int | None = None,
    images: str = "bundled",
    device: str = "auto",
    workers: int | str | None = None,
    store: str | os.PathLike[str] | None = None,
    progress: bool = True,
) -> Evaluated:
    """Score architectures by a proxy and correlate the scores with their accuracies (Li et al. 2022, §2, §3.2).

    Args:
        space: Name of a search space, such as ``nasbench201``.
        architectures: Size of a sample of those with a known accuracy, or architectures as text.
        proxy: A preset of Eproxy (``laptop``, ``paper``), another proxy's name (``naswot``, ``az_nas``, ``flops``, …),
            the path of a YAML file, a configuration, or the result of :func:`search_proxy`.
        task: What the accuracies were measured on; by default the space's first.
        settings: Changes of the proxy, such as ``{"width": 8, "iterations": 20}`` (docs/SETTINGS.md).
        rule: How the sample is drawn: ``random``, ``best``, ``worst``, ``spread``, ``space`` (of the whole space, whose
            accuracies may be unknown) or the name of a marked subset.
        seed: Seed of images, weights and targets, and of the sample if ``draw`` is None.
        draw: Seed of the sample.
        images: ``bundled``, ``noise``, ``cifar10``, ``cifar10:PATH`` or ``folder:PATH``; a batch is ``[b, 3, 32, 32]``.
        device: ``auto``, ``cpu`` or ``cuda``.
        workers: Number of processes, by default one a core; or the address of a Ray cluster.
        store: Path of the store; by default the one that the dashboard shows.
        progress: Whether to show a progress bar.

    Returns:
        The scores and their correlation with the accuracies.

    Raises:
        UserError: If a value is not accepted; the message shows it and says what would be.

    Example:
        >>> import eproxy_engine as ep
        >>> found = ep.evaluate("nasbench201", 5, "flops", progress=False)
        >>> found.n, list(found.frame)[:2]
        (5, ['architecture', 'accuracy'])
        >>> round(found.rho, 2)
        0.6
    """
    specification = EvaluationSpecification(
        space,
        benchmarks.task(space, task).name,
        sample_of(architectures, rule, seed if draw is None else draw),
        proxy_of(proxy, settings),
        images,
        seed,
    )
    with carried_out(specification, device, workers, store, progress) as (run, opened):
        return Evaluated(specification.title, stored_rows(opened, specification), run.id, run.result or {})
