"""What `bench` says of the kernels."""

from collections.abc import Callable
from ctypes import CDLL
from dataclasses import replace
from itertools import count
from types import SimpleNamespace

import numpy as np
import pytest

from eproxy_engine import spaces
from eproxy_engine.bench import floor, processor_time, rankings
from eproxy_engine.bench.processor_time import ProcessorTime
from eproxy_engine.errors import UserError
from eproxy_engine.native import library
from eproxy_engine.proxy import Evaluation, Outcome, preset, training

TINY = replace(preset(), width=4, iterations=2, learning_rate=0.01)
measured = processor_time.__globals__


@pytest.fixture
def found(best_kernels: CDLL, monkeypatch: pytest.MonkeyPatch) -> None:
    """Evaluations find the kernels."""
    monkeypatch.setattr(library, "missing", lambda: None)
    monkeypatch.setattr(training, "library", lambda: best_kernels)


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """An evaluation takes 4 s plainly, 2 s by torch and 1 s by the kernels; rounds differ by a second."""
    now, calls = 0.0, count()

    def taking(seconds: float, note: str | None) -> object:
        def way(evaluation: Evaluation) -> Outcome:
            nonlocal now
            now += seconds * (1 + (next(calls) >= 9))  # after what comes first, and the first round
            return Outcome(((1.0,),), 1.0, None, note)

        return way

    ways = {"plain": taking(4.0, None), "torch": taking(2.0, None), "native": taking(1.0, "computed by torch")}
    monkeypatch.setitem(measured, "_WAYS", ways)
    monkeypatch.setitem(measured, "time", SimpleNamespace(process_time=lambda: now))
    monkeypatch.setitem(measured, "flops_a_second_of_one_core", lambda: 1e9)


@pytest.mark.usefixtures("found", "clocks")
def test_ratios_are_medians_of_rounds_whose_ways_alternate() -> None:
    *lines, result = processor_time("nasbench201", [TINY] * 2, 3)
    assert isinstance(result, ProcessorTime)
    assert lines[0] == "nasbench201, round 1: plain 4.000 s, torch 2.000 s, native 1.000 s"
    assert (result.plain_seconds, result.torch_seconds, result.native_seconds) == (8.0, 4.0, 2.0)
    assert (result.native_over_plain, result.native_over_torch, result.torch_over_plain) == (4.0, 2.0, 2.0)
    assert (result.architectures, result.rounds, result.by_torch) == (2, 3, 2)
    assert result.achieved == pytest.approx(result.floor_seconds / 2.0)


def test_without_kernels_there_is_nothing_to_measure() -> None:
    with pytest.raises(UserError, match="no kernels to measure: EPROXY_NATIVE is off"):
        next(processor_time("nasbench201", [TINY], 1))


def test_the_speed_of_one_core_is_that_of_the_quickest_product(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(floor.MATRIX, "cpu", 8)
    ticks = iter([0, 1, 0, 4, 0, 2, 0, 3, 0, 5, 0, 6])
    monkeypatch.setattr(floor, "time", SimpleNamespace(process_time=lambda: float(next(ticks))))
    assert floor.flops_a_second_of_one_core() == 2 * 8**3 / 2


class Here:
    """A pool of this process alone."""

    def __enter__(self) -> "Here":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def map(self, function: Callable[[Evaluation], float], given: list[Evaluation], chunksize: int) -> list[float]:
        return list(map(function, given))


@pytest.mark.usefixtures("found")
def test_the_kernels_are_shown_beside_the_plain_way_in_another_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(rankings.__globals__, "context", lambda: SimpleNamespace(Pool=lambda _: Here()))
    steps = [each for each in rankings("nasbench201", TINY, 4, ("native",)) if not isinstance(each, str)]
    assert [each.way for each in steps] == ["plain", "native", "reordered"]
    for each in steps:
        assert each.agreement == pytest.approx(1.0)


@pytest.mark.usefixtures("found")
def test_every_way_computes_the_same() -> None:
    cell = str(spaces.get("nasbench201").sample(np.random.default_rng(0)))
    wanted = Evaluation.of("nasbench201", cell, replace(TINY, iterations=1), "noise", 1)
    plain, *others = (measured["_WAYS"][name](wanted).values for name in ("plain", "torch", "native"))
    for values in others:
        assert values[0] == pytest.approx(plain[0], rel=1e-5)
