"""How other tools write the cells of NAS-Bench-101: as matrix and operations, or as NASLib's tuple.

The matrix has a row and a column for each vertex, from input to output, and 1 where an edge leads from row to column.
It may have vertices that pruning removes.
"""

from __future__ import annotations

import json
import math
from typing import Any

from eproxy_engine.errors import UserError, one_of, shown
from eproxy_engine.spaces.formats import Format
from eproxy_engine.spaces.nasbench101.canonical import MAX_VERTICES, OPERATIONS, in_space
from eproxy_engine.spaces.nasbench101.cell import Cell

INPUT, OUTPUT = "input", "output"
PUBLISHED = {"conv3x3": "conv3x3-bn-relu", "conv1x1": "conv1x1-bn-relu", "maxpool3x3": "maxpool3x3"}
"""Operations as the benchmark's own code writes them."""
KEYS = (("matrix", "ops"), ("module_adjacency", "module_operations"))
"""Names of matrix and operations: what the benchmark's ``ModelSpec`` takes, and what its queries return."""
NASLIB = (INPUT, OUTPUT, "maxpool3x3", "conv1x1", "conv3x3")
"""NASLib's numbers of operations are indices of this (its ``search_spaces/nasbench101/conversions.py``)."""


def read_specification(values: Any) -> Cell | None:
    """Read matrix and operations, by name or as a pair."""
    if isinstance(values, dict):
        pair = next(([values[first], values[second]] for first, second in KEYS if {first, second} <= set(values)), None)
    else:
        pair = values if _is_pair(values) else None
    return None if pair is None else _cell(*pair)


def _is_pair(values: Any) -> bool:
    """Return whether values are a list of lists and a list of texts."""
    return (
        isinstance(values, list)
        and len(values) == 2
        and all(isinstance(part, list) and part for part in values)
        and isinstance(values[0][0], list)
        and isinstance(values[1][0], str)
    )


def read_naslib(values: Any) -> Cell | None:
    """Read NASLib's tuple: the n x n matrix row by row, then the numbers of n operations."""
    if not isinstance(values, list) or not all(type(value) is int for value in values):
        return None
    size = math.isqrt(len(values))
    if size < 2 or len(values) != size * size + size:
        return None
    numbers = values[size * size :]
    if not all(0 <= number < len(NASLIB) for number in numbers):
        return None
    return _cell([values[row * size : (row + 1) * size] for row in range(size)], [NASLIB[each] for each in numbers])


def _cell(matrix: Any, names: Any) -> Cell:
    """Check matrix and operations. Raises UserError."""
    operations = _operations(names)
    size = len(operations) + 2
    if size > MAX_VERTICES:
        raise UserError(f"{size} vertices in {shown(names)}; accepted: up to {MAX_VERTICES}")
    if not isinstance(matrix, list) or [len(row) if isinstance(row, list) else 0 for row in matrix] != [size] * size:
        raise UserError(f"the matrix {shown(matrix)} has not the shape of {shown(names)}; accepted: {size} x {size}")
    if not all(entry in (0, 1) for row in matrix for entry in row):
        raise UserError(f"the matrix {shown(matrix)} has other entries than 0 and 1; accepted: 0 and 1")
    edges = {(row, column) for row in range(size) for column in range(size) if matrix[row][column]}
    if any(row >= column for row, column in edges):
        raise UserError(f"the matrix {shown(matrix)} has an edge backwards; accepted: ones above the diagonal alone")
    return in_space(Cell(size, frozenset(edges), operations), f"{matrix}, {names}")


def _operations(names: Any) -> tuple[str, ...]:
    """Return the operations between input and output, which may be left out. Raises UserError."""
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise UserError(f"operations {shown(names)}; accepted: a list of texts such as 'conv3x3-bn-relu'")
    inner = [name.lower().removesuffix("-bn-relu") for name in names]
    if inner[:1] == [INPUT] and inner[-1:] == [OUTPUT]:
        inner = inner[1:-1]
    for name in inner:
        if name not in OPERATIONS:
            accepted = (INPUT, *PUBLISHED.values(), OUTPUT)
            raise UserError(f"{one_of(name, accepted, 'NAS-Bench-101 operation')} (in {shown(names)})")
    return tuple(inner)


def _matrix(cell: Cell) -> list[list[int]]:
    vertices = range(cell.vertices)
    return [[int((row, column) in cell.edges) for column in vertices] for row in vertices]


def _names(cell: Cell) -> list[str]:
    return [INPUT, *(PUBLISHED[name] for name in cell.operations), OUTPUT]


def write_specification(cell: Cell) -> str:
    """Write the call that the benchmark's own interface takes."""
    return f"ModelSpec(matrix={_matrix(cell)}, ops={_names(cell)})"


def write_json(cell: Cell) -> str:
    """Write matrix and operations as JSON."""
    return json.dumps({"matrix": _matrix(cell), "ops": _names(cell)})


def write_naslib(cell: Cell) -> str:
    """Write NASLib's tuple."""
    numbers = [entry for row in _matrix(cell) for entry in row]
    return str((*numbers, *(NASLIB.index(name) for name in (INPUT, *cell.operations, OUTPUT))))


FORMATS = (
    Format("nasbench", "matrix and operations", write_specification, read_specification),
    Format("naslib", "NASLib's tuple of matrix and operations", write_naslib, read_naslib),
    Format("json", "matrix and operations as JSON", write_json),
)
