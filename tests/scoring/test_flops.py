"""FLOPs over those of the largest architecture: of the whole space, or of what the benchmark has measured."""

from __future__ import annotations

import pytest

from eproxy_engine import spaces
from eproxy_engine.baselines import Baseline
from eproxy_engine.proxy import Configuration
from eproxy_engine.scoring import flops_norm

MEASURED = Configuration(flops_weight=-0.5, flops_norm="measured")
RATIOS = {
    "nasbench101": 1.0,
    "nasbench201": 1.0,
    "transnas101-micro": 1.0,
    "transnas101-macro": 1.0,
    "nasbench-mr": 1.99,
    "nds-imagenet-resnext-a": 1.01,
    "nds-imagenet-darts": 1.1,
    "nds-imagenet-pnas": 1.22,
    "nds-imagenet-darts-fix-w-d": 1.28,
    "nds-imagenet-resnext-b": 1.3,
    "nds-imagenet-nasnet": 1.44,
    "nds-imagenet-enas": 1.45,
    "nds-imagenet-amoeba": 1.46,
    "darts-cifar10-1000": 1.16,
}
"""How much more α weighs with the measured norm, as docs/fidelity.md says."""


@pytest.mark.parametrize("space", RATIOS)
def test_the_largest_measured_one_has_a_norm_of_one(space: str) -> None:
    largest = spaces.get(space).largest_flops
    assert flops_norm(Configuration(), space, float(largest)) == 1.0
    assert flops_norm(MEASURED, space, float(largest)) == pytest.approx(RATIOS[space], abs=0.006)


def test_where_nothing_is_measured_it_is_the_largest_possible_one() -> None:
    largest = spaces.get("darts").largest_flops
    assert flops_norm(MEASURED, "darts", largest / 4) == 0.25


def test_other_proxies_have_no_choice() -> None:
    assert flops_norm(Baseline("naswot"), "nasbench-mr", 13_646_695_552.0) == 0.5
