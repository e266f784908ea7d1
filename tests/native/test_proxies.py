"""Zero-cost proxies by kernels: the values of double precision, and what torch has to compute instead."""

from ctypes import CDLL

import pytest
from torch import nn

from eproxy_engine import baselines, spaces
from eproxy_engine.baselines import Baseline, classifier, measuring, registry
from eproxy_engine.baselines.measuring import evaluate
from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.proxy.evaluation import NATIVE, TORCH
from eproxy_engine.proxy.initialisation import seeded
from eproxy_engine.proxy.inputs import batch_of

CELLS = {
    "nasbench201": "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|avg_pool_3x3~0|none~1|nor_conv_1x1~2|",
    "nasbench-mr": "16,16|1*2x16|1*1x16,2x16|1*1x16,1x16,1x16|1*1x16,1x16,1x16,1x16|32",
}
COMPILED = tuple(name for name in baselines.names() if registry.get(name).compilable)
GRADIENTS = ("grad_norm", "snip", "plain", "az_trainability")
CLOSE, GRADIENT = 5e-4, 0.02
"""Relative: of what docs/PERFORMANCE.md promises between processors, and of gradients, where a rectifier may flip."""


@pytest.fixture(autouse=True)
def _kernels(best_kernels: CDLL, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxies find the kernels."""
    monkeypatch.setattr(measuring, "library", lambda: best_kernels)


def run(name: str, arithmetic: str = NATIVE, space: str = "nasbench201", batch: int = 16) -> Outcome:
    wanted = Evaluation.of(space, CELLS[space], Baseline(name, batch, 4), "noise", 1, arithmetic)
    assert wanted.arithmetic == arithmetic
    return evaluate(wanted, "cpu")


def in_double(name: str, space: str) -> float:
    """The value in double precision. That of torch in single precision may be further from it than the kernels'."""
    family, images = spaces.get(space), batch_of("noise", "noise", 16, 1)
    network = classifier.build(family, family.parse(CELLS[space]), 4, 1).double()
    with seeded(1, f"proxy/{name}"):
        classes = measuring.labels(16, min(family.classes, measuring.MOST_CLASSES), 1)
        return float(registry.get(name).measure(network, images.double(), classes))


@pytest.mark.parametrize("space", CELLS)
def test_values_are_right_in_any_order(space: str) -> None:
    """A proxy that redraws the weights leaves none of them to the next."""
    native = {name: run(name, space=space) for name in COMPILED}
    assert [outcome.note for outcome in native.values()] == [None] * len(COMPILED)
    for name in COMPILED:
        close = GRADIENT if name in GRADIENTS else CLOSE
        assert native[name].values[0][0] == pytest.approx(in_double(name, space), rel=close, abs=0.01)
    for name in COMPILED[::-1]:
        assert run(name, space=space).values == native[name].values
    assert any(run(name, TORCH, space).values != native[name].values for name in GRADIENTS), "torch computed both"


def test_what_the_kernels_cannot_is_computed_by_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nn.ReLU, "forward", lambda module, x: nn.functional.softplus(x))
    monkeypatch.setattr("eproxy_engine.baselines.networks._kept", [])
    for name in ("az_expressivity", "snip"):
        native = run(name)
        assert native.note == "computed by torch, as the kernels cannot compute the network: it calls softplus"
        assert native.values == run(name, TORCH).values


def test_without_kernels_a_native_evaluation_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "library", lambda: None)
    with pytest.raises(UserError, match="this run is computed by compiled kernels, but EPROXY_NATIVE is off"):
        run("swap")


@pytest.mark.parametrize("given", [Baseline("synflow"), Baseline("swap", batch=8), Baseline("flops"), Baseline("gone")])
def test_what_kernels_never_compute_is_the_same_evaluation_as_ever(given: Baseline) -> None:
    assert not given.compilable
    if given.name in baselines.names():
        assert Evaluation.of("nasbench201", CELLS["nasbench201"], given, "noise", 1, NATIVE).arithmetic == TORCH
