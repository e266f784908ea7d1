"""Losses of a landscape by kernels: those of torch, in any order, and what torch has to compute instead."""

from collections.abc import Iterator
from ctypes import CDLL
from dataclasses import replace
from typing import Any

import pytest
from torch import nn

from eproxy_engine.errors import UserError
from eproxy_engine.landscape import Part, View, scene
from eproxy_engine.landscape.computing import evaluate
from eproxy_engine.proxy import Branch, Evaluation, Outcome
from eproxy_engine.proxy.choices import STAGES
from eproxy_engine.proxy.evaluation import NATIVE, TORCH
from eproxy_engine.proxy.head import Head
from tests.landscape.tiny import ARCHITECTURES, configuration

CLOSE = 1e-5
"""Relative, of losses of the same weights."""
LARGE = Branch("deepest", ("net",), transform_kernel=7, barrier_kernel=7, c_mid=64, c_out=64)
"""Its layers are faster in the frequency domain, in torch."""


@pytest.fixture(autouse=True)
def _kernels(best_kernels: CDLL, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Landscapes find the kernels."""
    scene.scene.cache_clear()
    monkeypatch.setattr(scene, "library", lambda: best_kernels)
    yield
    scene.scene.cache_clear()


def wanted(
    piece: str, arithmetic: str = NATIVE, index: int = 0, space: str = "transnas101-micro", **of: Any
) -> Evaluation:
    """``of``: changes of the configuration."""
    view = View(steps=3, centre=2, radius=0.5, biases=True)
    part = Part(configuration(batch=16, iterations=2, **of), view, piece, index)
    return Evaluation.of(space, ARCHITECTURES[space], part, "noise", 1, arithmetic)


def run(*given: Any, **named: Any) -> Outcome:
    return evaluate(wanted(*given, **named), "cpu")


@pytest.mark.parametrize(
    ("space", "branches"),
    [
        ("transnas101-micro", tuple(Branch(stage, ("net",), c_mid=16, c_out=16) for stage in STAGES)),
        ("nds-cifar10-resnet", (LARGE, replace(LARGE, stage="before_second", c_mid=16))),
    ],
)
def test_losses_are_those_of_torch(space: str, branches: tuple[Branch, ...]) -> None:
    """Torch trains, so the centre is the same."""
    for piece in ("frame", "row"):
        native, by_torch = (run(piece, each, space=space, branches=branches) for each in (NATIVE, TORCH))
        assert native.note is None
        for mine, other in zip(native.values, by_torch.values, strict=True):
            assert mine == pytest.approx(other, rel=CLOSE, abs=1e-12)
        assert native.values != by_torch.values, "torch computed both"


def test_pieces_meet_at_the_centre_to_the_last_bit_in_any_order() -> None:
    row, frame = run("row", index=1).values[0], run("frame").values
    assert row[1] == frame[0][2] == frame[3][2]
    assert len({round(loss, 5) for loss in row}) == 3
    scene.scene.cache_clear()
    run("row", index=2)
    assert run("row", index=1).values == (row,)


def test_torch_computes_what_the_kernels_cannot_and_the_note_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Head.forward
    monkeypatch.setattr(Head, "forward", lambda head, x: plain(head, nn.functional.gelu(x)))
    native, by_torch = run("row"), run("row", TORCH)
    assert native.note == "computed by torch, as the kernels cannot compute the network: it calls gelu"
    assert (native.values, by_torch.note) == (by_torch.values, None)


def test_without_kernels_a_native_piece_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scene, "library", lambda: None)
    with pytest.raises(UserError, match="this run is computed by compiled kernels, but EPROXY_NATIVE is off"):
        run("row")


def test_the_key_tells_who_computed() -> None:
    for piece in ("frame", "row", "slice", "interpolation"):
        assert wanted(piece).key != wanted(piece, TORCH).key
    assert wanted("curvature").key == wanted("curvature", TORCH).key
    assert wanted("row", precision="bfloat16") == wanted("row", TORCH, precision="bfloat16")
