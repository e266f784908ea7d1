"""Operations are counted as one counts them by hand, and the floor is what they take at the machine's best."""

import pytest

from eproxy_engine import spaces
from eproxy_engine.bench import floor
from eproxy_engine.bench.floor import Ceilings, Work, ceilings, work_of
from eproxy_engine.proxy import Branch, Configuration, Evaluation

CELL = "|nor_conv_3x3~0|+|none~0|none~1|+|none~0|nor_conv_1x1~1|none~2|"
WIDTH, BATCH = 16, 2


def flops(iterations: int) -> float:
    branch = Branch(c_mid=32, c_out=64, transform_kernel=1, barrier_kernel=3)
    configuration = Configuration((branch,), width=WIDTH, batch=BATCH, iterations=iterations)
    return work_of(Evaluation.of("nasbench201", CELL, configuration, "noise", 1)).flops


def test_additions_and_multiplications_of_all_convolutions() -> None:
    family = spaces.get("nasbench201")
    classifier = 4 * WIDTH * 10
    backbone = family.counts(family.parse(CELL)).flops - classifier
    transform, barrier = 4 * WIDTH * 32 * 64, 32 * 64 * 9 * 64
    forward = 2 * BATCH * (backbone + transform + barrier)
    stem = 2 * BATCH * 3 * WIDTH * 9 * 32 * 32
    frozen = 2 * BATCH * barrier
    backward = 2 * forward - stem - frozen  # no gradient of the images, none of the frozen weights
    assert flops(iterations=1) == forward
    assert flops(iterations=3) == 3 * forward + 2 * backward


def test_the_floor_is_the_arithmetic_at_the_ceiling() -> None:
    best = Ceilings(flops=2e9, bytes=1e9)
    work = Work(flops=1e9, bytes=4e9) + Work(flops=1e9, bytes=0.0)
    assert work.floor(best) == 1.0
    assert work.traffic(best) == 4.0
    assert work.times(0.5) == Work(1e9, 2e9)


def test_ceilings_are_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measured on less than otherwise."""
    monkeypatch.setitem(floor.MATRIX, "cpu", 512)
    monkeypatch.setitem(floor.COPIED_BYTES, "cpu", 2**24)
    measured = ceilings("cpu")
    assert measured.flops > 1e9
    assert measured.bytes > 1e8
