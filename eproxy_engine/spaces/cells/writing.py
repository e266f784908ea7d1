"""Writing genotypes as DARTS, NDS and NASLib do; the canonical text is :class:`.genotype.Genotype`'s own."""

from __future__ import annotations

import json

from eproxy_engine.errors import UserError, one_of
from eproxy_engine.spaces.cells.genotype import Genotype, edges_of
from eproxy_engine.spaces.cells.reading import NASLIB


def genotype_text(genotype: Genotype, concatenated: dict[str, list[int]]) -> str:
    """Write a genotype as DARTS's own code and its successors do, without depth and width.

    ``concatenated``: for each cell, ``normal`` and ``reduce``, the nodes that make its output.
    """
    return (
        f"Genotype(normal={edges_of(genotype.normal)}, normal_concat={concatenated['normal']}, "
        f"reduce={edges_of(genotype.reduction)}, reduce_concat={concatenated['reduce']})"
    )


def net_text(genotype: Genotype, concatenated: dict[str, list[int]]) -> str:
    """Write a genotype as the JSON of NDS. ``concatenated``: as for :func:`genotype_text`."""
    cells = {"normal": genotype.normal, "reduce": genotype.reduction}
    fields = {
        key: value
        for name, cell in cells.items()
        for key, value in ((name, edges_of(cell)), (f"{name}_concat", concatenated[name]))
    }
    return json.dumps({"genotype": fields, "width": genotype.width, "depth": genotype.depth})


def compact_text(genotype: Genotype) -> str:
    """Write both cells as NASLib's pairs of a source and the number of an operation, without depth and width.

    Raises:
        UserError: If the genotype has an operation without a number.
    """
    for operation, _ in (*edges_of(genotype.normal), *edges_of(genotype.reduction)):
        if operation not in NASLIB:
            raise UserError(one_of(operation, NASLIB, "operation of NASLib's"))
    cells = (genotype.normal, genotype.reduction)
    return str(tuple(tuple((source, NASLIB.index(name)) for name, source in edges_of(cell)) for cell in cells))
