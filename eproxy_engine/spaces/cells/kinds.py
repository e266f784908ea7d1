"""The five kinds of cells that NDS compares (Radosavovic et al., 2019, section 5), and DARTS's own search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from eproxy_engine.spaces.cells.genotype import Cell, all_nodes, loose_ends


@dataclass(frozen=True)
class Kind:
    """One kind of cells. Every node sums two operations on earlier tensors."""

    title: str
    nodes: int
    operations: tuple[str, ...]
    concatenated: Callable[[Cell], list[int]]
    """The inner nodes whose tensors make a cell's output."""
    distinct_inputs: bool = False
    """Whether a node takes two different tensors, in order, as in DARTS's own search."""


NASNET = Kind(
    "NASNet",
    nodes=5,
    operations=(
        "skip_connect",
        "conv_1x1",
        "conv_3x3",
        "conv_3x1_1x3",
        "conv_7x1_1x7",
        "sep_conv_3x3",
        "sep_conv_5x5",
        "sep_conv_7x7",
        "dil_conv_3x3",
        "avg_pool_3x3",
        "max_pool_3x3",
        "max_pool_5x5",
        "max_pool_7x7",
    ),
    concatenated=loose_ends,
)
AMOEBA = Kind(
    "Amoeba",
    nodes=5,
    operations=(
        "skip_connect",
        "conv_7x1_1x7",
        "sep_conv_3x3",
        "sep_conv_5x5",
        "sep_conv_7x7",
        "dil_sep_conv_3x3",
        "avg_pool_3x3",
        "max_pool_3x3",
    ),
    concatenated=loose_ends,
)
PNAS = Kind(
    "PNAS",
    nodes=5,
    operations=(
        "skip_connect",
        "conv_7x1_1x7",
        "sep_conv_3x3",
        "sep_conv_5x5",
        "sep_conv_7x7",
        "dil_conv_3x3",
        "avg_pool_3x3",
        "max_pool_3x3",
    ),
    concatenated=all_nodes,
)
ENAS = Kind(
    "ENAS",
    nodes=5,
    operations=("skip_connect", "sep_conv_3x3", "sep_conv_5x5", "avg_pool_3x3", "max_pool_3x3"),
    concatenated=loose_ends,
)
DARTS = Kind(
    "DARTS",
    nodes=4,
    operations=(
        "none",
        "skip_connect",
        "sep_conv_3x3",
        "sep_conv_5x5",
        "dil_conv_3x3",
        "dil_conv_5x5",
        "avg_pool_3x3",
        "max_pool_3x3",
    ),
    concatenated=all_nodes,
)
DARTS_SEARCH = replace(
    DARTS, operations=tuple(name for name in DARTS.operations if name != "none"), distinct_inputs=True
)
