"""Descriptors of genotypes: graph features of both cells, depth and width."""

from __future__ import annotations

import math

from eproxy_engine.spaces.cells.genotype import INPUTS, Cell, Genotype, all_nodes
from eproxy_engine.spaces.descriptors import Edge, cell_descriptors

GROUPS = ("skip connection", "pooling", "separable convolution", "other convolution")
"""Kinds of operations over which paths are taken."""


def genotype_descriptors(
    genotype: Genotype, outputs: dict[str, list[int]], operations: tuple[str, ...]
) -> dict[str, float]:
    """Describe a genotype.

    Args:
        genotype: The architecture.
        outputs: For each cell, ``normal`` and ``reduce``, the nodes that make its output.
        operations: All operations of the space.
    """
    found = {"depth": float(genotype.depth), "log2 width": math.log2(genotype.width)}
    for title, cell in (("normal", genotype.normal), ("reduce", genotype.reduction)):
        described = _cell_descriptors(cell, outputs[title], operations)
        found |= {f"{title} cell, {name}": value for name, value in described.items()}
    return found


def _cell_descriptors(cell: Cell, outputs: list[int], operations: tuple[str, ...]) -> dict[str, float]:
    output = INPUTS + len(cell)
    named = [
        (operation, source, target)
        for target, node in zip(all_nodes(cell), cell, strict=True)
        for operation, source in node
    ]
    edges = [Edge(source, target, _group(name)) for name, source, target in named if name != "none"]
    edges += [Edge(node, output, None) for node in outputs]
    counts = {f"operations: {each}": float(sum(name == each for name, *_ in named)) for each in operations}
    described = cell_descriptors(edges, inputs=range(INPUTS), output=output, operations=GROUPS)
    return {**counts, "output nodes": float(len(outputs)), **described}


def _group(operation: str) -> str:
    if operation == "skip_connect":
        return GROUPS[0]
    if "pool" in operation:
        return GROUPS[1]
    return GROUPS[2] if operation.startswith("sep_") else GROUPS[3]
