"""The NAS-Bench-201 search space (Dong and Yang, 2020).

A cell has four nodes, with an operation between every earlier and every later node. The canonical text is the
benchmark's own, for instance
``|nor_conv_3x3~0|+|nor_conv_3x3~0|skip_connect~1|+|none~0|none~1|avg_pool_3x3~2|``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eproxy_engine.errors import UserError
from eproxy_engine.spaces.formats import Format, read_in, titles
from eproxy_engine.spaces.four_node.space import FourNodeSpace
from eproxy_engine.spaces.interface import CIFAR_SIZE, Task
from eproxy_engine.spaces.nasbench201.cell import Cell, read
from eproxy_engine.spaces.nasbench201.formats import FORMATS

if TYPE_CHECKING:
    from eproxy_engine.spaces.backbone import Backbone


SHOWN = 1_000
"""Characters of a refused text that its message shows."""


class NASBench201(FourNodeSpace[Cell]):
    """All 5^6 = 15,625 cells; the network has three stages of five cells, 16, 32 and 64 channels."""

    name = "nasbench201"
    title = "NAS-Bench-201"
    cell = Cell
    costliest = "nor_conv_3x3"
    family = "NAS-Bench"
    tasks = (
        Task("cifar10", "CIFAR-10, validation accuracy", short="CIFAR-10"),
        Task("cifar100", "CIFAR-100, validation accuracy", short="CIFAR-100"),
        Task("imagenet16-120", "ImageNet16-120, validation accuracy", short="ImageNet16-120"),
        Task(
            "cifar10-valid-test",
            "CIFAR-10, test accuracy of the networks trained on the 25k split",
            short="CIFAR-10, test, 25k split",
        ),
        Task("cifar10-test", "CIFAR-10, test accuracy of the networks trained on all 50k", short="CIFAR-10, test"),
        Task("cifar100-test", "CIFAR-100, test accuracy", short="CIFAR-100, test"),
        Task("imagenet16-120-test", "ImageNet16-120, test accuracy", short="ImageNet16-120, test"),
    )
    published_width = 16
    small_width = 16
    typical_speed = 7e10
    largest_flops = 220_119_680

    def parse(self, text: str) -> Cell:
        """Read the benchmark's text or its index, NASLib's tuple, or the lists of a Structure."""
        given = text.strip()
        cell = read(given) or read_in(FORMATS, given)
        if cell is None:
            raise UserError(
                f"not a NAS-Bench-201 architecture: {text[:SHOWN]!r}; accepted: three nodes of operation~source, "
                f"as in {self.largest()}; also tried: {titles(FORMATS)}"
            )
        return cell

    def formats(self) -> tuple[Format[Cell], ...]:
        return FORMATS

    def build(self, architecture: Cell, width: int, size: int = CIFAR_SIZE) -> Backbone:
        from eproxy_engine.spaces.nasbench201.network import Network

        return Network(architecture.edges(), width)
