"""Runs small enough to carry out in a test, and executors that cost nothing."""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from eproxy_engine.proxy import Branch, Configuration, Evaluation, Outcome
from eproxy_engine.runs import EvaluationSpecification, ProxySearchSpecification, Run, Store
from eproxy_engine.runs.executors import Executor
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.liveness import worker_name
from eproxy_engine.runs.worker import work_on
from eproxy_engine.sampling import Sample
from eproxy_engine.search.proxy_search.proxy_space import PROXY_SPACES, ProxySpace
from eproxy_engine.search.proxy_search.search import Dps, Problem
from eproxy_engine.search.proxy_search.settings import ProxySearchSettings

ROOT = Path(__file__).parents[2]
DEAD_WORKER = "no-such-host:1:1"
TIMINGS = ("seconds_per_architecture", "multiply_accumulates_per_second", "peak_megabytes")
"""Figures of a result that tell of the machine; all others are the same everywhere."""


def configuration(**changes: Any) -> Configuration:
    """Some 40 ms an evaluation."""
    branch = Branch("deepest", ("net",), c_mid=16, c_out=16)
    values = {"branches": (branch,), "width": 4, "iterations": 2, "batch": 2, "learning_rate": 0.1}
    return Configuration(**{**values, **changes})


def specification(size: int = 6, **changes: Any) -> EvaluationSpecification:
    values = {"sample": Sample(size=size), "proxy": configuration(), "images": "noise"}
    return EvaluationSpecification("nasbench201", "cifar10", **{**values, **changes})


LONG = replace(specification().evaluations()[0], configuration=configuration(iterations=1000, batch=64))
"""An evaluation that is still being computed when something happens to whoever computes it."""


class Instant:
    """An executor that makes losses up from the key, and remembers what it was asked for."""

    def __init__(self, diverging: int = 0) -> None:
        self.computed: list[Evaluation] = []
        self._diverging = diverging

    def run(self, evaluations: Iterable[Evaluation]) -> Iterator[tuple[Evaluation, Outcome]]:
        for evaluation in evaluations:
            self.computed.append(evaluation)
            yield evaluation, made_up(evaluation, diverged=len(self.computed) <= self._diverging)

    def close(self) -> None:
        pass


class OutOfOrder(Instant):
    """So many places, of which any one is done next."""

    def __init__(self, places: int, seed: int = 1) -> None:
        super().__init__()
        self._places, self._rng = places, random.Random(seed)
        self.under_way: list[int] = []
        """Places taken, whenever there is no more to be drawn or all are."""

    def run(self, evaluations: Iterable[Evaluation]) -> Iterator[tuple[Evaluation, Outcome]]:
        running: list[Evaluation] = []
        while True:
            running += islice(evaluations, self._places - len(running))
            if not running:
                return
            self.under_way.append(len(running))
            one = running.pop(self._rng.randrange(len(running)))
            self.computed.append(one)
            yield one, made_up(one)


def made_up(evaluation: Evaluation, diverged: bool = False) -> Outcome:
    shape = (evaluation.configuration.iterations, len(evaluation.configuration.branches))
    digits = hashlib.sha256(evaluation.key.encode()).digest()
    losses = [[digits[row * shape[1] + column] / 7 for column in range(shape[1])] for row in range(shape[0])]
    if diverged:
        losses[-1] = [math.nan] * shape[1]
    return Outcome(tuple(map(tuple, losses)), seconds=0.25)


def launched(store: Store, wanted: EvaluationSpecification | None = None) -> Run:
    return store.create(wanted or specification())


def finished(store: Store, wanted: EvaluationSpecification | None = None, executor: Instant | None = None) -> Run:
    return work_on(store, Lease(store, launched(store, wanted).id), executor or Instant())


def put_in(store: Store, run_id: str, status: str) -> None:
    """Make the run's row what it is in that status; ``running`` is under this very process."""
    worker = {"running": worker_name(), "interrupted": DEAD_WORKER}.get(status)
    stored = "running" if status == "interrupted" else status
    store.database.change(
        "UPDATE runs SET status = ?, worker = ?, heartbeat = CASE ? WHEN 'running' THEN unixepoch() ELSE 0 END "
        "WHERE id = ?",
        (stored, worker, status, run_id),
    )


def lasting(result: dict[str, Any] | None) -> dict[str, Any]:
    """A result without what differs from time to time."""
    assert result is not None
    return {key: value for key, value in result.items() if key not in TIMINGS}


def fill_disk(store: Store) -> None:
    """From now on the store's file cannot grow."""
    database = store.database
    database.query(f"PRAGMA max_page_count = {database.query('PRAGMA page_count')[0][0]}")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "store.sqlite3")
    yield opened
    opened.close()


# --- Discrete Proxy Search ---

TINY = ProxySpace(
    features=(("net",), ("dot",), ("wave_low", "wave_high")),
    coefficient=(1.0, 2.0),
    transform_kernel=(1, 3),
    barrier_kernel=(1, 3),
    c_mid=(16, 32),
    c_out=(16,),
    base=configuration(),
)
"""A proxy search space of configurations that cost some 40 ms an evaluation."""


@pytest.fixture
def tiny_space(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes ``TINY`` the proxy search space of the name ``tiny``, in this process."""
    monkeypatch.setitem(PROXY_SPACES, "tiny", TINY)


def proxy_search_settings(**changes: Any) -> ProxySearchSettings:
    """Eight trials; needs ``tiny_space``."""
    values = {"population": 4, "tournament": 2, "cycles": 4, "proxy_space": "tiny", "width": 4}
    return ProxySearchSettings(**{**values, **changes})


def proxy_search_specification(size: int = 6, **changes: Any) -> ProxySearchSpecification:
    """What is changed and not its own goes into its settings; not judged unless ``held_out`` says so."""
    own: dict[str, Any] = {"sample": Sample(size=size), "images": "noise", "held_out": 0}
    own |= {name: changes.pop(name) for name in ("sample", "images", "held_out", "seed") if name in changes}
    return ProxySearchSpecification("nasbench201", "cifar10", settings=proxy_search_settings(**changes), **own)


def finished_dps(store: Store, wanted: ProxySearchSpecification | None = None, executor: Executor | None = None) -> Run:
    run = store.create(wanted or proxy_search_specification())
    return work_on(store, Lease(store, run.id), executor or Instant())


def searched(
    problem: Problem, settings: ProxySearchSettings, outcome: Callable[[Evaluation], Outcome] = made_up
) -> tuple[Dps, list[list[Evaluation]]]:
    """A search driven to its end, and what it asked for step by step. It is sent what it asked for and no more."""
    dps = Dps(problem, settings)
    steps, asked = dps.steps(), []
    try:
        wanted = next(steps)
        while True:
            asked.append(wanted)
            wanted = steps.send({evaluation.key: outcome(evaluation) for evaluation in wanted})
    except StopIteration:
        return dps, asked


def untimed(value: Any) -> Any:
    """JSON values without what tells how quick the machine was, at any depth."""
    if isinstance(value, dict):
        return {key: untimed(part) for key, part in value.items() if key not in (*TIMINGS, "seconds_of_training")}
    return [untimed(part) for part in value] if isinstance(value, list) else value
