"""The cell spaces of NDS (Radosavovic et al., 2019): six measured on ImageNet, eight on CIFAR-10.

Operations, nodes and outputs of the cells follow its section 5 and all measured networks. Depths and widths are those
of the measured networks for ImageNet. The table for CIFAR-10 does not ship; its depths and widths are as others report.
"""

from __future__ import annotations

from eproxy_engine.spaces.cells.genotype import Genotype
from eproxy_engine.spaces.cells.kinds import AMOEBA, DARTS, ENAS, NASNET, PNAS, Kind
from eproxy_engine.spaces.cells.space import CellSpace
from eproxy_engine.spaces.interface import Task
from eproxy_engine.spaces.nds import OnCifar10, OnImageNet


class ImageNetCells(CellSpace, OnImageNet[Genotype]):
    """One kind of cells for ImageNet; ``fixed``: with one width and depth, trained for only 5 epochs.

    No measured network has more than six million parameters, although depth and width would allow several times as
    many; so this is a limit of the space. The largest architectures under it come from an exact search, in which the
    figures are sums over operations.
    """

    depths: tuple[int, ...] = (6, 10, 14, 18, 22)
    widths: tuple[int, ...] = (32, 48, 64, 80, 96)
    most_parameters = 6_000_000
    imagenet = True
    published_width = 32
    small_width = 8
    typical_speed = 9e9

    def __init__(self, kind: Kind, largest_text: str | None = None, fixed: bool = False) -> None:
        self.name, self.title = _names("ImageNet", kind, fixed)
        self.kind = kind
        self.largest_text = largest_text
        if fixed:
            self.depths, self.widths = (22,), (32,)
            self.tasks = (
                Task("imagenet", "ImageNet, top-1 after the last of 5 epochs", short="ImageNet"),
                Task("imagenet-best", "ImageNet, best top-1 of 5 epochs", short="ImageNet, best of 5 epochs"),
            )


class Cifar10Cells(CellSpace, OnCifar10[Genotype]):
    """One kind of cells for CIFAR-10; ``fixed``: with one width and depth.

    These are the smallest width and the greatest depth, as others report; the official table may differ.
    """

    depths: tuple[int, ...] = (4, 8, 12, 16, 20)
    widths: tuple[int, ...] = (16, 24, 32)
    imagenet = False
    published_width = 32
    small_width = 8
    typical_speed = 3e9

    def __init__(self, kind: Kind, fixed: bool = False) -> None:
        self.name, self.title = _names("CIFAR-10", kind, fixed)
        self.kind = kind
        if fixed:
            self.accepted_depths, self.accepted_widths = self.depths, self.widths
            self.depths, self.widths = self.depths[-1:], self.widths[:1]


def _names(data: str, kind: Kind, fixed: bool) -> tuple[str, str]:
    """Return the name and title of a space."""
    name = f"nds-{data.replace('-', '')}-{kind.title}".lower()
    return name + "-fix-w-d" * fixed, f"NDS {kind.title}{' of one width and depth' * fixed}, {data}"


_LARGEST_AMOEBA = (
    "d6w96;normal=sep_conv_7x7~0+sep_conv_7x7~1|sep_conv_7x7~2+sep_conv_7x7~1|sep_conv_7x7~3+sep_conv_7x7~1|"
    "sep_conv_7x7~4+sep_conv_7x7~1|sep_conv_7x7~5+sep_conv_7x7~1;reduce=avg_pool_3x3~0+avg_pool_3x3~1|"
    "skip_connect~2+avg_pool_3x3~1|skip_connect~3+avg_pool_3x3~1|skip_connect~4+avg_pool_3x3~1|"
    "skip_connect~5+avg_pool_3x3~1"
)
IMAGENET_CELLS = (
    ImageNetCells(  # 121 networks were measured
        DARTS,
        "d6w96;normal=max_pool_3x3~0+max_pool_3x3~1|dil_conv_3x3~0+sep_conv_3x3~1|sep_conv_5x5~0+sep_conv_5x5~1|"
        "sep_conv_5x5~0+sep_conv_5x5~1;reduce=max_pool_3x3~0+max_pool_3x3~1|max_pool_3x3~0+max_pool_3x3~1|"
        "max_pool_3x3~0+max_pool_3x3~1|max_pool_3x3~0+max_pool_3x3~1",
    ),
    ImageNetCells(DARTS, fixed=True),  # 499, all of at least 3.27 million parameters
    ImageNetCells(AMOEBA, _LARGEST_AMOEBA),  # 124
    ImageNetCells(  # 117
        ENAS,
        "d6w96;normal=sep_conv_3x3~0+sep_conv_5x5~1|sep_conv_5x5~2+sep_conv_5x5~1|sep_conv_5x5~3+sep_conv_5x5~1|"
        "sep_conv_5x5~4+sep_conv_5x5~1|sep_conv_5x5~5+sep_conv_5x5~1;reduce=avg_pool_3x3~0+avg_pool_3x3~1|"
        "skip_connect~2+avg_pool_3x3~1|skip_connect~3+avg_pool_3x3~1|avg_pool_3x3~0+avg_pool_3x3~1|"
        "avg_pool_3x3~0+avg_pool_3x3~1",
    ),
    ImageNetCells(NASNET, _LARGEST_AMOEBA),  # 122
    ImageNetCells(  # 119
        PNAS,
        "d6w96;normal=skip_connect~0+skip_connect~1|skip_connect~0+skip_connect~1|skip_connect~0+skip_connect~1|"
        "sep_conv_3x3~0+sep_conv_5x5~1|sep_conv_7x7~0+dil_conv_3x3~1;reduce=avg_pool_3x3~0+avg_pool_3x3~1|"
        "avg_pool_3x3~0+avg_pool_3x3~1|avg_pool_3x3~0+avg_pool_3x3~1|avg_pool_3x3~0+avg_pool_3x3~1|"
        "avg_pool_3x3~0+avg_pool_3x3~1",
    ),
)
CIFAR10_CELLS = (
    Cifar10Cells(DARTS),  # 5,000 networks in the official table
    Cifar10Cells(DARTS, fixed=True),  # 5,000
    Cifar10Cells(AMOEBA),  # 4,983
    Cifar10Cells(ENAS),  # 4,999
    Cifar10Cells(ENAS, fixed=True),  # 5,000
    Cifar10Cells(NASNET),  # 4,846
    Cifar10Cells(PNAS),  # 4,999
    Cifar10Cells(PNAS, fixed=True),  # 4,559
)
