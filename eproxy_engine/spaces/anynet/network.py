"""Networks of the NDS residual families (Radosavovic et al., 2019; block and stem as the published counts imply)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from torch import Tensor, nn

from eproxy_engine.spaces.anynet.architecture import Residual, Stage
from eproxy_engine.spaces.backbone import Backbone


class Network(Backbone):
    """Stem and stages in sequence; every stage but the first halves the grid.

    ``stem``: channels of its 3x3 convolutions, each with ``stem_stride``. ``scale``: factor of every number of
    channels.
    """

    def __init__(self, architecture: Residual, stem: Sequence[int], stem_stride: int, scale: Fraction) -> None:
        super().__init__()
        channels = [3, *(scaled(each, scale) for each in stem)]
        self.stem = nn.Sequential(
            *(layer for c_in, c_out in pairwise(channels) for layer in _conv_bn_relu(c_in, c_out, 3, stem_stride))
        )
        self.stages = nn.ModuleList()
        c_in = channels[-1]
        for place, stage in enumerate(architecture.stages):
            self.stages.append(_stage(stage, c_in, stride=1 if place == 0 else 2, scale=scale))
            c_in = scaled(stage.width, scale)
        first, second, deepest = (scaled(stage.width, scale) for stage in architecture.stages[-3:])
        self.stage_channels = (deepest, second, first)

    def forward(self, x: Tensor) -> list[Tensor]:
        x = self.stem(x)
        outputs = []
        for stage in self.stages:
            x = stage(x)
            outputs.append(x)
        return [outputs[-1], outputs[-2], outputs[-3]]

    def classifier(self, classes: int) -> nn.Module:
        return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(self.stage_channels[0], classes))


class Block(nn.Module):
    """``[b, c_in, h, w]`` -> ``[b, c_out, h / stride, w / stride]``: ReLU of shortcut plus residual.

    The shortcut is a 1x1 projection where the shape changes, the input itself elsewhere.
    """

    def __init__(self, residual: nn.Sequential, c_in: int, c_out: int, stride: int) -> None:
        super().__init__()
        self.residual = residual
        same = c_in == c_out and stride == 1
        self.shortcut = nn.Identity() if same else nn.Sequential(*_conv_bn(c_in, c_out, 1, stride))
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.relu(self.shortcut(x) + self.residual(x))


def scaled(channels: int | Fraction, scale: Fraction) -> int:
    """Return ``channels`` times ``scale``, rounded, at least 1.

    >>> scaled(64, Fraction(1, 4)), scaled(16, Fraction(1, 64)), scaled(16, Fraction(10, 64))
    (16, 1, 3)
    """
    return max(1, int(channels * scale + Fraction(1, 2)))


def bottleneck(stage: Stage, scale: Fraction) -> tuple[int, int]:
    """Return the channels of a stage's bottleneck and the groups of its convolution, which divide them.

    Groups are halved until each has at least one channel.

    >>> bottleneck(Stage(1, 16, 0.25, 4), Fraction(1)), bottleneck(Stage(1, 16, 0.25, 4), Fraction(1, 2))
    ((4, 4), (2, 2))
    """
    assert stage.ratio is not None
    assert stage.groups is not None
    channels, groups = stage.width * Fraction(stage.ratio), stage.groups
    while groups > 1 and channels * scale < groups:
        groups //= 2
    return groups * scaled(channels / groups, scale), groups


def _stage(stage: Stage, c_in: int, stride: int, scale: Fraction) -> nn.Sequential:
    c_out = scaled(stage.width, scale)
    blocks = []
    for _ in range(stage.depth):
        blocks.append(Block(nn.Sequential(*_residual(stage, c_in, c_out, stride, scale)), c_in, c_out, stride))
        c_in, stride = c_out, 1
    return nn.Sequential(*blocks)


def _residual(stage: Stage, c_in: int, c_out: int, stride: int, scale: Fraction) -> list[nn.Module]:
    """Return two 3x3 convolutions, or 1x1, grouped 3x3 and 1x1 with a bottleneck; no ReLU after the last."""
    if stage.ratio is None:
        return [*_conv_bn_relu(c_in, c_out, 3, stride), *_conv_bn(c_out, c_out, 3)]
    middle, groups = bottleneck(stage, scale)
    return [
        *_conv_bn_relu(c_in, middle, 1),
        *_conv_bn_relu(middle, middle, 3, stride, groups),
        *_conv_bn(middle, c_out, 1),
    ]


def _conv_bn_relu(c_in: int, c_out: int, kernel: int, stride: int = 1, groups: int = 1) -> list[nn.Module]:
    return [*_conv_bn(c_in, c_out, kernel, stride, groups), nn.ReLU(inplace=True)]


def _conv_bn(c_in: int, c_out: int, kernel: int, stride: int = 1, groups: int = 1) -> list[nn.Module]:
    conv = nn.Conv2d(c_in, c_out, kernel, stride, padding=kernel // 2, groups=groups, bias=False)
    return [conv, nn.BatchNorm2d(c_out)]
