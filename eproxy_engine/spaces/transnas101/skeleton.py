"""Skeletons of TransNAS-Bench-101: four to six modules of two blocks each, one digit per module.

A module of kind 1 keeps channels and grid, 2 doubles the channels, 3 halves the grid, 4 does both, in its first block.
All networks of the micro space have the skeleton 41414.
"""

from __future__ import annotations

BLOCKS = 2
"""Number of blocks in a module."""


def doubles(kind: str) -> bool:
    """Return whether a module of this kind doubles the channels."""
    return kind in "24"


def halves(kind: str) -> bool:
    """Return whether a module of this kind halves the sides of the grid."""
    return kind in "34"
