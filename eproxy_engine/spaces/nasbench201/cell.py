"""Cells of NAS-Bench-201 as values, in the benchmark's own text.

For instance ``|nor_conv_3x3~0|+|nor_conv_3x3~0|skip_connect~1|+|none~0|none~1|avg_pool_3x3~2|``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from eproxy_engine.errors import UserError, one_of
from eproxy_engine.spaces.four_node.cell import EDGES, NONE, FourNodeCell

_PRINTED = re.compile(r"\w*Structure\(4 nodes with (\|.*\|)\)")
"""A Structure of the benchmark's code, as Python prints it."""


@dataclass(frozen=True)
class Cell(FourNodeCell):
    """A cell as NAS-Bench-201 writes it."""

    OPERATIONS = (NONE, "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3")
    PASSING = ("skip_connect", "avg_pool_3x3")

    def __str__(self) -> str:
        nodes = [
            "|"
            + "".join(f"{op}~{source}|" for (source, to), op in zip(EDGES, self.operations, strict=True) if to == node)
            for node in (1, 2, 3)
        ]
        return "+".join(nodes)


def read(text: str) -> Cell | None:
    """Read a cell in the benchmark's text; None if ``text`` is in another notation. Raises UserError."""
    printed = _PRINTED.fullmatch(text)
    given = printed[1] if printed else text
    cell = Cell(tuple(re.findall(r"(\w+)~\d", given)))
    for name in cell.operations:
        if name not in Cell.OPERATIONS:
            raise UserError(f"{one_of(name, Cell.OPERATIONS, 'NAS-Bench-201 operation')} (in {text!r})")
    return cell if len(cell.operations) == len(EDGES) and str(cell) == given else None
