"""Names, texts and counts of a proxy configuration's components in the charts of a search."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

from eproxy_engine.proxy import Branch, Configuration
from eproxy_engine.proxy.choices import FEATURES, LAST
from eproxy_engine.search.proxy_search.found import best_first
from eproxy_engine.search.proxy_search.proxy_space import BRANCH_PARTS, NEED_A_BARRIER, SHARED_PARTS, components
from eproxy_engine.search.proxy_search.search import Trial

STAGE_TITLES = {"deepest": "deepest", "before_second": "before 2nd", "before_first": "before 1st"}
FEATURE_TITLES = {
    "net": "net",
    "wave_low": "wave low",
    "wave_mid": "wave mid",
    "wave_high": "wave high",
    "dot": "dot",
}
_PART_TITLES = STAGE_TITLES | FEATURE_TITLES
_TITLES = {"flops_weight": "α (FLOPs)", "network_init": "network init", "barrier_init": "barrier init"}
ORDER = ["branches", *(f"{stage}.{part}" for stage in STAGE_TITLES for part in BRANCH_PARTS), *SHARED_PARTS]
MISSING = "–"
FEWEST = 20
"""Fewest trials for a best fifth; with fewer, it would hold at most four."""


def active(configuration: Configuration) -> dict[str, Any]:
    """Return the components that have an effect, leaving out those of a missing branch or barrier."""
    found = components(configuration.canonical())
    if configuration.barrier:
        return found
    return {name: value for name, value in found.items() if name.rpartition(".")[2] not in NEED_A_BARRIER}


def varying(tried: Iterable[dict[str, Any]]) -> list[str]:
    """Name the components that differ between configurations, in a fixed order."""
    rows = list(tried)
    return [name for name in ORDER if len({row.get(name) for row in rows}) > 1]


def component_title(name: str) -> str:
    """Return a readable name of a component.

    >>> component_title("before_second.transform_kernel"), component_title("learning_rate")
    ('before 2nd: transform kernel', 'learning rate')
    """
    stage, _, part = name.rpartition(".")
    words = part if part.startswith("c_") else _TITLES.get(part, part.replace("_", " "))
    return f"{STAGE_TITLES.get(stage, stage)}: {words}" if stage else words


def value_text(value: Any) -> str:
    """Return a readable value of a component; None is a missing component.

    >>> value_text(("net", "wave_high")), value_text("kaiming_normal"), value_text(-0.5), value_text(None)
    ('net + wave high', 'Kaiming normal', '−0.5', '–')
    """
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return " + ".join(_PART_TITLES.get(part, part) for part in map(str, value))
    if isinstance(value, float | int):
        return f"{value + 0.0:g}".replace("-", "−")
    text = str(value).replace("_", " ")
    return text[0].upper() + text[1:] if text.startswith(("kaiming", "xavier")) else text


def value_order(value: Any) -> tuple[Any, ...]:
    """Sort key for values of one component: missing first, numbers by size, then words.

    Few features or branches come before many.
    """
    if value is None:
        return (0,)
    if isinstance(value, tuple):
        known = [*STAGE_TITLES, *FEATURES]
        return (1, len(value), *(known.index(part) for part in value))
    return (1, isinstance(value, str), value)


def branch_text(branch: Branch, barrier: bool) -> str:
    """Describe a branch in one line.

    >>> branch_text(Branch("deepest", ("net", "dot"), 1.5), barrier=True)
    'deepest: net + dot × 1.5, transform 1×1 → 64, barrier 3×3 → 64'
    """
    target = f"{value_text(branch.features)} × {branch.coefficient:g}"
    kernel = f"transform {branch.transform_kernel}×{branch.transform_kernel} → {branch.c_mid}"
    frozen = (
        f", barrier {branch.barrier_kernel}×{branch.barrier_kernel} → {branch.c_out}" if barrier else ", no barrier"
    )
    return f"{STAGE_TITLES[branch.stage]}: {target}, {kernel}{frozen}"


def configuration_lines(configuration: Configuration) -> list[str]:
    """Describe all components of a configuration in a few lines."""
    rate = f"learning rate {configuration.learning_rate:g}, α {value_text(configuration.flops_weight)}"
    if configuration.read_out != LAST:
        rate += f", read at iteration {configuration.read_out}"
    inits = f"network {value_text(configuration.network_init)}"
    if configuration.barrier:
        inits += f", barrier {value_text(configuration.barrier_init)}"
    return [*(branch_text(branch, configuration.barrier) for branch in configuration.branches), f"{rate}, {inits}"]


def best_fifth(trials: list[Trial]) -> list[int]:
    """Return the places of the fifth of all trials with the highest ρ, best first, the earliest first among ties.

    Trials that racing cut short are excluded: their ρ is only bounded.
    """
    return best_first(trials)[: math.ceil(len(trials) / 5)]


class Telling(NamedTuple):
    """A value more frequent among the best than among all, with both shares from 0 to 1."""

    component: str
    value: Any
    best: float
    everyone: float


def most_telling(tried: list[dict[str, Any]], best: list[int], names: Iterable[str]) -> Telling | None:
    """Find the value of the components ``names`` whose share among the ``best`` (places) most exceeds its share among
    all; None if no share does."""
    found = []
    for name in names:
        for value in {row[name] for row in tried if name in row}:
            shares = [
                sum(row.get(name) == value for row in rows) / len(rows) for rows in ([tried[p] for p in best], tried)
            ]
            found.append(Telling(name, value, *shares))
    winner = max(found, key=lambda t: (t.best - t.everyone, t.component, str(t.value)), default=None)
    return winner if winner and winner.best > winner.everyone else None
