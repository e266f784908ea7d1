"""Executors: the same floats whichever computes, in any order; and ends that leave nothing hanging or behind."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace

import numpy as np
import psutil
import pytest
import torch

from eproxy_engine.baselines import Baseline
from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.proxy.together import evaluate_together
from eproxy_engine.runs.executors import Executor, make, together
from eproxy_engine.runs.executors.processes import IMPORTED_ONCE, Processes
from eproxy_engine.runs.executors.serial import Serial
from eproxy_engine.runs.executors.together import Together
from tests.precision import in_double, trained
from tests.runs.conftest import LONG, ROOT, configuration, specification

EVALUATIONS = specification(8).evaluations()
PATIENCE = 60.0

ORPHANS = f"""
import sys, time
sys.path.insert(0, {str(ROOT)!r})
from tests.runs.conftest import LONG, specification
from eproxy_engine.runs.executors.processes import Processes
if __name__ == "__main__":
    for evaluation, _ in Processes("cpu", 2).run([LONG, *specification(1).evaluations()]):
        print("one is idle, the other works", flush=True)
"""


def losses(executor: Executor, evaluations: list[Evaluation]) -> dict[str, tuple[tuple[float, ...], ...]]:
    return {evaluation.key: outcome.values for evaluation, outcome in executor.run(evaluations)}


def computing() -> set[psutil.Process]:
    """Computing processes of this one; on Linux they are children of the process that they are copies of."""
    own = {child: " ".join(child.cmdline()) for child in psutil.Process().children() if is_at_work(child)}
    copies = {copy for child, line in own.items() if "forkserver" in line for copy in child.children()}
    return copies | {child for child, line in own.items() if "spawn_main" in line}


def assert_gone(processes: Iterable[psutil.Process]) -> None:
    """They end within some seconds; a zombie that nobody on this machine collects has ended."""
    left, deadline = list(processes), time.monotonic() + PATIENCE
    while left and time.monotonic() < deadline:
        time.sleep(0.05)
        left = [process for process in left if is_at_work(process)]
    assert left == []


def is_at_work(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture(scope="module")
def expected() -> dict[str, tuple[tuple[float, ...], ...]]:
    return losses(Serial("cpu"), EVALUATIONS)


@pytest.fixture(scope="module")
def pool() -> Iterator[Processes]:
    """One for several tests: starting the processes is what takes its time."""
    with closing(Processes("cpu", 2)) as opened:
        yield opened


def test_what_was_computed_before_changes_nothing(expected: dict[str, tuple[tuple[float, ...], ...]]) -> None:
    shuffled = random.Random(1).sample(EVALUATIONS, len(EVALUATIONS))
    assert shuffled != EVALUATIONS
    assert losses(Serial("cpu"), shuffled) == expected
    assert losses(Serial("cpu"), EVALUATIONS[3:4]) == {EVALUATIONS[3].key: expected[EVALUATIONS[3].key]}


@pytest.mark.processes
def test_one_process_gives_the_same_and_is_not_left_behind(expected: dict[str, tuple[tuple[float, ...], ...]]) -> None:
    with closing(Processes("cpu", 1)) as executor:
        assert losses(executor, EVALUATIONS) == expected
        processes = computing()
        assert len(processes) == 1
    assert_gone(processes)


@pytest.mark.processes
def test_two_processes_give_the_same_in_any_order(
    pool: Processes, expected: dict[str, tuple[tuple[float, ...], ...]]
) -> None:
    assert losses(pool, EVALUATIONS) == expected
    assert losses(pool, EVALUATIONS[::-1]) == expected
    assert losses(pool, []) == {}


@pytest.mark.processes
def test_evaluations_are_drawn_as_places_come_free(pool: Processes) -> None:
    drawn = []

    def evaluations() -> Iterator[Evaluation]:
        for evaluation in EVALUATIONS:
            drawn.append(evaluation)
            yield evaluation

    outcomes = pool.run(evaluations())
    next(outcomes)
    assert len(drawn) < len(EVALUATIONS)
    assert len(list(outcomes)) == len(EVALUATIONS) - 1


@pytest.mark.processes
def test_ending_early_does_not_hang_and_the_pool_goes_on(
    pool: Processes, expected: dict[str, tuple[tuple[float, ...], ...]]
) -> None:
    outcomes = pool.run(EVALUATIONS)
    next(outcomes)
    began = time.monotonic()
    outcomes.close()  # type: ignore[attr-defined]
    assert time.monotonic() - began < 5
    assert losses(pool, EVALUATIONS) == expected


@pytest.mark.processes
def test_an_evaluation_that_cannot_be_computed_is_told_and_the_pool_goes_on(
    pool: Processes, expected: dict[str, tuple[tuple[float, ...], ...]]
) -> None:
    wrong = replace(EVALUATIONS[0], images="folder:/no/such/folder")
    with pytest.raises(UserError, match="/no/such/folder"):
        list(pool.run([wrong, *EVALUATIONS]))
    assert losses(pool, EVALUATIONS) == expected


@pytest.mark.processes
def test_a_killed_process_is_told_and_the_next_run_starts_new_ones(
    pool: Processes, expected: dict[str, tuple[tuple[float, ...], ...]]
) -> None:
    outcomes = pool.run([*EVALUATIONS[:1], LONG, LONG, LONG])
    next(outcomes)
    workers = computing()
    assert len(workers) == 2
    workers.pop().kill()
    with pytest.raises(UserError, match="a computing process was killed from outside"):
        list(outcomes)
    assert_gone(workers)
    assert losses(pool, EVALUATIONS[:1]) == {EVALUATIONS[0].key: expected[EVALUATIONS[0].key]}


@pytest.mark.processes
def test_processes_see_the_environment_as_it_is_when_the_pool_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EPROXY_PLUGINS", "no_such_module")
    unknown = replace(EVALUATIONS[0], space="nowhere")
    with closing(Processes("cpu", 1)) as executor, pytest.raises(UserError, match="that failed: 1;"):
        list(executor.run([unknown]))


@pytest.mark.processes
def test_processes_end_with_their_parent_however_it_ends() -> None:
    with subprocess.Popen([sys.executable, "-c", ORPHANS], stdout=subprocess.PIPE, text=True, cwd=ROOT) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "one is idle, the other works\n"
        children = psutil.Process(parent.pid).children(recursive=True)
        assert len(children) > 2
        parent.kill()
    assert_gone(children)


# --- choosing one ---


@pytest.mark.processes
def test_what_computes_imports_nothing_that_only_tables_and_drawings_need() -> None:
    code = f"import sys, {', '.join(IMPORTED_ONCE)}; print({{'pandas', 'networkx', 'scipy.stats'}} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout == "set()\n"


def test_one_worker_needs_no_process_of_its_own() -> None:
    assert isinstance(make("cpu", 1), Serial)
    assert isinstance(make("cpu", 2), Processes)


@pytest.mark.parametrize("workers", [0, -1])
def test_too_few_workers_are_refused(workers: int) -> None:
    with pytest.raises(UserError, match=f"{workers} workers; accepted: 1 or more"):
        make("cpu", workers)


def test_an_unknown_device_is_refused() -> None:
    with pytest.raises(UserError, match="unknown device 'tpu'; accepted: auto, cpu, cuda"):
        make("tpu", 1)


def mixed() -> list[Evaluation]:
    """Two architectures with three configurations each, and another proxy."""
    rates = (configuration(learning_rate=rate) for rate in (0.1, 0.2, 0.3))
    trained = [replace(each, configuration=rate) for rate in rates for each in EVALUATIONS[:2]]
    return [*trained, replace(EVALUATIONS[0], configuration=Baseline("l2_norm", width=4))]


def test_those_of_one_architecture_are_trained_together() -> None:
    with in_double():
        found, expected = (losses(executor, mixed()) for executor in (Together("cpu"), Serial("cpu")))
    assert found.keys() == expected.keys()
    for key, values in expected.items():
        assert np.array(found[key]) == pytest.approx(np.array(values), rel=trained(updates=len(values) - 1))


def test_fewer_at_a_time_once_memory_was_short(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def short(evaluations: list[Evaluation], device: str) -> list[Outcome]:
        tried.append(len(evaluations))
        if len(evaluations) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return evaluate_together(evaluations, device)

    monkeypatch.setattr(together, "evaluate_together", short)
    assert losses(Together("cpu"), mixed()).keys() == {evaluation.key for evaluation in mixed()}
    assert tried == [3]  # then one at a time


def test_a_queue_that_fills_up_again_is_drawn_from_again() -> None:
    class Queue(Iterator[Evaluation]):
        waiting = mixed()[:1]

        def __next__(self) -> Evaluation:
            if not self.waiting:
                raise StopIteration
            return self.waiting.pop()

    queue = Queue()
    computing = Together("cpu").run(queue)
    first, _ = next(computing)
    queue.waiting = mixed()[1:2]
    assert [first, *(evaluation for evaluation, _ in computing)] == mixed()[:2]
