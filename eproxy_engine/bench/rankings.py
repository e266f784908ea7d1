"""Agreement of the rankings of fast ways of computing with that of the plain way.

The plain way is float32, the default (NCHW) layout, every operation as written; one thread, for the sake of other
processes, which changes only the order of sums. All are compared on the same architectures with the same seed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from eproxy_engine import benchmarks, statistics
from eproxy_engine.bench.evaluations import IMAGES, SEED, plain_arithmetic
from eproxy_engine.proxy import Configuration, Evaluation
from eproxy_engine.proxy.configuration import configuration_of
from eproxy_engine.proxy.evaluation import NATIVE
from eproxy_engine.runs.executors import cores
from eproxy_engine.runs.executors.processes import context
from eproxy_engine.sampling import Sample

WAYS = ("engine", "bfloat16", "stacked", "native", "reordered")
"""Torch the fast way, the same in bfloat16, the same stacked with another seed's network, compiled kernels, and the
plain way with its sums in another order (channels last): the yardstick, as training multiplies roundings."""


@dataclass(frozen=True)
class Ranking:
    """Comparison of one way with the plain one."""

    space: str
    way: str
    """``plain``, or one of :data:`WAYS`."""
    architectures: int
    agreement: float
    """Spearman's ρ between its scores and those of the plain way."""
    rho: float
    """Spearman's ρ with the accuracy."""
    difference: float
    """``rho`` minus that of the plain way."""
    diverged: int


def rankings(space: str, configuration: Configuration, size: int, ways: tuple[str, ...]) -> Iterator[str | Ranking]:
    """Compare fast ways of computing with the plain one.

    Args:
        space: Name of the search space.
        configuration: The proxy's configuration.
        size: Number of random architectures.
        ways: Some of :data:`WAYS`; `native` is shown beside `reordered`.

    Yields:
        Lines of progress, then a comparison for each way, the plain one first.
    """
    task = benchmarks.task(space).name
    sample = Sample(size=size).draw(space, task)
    accuracy = sample["accuracy"].to_numpy(float)
    evaluations = [Evaluation.of(space, text, configuration, IMAGES, SEED) for text in sample["architecture"]]
    compared: dict[str, np.ndarray] = {}
    if "native" in ways and "reordered" not in ways:
        ways = (*ways, "reordered")
    with context().Pool(cores()) as pool:
        for way in ("plain", *ways):
            compared[way] = np.array(pool.map(_WAYS[way], evaluations, chunksize=1))
            yield f"{space}: {way} done"
    plain = compared["plain"]
    for way, scores in compared.items():
        rho = statistics.spearman(scores, accuracy)
        difference = rho - statistics.spearman(plain, accuracy)
        diverged = int(np.isneginf(scores).sum())
        yield Ranking(space, way, size, statistics.spearman(scores, plain), rho, difference, diverged)


def _plain(evaluation: Evaluation) -> float:
    from eproxy_engine.proxy.training import evaluate

    return evaluate(evaluation, "cpu", plain_arithmetic(threads=1)).score(configuration_of(evaluation), 0.0)


def _engine(evaluation: Evaluation) -> float:
    from eproxy_engine.proxy.training import evaluate

    return evaluate(evaluation, "cpu").score(configuration_of(evaluation), 0.0)


def _bfloat16(evaluation: Evaluation) -> float:
    return _engine(replace(evaluation, configuration=replace(configuration_of(evaluation), precision="bfloat16")))


def _native(evaluation: Evaluation) -> float:
    return _engine(replace(evaluation, arithmetic=NATIVE))


def _reordered(evaluation: Evaluation) -> float:
    from eproxy_engine.proxy.training import evaluate

    given = replace(plain_arithmetic(threads=1), channels_last=True)
    return evaluate(evaluation, "cpu", given).score(configuration_of(evaluation), 0.0)


def _stacked(evaluation: Evaluation) -> float:
    from eproxy_engine.proxy.together import evaluate_together

    outcome, _ = evaluate_together([evaluation, replace(evaluation, seed=evaluation.seed + 1)], "cpu")
    return outcome.score(configuration_of(evaluation), 0.0)


_WAYS = {
    "plain": _plain,
    "engine": _engine,
    "bfloat16": _bfloat16,
    "stacked": _stacked,
    "native": _native,
    "reordered": _reordered,
}
