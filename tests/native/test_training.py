"""Evaluations by kernels: the losses of torch, determinism, divergence, and what torch has to compute instead."""

import math
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from ctypes import CDLL
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from eproxy_engine.errors import UserError
from eproxy_engine.native.program import compiled as compiled_network
from eproxy_engine.native.program import running
from eproxy_engine.proxy import Branch, Configuration, Evaluation, Outcome, compiled, training
from eproxy_engine.proxy.choices import STAGES
from eproxy_engine.proxy.descent import Descent
from eproxy_engine.proxy.evaluation import EARLIER, NATIVE, TORCH
from eproxy_engine.proxy.together import likeness
from eproxy_engine.proxy.training import evaluate
from tests.native.comparing import Outputs, by_kernels, images, random_gradients

CELL_201 = "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|skip_connect~0|avg_pool_3x3~1|nor_conv_1x1~2|"
MACRO = "64-4111-basic"
"""With one downsampling: the two deepest stages are one."""
CELL_101 = "101101100001000100101:conv3x3,maxpool3x3,conv3x3,conv1x1,conv3x3"
FIRST, CHANGE = 1e-5, 0.02
"""Relative: of the first loss, and of what gentle updates change of it."""


def configuration(*stages: str, **changes: Any) -> Configuration:
    branches = tuple(Branch(stage, ("net",), c_mid=16, c_out=32) for stage in stages or ("deepest",))
    return Configuration(**{"branches": branches, "width": 4, "iterations": 4, "learning_rate": 0.02} | changes)


def evaluation(given: Configuration | None = None, cell: str = CELL_201, arithmetic: str = NATIVE) -> Evaluation:
    space = {CELL_201: "nasbench201", CELL_101: "nasbench101", MACRO: "transnas101-macro"}[cell]
    return Evaluation.of(space, cell, given or configuration(), "noise", 1, arithmetic)


@pytest.fixture(autouse=True)
def found(best_kernels: CDLL, monkeypatch: pytest.MonkeyPatch) -> None:
    """Evaluations find the kernels."""
    monkeypatch.setattr(training, "library", lambda: best_kernels)


def run(wanted: Evaluation) -> Outcome:
    return evaluate(wanted, "cpu")


LARGE = Branch("deepest", ("net",), transform_kernel=7, barrier_kernel=7, c_mid=64, c_out=64)
CONFIGURATIONS = {
    "one branch": configuration(),
    "three branches": configuration(*STAGES),
    "without a barrier": configuration(*STAGES[:2], barrier=False),
    "more images": configuration(batch=32, weight_decay=0.1, momentum=0.3),
    "large kernels": configuration(branches=(Branch("deepest", ("dot",), 1.0, 3, 7, 16, 16),)),
    "heads in the frequency domain": configuration(branches=(LARGE, replace(LARGE, stage="before_second", c_mid=16))),
}


@pytest.mark.parametrize("what", CONFIGURATIONS)
@pytest.mark.parametrize("cell", [CELL_201, MACRO])
def test_losses_are_those_of_torch(what: str, cell: str) -> None:
    native, by_torch = (run(evaluation(CONFIGURATIONS[what], cell, each)) for each in (NATIVE, TORCH))
    losses, expected = np.array(native.values), np.array(by_torch.values)
    assert native.note is None
    assert losses[0] == pytest.approx(expected[0], rel=FIRST)
    assert losses[-1] - losses[0] == pytest.approx(expected[-1] - expected[0], rel=CHANGE)


def test_updates_are_those_of_torch(best_kernels: CDLL) -> None:
    torch.manual_seed(0)
    network, x = Outputs(nn.Sequential(nn.Conv2d(3, 5, 3), nn.BatchNorm2d(5), nn.ReLU())), images(16, 6)
    given = configuration(weight_decay=0.1, momentum=0.7)
    copied = deepcopy(network)
    descent = Descent.on(copied, given, fused=False)
    with running(compiled_network(network, (16, 3, 6, 6)), x, best_kernels) as program:
        native = program.descent(given.learning_rate, given.momentum, given.weight_decay)
        for step in range(3):
            gradients = random_gradients([p * (step + 1.0) for p in copied.parameters()])
            for mine, p, gradient in zip(program.gradients(), copied.parameters(), gradients, strict=True):
                mine.copy_(gradient)
                p.grad = gradient
            native.step()
            descent.step()
    assert [id(p) for p in program.parameters] == [id(p) for p in network.parameters()]
    for mine, other in zip(network.parameters(), copied.parameters(), strict=True):
        assert torch.allclose(mine, other, rtol=1e-6, atol=1e-7)


