"""``ep.compare``: several proxies on the same architectures."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from eproxy_engine import benchmarks
from eproxy_engine.api.arguments import Architectures, ProxyLike, named_proxies, sample_of
from eproxy_engine.api.carrying_out import carried_out
from eproxy_engine.api.result import RunResult, with_interval
from eproxy_engine.baselines import Baseline, tabulated
from eproxy_engine.runs import ComparisonSpecification
from eproxy_engine.runs.kinds.comparison.plan import scores_of
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring.named import SLOW, names

if TYPE_CHECKING:
    import plotly.graph_objects as go


@dataclass(frozen=True, eq=False, repr=False)
class Compared(RunResult):
    """How well proxies rank the same architectures.

    ``frame`` has a row per proxy, the best first: ``name``, ``rho`` with ``rho_low`` and ``rho_high`` and likewise
    ``tau``, ``top10``, ``precision10`` and ``ndcg``; ``partial_rho`` given parameters and FLOPs; ``n``, ``failed``,
    ``seed_rhos``, ``seconds_per_architecture`` and ``peak_megabytes``. None where a figure is undefined.
    """

    scores: pd.DataFrame
    """A row per architecture: ``architecture``, ``accuracy``, ``parameters``, ``flops``, and the scores of each proxy
    under its name, higher is better."""

    @property
    def summary(self) -> str:
        best = self.frame.iloc[0]
        return f"best of {len(self.frame)}: {best['name']}, {with_interval(dict(best), 'rho', 'ρ')}, n = {best['n']}"

    def plot(self) -> go.Figure:
        """Draw the ρ of each proxy with its interval."""
        from eproxy_engine.api.figures import BLUE, figure, go

        rows = self.frame[::-1]
        error = {
            "type": "data",
            "symmetric": False,
            "array": rows["rho_high"] - rows["rho"],
            "arrayminus": rows["rho"] - rows["rho_low"],
        }
        dots = go.Scatter(x=rows["rho"], y=rows["name"], error_x=error, mode="markers", marker_color=BLUE)
        return figure(dots, title=self.summary, x="Spearman ρ with the accuracy")


def compare(
    space: str,
    architectures: Architectures = 200,
    proxies: ProxyLike | Iterable[ProxyLike] | Mapping[str, ProxyLike] | None = None,
    *,
    task: str | None = None,
    batch: int = Baseline.batch,
    width: int | str = Baseline.width,
    rule: str = "random",
    seeds: int | Sequence[int] = 1,
    draw: int | None = None,
    images: str = "bundled",
    device: str = "auto",
    workers: int | str | None = None,
    store: str | os.PathLike[str] | None = None,
    progress: bool = True,
) -> Compared:
    """Score the same architectures by several proxies and compare how well they rank them (Li et al. 2022, §3.2).

    Args:
        space: Name of a search space.
        architectures: Size of a sample, or architectures as text.
        proxies: Names, files or configurations as for :func:`evaluate`, or a mapping of names of one's own to these;
            by default all that take seconds.
        task: What the accuracies were measured on; by default the space's first.
        batch: Images that a proxy other than Eproxy sees, ``[batch, 3, 32, 32]``.
        width: Stem channels of the networks that it sees: a number, ``small`` or ``published``.
        rule: How the sample is drawn, as for :func:`evaluate`.
        seeds: A seed, or several, whose spread is shown.
        draw: Seed of the sample; by default the first seed.
        images: Image source, as for :func:`evaluate`, like the other arguments.
        device: ``auto``, ``cpu`` or ``cuda``.
        workers: Number of processes, or the address of a Ray cluster.
        store: Path of the store.
        progress: Whether to show a progress bar.

    Returns:
        The proxies with their correlations, and their scores.

    Raises:
        UserError: If a value is not accepted.

    Example:
        >>> import eproxy_engine as ep
        >>> found = ep.compare("nasbench201", 5, ["flops", "parameters"], progress=False)
        >>> found.frame["name"].tolist(), list(found.scores)
        (['flops', 'parameters'], ['architecture', 'accuracy', 'parameters', 'flops'])
    """
    every = (seeds,) if isinstance(seeds, int) else tuple(seeds)
    named_task = benchmarks.task(space, task).name
    sample = sample_of(architectures, rule, draw if draw is not None else every[0] if every else 1)
    wanted = _all(sample, space, named_task) if proxies is None else proxies
    specification = ComparisonSpecification(
        space, named_task, sample, named_proxies(wanted, batch, width), images, every
    )
    with carried_out(specification, device, workers, store, progress) as (run, opened):
        found = run.result or {}
        frame = pd.DataFrame(found["proxies"]).sort_values("rho", ascending=False, kind="stable", ignore_index=True)
        scores = scores_of(specification, opened.outcomes(specification.evaluations()), unknown=True)
        return Compared(specification.title, frame, run.id, found, scores)


def _all(sample: Sample, space: str, task: str) -> list[str]:
    """Name all proxies but the slowest."""
    return [name for name in names(tabulated.available(sample.draw(space, task))) if name not in SLOW]
