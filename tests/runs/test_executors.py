"""Executors: the same floats whichever computes, in any order; and ends that leave nothing hanging or behind."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace

import psutil
import pytest

from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Evaluation
from eproxy_engine.runs.executors import Executor, make
from eproxy_engine.runs.executors.processes import Processes
from eproxy_engine.runs.executors.serial import Serial
from tests.runs.conftest import ROOT, configuration, specification

EVALUATIONS = specification(8).evaluations()
LONG = replace(EVALUATIONS[0], configuration=configuration(iterations=1000, batch=64))
PATIENCE = 60.0

ORPHANS = f"""
import sys, time
sys.path.insert(0, {str(ROOT)!r})
from tests.runs.test_executors import EVALUATIONS, LONG
from eproxy_engine.runs.executors.processes import Processes
if __name__ == "__main__":
    for evaluation, _ in Processes("cpu", 2).run([LONG, *EVALUATIONS[:1]]):
        print("one is idle, the other works", flush=True)
"""


def losses(executor: Executor, evaluations: list[Evaluation]) -> dict[str, tuple[tuple[float, ...], ...]]:
    return {evaluation.key: outcome.values for evaluation, outcome in executor.run(evaluations)}


def spawned() -> set[psutil.Process]:
    """Computing processes of this one."""
    return {child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())}


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


def test_one_process_gives_the_same_and_is_not_left_behind(expected: dict[str, tuple[tuple[float, ...], ...]]) -> None:
    with closing(Processes("cpu", 1)) as executor:
        assert losses(executor, EVALUATIONS) == expected
        assert len(spawned()) == 1
    assert_gone(spawned())


def test_two_processes_give_the_same_in_any_order(
    pool: Processes, expected: dict[str, tuple[tuple[float, ...], ...]]
) -> None:
    assert losses(pool, EVALUATIONS) == expected
    assert losses(pool, EVALUATIONS[::-1]) == expected
    assert losses(pool, []) == {}


def test_evaluations_are_drawn_as_places_come_free(pool: Processes) -> None:
    drawn = []

    def evaluations() -> Iterator[Evaluation]:
        for evaluation in EVALUATIONS:
            drawn.append(evaluation)
            yield evaluation

    computing = pool.run(evaluations())
    next(computing)
    assert len(drawn) < len(EVALUATIONS)
    assert len(list(computing)) == len(EVALUATIONS) - 1


def test_ending_early_does_not_hang_and_the_pool_goes_on(
    pool: Processes, expected: dict[str, tuple[tuple[float, ...], ...]]
) -> None:
    computing = pool.run(EVALUATIONS)
    next(computing)
    began = time.monotonic()
    computing.close()  # type: ignore[attr-defined]
    assert time.monotonic() - began < 5
    assert losses(pool, EVALUATIONS) == expected


def test_an_evaluation_that_cannot_be_computed_is_told_and_the_pool_goes_on(
    pool: Processes, expected: dict[str, tuple[tuple[float, ...], ...]]
) -> None:
    wrong = replace(EVALUATIONS[0], images="folder:/no/such/folder")
    with pytest.raises(UserError, match="/no/such/folder"):
        list(pool.run([wrong, *EVALUATIONS]))
    assert losses(pool, EVALUATIONS) == expected


def test_a_killed_process_is_told_and_the_next_run_starts_new_ones(
    pool: Processes, expected: dict[str, tuple[tuple[float, ...], ...]]
) -> None:
    computing = pool.run([*EVALUATIONS[:1], LONG, LONG, LONG])
    next(computing)
    workers = spawned()
    assert len(workers) == 2
    workers.pop().kill()
    with pytest.raises(UserError, match="a computing process was ended from outside"):
        list(computing)
    assert_gone(workers)
    assert losses(pool, EVALUATIONS[:1]) == {EVALUATIONS[0].key: expected[EVALUATIONS[0].key]}


def test_processes_end_with_their_parent_however_it_ends() -> None:
    with subprocess.Popen([sys.executable, "-c", ORPHANS], stdout=subprocess.PIPE, text=True, cwd=ROOT) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "one is idle, the other works\n"
        children = psutil.Process(parent.pid).children(recursive=True)
        assert len(children) >= 2
        parent.kill()
    assert_gone(children)


# --- choosing one ---


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
