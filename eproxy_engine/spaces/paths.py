"""Paths through cells whose nodes are numbered in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable


def longest_path(edges: Iterable[tuple[int, int]]) -> int:
    """Return the number of edges on the longest path; each of ``edges`` leads from a lower to a higher node.

    >>> longest_path([(0, 1), (0, 3), (1, 2), (2, 3)])
    3
    """
    length: defaultdict[int, int] = defaultdict(int)
    for source, target in sorted(edges):
        length[target] = max(length[target], length[source] + 1)
    return max(length.values(), default=0)