def test_an_evaluation_depends_on_its_key_alone() -> None:
    wanted = [evaluation(configuration(*STAGES)), evaluation(cell=CELL_101), evaluation(configuration(batch=32))]
    first = [run(each).values for each in wanted]
    assert [run(each).values for each in wanted[::-1]] == first[::-1]


def test_programs_in_threads_do_not_disturb_each_other(best_kernels: CDLL) -> None:
    """The kernels leave Python free to go on, and share no memory."""
    networks = [Outputs(nn.Sequential(nn.Conv2d(3, 30, 3), nn.BatchNorm2d(30), nn.MaxPool2d(3))) for _ in range(6)]
    alone = [by_kernels(network, images(16, 24), best_kernels) for network in networks]
    with ThreadPoolExecutor(4) as pool:
        together = pool.map(lambda network: by_kernels(network, images(16, 24), best_kernels), networks)
    for one, other in zip(alone, together, strict=True):
        assert all(map(torch.equal, [*one.outputs, *one.gradients], [*other.outputs, *other.gradients]))


@pytest.mark.parametrize("value", [math.nan, math.inf])
@pytest.mark.parametrize("cell", [CELL_201, CELL_101])
@pytest.mark.parametrize("what", ["one branch", "heads in the frequency domain"])
def test_divergence_is_told_as_torch_tells_it(
    value: float, cell: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rectifiers and poolings let NaN through."""
    broken = images(16, 32)
    broken[3, 0, 5, 5] = value
    monkeypatch.setattr(compiled, "images_of", lambda _: broken)
    monkeypatch.setattr(training, "images_of", lambda _: broken)
    native, by_torch = (run(evaluation(CONFIGURATIONS[what], cell, each)) for each in (NATIVE, TORCH))
    assert native.diverged
    assert np.array(native.values).shape == np.array(by_torch.values).shape
    assert np.isnan(native.values).tolist() == np.isnan(by_torch.values).tolist()


def test_what_the_kernels_cannot_is_computed_by_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the very numbers of torch, and a note that says why."""
    real = compiled.build

    def with_another_activation(wanted: Evaluation) -> Any:
        backbone, heads = real(wanted)
        backbone.stem.append(nn.Tanh())
        return backbone, heads

    monkeypatch.setattr(compiled, "build", with_another_activation)
    native = run(evaluation())
    assert native.note == "computed by torch, as the kernels cannot compute the network: it calls tanh"
    assert native.values == run(evaluation(arithmetic=TORCH)).values


def test_without_kernels_a_native_evaluation_says_what_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "library", lambda: None)
    monkeypatch.setattr(training, "missing", lambda: "the kernels are not compiled; `make native` compiles them")
    with pytest.raises(
        UserError, match="computed by compiled kernels, but the kernels are not compiled; `make native`"
    ):
        run(evaluation())


def test_the_key_tells_the_arithmetic() -> None:
    native, by_torch = evaluation(), evaluation(arithmetic=TORCH)
    assert native.key != by_torch.key
    assert native.key == "3d48fa839143de4fe37487027ff27ddc"  # another one needs a new number in NATIVE
    assert len({native.key, by_torch.key, evaluation(arithmetic=EARLIER[0]).key}) == 3
    assert by_torch == Evaluation.of("nasbench201", CELL_201, configuration(), "noise", 1)
    assert (likeness(native), likeness(by_torch) is None) == (None, False)


def test_what_earlier_kernels_computed_is_kept_but_not_gone_on_with() -> None:
    earlier = evaluation(arithmetic=EARLIER[0])
    assert likeness(earlier) is None
    with pytest.raises(UserError, match=r"computed by earlier kernels \('native'\), which are gone"):
        run(earlier)


@pytest.mark.parametrize("changes", [{"batch": 20}, {"precision": "bfloat16"}])
def test_what_kernels_never_compute_is_the_same_evaluation_as_ever(changes: dict[str, Any]) -> None:
    given = configuration(**changes)
    assert evaluation(given) == evaluation(given, arithmetic=TORCH)
