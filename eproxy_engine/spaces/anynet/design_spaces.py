"""The residual design spaces of NDS: five rows of values.

For every choice, the paper's table of design spaces gives the range and the number of values, spread about evenly in
log space: 9 depths of 1 to 24 and 12 widths of 16 to 256 for ResNet; 5 depths of 1 to 16 and 3 ratios of 1 to 1/4 for
ResNeXt, with 5 widths of 16 to 256 and 3 numbers of groups of 1 to 4 (A), or 5 widths of 64 to 1024 and 5 numbers of
groups of 1 to 16 (B).
"""

from __future__ import annotations

from eproxy_engine.spaces.anynet.architecture import Residual
from eproxy_engine.spaces.anynet.arithmetic import Counts
from eproxy_engine.spaces.anynet.space import AnyNet, Choices
from eproxy_engine.spaces.nds import OnCifar10, OnImageNet

RESNET = Choices(
    depths=(1, 2, 3, 4, 6, 8, 12, 16, 24),
    widths=(16, 24, 32, 40, 48, 64, 80, 96, 128, 160, 192, 256),
)
RESNEXT_A = Choices(depths=(1, 2, 4, 8, 16), widths=(16, 32, 64, 128, 256), ratios=(0.25, 0.5, 1.0), groups=(1, 2, 4))
RESNEXT_B = Choices(
    depths=(1, 2, 4, 8, 16), widths=(64, 128, 256, 512, 1024), ratios=(0.25, 0.5, 1.0), groups=(1, 2, 4, 8, 16)
)
BOTTLENECK = "res_bottleneck_block"


class ImageNetAnyNet(AnyNet, OnImageNet[Residual]):
    """Residual networks for ImageNet; each of the stem's three convolutions halves the grid.

    All measured networks have at most six million parameters or at most 600 million FLOPs. Only one network in two of B
    does, so this is a limit of the space and not chance.
    """

    block = BOTTLENECK
    most = Counts(parameters=6_000_000, flops=600_000_000)
    stem = (32, 64, 64)
    stem_stride = 2
    published_width = 64
    small_width = 16
    typical_speed = 2e10

    def __init__(self, design: str, choices: Choices, largest_text: str) -> None:
        self.name, self.title = f"nds-imagenet-{design.lower()}", f"NDS {design}, ImageNet"
        self.choices = choices
        self.largest_text = largest_text


class Cifar10AnyNet(AnyNet, OnCifar10[Residual]):
    """Residual networks for CIFAR-10; the stem is one convolution."""

    stem = (16,)
    published_width = 16

    def __init__(
        self,
        design: str,
        choices: Choices,
        largest_text: str,
        small_width: int,
        typical_speed: float,
        block: str = BOTTLENECK,
        measurable: Choices | None = None,
    ) -> None:
        self.name, self.title = f"nds-cifar10-{design.lower()}", f"NDS {design}, CIFAR-10"
        self.choices = choices
        self.largest_text = largest_text
        self.small_width = small_width
        self.typical_speed = typical_speed
        self.block = block
        self.measurable = measurable


IMAGENET_ANYNETS = (
    # 11,009,863 networks (225^3 = 11,390,625 without the limits), of which 130 were measured
    ImageNetAnyNet("ResNeXt-A", RESNEXT_A, "d8w256b1g1|d1w256b0.5g4|d1w16b1g2"),
    # 27,754,162 networks (375^3 = 52,734,375 without the limits), of which 164 were measured
    ImageNetAnyNet("ResNeXt-B", RESNEXT_B, "d8w256b1g1|d1w128b1g8|d1w64b1g8"),
)
CIFAR10_ANYNETS = (
    # 108^3 = 1,259,712 networks. The paper gives the range and the number of values, not the values themselves; RESNET
    # contains all values of published networks. A text may have any value in the range.
    Cifar10AnyNet(
        "ResNet",
        RESNET,
        "d24w256|d24w256|d24w256",
        small_width=4,
        typical_speed=6e10,
        block="res_basic_block",
        measurable=Choices(depths=range(1, 25), widths=range(16, 257, 8)),
    ),
    # 225^3 = 11,390,625
    Cifar10AnyNet("ResNeXt-A", RESNEXT_A, "d16w256b1g1|d16w256b1g1|d16w256b1g1", small_width=8, typical_speed=4e10),
    # 375^3 = 52,734,375
    Cifar10AnyNet("ResNeXt-B", RESNEXT_B, "d16w1024b1g1|d16w1024b1g1|d16w1024b1g1", small_width=4, typical_speed=6e10),
)
