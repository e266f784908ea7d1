"""Nothing is left behind on the CPU when an evaluation is computed elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import pytest
import torch
from torch import Tensor, nn

from eproxy_engine import baselines, benchmarks, spaces
from eproxy_engine.baselines import Baseline
from eproxy_engine.baselines.classifier import Classifier
from eproxy_engine.landscape import curvature, surface
from eproxy_engine.proxy import Branch, Configuration, Evaluation, inputs, training
from eproxy_engine.proxy.together import evaluate_together
from eproxy_engine.proxy.training import Training
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring.computing import evaluate
from eproxy_engine.spaces import plugins
from tests.landscape.tiny import evaluation_of, part
from tests.machines.stand_in import PLACE, stand_in

pytestmark = pytest.mark.thorough

CELL = "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|avg_pool_3x3~0|none~1|nor_conv_1x1~2|"
BRANCHES = (Branch(c_mid=16, c_out=16), Branch("before_first", ("dot", "wave_low"), c_mid=16, c_out=16))
SMALL = Configuration(BRANCHES, width=4, iterations=2, batch=2)
SPACES = [name for name in spaces.names() if name.replace("cifar10", "imagenet") not in set(spaces.names()) - {name}]
"""Those of NDS on CIFAR-10 have the modules of those on ImageNet, and more of them."""
PLANES = [("frame", "random"), ("frame", "path"), ("row", "random"), ("row", "path"), ("slice", "random")]
PLANES += [("interpolation", "random"), ("curvature", "random")]  # which lie in no plane


@pytest.fixture
def elsewhere() -> Iterator[None]:
    with stand_in():
        yield


@lru_cache
def asked(space: str, **changes: object) -> Evaluation:
    (architecture,) = Sample("space", 1).draw(space, benchmarks.task(space).name)["architecture"]
    return Evaluation.of(space, architecture, replace(SMALL, **changes), "noise", 1)


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("space", SPACES)
def test_networks_of_every_space(space: str) -> None:
    there = Training.of(asked(space), PLACE)
    with torch.no_grad():
        assert [loss.device.type for loss in there.losses()] == [PLACE, PLACE]


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_an_evaluation(precision: str) -> None:
    """Without casting to bfloat16, which the stand-in cannot; a loss is one."""
    assert evaluate(asked("nasbench201", precision=precision)).values == ((1.0, 1.0), (1.0, 1.0))


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("space", ["nasbench101", "nasbench201", "transnas101-macro", "nds-imagenet-resnext-a"])
def test_evaluations_that_are_stacked(space: str) -> None:
    alike = [asked(space, learning_rate=rate, barrier=barrier) for rate in (0.1, 0.2) for barrier in (True, False)]
    assert [outcome.values for outcome in evaluate_together(alike)] == [((1.0, 1.0), (1.0, 1.0))] * 4


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("name", baselines.names())
def test_every_proxy(name: str) -> None:
    """One may find that ones are no number to work with, but not that something lies elsewhere."""
    note = evaluate(Evaluation.of("nasbench201", CELL, Baseline(name, 2, 4), "noise", 1)).note
    assert note is None or note.startswith("gave ")


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize(("piece", "plane"), PLANES)
def test_every_piece_of_a_landscape(piece: str, plane: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curvature, "MOST_ITERATIONS", 1)
    monkeypatch.setattr(curvature, "PROBES", 2)
    together, real = [], surface._together

    def counted(*given: object) -> list[float]:
        together.append(len(given[-1]))  # type: ignore[arg-type]
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(surface, "_together", counted)
    wanted = part(piece, plane=plane, changes={"iterations": 1}, centre=1)
    values = evaluate(evaluation_of(wanted)).values
    assert wanted.flaw(values) is None
    points = {"row": [3], "slice": [31], "interpolation": [31], "frame": [1] * 3, "curvature": []}
    assert together == points[piece]  # as many at once as on a GPU; where that raises, fewer are tried


# --- what is left behind is told ---

TOLD = "on the stand-in and on the CPU"


@pytest.mark.usefixtures("elsewhere")
def test_targets_that_stay_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stays(torch.Tensor):
        def to(self, *args: object, **named: object) -> torch.Tensor:
            return self.as_subclass(torch.Tensor)

    labels = [label.as_subclass(Stays) for label in inputs.labels_of(asked("nasbench201"))]
    monkeypatch.setattr(training, "labels_of", lambda evaluation: labels)
    with pytest.raises(RuntimeError, match=TOLD):
        evaluate(asked("nasbench201"))


@pytest.mark.usefixtures("elsewhere")
def test_a_network_with_a_tensor_that_is_no_buffer(monkeypatch: pytest.MonkeyPatch) -> None:
    class Shifted(nn.ReLU):
        def forward(self, x: Tensor) -> Tensor:
            return super().forward(x) + torch.zeros(x.shape[1], 1, 1)

    monkeypatch.setattr(nn, "ReLU", Shifted)
    with pytest.raises(RuntimeError, match=TOLD):
        evaluate(asked("nasbench201"))


@pytest.mark.usefixtures("elsewhere")
def test_a_proxy_that_draws_noise_and_leaves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(network: Classifier, images: Tensor, labels: Tensor) -> float:
        return network(torch.randn(images.shape)).sum().item()

    monkeypatch.setitem(plugins.proxies, "zen", replace(baselines.get("zen"), measure=forgetful))
    note = evaluate(Evaluation.of("nasbench201", CELL, Baseline("zen", 2, 4), "noise", 1)).note
    assert note is not None
    assert TOLD in note
