"""The residual design spaces of NDS: five tables over one class.

The paper's table of design spaces gives, for every choice, its two ends and how many values lie about evenly, in log
space, between them: 9 depths of 1 to 24 and 12 widths of 16 to 256 for ResNet; 5 depths of 1 to 16 and 3 ratios of 1 to
1/4 for ResNeXt, with 5 widths of 16 to 256 and 3 numbers of groups of 1 to 4 (A), or 5 widths of 64 to 1024 and 5
numbers of groups of 1 to 16 (B).
"""

from __future__ import annotations

from eproxy_engine.spaces.anynet.arithmetic import Counts
from eproxy_engine.spaces.anynet.space import AnyNet, Choices
from eproxy_engine.spaces.interface import Task

RESNET = Choices(
    depths=(1, 2, 3, 4, 6, 8, 12, 16, 24),
    widths=(16, 24, 32, 40, 48, 64, 80, 96, 128, 160, 192, 256),
)
RESNEXT_A = Choices(depths=(1, 2, 4, 8, 16), widths=(16, 32, 64, 128, 256), ratios=(0.25, 0.5, 1.0), groups=(1, 2, 4))
RESNEXT_B = Choices(
    depths=(1, 2, 4, 8, 16), widths=(64, 128, 256, 512, 1024), ratios=(0.25, 0.5, 1.0), groups=(1, 2, 4, 8, 16)
)


class _ImageNet(AnyNet):
    """Trained for 50 epochs; each of the stem's three convolutions halves the grid.

    All measured networks have at most six million parameters or at most 600 million FLOPs. That is no chance (of B, it
    holds for one network in two), so it belongs to the space.
    """

    family = "NDS, ImageNet"
    tasks = (
        Task("imagenet", "ImageNet, top-1 after the last epoch"),
        Task("imagenet-best", "ImageNet, best top-1 of all epochs"),
    )
    most = Counts(parameters=6_000_000, flops=600_000_000)
    block = "res_bottleneck_block"
    stem = (32, 64, 64)
    stem_stride = 2
    published_width = 64
    small_width = 16
    input_size = 224
    classes = 1000
    typical_speed = 2e10


class ImageNetResNeXtA(_ImageNet):
    """11,009,863 networks (225^3 = 11,390,625 without the limits), of which 130 were measured."""

    name = "nds-imagenet-resnext-a"
    title = "NDS ResNeXt-A, ImageNet"
    choices = RESNEXT_A
    largest_text = "d8w256b1g1|d1w256b0.5g4|d1w16b1g2"
    largest_flops = 4_646_583_296


class ImageNetResNeXtB(_ImageNet):
    """27,754,162 networks (375^3 = 52,734,375 without the limits), of which 164 were measured."""

    name = "nds-imagenet-resnext-b"
    title = "NDS ResNeXt-B, ImageNet"
    choices = RESNEXT_B
    largest_text = "d8w256b1g1|d1w128b1g8|d1w64b1g8"
    largest_flops = 4_634_745_856


class _Cifar10(AnyNet):
    """Trained for 100 epochs; the stem is one convolution."""

    family = "NDS, CIFAR-10"
    tasks = (
        Task("cifar10", "CIFAR-10, accuracy after the last epoch"),
        Task("cifar10-best", "CIFAR-10, best accuracy of all epochs"),
    )
    stem = (16,)
    published_width = 16
    ground_truth_hint = (
        "Import the official archive, dl.fbaipublicfiles.com/nds/data.zip, on the Architectures page or with "
        "python -m eproxy_engine import nds data.zip."
    )


class Cifar10ResNet(_Cifar10):
    """108^3 = 1,259,712 networks of basic blocks.

    The paper tells the ends and the number of the values between them, not the values; those here contain all that
    published networks show. ``parse`` accepts any within the ends.
    """

    name = "nds-cifar10-resnet"
    title = "NDS ResNet, CIFAR-10"
    choices = RESNET
    measurable = Choices(depths=range(1, 25), widths=range(16, 257, 8))
    block = "res_basic_block"
    largest_text = "d24w256|d24w256|d24w256"
    largest_flops = 37_510_105_600
    small_width = 4
    typical_speed = 6e10


class Cifar10ResNeXtA(_Cifar10):
    """225^3 = 11,390,625 networks."""

    name = "nds-cifar10-resnext-a"
    title = "NDS ResNeXt-A, CIFAR-10"
    choices = RESNEXT_A
    block = "res_bottleneck_block"
    largest_text = "d16w256b1g1|d16w256b1g1|d16w256b1g1"
    largest_flops = 15_527_758_336
    small_width = 8
    typical_speed = 4e10


class Cifar10ResNeXtB(_Cifar10):
    """375^3 = 52,734,375 networks."""

    name = "nds-cifar10-resnext-b"
    title = "NDS ResNeXt-B, CIFAR-10"
    choices = RESNEXT_B
    block = "res_bottleneck_block"
    largest_text = "d16w1024b1g1|d16w1024b1g1|d16w1024b1g1"
    largest_flops = 248_336_803_840
    small_width = 4
    typical_speed = 6e10
