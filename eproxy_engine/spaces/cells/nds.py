"""The spaces of cells of NDS (Radosavovic et al., 2019): six measured on ImageNet, eight on CIFAR-10.

Operations, nodes and outputs of the cells are those of its section 5, and those of all measured networks. Depths and
widths are those of the measured networks for ImageNet; for CIFAR-10, whose table does not ship, those which others
report of it.
"""

from __future__ import annotations

from typing import ClassVar

from eproxy_engine.spaces.cells.kinds import AMOEBA, DARTS, ENAS, NASNET, PNAS
from eproxy_engine.spaces.cells.space import CellSpace
from eproxy_engine.spaces.interface import Task


class _ImageNet(CellSpace):
    """Trained for 50 epochs.

    None of the measured networks has more than six million parameters, though depth and width alone would allow
    several times as many. That is no chance, so it belongs to the space. The largest architectures under this limit
    come from an exact search, in which the figures are sums over operations.
    """

    family = "NDS, ImageNet"
    tasks = (
        Task("imagenet", "ImageNet, top-1 after the last epoch"),
        Task("imagenet-best", "ImageNet, best top-1 of all epochs"),
    )
    depths: ClassVar[tuple[int, ...]] = (6, 10, 14, 18, 22)
    widths: ClassVar[tuple[int, ...]] = (32, 48, 64, 80, 96)
    most_parameters = 6_000_000
    imagenet = True
    published_width = 32
    small_width = 8
    input_size = 224
    classes = 1000
    typical_speed = 9e9


class ImageNetDARTS(_ImageNet):
    """121 networks were measured."""

    name = "nds-imagenet-darts"
    title = "NDS DARTS, ImageNet"
    kind = DARTS
    largest_text = (
        "d6w96;normal=max_pool_3x3~0+max_pool_3x3~1|dil_conv_3x3~0+sep_conv_3x3~1|sep_conv_5x5~0+sep_conv_5x5~1|"
        "sep_conv_5x5~0+sep_conv_5x5~1;reduce=max_pool_3x3~0+max_pool_3x3~1|max_pool_3x3~0+max_pool_3x3~1|"
        "max_pool_3x3~0+max_pool_3x3~1|max_pool_3x3~0+max_pool_3x3~1"
    )


class ImageNetFixedDARTS(_ImageNet):
    """499 networks were measured, trained for 5 epochs; all have at least 3.27 million parameters."""

    name = "nds-imagenet-darts-fix-w-d"
    title = "NDS DARTS of one width and depth, ImageNet"
    tasks = (
        Task("imagenet", "ImageNet, top-1 after the last of 5 epochs"),
        Task("imagenet-best", "ImageNet, best top-1 of 5 epochs"),
    )
    kind = DARTS
    depths = (22,)
    widths = (32,)


class ImageNetAmoeba(_ImageNet):
    """124 networks were measured."""

    name = "nds-imagenet-amoeba"
    title = "NDS Amoeba, ImageNet"
    kind = AMOEBA
    largest_text = (
        "d6w96;normal=sep_conv_7x7~0+sep_conv_7x7~1|sep_conv_7x7~2+sep_conv_7x7~1|sep_conv_7x7~3+sep_conv_7x7~1|"
        "sep_conv_7x7~4+sep_conv_7x7~1|sep_conv_7x7~5+sep_conv_7x7~1;reduce=avg_pool_3x3~0+avg_pool_3x3~1|"
        "skip_connect~2+avg_pool_3x3~1|skip_connect~3+avg_pool_3x3~1|skip_connect~4+avg_pool_3x3~1|"
        "skip_connect~5+avg_pool_3x3~1"
    )


class ImageNetENAS(_ImageNet):
    """117 networks were measured."""

    name = "nds-imagenet-enas"
    title = "NDS ENAS, ImageNet"
    kind = ENAS
    largest_text = (
        "d6w96;normal=sep_conv_3x3~0+sep_conv_5x5~1|sep_conv_5x5~2+sep_conv_5x5~1|sep_conv_5x5~3+sep_conv_5x5~1|"
        "sep_conv_5x5~4+sep_conv_5x5~1|sep_conv_5x5~5+sep_conv_5x5~1;reduce=avg_pool_3x3~0+avg_pool_3x3~1|"
        "skip_connect~2+avg_pool_3x3~1|skip_connect~3+avg_pool_3x3~1|avg_pool_3x3~0+avg_pool_3x3~1|"
        "avg_pool_3x3~0+avg_pool_3x3~1"
    )


