"""Networks and landscapes that are quick to compute."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from eproxy_engine.landscape import Part, View
from eproxy_engine.landscape.computing import evaluate
from eproxy_engine.proxy import Branch, Configuration, Evaluation, Outcome
from eproxy_engine.proxy.training import Training

CELL = "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|"
ARCHITECTURES = {
    "nasbench201": "|nor_conv_1x1~0|+|nor_conv_1x1~0|skip_connect~1|+|avg_pool_3x3~0|none~1|nor_conv_3x3~2|",
    "nasbench101": "1100011101:conv1x1,maxpool3x3,conv3x3",
    "nds-cifar10-resnet": "d1w16|d1w16|d1w24",
    "transnas101-micro": "64-41414-1_23_300",
}


def configuration(**changes: Any) -> Configuration:
    branches = (Branch("deepest", ("net",), c_mid=16, c_out=16),)
    values = {"branches": branches, "width": 4, "iterations": 3, "batch": 2, "learning_rate": 0.1} | changes
    return Configuration(**values)


def evaluation_of(setting: Part | Configuration, seed: int = 1) -> Evaluation:
    return Evaluation.of("nasbench201", CELL, setting, "noise", seed)


def training_in(space: str = "nasbench201", **changes: Any) -> Training:
    """Before the first update."""
    given = configuration(**{"batch": 4, "width": 8, **changes})
    return Training.of(Evaluation.of(space, ARCHITECTURES[space], given, "noise", seed=1), "cpu")


def part(piece: str, index: int = 0, changes: dict[str, Any] | None = None, **view: Any) -> Part:
    """``changes``: of the configuration."""
    values = {"centre": 2, "steps": 3, "radius": 0.5} | view
    return Part(configuration(**changes or {}), View(**values), piece, index)


@lru_cache
def computed(wanted: Part) -> Outcome:
    """Kept for all tests that look at the same piece."""
    return evaluate(evaluation_of(wanted), "cpu")
