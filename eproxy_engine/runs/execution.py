"""Carrying out a run: driving its plan with outcomes from the store, or computing them where those are missing."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.runs.executors import Executor
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.plan import Plan
from eproxy_engine.runs.plans import plan_of
from eproxy_engine.runs.store import Store


def execute(store: Store, lease: Lease, executor: Executor) -> None:
    """Compute what is missing, report progress, keep history and result. Raises LetGo when asked to pause or stop."""
    carrying_out = _CarryingOut(store, lease, executor, plan_of(lease.run.specification))
    try:
        carrying_out.to_its_end()
    finally:
        lease.keep_result(carrying_out.plan.result(carrying_out.outcomes))


class _CarryingOut:
    def __init__(self, store: Store, lease: Lease, executor: Executor, plan: Plan) -> None:
        self.plan = plan
        self.outcomes: dict[str, Outcome] = {}
        self._store, self._lease, self._executor = store, lease, executor
        self._counts = _Counts()
        self._kept = 0

    def to_its_end(self) -> None:
        steps = self.plan.steps()
        try:
            wanted = next(steps)
            while True:
                self._obtain(wanted)
                wanted = steps.send(self.outcomes)
                self._keep_history()
        except StopIteration:
            self._keep_history()
            self._report(0, final=True)

    def _obtain(self, wanted: list[Evaluation]) -> None:
        """Have all outcomes of ``wanted``, from before, from the store or computed."""
        unknown = {e.key: e for e in wanted if e.key not in self.outcomes}
        stored = self._store.outcomes(unknown.values())
        self.outcomes |= stored
        missing = [evaluation for key, evaluation in unknown.items() if key not in stored]
        self._counts.reused += len(stored)
        self._report(len(missing))
        self._lease.check()
        with closing(self._executor.run(missing)) as computing:  # type: ignore[type-var]
            for left, (evaluation, outcome) in zip(range(len(missing) - 1, -1, -1), computing, strict=True):
                self._store.put(evaluation, outcome)
                self.outcomes[evaluation.key] = outcome
                self._counts.another()
                self._report(left)
                if left:  # after the last one, what they lead to is kept first
                    self._lease.check()

    def _report(self, missing: int, final: bool = False) -> None:
        self._lease.report(self._counts.as_dict(missing + self.plan.remaining()) | self.plan.progress(), final=final)

    def _keep_history(self) -> None:
        rows = self.plan.history()
        self._store.extend_history(self._lease.run.id, self._kept, rows[self._kept :])
        self._kept = len(rows)


@dataclass
class _Counts:
    """Evaluations that the run needed so far, and how quickly they come."""

    reused: int = 0
    computed: int = 0
    first: float | None = None
    """When the first one was computed; before that, processes are still being started."""

    def another(self) -> None:
        self.computed += 1
        self.first = self.first or time.monotonic()

    def as_dict(self, left: int) -> dict[str, Any]:
        done = self.reused + self.computed
        seconds = None
        if self.first is not None and self.computed > 1:
            seconds = (time.monotonic() - self.first) / (self.computed - 1) * left
        return {"done": done, "total": done + left, "reused": self.reused, "seconds_left": seconds}