class ImageNetNASNet(_ImageNet):
    """122 networks were measured."""

    name = "nds-imagenet-nasnet"
    title = "NDS NASNet, ImageNet"
    kind = NASNET
    largest_text = ImageNetAmoeba.largest_text


class ImageNetPNAS(_ImageNet):
    """119 networks were measured."""

    name = "nds-imagenet-pnas"
    title = "NDS PNAS, ImageNet"
    kind = PNAS
    largest_text = (
        "d6w96;normal=skip_connect~0+skip_connect~1|skip_connect~0+skip_connect~1|skip_connect~0+skip_connect~1|"
        "sep_conv_3x3~0+sep_conv_5x5~1|sep_conv_7x7~0+dil_conv_3x3~1;reduce=avg_pool_3x3~0+avg_pool_3x3~1|"
        "avg_pool_3x3~0+avg_pool_3x3~1|avg_pool_3x3~0+avg_pool_3x3~1|avg_pool_3x3~0+avg_pool_3x3~1|"
        "avg_pool_3x3~0+avg_pool_3x3~1"
    )


class _Cifar10(CellSpace):
    """Trained for 100 epochs."""

    family = "NDS, CIFAR-10"
    tasks = (
        Task("cifar10", "CIFAR-10, accuracy after the last epoch"),
        Task("cifar10-best", "CIFAR-10, best accuracy of all epochs"),
    )
    depths: ClassVar[tuple[int, ...]] = (4, 8, 12, 16, 20)
    widths: ClassVar[tuple[int, ...]] = (16, 24, 32)
    imagenet = False
    published_width = 32
    small_width = 8
    typical_speed = 3e9
    ground_truth_hint = (
        "Import the official archive, dl.fbaipublicfiles.com/nds/data.zip, on the Architectures page or with "
        "python -m eproxy_engine import nds data.zip."
    )


class _FixedCifar10(_Cifar10):
    """Depth and width are those of which others report, the greatest and the least; the table may have others."""

    depths = _Cifar10.depths[-1:]
    widths = _Cifar10.widths[:1]
    accepted_depths = _Cifar10.depths
    accepted_widths = _Cifar10.widths


class Cifar10DARTS(_Cifar10):
    """The official table has 5,000 networks."""

    name = "nds-cifar10-darts"
    title = "NDS DARTS, CIFAR-10"
    kind = DARTS


class Cifar10FixedDARTS(_FixedCifar10):
    """The official table has 5,000 networks."""

    name = "nds-cifar10-darts-fix-w-d"
    title = "NDS DARTS of one width and depth, CIFAR-10"
    kind = DARTS


class Cifar10Amoeba(_Cifar10):
    """The official table has 4,983 networks."""

    name = "nds-cifar10-amoeba"
    title = "NDS Amoeba, CIFAR-10"
    kind = AMOEBA


class Cifar10ENAS(_Cifar10):
    """The official table has 4,999 networks."""

    name = "nds-cifar10-enas"
    title = "NDS ENAS, CIFAR-10"
    kind = ENAS


class Cifar10FixedENAS(_FixedCifar10):
    """The official table has 5,000 networks."""

    name = "nds-cifar10-enas-fix-w-d"
    title = "NDS ENAS of one width and depth, CIFAR-10"
    kind = ENAS


class Cifar10NASNet(_Cifar10):
    """The official table has 4,846 networks."""

    name = "nds-cifar10-nasnet"
    title = "NDS NASNet, CIFAR-10"
    kind = NASNET


class Cifar10PNAS(_Cifar10):
    """The official table has 4,999 networks."""

    name = "nds-cifar10-pnas"
    title = "NDS PNAS, CIFAR-10"
    kind = PNAS


class Cifar10FixedPNAS(_FixedCifar10):
    """The official table has 4,559 networks."""

    name = "nds-cifar10-pnas-fix-w-d"
    title = "NDS PNAS of one width and depth, CIFAR-10"
    kind = PNAS
