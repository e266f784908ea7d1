"""What an evaluation of a zero-cost proxy gives: the same numbers anywhere, and an answer whatever goes wrong."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PIL import Image

from eproxy_engine import baselines, spaces
from eproxy_engine.baselines import Baseline, classifier, measuring, networks, zero_cost_proxy
from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Configuration, Evaluation, building, inputs
from eproxy_engine.scoring.computing import evaluate

SEEDLESS = ("swap",)
"""A small batch has few different patterns of activation: all of them occur with any seed."""
CELL = "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|skip_connect~0|none~1|nor_conv_1x1~2|"


def evaluation(name: str, batch: int = 4, seed: int = 1) -> Evaluation:
    return Evaluation.of("nasbench201", CELL, Baseline(name, batch, 4), "noise", seed)


def register(measure: Callable[..., float], higher_is_better: bool = True) -> None:
    about = {"title": "Mine", "source": "me", "cost": "none", "passes": 1, "assumes": "nothing"}
    zero_cost_proxy("mine", higher_is_better=higher_is_better, **about)(measure)


@pytest.mark.parametrize("name", baselines.names())
def test_every_proxy_gives_the_same_number_whatever_ran_before(name: str) -> None:
    wanted = evaluation(name)
    first = evaluate(wanted, "cpu")
    torch.manual_seed(12345)
    torch.rand(7)
    state = torch.random.get_rng_state()
    assert evaluate(wanted, "cpu").values == first.values
    assert torch.equal(torch.random.get_rng_state(), state)
    assert first.note is None
    assert math.isfinite(first.values[0][0])


@pytest.mark.parametrize("name", [name for name in baselines.names() if name not in SEEDLESS])
def test_another_seed_gives_another_number(name: str) -> None:
    assert evaluate(evaluation(name, 8), "cpu").values != evaluate(evaluation(name, 8, seed=2), "cpu").values


def test_the_backbone_has_the_weights_that_eproxy_trains() -> None:
    space = spaces.get("nasbench201")
    network = classifier.build(space, space.parse(CELL), 4, seed=3)
    backbone, _ = building.build(Evaluation.of("nasbench201", CELL, Configuration(width=4), "noise", 3))
    ours, theirs = network.backbone.state_dict(), backbone.state_dict()
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[key], theirs[key]) for key in ours)


def test_images_that_are_the_same_are_told_where_a_proxy_gives_no_number(tmp_path: Path) -> None:
    for name in ("one.png", "other.png"):
        Image.new("RGB", (40, 40), "teal").save(tmp_path / name)
    wanted = Evaluation.of("nasbench201", CELL, Baseline("naswot", 2, 4), f"folder:{tmp_path}", 1)
    outcome = evaluate(wanted, "cpu")
    assert math.isnan(outcome.values[0][0])
    assert outcome.note == "gave -inf; 1 of the 2 images repeat an earlier one"


def test_it_sees_the_images_of_eproxy(own_proxies: None) -> None:
    seen = []
    register(lambda network, images, labels: seen.append(images) or 1.0)
    evaluate(evaluation("mine", 4), "cpu")
    eproxy = inputs.batch_of("noise", "noise", 4, 1)
    assert torch.equal(seen[0], eproxy)


def test_the_direction_turns_the_score_not_the_value(own_proxies: None) -> None:
    register(lambda network, images, labels: 3.0, higher_is_better=False)
    outcome = evaluate(evaluation("mine"), "cpu")
    assert outcome.values == ((3.0,),)
    assert outcome.score(Baseline("mine"), 0.5) == -3.0


@pytest.mark.parametrize(("value", "said"), [(math.nan, "gave nan"), (-math.inf, "gave -inf"), (math.inf, "gave inf")])
def test_what_is_no_number_is_told_and_ranks_last(own_proxies: None, value: float, said: str) -> None:
    register(lambda network, images, labels: value, higher_is_better=False)
    outcome = evaluate(evaluation("mine"), "cpu")
    assert (outcome.note, outcome.diverged) == (said, True)
    assert outcome.score(Baseline("mine"), 0.5) == -math.inf


def test_one_that_raises_is_told_in_one_line(own_proxies: None) -> None:
    def fails(network: object, images: object, labels: object) -> float:
        raise RuntimeError("no such\nlayer")

    register(fails)
    outcome = evaluate(evaluation("mine"), "cpu")
    assert outcome.diverged
    assert outcome.note == "RuntimeError: no such layer"


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory"),
        RuntimeError("[enforce fail at alloc_cpu.cpp:119] DefaultCPUAllocator: can't allocate memory: you tried"),
        MemoryError(),
    ],
)
def test_where_memory_runs_out_fewer_images_are_taken_and_that_is_told(own_proxies: None, error: Exception) -> None:
    tried = []

    def hungry(network: object, images: torch.Tensor, labels: torch.Tensor) -> float:
        tried.append((len(images), len(labels)))
        if len(images) > 4:
            raise error
        return 2.0

    register(hungry)
    outcome = evaluate(evaluation("mine", 16), "cpu")
    assert tried == [(16, 16), (8, 8), (4, 4)]
    assert outcome.values == ((2.0,),)
    assert outcome.note == "memory ran out with 16 images; 4 were used"


def test_where_no_batch_is_small_enough_it_fails(own_proxies: None) -> None:
    def greedy(network: object, images: object, labels: object) -> float:
        raise torch.OutOfMemoryError("out of memory")

    register(greedy)
    outcome = evaluate(evaluation("mine", 16), "cpu")
    assert outcome.diverged
    assert outcome.note == "OutOfMemoryError: out of memory"


def test_a_network_that_a_proxy_spoils_is_built_anew_for_each_try(own_proxies: None) -> None:
    sums = []

    def spoils(network: classifier.Classifier, images: torch.Tensor, labels: torch.Tensor) -> float:
        sums.append(sum(p.sum().item() for p in network.parameters()))
        for parameter in network.parameters():
            parameter.data.zero_()
        if len(images) > 4:
            raise MemoryError
        return 1.0

    register(spoils)
    evaluate(evaluation("mine", 8), "cpu")
    assert sums[0] == sums[1] != 0


def test_peak_memory_is_that_of_the_process() -> None:
    peak = evaluate(evaluation("snip"), "cpu").peak_bytes
    assert peak is None or 50e6 < peak < 50e9


def test_labels_are_classes_of_which_some_occur_twice() -> None:
    found = measuring.labels(16, 10, seed=1)
    assert found.tolist() == measuring.labels(16, 10, seed=1).tolist() != measuring.labels(16, 10, seed=2).tolist()
    assert 0 <= found.min() <= found.max() < 10


def test_an_unknown_proxy_or_device_is_refused() -> None:
    with pytest.raises(UserError, match=r"unknown zero-cost proxy 'gradnorm'.*grad_norm"):
        evaluate(evaluation("gradnorm"), "cpu")
    with pytest.raises(UserError, match="unknown device 'tpu'"):
        evaluate(evaluation("snip"), "tpu")


def test_proxies_of_an_architecture_share_a_network_that_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not with those that change its modules."""
    alone = {}
    for name in ("az_expressivity", "synflow", "grad_norm", "fisher"):
        monkeypatch.setattr(networks, "_kept", [])
        alone[name] = evaluate(evaluation(name), "cpu").values
    built, build = [], classifier.build
    monkeypatch.setattr(networks, "_kept", [])
    monkeypatch.setattr(classifier, "build", lambda *given: built.append(given) or build(*given))
    assert {name: evaluate(evaluation(name), "cpu").values for name in alone} == alone
    assert len(built) == 2
    assert evaluate(evaluation("grad_norm", seed=2), "cpu").values != alone["grad_norm"]
