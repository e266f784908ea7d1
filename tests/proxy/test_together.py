"""Networks that are trained together learn what each learns by itself."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from eproxy_engine import benchmarks
from eproxy_engine.baselines import Baseline
from eproxy_engine.proxy import Branch, Configuration, Evaluation, inputs
from eproxy_engine.proxy.together import evaluate_together, likeness
from eproxy_engine.proxy.training import evaluate
from eproxy_engine.sampling import Sample
from tests.precision import in_double, rounding, trained

CELL = "|nor_conv_3x3~0|+|none~0|avg_pool_3x3~1|+|skip_connect~0|none~1|nor_conv_1x1~2|"
SMALL = Configuration(width=4, iterations=3, batch=4, learning_rate=0.1)
TWO_BRANCHES = (Branch(c_mid=16, barrier_kernel=7), Branch("before_first", transform_kernel=3))
CONFIGURATIONS = (
    SMALL,
    replace(SMALL, branches=TWO_BRANCHES, learning_rate=0.5, weight_decay=0.1),
    replace(SMALL, barrier=False, momentum=0.0),
    replace(SMALL, network_init="kaiming_normal", branches=(Branch("before_first"),)),
)


def asked(space: str, architecture: str, configurations: tuple[Configuration, ...]) -> list[Evaluation]:
    """With two seeds."""
    return [Evaluation.of(space, architecture, each, "noise", seed) for seed in (1, 2) for each in configurations]


def test_losses_are_those_of_each_by_itself() -> None:
    evaluations = asked("nasbench201", CELL, CONFIGURATIONS)
    with in_double():
        together = evaluate_together(evaluations, "cpu")
        alone = [evaluate(evaluation, "cpu") for evaluation in evaluations]
    for one, other in zip(together, alone, strict=True):
        assert np.array(one.values) == pytest.approx(np.array(other.values), rel=trained(updates=2))


@pytest.mark.every_machine
def test_in_single_precision_they_start_as_near_as_it_goes() -> None:
    evaluations = asked("nasbench201", CELL, tuple(replace(each, iterations=1) for each in CONFIGURATIONS))
    for evaluation, outcome in zip(evaluations, evaluate_together(evaluations, "cpu"), strict=True):
        assert outcome.values[0] == pytest.approx(evaluate(evaluation, "cpu").values[0], rel=rounding(20, 1024))


@pytest.mark.parametrize(
    "space", ["nasbench101", "transnas101-macro", "nasbench-mr", "darts", "nds-imagenet-resnext-a"]
)
def test_every_family_can_be_stacked(space: str) -> None:
    (architecture,) = Sample("space", 1).draw(space, benchmarks.task(space).name)["architecture"]
    """In networks of NAS-Bench-MR, whose deepest stage is one pixel, an update multiplies differences by up to 1e5."""
    tolerance = trained(updates=1, gain=1e5)
    evaluations = asked(space, architecture, (replace(SMALL, iterations=2, learning_rate=1e-4),))
    with in_double():
        together = evaluate_together(evaluations, "cpu")
        alone = [evaluate(evaluation, "cpu") for evaluation in evaluations]
    for one, other in zip(together, alone, strict=True):
        assert np.array(one.values) == pytest.approx(np.array(other.values), rel=tolerance)
        (before,), (after,) = one.values
        assert before != pytest.approx(after, rel=100 * tolerance)  # what the update does shows


def test_one_that_diverges_leaves_the_others_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def labels(configuration: Configuration, *_: object) -> list[Tensor]:
        return [torch.full((4, 64, 8, 8), 1e17 if configuration == wild else 1.0)]

    monkeypatch.setattr(inputs, "_labels", labels)
    wild, tame = replace(SMALL, learning_rate=10.0, iterations=6), replace(SMALL, iterations=6)
    first, second = evaluate_together(asked("nasbench201", CELL, (wild, tame))[:2], "cpu")
    assert first.diverged
    assert len(first.values) < 6
    assert not second.diverged
    assert len(second.values) == 6


def test_what_is_alike() -> None:
    one = Evaluation.of("nasbench201", CELL, SMALL, "noise", 1)
    for other in asked("nasbench201", CELL, CONFIGURATIONS):
        assert likeness(other) == likeness(one)
    for change in ({"width": 8}, {"batch": 8}, {"iterations": 4}, {"precision": "bfloat16"}):
        other = Evaluation.of("nasbench201", CELL, replace(SMALL, **change), "noise", 1)
        assert likeness(other) != likeness(one)
    assert likeness(Evaluation.of("nasbench201", CELL, SMALL, "bundled", 1)) != likeness(one)
    assert likeness(Evaluation.of("nasbench201", CELL, Baseline("synflow"), "noise", 1)) is None
