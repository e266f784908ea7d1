"""The cell-level search space of TransNAS-Bench-101 (Duan et al., 2021).

Cells are those of NAS-Bench-201 with four operations. The canonical text is the benchmark's own, for instance
``64-41414-3_32_123``: 64 channels, the skeleton 41414 and one digit per edge: first those into node 1, then 2, then 3,
each ordered by source from node 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eproxy_engine.errors import UserError
from eproxy_engine.spaces.formats import Format, read_in, titles
from eproxy_engine.spaces.four_node.cell import EDGES, NONE, FourNodeCell
from eproxy_engine.spaces.four_node.space import FourNodeSpace
from eproxy_engine.spaces.interface import CIFAR_SIZE
from eproxy_engine.spaces.transnas101.benchmark import TransNASBench101

if TYPE_CHECKING:
    from eproxy_engine.spaces.backbone import Backbone

SKELETON = "41414"
SHOWN = 200
"""Characters of a refused text that its message shows."""
_TEXT = re.compile(rf"(?:64-{SKELETON}-)?([0-3])_([0-3]{{2}})_([0-3]{{3}})")


@dataclass(frozen=True)
class Cell(FourNodeCell):
    """A cell as TransNAS-Bench-101 writes it: an operation's digit is its index in :attr:`OPERATIONS`."""

    OPERATIONS = (NONE, "skip_connect", "conv1x1", "conv3x3")
    PASSING = ("skip_connect",)

    def __str__(self) -> str:
        digits = "".join(str(self.OPERATIONS.index(operation)) for operation in self.operations)
        return f"64-{SKELETON}-{digits[0]}_{digits[1:3]}_{digits[3:]}"


def _of_digits(digits: str) -> Cell:
    return Cell(tuple(Cell.OPERATIONS[int(digit)] for digit in digits))


def _read_naslib(values: Any) -> Cell | None:
    """Read NASLib's tuple: the benchmark's digits, in the order of its text.

    This is what NASLib's ``convert_op_indices_micro_to_str`` makes of it.
    """
    if not isinstance(values, list) or len(values) != len(EDGES):
        return None
    digits = "".join(map(str, values))
    return _of_digits(digits) if re.fullmatch("[0-3]{6}", digits) else None


def _write_naslib(cell: Cell) -> str:
    return str(tuple(map(Cell.OPERATIONS.index, cell.operations)))


FORMATS: tuple[Format[Cell], ...] = (
    Format("nasbench", "the benchmark's text", str),
    Format("naslib", "NASLib's tuple of six digits", _write_naslib, _read_naslib),
)


class TransNASBench101Micro(FourNodeSpace[Cell], TransNASBench101[Cell]):
    """All 4^6 = 4,096 cells; the network has five modules of two cells, the deepest of 512 channels."""

    name = "transnas101-micro"
    title = "TransNAS-Bench-101 Micro"
    cell = Cell
    costliest = "conv3x3"
    small_width = 16
    largest_flops = 8_469_896_704
    typical_speed = 2e11

    def parse(self, text: str) -> Cell:
        """Read the benchmark's text, also without its prefix, or NASLib's tuple."""
        match = _TEXT.fullmatch(text.strip())
        cell = _of_digits("".join(match.groups())) if match else read_in(self.formats(), text)
        if cell is None:
            digits = ", ".join(f"{digit} {name}" for digit, name in enumerate(Cell.OPERATIONS))
            raise UserError(
                f"not a {self.title} architecture: {text[:SHOWN]!r}; accepted: 64-{SKELETON}-, which may be left out, "
                f"then one, two and three digits ({digits}) joined by _, as in {self.largest()}; "
                f"also tried: {titles(self.formats())}"
            )
        return cell

    def formats(self) -> tuple[Format[Cell], ...]:
        return FORMATS

    def build(self, architecture: Cell, width: int, size: int = CIFAR_SIZE) -> Backbone:
        from eproxy_engine.spaces.transnas101.network import Network

        return Network(SKELETON, architecture.edges(), width, strided=size > CIFAR_SIZE)
