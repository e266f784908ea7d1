"""Figures of every kind that the engine gives, from networks so small that all take three seconds: ``python -m
tests.machines.figures [DEVICE]`` computes them as its environment says and prints them as JSON."""

from __future__ import annotations

import json
import sys
from typing import Any

from eproxy_engine import baselines
from eproxy_engine.baselines import Baseline
from eproxy_engine.landscape import Part, View
from eproxy_engine.proxy import Branch, Configuration, Evaluation
from eproxy_engine.runs import archive, bundled
from eproxy_engine.scoring.computing import evaluate
from eproxy_engine.search.proxy_search.proxy_space import PROXY_SPACES
from eproxy_engine.search.strategies import tpe

AMOEBA = (
    "d10w32;normal=sep_conv_5x5~0+sep_conv_5x5~0|dil_sep_conv_3x3~0+max_pool_3x3~2|sep_conv_3x3~0+sep_conv_7x7~2|"
    "dil_sep_conv_3x3~4+conv_7x1_1x7~1|sep_conv_5x5~1+sep_conv_7x7~5;reduce=sep_conv_5x5~0+avg_pool_3x3~1|"
    "avg_pool_3x3~1+max_pool_3x3~1|dil_sep_conv_3x3~1+sep_conv_7x7~0|sep_conv_3x3~4+skip_connect~2|"
    "avg_pool_3x3~2+avg_pool_3x3~3"
)
DARTS = (
    "d14w48;normal=sep_conv_3x3~0+avg_pool_3x3~1|dil_conv_5x5~1+sep_conv_5x5~2|sep_conv_5x5~2+dil_conv_3x3~3|"
    "dil_conv_3x3~0+dil_conv_3x3~2;reduce=max_pool_3x3~0+skip_connect~1|sep_conv_5x5~0+max_pool_3x3~1|"
    "dil_conv_3x3~2+max_pool_3x3~3|dil_conv_3x3~0+sep_conv_5x5~4"
)
FAMILIES = {
    "nasbench101": "1100011101:conv1x1,maxpool3x3,conv3x3",
    "nasbench201": "|nor_conv_1x1~0|+|nor_conv_1x1~0|nor_conv_3x3~1|+|avg_pool_3x3~0|none~1|none~2|",
    "transnas101-micro": "64-41414-1_23_300",
    "transnas101-macro": "64-134421-basic",
    "nasbench-mr": "64,72|4*4x8|1*4x128,1x40|4*2x40,4x40,2x88|3*1x8,4x104,4x72,4x48|64",
    "nds-imagenet-amoeba": AMOEBA,
    "nds-imagenet-resnext-a": "d4w64b1g4|d1w16b1g4|d2w32b1g2",
    "darts": DARTS,
}
"""An architecture of each."""
RANKED = (
    "|nor_conv_3x3~0|+|avg_pool_3x3~0|nor_conv_1x1~1|+|skip_connect~0|none~1|skip_connect~2|",
    "|avg_pool_3x3~0|+|nor_conv_3x3~0|skip_connect~1|+|nor_conv_1x1~0|nor_conv_1x1~1|avg_pool_3x3~2|",
    "|none~0|+|avg_pool_3x3~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|",
    "|avg_pool_3x3~0|+|avg_pool_3x3~0|skip_connect~1|+|avg_pool_3x3~0|skip_connect~1|none~2|",
    "|none~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|avg_pool_3x3~1|avg_pool_3x3~2|",
    "|nor_conv_1x1~0|+|nor_conv_3x3~0|none~1|+|nor_conv_3x3~0|none~1|skip_connect~2|",
)
"""Of NAS-Bench-201: cells through which much of the image passes. Where little does, normalisation blows rounding up,
and three updates at the rate of :data:`SMALL` make up to 5% of a last digit; here they make 6e-6."""
CELL = "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|"
SMALL = Configuration((Branch(c_mid=16, c_out=16),), width=4, batch=4, iterations=1, learning_rate=0.01)
PIECES = ("frame", "row", "slice", "curvature")
SHIPPED = ("landscape-nasbench101.json.gz", "nasbench201-laptop.json.gz")
"""Runs of which all kinds of statistics are worked out in half a second."""


def figures(device: str = "cpu") -> dict[str, Any]:
    """By kind and name."""
    longer = SMALL.replace("iterations", "4")
    view = View(centre=0, steps=3, radius=0.5)
    return {
        "first losses": {space: _computed(space, text, SMALL, device) for space, text in FAMILIES.items()},
        "ranked": [_computed("nasbench201", text, longer, device)[-1] for text in RANKED],
        "proxies": {
            name: _computed("nasbench201", RANKED[0], Baseline(name, 4, 4), device) for name in baselines.names()
        },
        "landscape": {piece: _computed("nasbench201", CELL, Part(SMALL, view, piece), device) for piece in PIECES},
        "suggested": _suggested(trials=24),
        "shipped": {name: _worked_out(name) for name in SHIPPED},
    }


def _computed(space: str, text: str, setting: Any, device: str) -> tuple[float, ...]:
    values = evaluate(Evaluation.of(space, text, setting, "noise", 1), device).values
    return tuple(value for row in values for value in row)


def _suggested(trials: int) -> list[str]:
    """What TPE tries, if how good that is follows from its digest."""
    strategy = tpe(PROXY_SPACES["paper"], startup=10, budget=trials, seed=0)
    tried = [candidate.value.digest() for candidate in next(strategy)]
    while len(tried) < trials:
        tried += [candidate.value.digest() for candidate in strategy.send([int(each, 16) / 2**64 for each in tried])]
    return tried


def _worked_out(name: str) -> Any:
    packed = archive.read((bundled.SAMPLES_FOLDER / name).read_bytes())
    return packed.plan.result(packed.replay.outcomes)


if __name__ == "__main__":
    print(json.dumps(figures(*sys.argv[1:])))
