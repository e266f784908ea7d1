"""Spaces of cells: no genotype has more FLOPs than the largest, by an exact search.

Parameters and FLOPs of a network are sums over its operations, whatever their order, once depth, width, the number of
nodes that make an output and that of striding operations are chosen. So of all contents of a cell it is enough to keep
those than which no other has both fewer parameters and more FLOPs.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from itertools import product

import numpy as np
import pytest

from eproxy_engine import spaces
from eproxy_engine.spaces.cells.arithmetic import Counts, network_counts, operation_counts
from eproxy_engine.spaces.cells.genotype import Cell, Genotype, loose_ends
from eproxy_engine.spaces.cells.space import CellSpace

NAMES = [name for name in spaces.names() if isinstance(spaces.get(name), CellSpace) and name != "darts"]
Front = tuple[np.ndarray, np.ndarray]
"""Parameters and FLOPs, both ascending."""
NOTHING = (np.zeros(1, np.int64), np.zeros(1, np.int64))


def front(parameters: np.ndarray, flops: np.ndarray, most: float) -> Front:
    order = np.lexsort((-flops, parameters))
    parameters, flops = parameters[order], flops[order]
    better = flops > np.concatenate([[-1], np.maximum.accumulate(flops)[:-1]])
    kept = better & (parameters <= most)
    return parameters[kept], flops[kept]


def both(first: Front, second: Front, most: float) -> Front:
    parameters, flops = (np.add.outer(a, b).ravel() for a, b in zip(first, second, strict=True))
    return front(parameters, flops, most)


def fronts(operations: Iterable[Counts], number: int, most: float) -> list[Front]:
    """Of none to ``number`` operations together."""
    figures = np.array([(counts.parameters, counts.flops) for counts in operations])
    found = [NOTHING]
    for _ in range(number):
        found.append(both(found[-1], front(*figures.T, most), most))
    return found


@lru_cache(maxsize=1)
def reductions(space: CellSpace, width: int) -> list[Front]:
    """Contents of both reduction cells, by the number of operations on inner nodes, which do not stride."""
    striding, others = (
        fronts(
            [
                sum((operation_counts(name, c, stride, grid) for c, grid in stages(space, width)[1:]), Counts())
                for name in space.kind.operations
            ],
            2 * space.kind.nodes,
            most_parameters(space),
        )
        for stride in (2, 1)
    )
    return [both(s, o, most_parameters(space)) for s, o in zip(striding[::-1], others, strict=True)]


def normals(space: CellSpace, width: int, cells: tuple[int, int, int]) -> Front:
    """Contents of all normal cells, of which there are so many in each stage."""
    operations = []
    for name in space.kind.operations:
        figures = [operation_counts(name, channels, 1, grid) for channels, grid in stages(space, width)]
        operations.append(
            Counts(
                sum(counts.parameters * times for counts, times in zip(figures, cells, strict=True)),
                sum(counts.flops * times for counts, times in zip(figures, cells, strict=True)),
            )
        )
    return fronts(operations, 2 * space.kind.nodes, most_parameters(space))[-1]


def stages(space: CellSpace, width: int) -> list[tuple[int, int]]:
    """Channels of an operation, and the side of the grid."""
    side = space.input_size // 8 if space.imagenet else space.input_size
    return [(width * 2**stage, side // 2**stage) for stage in range(3)]


def most_parameters(space: CellSpace) -> float:
    return space.most_parameters or np.inf


def most_flops(space: CellSpace, depth: int, width: int) -> int:
    """Of all genotypes of that depth and width."""
    first, second = Genotype(depth, width, (), ()).reductions
    normal = normals(space, width, (first, second - first - 1, depth - second - 1))
    nodes, is_loose = space.kind.nodes, space.kind.concatenated is loose_ends
    outputs = range(1, nodes + 1) if is_loose else (nodes,)
    found = 0
    for in_normal, in_reduction in product(outputs, outputs):
        base = empty_network(space, depth, width, in_normal, in_reduction)
        taken = nodes - in_reduction if is_loose else 0  # an inner node that another one takes is no output
        # the first node takes inputs of the cell
        for inner in [0] if is_loose and not taken else range(taken, 2 * nodes - 1):
            parameters, flops = reductions(space, width)[inner]
            place = np.searchsorted(parameters, most_parameters(space) - base.parameters - normal[0], side="right") - 1
            total = np.where(place >= 0, base.flops + normal[1] + flops[place], 0)
            found = max(found, int(total.max()))
    return found


def empty_network(space: CellSpace, depth: int, width: int, *outputs: int) -> Counts:
    """Without any operation, of cells whose outputs are made of so many nodes."""
    normal, reduction = ((((str(out), 0), (str(out), 0)),) for out in outputs)

    def concatenated(cell: Cell) -> list[int]:
        return [0] * int(cell[0][0][0])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("eproxy_engine.spaces.cells.arithmetic.operation_counts", lambda *_: Counts())
        kind = replace(space.kind, concatenated=concatenated)
        genotype = Genotype(depth, width, normal, reduction)
        return network_counts(genotype, kind, space.imagenet, space.input_size, space.classes)


@pytest.mark.parametrize("name", NAMES)
def test_no_genotype_has_more_flops_than_the_largest(name: str) -> None:
    space = spaces.get(name)
    assert isinstance(space, CellSpace)
    assert space.refusal(space.largest()) is None
    assert space.largest_flops == max(most_flops(space, d, w) for w in space.widths for d in space.depths)
