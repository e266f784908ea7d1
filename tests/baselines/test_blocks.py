"""The primary blocks of networks, in every search space and in backbones of other forms."""

from collections import Counter

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from eproxy_engine.baselines.blocks import joined, primary_blocks
from eproxy_engine.baselines.classifier import Classifier, build
from eproxy_engine.spaces.backbone import Backbone
from eproxy_engine.spaces.builtin import BUILTIN
from eproxy_engine.spaces.stages import Stages
from tests.baselines.tiny import Tiny

pytestmark = pytest.mark.thorough

REPEATED = {"CellModule", "Block", "ResidualBlock", "Parallel"}
"""What the networks of a space are chains of."""


def layer(c_in: int, c_out: int, stride: int = 1) -> nn.Module:
    return nn.Sequential(nn.Conv2d(c_in, c_out, 3, stride, 1), nn.ReLU())


def head(classes: int) -> nn.Module:
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, classes))


@pytest.mark.parametrize("space", BUILTIN, ids=lambda space: space.name)
def test_every_space_has_a_stem_and_a_chain_of_blocks(space):
    network = build(space, space.sample(np.random.default_rng(3)), 4, 0)
    with torch.no_grad():
        outputs = network.block_outputs(torch.randn(1, 3, 16, 16))
        deepest = network.backbone(torch.randn(1, 3, 16, 16))[0]
    kinds = Counter(type(block).__name__ for block in primary_blocks(network.backbone))
    assert len(outputs) == kinds.total()
    assert len(set(kinds) & REPEATED) == 1
    assert joined(outputs[-1]).shape == deepest.shape
    sides = [output[0].shape[2] for output in outputs]
    assert sides == sorted(sides, reverse=True)


def test_how_many_blocks_a_network_has():
    counted = {space.name: len(primary_blocks(build(space, space.largest(), 4, 0).backbone)) for space in BUILTIN[:2]}
    assert counted == {"nasbench101": 1 + 3 * 3, "nasbench201": 1 + 3 * 5 + 2}


def test_stages_made_of_blocks_are_taken_apart_and_others_are_not():
    nested = nn.Sequential(nn.Sequential(layer(3, 4), layer(4, 4)), layer(4, 4))
    mixed = nn.Sequential(layer(4, 4), nn.MaxPool2d(2), layer(4, 4))
    plain = layer(4, 4, stride=2)
    network = Classifier(Stages([nested, mixed, plain], [4, 4, 4], head), 2)
    blocks = primary_blocks(network.backbone)
    assert blocks == [nested[0][0], nested[0][1], nested[1], mixed[0], mixed[2], plain]
    outputs = network.block_outputs(torch.randn(2, 3, 8, 8))
    assert [output[0].shape[2] for output in outputs] == [8, 8, 8, 8, 4, 2]


def test_the_order_is_that_of_computation():
    class Backwards(Backbone):
        stage_channels = (4, 4, 4)

        def __init__(self) -> None:
            super().__init__()
            self.blocks = nn.ModuleList([layer(4, 4, 2), layer(3, 4)])

        def forward(self, x: Tensor) -> list[Tensor]:
            first = self.blocks[1](x)
            return [self.blocks[0](first), first, first]

        def classifier(self, classes: int) -> nn.Module:
            return head(classes)

    outputs = Classifier(Backwards(), 2).block_outputs(torch.randn(2, 3, 8, 8))
    assert [output[0].shape[2] for output in outputs] == [8, 4]


def test_a_backbone_without_blocks_has_its_distinct_stage_outputs():
    class Flat(Tiny):
        def forward(self, x: Tensor) -> list[Tensor]:
            first = self.layers(x)
            deepest = nn.functional.max_pool2d(first, 2)
            return [deepest, first, first]

    (first,), (deepest,) = Classifier(Flat(), 2).block_outputs(torch.randn(2, 3, 8, 8))
    assert first.shape == (2, 2, 8, 8)
    assert deepest.shape == (2, 2, 4, 4)
    assert len(Classifier(Tiny(), 2).block_outputs(torch.randn(2, 3, 8, 8))) == 1


def test_tensors_of_several_resolutions_are_joined_at_the_coarsest():
    fine = torch.arange(16.0).reshape(1, 1, 4, 4)
    coarse = torch.full((1, 2, 2, 2), 7.0)
    both = joined([fine, coarse])
    assert both[0, 0].tolist() == [[2.5, 4.5], [10.5, 12.5]]
    assert torch.equal(both[:, 1:], coarse)
    assert torch.equal(joined([fine]), fine)
