"""Which two surfaces stand side by side."""

from __future__ import annotations

from app.charts.surface_finding import named
from app.views.surfaces import Looked

ALL = "all four"


def pairs_of(looked: Looked) -> dict[str, list[int]]:
    """Return the pairs among four surfaces, as indices by a title; nothing where there are at most two.

    The first is an architecture without and with the barrier, the paper's Figure 5.
    """
    if len(looked.shown) <= 2:
        return {}
    found: dict[str, list[int]] = {}
    for architecture in dict.fromkeys(each.architecture for each in looked.surfaces):
        mine = [i for i, each in enumerate(looked.surfaces) if each.architecture == architecture]
        found[named(looked.shown[mine[0]])] = sorted(mine, key=lambda i: looked.shown[i].barrier)
    for barrier in (False, True):
        found[f"both {'with' if barrier else 'without'}"] = [
            i for i, each in enumerate(looked.shown) if each.barrier == barrier
        ]
    return {title: indices for title, indices in found.items() if len(indices) == 2} | {
        ALL: list(range(len(looked.shown)))
    }
