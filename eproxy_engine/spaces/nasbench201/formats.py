"""How other tools write the cells of NAS-Bench-201: NASLib's tuple, the benchmark's index, the lists of a Structure."""

from __future__ import annotations

import json
import random
from functools import lru_cache
from itertools import product
from typing import Any

from eproxy_engine.errors import UserError, one_of, shown
from eproxy_engine.spaces.formats import Format
from eproxy_engine.spaces.four_node.cell import EDGES
from eproxy_engine.spaces.nasbench201.cell import Cell, read

NASLIB_OPERATIONS = ("skip_connect", "none", "nor_conv_3x3", "nor_conv_1x1", "avg_pool_3x3")
"""NASLib's numbers are indices of this (its ``search_spaces/nasbench201/conversions.py``)."""
NASLIB_EDGES = tuple(sorted(EDGES))
"""NASLib orders the edges by source, the benchmark by target."""
SEED_OF_THE_BENCHMARK = 88
"""The benchmark shuffled all cells with this seed before training; an architecture's place is its index."""


@lru_cache(maxsize=1)
def by_index() -> tuple[Cell, ...]:
    """Return all 15,625 cells in the order of the benchmark's index, which NATS-Bench and HW-NAS-Bench keep.

    As in the benchmark's own generation (``exps/NAS-Bench-201/main.py`` of AutoDL-Projects): the product of the
    operations over the edges, shuffled by Python's own generator.
    """
    every = list(product(Cell.OPERATIONS, repeat=len(EDGES)))
    random.Random(SEED_OF_THE_BENCHMARK).shuffle(every)
    return tuple(map(Cell, every))


@lru_cache(maxsize=1)
def _indices() -> dict[Cell, int]:
    return {cell: index for index, cell in enumerate(by_index())}


def index_of(cell: Cell) -> int:
    """Return the benchmark's index of a cell."""
    return _indices()[cell]


def read_index(values: Any) -> Cell | None:
    """Read the index of NAS-Bench-201 and NATS-Bench (topology)."""
    if type(values) is not int:
        return None
    if not 0 <= values < len(by_index()):
        raise UserError(f"no NAS-Bench-201 architecture has the index {values}; accepted: 0 to {len(by_index()) - 1}")
    return by_index()[values]


def read_naslib(values: Any) -> Cell | None:
    """Read NASLib's tuple of six numbers."""
    if not isinstance(values, list) or len(values) != len(EDGES) or not all(type(each) is int for each in values):
        return None
    for number in values:
        if not 0 <= number < len(NASLIB_OPERATIONS):
            raise UserError(f"the operation {number} in {shown(values)}; accepted: 0 to {len(NASLIB_OPERATIONS) - 1}")
    operations = dict(zip(NASLIB_EDGES, (NASLIB_OPERATIONS[number] for number in values), strict=True))
    return Cell(tuple(operations[edge] for edge in EDGES))


def write_naslib(cell: Cell) -> str:
    """Write NASLib's tuple of six numbers."""
    operations = dict(zip(EDGES, cell.operations, strict=True))
    return str(tuple(NASLIB_OPERATIONS.index(operations[edge]) for edge in NASLIB_EDGES))


def read_structure(values: Any) -> Cell | None:
    """Read the lists of a Structure: for each node, pairs of an operation and its source."""
    try:
        operations = {(source, node): name for node, pairs in enumerate(values, 1) for name, source in pairs}
        count = sum(len(pairs) for pairs in values)
    except (TypeError, ValueError):
        return None
    if count != len(EDGES) or set(operations) != set(EDGES):
        return None
    for name in operations.values():
        if name not in Cell.OPERATIONS:
            raise UserError(f"{one_of(name, Cell.OPERATIONS, 'NAS-Bench-201 operation')} (in {shown(values)})")
    return Cell(tuple(operations[edge] for edge in EDGES))


def write_structure(cell: Cell) -> str:
    """Write the lists of a Structure as Python."""
    return str([tuple(pairs) for pairs in _structure(cell)])


def write_json(cell: Cell) -> str:
    """Write the lists of a Structure as JSON."""
    return json.dumps(_structure(cell))


def _structure(cell: Cell) -> list[list[tuple[str, int]]]:
    pairs = list(zip(EDGES, cell.operations, strict=True))
    return [[(name, source) for (source, target), name in pairs if target == node] for node in (1, 2, 3)]


def read_configuration(values: Any) -> Cell | None:
    """Read the dict that NATS-Bench's ``get_net_config`` returns."""
    text = values.get("arch_str") if isinstance(values, dict) else None
    return read(text) if isinstance(text, str) else None


FORMATS = (
    Format("nasbench", "NATS-Bench's arch_str", str, read_configuration),
    Format("naslib", "NASLib's tuple of six numbers", write_naslib, read_naslib),
    Format("nats", "the index of NAS-Bench-201 and NATS-Bench", lambda cell: str(index_of(cell)), read_index),
    Format("genotype", "the lists of a Structure", write_structure, read_structure),
    Format("json", "these lists as JSON", write_json),
)
