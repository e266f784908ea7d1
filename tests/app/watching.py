"""Runs that are looked at on their way, outcome by outcome: what a page meets while a run goes on.

The worker's own code drives them, so status, progress, history and evaluations in the store are what they would be.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np

from eproxy_engine.landscape import Part
from eproxy_engine.proxy import Configuration, Evaluation, Outcome
from eproxy_engine.runs import Run, Store
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.worker import work_on

Outcomes = Callable[[Evaluation], Outcome]
Look = Callable[[str, int], None]
"""Given where the run stands (``claimed``, ``running``, ``ending`` or, at last, its status), and how often it has been
looked at while it was running: once before the first outcome, and once after each."""


def watched(store: Store, run: Run, outcome: Outcomes, look: Look, *, workers: int = 1, seed: int = 1) -> Run:
    """Carry a waiting run out, looking once a worker has it, before and after each outcome, and when it has ended.

    ``workers``: evaluations under way at a time, of which a random one is finished first; ``seed``: of those draws.
    """
    lease = _Watched(store, run.id, look)
    look("claimed", 0)
    ended = work_on(store, lease, _OneByOne(outcome, workers, seed))
    look(ended.status, lease.moments)
    return ended


class _OneByOne:
    """An executor that asks for an outcome when it is its turn."""

    def __init__(self, outcome: Outcomes, workers: int, seed: int) -> None:
        self._outcome, self._workers, self._rng = outcome, workers, np.random.default_rng(seed)

    def run(self, evaluations: Iterable[Evaluation]) -> Iterator[tuple[Evaluation, Outcome]]:
        under_way: list[Evaluation] = []
        asked = iter(evaluations)
        while under_way := [*under_way, *islice(asked, self._workers - len(under_way))]:
            evaluation = under_way.pop(self._rng.integers(len(under_way)))
            yield evaluation, self._outcome(evaluation)

    def close(self) -> None:
        pass


class _Watched(Lease):
    """Calls ``look`` wherever a worker would let go, and before it keeps the result; reports every time."""

    def __init__(self, store: Store, run_id: str, look: Look) -> None:
        super().__init__(store, run_id)
        self.moments = 0
        self._look = look

    def check(self) -> None:
        self._look("running", self.moments)
        self.moments += 1
        super().check()

    def report(self, progress: dict[str, Any], final: bool = False) -> None:
        super().report(progress, final=True)

    def keep_result(self, result: dict[str, Any] | None) -> None:
        self._look("ending", self.moments)
        super().keep_result(result)


def failing(outcome: Outcomes, share: float) -> Outcomes:
    """The same, but a share of the evaluations has failed: which ones, and how far they came, their keys decide."""

    def failed(evaluation: Evaluation) -> Outcome:
        whole, rng = outcome(evaluation), np.random.default_rng(int(evaluation.key, 16))
        if rng.random() >= share:
            return whole
        if isinstance(evaluation.configuration, Part):
            values = np.where(rng.random(np.shape(whole.values)) < rng.random(), math.nan, whole.values)
            return replace(whole, values=tuple(map(tuple, values.tolist())), note="some points are not finite")
        nothing = (math.nan,) * len(whole.values[0])
        if isinstance(evaluation.configuration, Configuration):
            return replace(whole, values=(*whole.values[: rng.integers(len(whole.values))], nothing))
        return replace(whole, values=(nothing,), note="RuntimeError: *no* [number] <b>came</b>")

    return failed
