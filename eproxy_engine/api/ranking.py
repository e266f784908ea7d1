"""``ep.rank``: a few accuracies and many cheap scores rank all other architectures."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from eproxy_engine import benchmarks
from eproxy_engine.api.arguments import Architectures, ProxyLike, accuracies_of, named_proxies, sample_of, settings_of
from eproxy_engine.api.carrying_out import carried_out
from eproxy_engine.api.result import RunResult
from eproxy_engine.baselines import Baseline
from eproxy_engine.counted import counted
from eproxy_engine.errors import UserError
from eproxy_engine.learning.measure_next import BEST
from eproxy_engine.learning.panels import panel as panel_named
from eproxy_engine.learning.settings import RankingSettings
from eproxy_engine.runs import RankingSpecification
from eproxy_engine.runs.kinds.ranking.problem import Problem, problem_of, ranking
from eproxy_engine.sampling import ANYWHERE, drawable, drawable_anywhere

if TYPE_CHECKING:
    import plotly.graph_objects as go

HELD_OUT = 500
"""Candidates beside the labelled ones, if there are as many."""


@dataclass(frozen=True, eq=False, repr=False)
class Ranked(RunResult):
    """A learned ranking, and how good it is.

    ``frame`` has a row per candidate, the best first: ``rank``, ``architecture``, ``predicted`` and ``deviation`` on
    the scale of normal scores, ``labelled``, ``accuracy`` (nan where unknown) and a column per score.
    """

    problem: Problem
    """What the model was given."""

    @property
    def rho(self) -> float:
        """Spearman's ρ on architectures without a label, mean over draws of the labels; nan if nothing can judge."""
        return self._mean("rho")

    @property
    def rho_sd(self) -> float:
        """Its standard deviation over draws."""
        return float((self.found.get("rho") or {}).get("sd") or 0.0)

    def _mean(self, name: str) -> float:
        value = (self.found.get(name) or {}).get("mean")
        return float("nan") if value is None else float(value)

    @property
    def summary(self) -> str:
        labels = counted(self.found["labels"], "label")
        if "rho" not in self.found:
            return f"{len(self.frame)} candidates by {labels}, nothing is left to judge"
        draws = counted(self.found["draws"], "draw")
        return f"ρ = {self.rho:.2f} ± {self.rho_sd:.2f} by {labels}, n = {self.found['n']}, {draws}"

    def next(self, count: int, aim: str = BEST) -> list[str]:
        """Return the architectures to measure next, most useful first.

        Args:
            count: How many.
            aim: ``best`` to find the best, ``telling`` to learn most.
        """
        return self.problem.next(count, aim)

    def plot(self) -> go.Figure:
        """Draw the accuracy over the prediction, the labelled architectures apart."""
        from eproxy_engine.api.figures import BLUE, ORANGE, figure, go

        traces = []
        for labelled, name, colour in ((False, "predicted", BLUE), (True, "labelled", ORANGE)):
            rows = self.frame[self.frame["labelled"] == labelled]
            points = {"x": rows["predicted"], "y": rows["accuracy"], "text": rows["architecture"]}
            traces.append(go.Scatter(**points, mode="markers", marker_color=colour, name=name))
        return figure(*traces, title=self.summary, x="predicted (normal score)", y="accuracy", legend=True)


def rank(
    space: str,
    labels: int | Mapping[str, float] | pd.Series = 20,
    candidates: Architectures | None = None,
    *,
    task: str | None = None,
    panel: str = "quick",
    proxies: Iterable[ProxyLike] | Mapping[str, ProxyLike] = (),
    model: str = "gp",
    rule: str = "random",
    seed: int = 1,
    draw: int | None = None,
    images: str = "bundled",
    device: str = "auto",
    workers: int | str | None = None,
    store: str | os.PathLike[str] | None = None,
    progress: bool = True,
    **settings: Any,
) -> Ranked:
    """Rank architectures by a few accuracies and a panel of cheap scores, and judge the ranking on the others.

    Args:
        space: Name of a search space.
        labels: How many of the known accuracies the model may see; or accuracies of your own, higher is better, by
            architecture.
        candidates: What is ranked: a number of architectures, or these as text; by default the labelled ones and 500
            others, if there are as many.
        task: What the accuracies were measured on; by default the space's first.
        panel: ``instant`` (size and descriptors), ``quick`` (and seven zero-cost proxies) or ``full`` (and Eproxy).
        proxies: Further proxies of the panel, as for :func:`compare`.
        model: ``gp`` (Gaussian process), ``ridge``, ``best``, ``mean4`` or ``prior``.
        rule: ``random``, or ``space`` for candidates that nobody has measured.
        seed: Seed of draws, images and evaluations, and of the candidates if ``draw`` is None.
        draw: Seed of the candidates.
        images: Image source, as for :func:`evaluate`, like the arguments below.
        device: ``auto``, ``cpu`` or ``cuda``.
        workers: Number of processes, or the address of a Ray cluster.
        store: Path of the store.
        progress: Whether to show a progress bar.
        settings: Other settings of a learned ranking: ``choose``, ``draws`` (docs/SETTINGS.md).

    Returns:
        The ranking, and its ρ on architectures whose accuracies it has not seen.

    Raises:
        UserError: If a value is not accepted.

    Example:
        >>> import eproxy_engine as ep
        >>> found = ep.rank("nasbench201", 10, 40, panel="instant", draws=2, progress=False)
        >>> len(found.frame), int(found.frame["labelled"].sum()), len(found.next(3))
        (40, 10, 3)
    """
    own = () if isinstance(labels, int) else accuracies_of(labels)
    count = len(own) if own else labels
    given = settings_of(RankingSettings, {"model": model, **({} if own else {"labels": labels}), **settings})
    named_task = benchmarks.task(space, task).name
    if candidates is None:
        assert isinstance(count, int)
        wanted = count + HELD_OUT
        candidates = min(wanted, drawable_anywhere(space, wanted) if rule == ANYWHERE else drawable(space, named_task))
    specification = RankingSpecification(
        space,
        named_task,
        sample_of(candidates, rule, seed if draw is None else draw),
        panel_named(panel).with_proxies(named_proxies(proxies, Baseline.batch, Baseline.width)),
        given,
        own,
        images,
        seed,
    )
    with carried_out(specification, device, workers, store, progress) as (run, opened):
        assert isinstance(run.specification, RankingSpecification)
        problem = problem_of(run.specification, opened.outcomes(run.specification.evaluations()))
        if problem is None:
            raise UserError("scores of this run are missing in the store; run it again")
        return Ranked(specification.title, ranking(problem), run.id, run.result or {}, problem)
