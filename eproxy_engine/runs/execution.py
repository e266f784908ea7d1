"""Carrying out a run: driving its plan with outcomes from the store, and computing missing ones."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.runs.executors import Executor, place_of
from eproxy_engine.runs.kinds.registry import plan_of
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.plan import Plan, following
from eproxy_engine.runs.store import Store, stored_bytes


def execute(store: Store, lease: Lease, executor: Executor) -> None:
    """Carry out a run: compute missing outcomes, report progress, store history and result.

    Raises:
        LetGo: If a pause or stop is requested.
    """
    carrying_out = _CarryingOut(store, lease, executor, plan_of(lease.run.specification))
    try:
        carrying_out.to_its_end()
    finally:
        carrying_out.report(final=True)  # also of a run that is paused or stopped between two reports
        lease.keep_result(carrying_out.plan.result(carrying_out.outcomes))
        lease.describe(carrying_out.device, stored_bytes(carrying_out.outcomes.values()))


class _CarryingOut:
    def __init__(self, store: Store, lease: Lease, executor: Executor, plan: Plan) -> None:
        self.plan = plan
        self.outcomes: dict[str, Outcome] = {}
        self._store, self._lease, self._executor = store, lease, executor
        self._counts = _Counts(own=own_work(lease.run.progress))
        self._asked = _Asked()
        self._kept = 0

    @property
    def device(self) -> str | None:
        """Where evaluations were computed; None if all were stored."""
        return place_of(self._executor) if self._counts.computed else None

    def to_its_end(self) -> None:
        steps = self.plan.steps()
        wanted = next(steps, None)
        with closing(self._executor.run(self._asked)) as computing:  # type: ignore[type-var]
            while wanted is not None:
                self._keep_history()
                self._obtain(wanted, computing)
                wanted = following(steps, self.outcomes)
        self._keep_history()

    def _obtain(self, wanted: list[Evaluation], computing: Iterator[tuple[Evaluation, Outcome]]) -> None:
        """Get all outcomes of ``wanted``, stored or computed, and start the plan's next ones where places are free."""
        self._ask([*wanted, *self.plan.ahead(self.outcomes)])
        self.report()
        self._lease.check()
        missing = {evaluation.key for evaluation in wanted} - self.outcomes.keys()
        while missing:
            evaluation, outcome = next(computing)
            self._store.put(evaluation, outcome)
            self.outcomes[evaluation.key] = outcome
            self._asked.answer(evaluation)
            self._counts.another()
            missing.discard(evaluation.key)
            if missing and (ahead := self.plan.ahead(self.outcomes)):
                self._ask([*wanted, *ahead])
            self.report()
            if missing:  # after the last one, their results are stored first
                self._lease.check()

    def _ask(self, evaluations: list[Evaluation]) -> None:
        """Request evaluations without a known outcome, in order."""
        unknown = {e.key: e for e in evaluations if e.key not in self.outcomes}
        stored = self._store.outcomes(e for key, e in unknown.items() if key not in self._asked)
        self.outcomes |= stored
        self._counts.reused += len(stored)
        self._asked.put(e for key, e in unknown.items() if key not in stored)

    def report(self, final: bool = False) -> None:
        """Report the progress, a final one in any case."""
        left = len(self._asked) + self.plan.remaining()
        self._lease.report(self._counts.as_dict(left) | self.plan.progress(), final=final)

    def _keep_history(self) -> None:
        rows = self.plan.history()
        self._store.extend_history(self._lease.run.id, self._kept, rows[self._kept :])
        self._kept = len(rows)


class _Asked(Iterator[Evaluation]):
    """Evaluations to compute. It may yield more after it was exhausted."""

    def __init__(self) -> None:
        self._waiting: dict[str, Evaluation] = {}
        self._under_way: set[str] = set()

    def put(self, evaluations: Iterable[Evaluation]) -> None:
        """Replace the waiting evaluations, in order, leaving out those under way."""
        self._waiting = {e.key: e for e in evaluations if e.key not in self._under_way}

    def answer(self, evaluation: Evaluation) -> None:
        self._under_way.remove(evaluation.key)

    def __next__(self) -> Evaluation:
        for key in self._waiting:
            self._under_way.add(key)
            return self._waiting.pop(key)
        raise StopIteration

    def __contains__(self, key: object) -> bool:
        return key in self._waiting or key in self._under_way

    def __len__(self) -> int:
        return len(self._waiting) + len(self._under_way)


@dataclass
class _Counts:
    """Number of evaluations that the run has needed so far, and their speed."""

    own: int = 0
    """Computed by the run itself before it was resumed."""
    reused: int = 0
    """Found in the store, also what the run itself has put there."""
    computed: int = 0
    first: float | None = None
    """When the first one was computed; before that, processes are starting."""

    def another(self) -> None:
        self.computed += 1
        self.first = self.first or time.monotonic()

    def as_dict(self, left: int) -> dict[str, Any]:
        done = self.reused + self.computed
        seconds = None
        if self.first is not None and self.computed > 1:
            seconds = (time.monotonic() - self.first) / (self.computed - 1) * left
        return {
            "done": done,
            "total": done + left,
            "reused": self.reused,
            "computed": self.own + self.computed,
            "seconds_left": seconds,
        }


def own_work(progress: dict[str, Any]) -> int:
    """Return how many evaluations a run has computed itself; runs of earlier versions count only all and reused."""
    return int(progress.get("computed", progress.get("done", 0) - progress.get("reused", 0)))
