"""Skeletons of TransNAS-Bench-101: four to six modules of two blocks each, one digit a module.

A module of kind 1 keeps channels and grid, 2 doubles the channels, 3 halves the grid, 4 does both; its first block
is the one that does it. All networks of the micro space have the skeleton 41414.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product

BLOCKS = 2
"""Blocks of a module."""
KINDS = "1234"
LENGTHS = (4, 5, 6)
HALVINGS = (1, 2, 3, 4)
"""How many modules of a macro network may halve the grid."""
DOUBLINGS = (1, 2, 3)
"""How many modules of a macro network may double the channels."""


def doubles(kind: str) -> bool:
    """Whether a module doubles the channels."""
    return kind in "24"


def halves(kind: str) -> bool:
    """Whether a module halves the sides of the grid."""
    return kind in "34"


def permitted(skeleton: str) -> bool:
    """Whether it is one of the macro space, for a text of :data:`KINDS`."""
    halvings, doublings = sum(map(halves, skeleton)), sum(map(doubles, skeleton))
    return len(skeleton) in LENGTHS and halvings in HALVINGS and doublings in DOUBLINGS


@lru_cache(maxsize=1)
def every_skeleton() -> tuple[str, ...]:
    """All 3,256 of the macro space."""
    texts = ("".join(kinds) for length in LENGTHS for kinds in product(KINDS, repeat=length))
    return tuple(filter(permitted, texts))


def neighbours(skeleton: str) -> list[str]:
    """Those of the macro space that differ from ``skeleton`` by one module: of another kind, inserted or left out."""
    places = range(len(skeleton))
    replaced = {skeleton[:i] + kind + skeleton[i + 1 :] for i in places for kind in KINDS} - {skeleton}
    inserted = {skeleton[:i] + kind + skeleton[i:] for i in (*places, len(skeleton)) for kind in KINDS}
    left_out = {skeleton[:i] + skeleton[i + 1 :] for i in places}
    return sorted(filter(permitted, replaced | inserted | left_out))
