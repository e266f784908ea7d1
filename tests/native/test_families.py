"""Networks of every family, in the kernels and in torch: losses before the first update, and gradients."""

from ctypes import CDLL

import numpy as np
import pytest
import torch
from torch import nn

from eproxy_engine import spaces
from eproxy_engine.native.program import compiled
from eproxy_engine.spaces.backbone import Backbone
from tests.native.comparing import by_kernels, by_torch, differences, images
from tests.registry import ONE_OF_EACH_CODE

OUTPUTS, GRADIENTS = 1e-5, 5e-3
"""Relative, in networks whose rectifiers hardly ever flip by a rounding."""
WIDTH, SIDE = 4, 16


def network(name: str, seed: int = 3) -> Backbone:
    """A random network of a space, with normalised values mostly far above zero.

    Near zero a rounding opens or closes a rectifier, which changes gradients by a per cent, in torch as well.
    """
    space = spaces.get(name)
    torch.manual_seed(seed)
    built = space.build(space.sample(np.random.default_rng(seed)), WIDTH)
    for module in built.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.constant_(module.bias, 4.0)
    return built


@pytest.mark.parametrize("name", ONE_OF_EACH_CODE)
def test_outputs_and_gradients_are_those_of_torch(best_kernels: CDLL, name: str) -> None:
    built, x = network(name), images(16, SIDE)
    layout = compiled(built, tuple(x.shape))
    outputs, gradients = differences(by_kernels(built, x, best_kernels, layout), by_torch(built, x, double=False))
    assert outputs < OUTPUTS
    assert gradients < GRADIENTS
    assert [output.channels for output in layout.plan.graph.outputs] == list(built.stage_channels)
