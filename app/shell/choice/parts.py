"""Parts of a choice: which of them differ, which ones an address names, and which ones a page may fill in by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from app.shell.choice.choice import OTHER_PROXY, Choice

SHARED = frozenset({"space", "task", "sample", "images", "seed"})
"""What all pages evaluate on."""
PROXY = ("preset", "found_by", "eproxy")
"""Fields beside the specification's proxy that belong to it."""
OWN = ("comparison", "landscape", "proxy_search", "architecture_search", "ranking")
"""What one page alone shows."""
LOOKED_AT = frozenset({"run", "architecture", "reference", "lesson_step", "lesson_teaching"})
"""What is looked at, which changes no setting."""
NAMES = {
    "space": "space",
    "task": "task",
    "rule": "sample",
    "n": "sample",
    "draw": "sample",
    "picked": "sample",
    "images": "images",
    "seed": "seed",
    "preset": "proxy",
    "config": "proxy",
    "ensemble": "proxy",
    "from": "proxy",
    "landscape": "landscape",
    "held-out": "proxy_search",
    "nas": "architecture_search",
    "rank": "ranking",
    "run": "run",
    "arch": "architecture",
    "reference": "reference",
    "step": "lesson_step",
    "teach": "lesson_teaching",
}
PREFIXES = {OTHER_PROXY: "proxy", "dps": "proxy_search", "compare": "comparison"}
"""Parts by the names of the parameters of an address, and by how these begin."""
OWN_OF = {
    "correlations": "comparison",
    "landscape": "landscape",
    "proxy_search": "proxy_search",
    "architecture_search": "architecture_search",
    "learned_ranking": "ranking",
}
"""By the path of the page."""


def part(choice: Choice, name: str) -> Any:
    """Return one part of a choice."""
    if name in SHARED:
        return getattr(choice.specification, name)
    if name == "proxy":
        return choice.specification.proxy, *(getattr(choice, each) for each in PROXY)
    return getattr(choice, name)


def differing(one: Choice, other: Choice) -> frozenset[str]:
    """Return the names of the parts that are not equal."""
    return frozenset(name for name in (*SHARED, "proxy", *OWN, *LOOKED_AT) if part(one, name) != part(other, name))


def given_by(parameters: Iterable[str], page: str) -> frozenset[str]:
    """Return the parts that an address of a page decides on.

    If it names any setting, it decides on all that the page needs, as it leaves out what is at its default.
    """
    named = {name for parameter in parameters if (name := _named(parameter))}
    if named <= LOOKED_AT:
        return frozenset(named)
    return frozenset(named | SHARED | {"proxy"} | ({OWN_OF[page]} if page in OWN_OF else set()))


def _named(parameter: str) -> str | None:
    prefixed = (name for prefix, name in PREFIXES.items() if parameter.startswith(prefix))
    return NAMES.get(parameter) or next(prefixed, None)


def filled_in(choice: Choice, suggested: Choice, chosen: frozenset[str]) -> Choice:
    """Return ``suggested`` with the parts of ``choice`` that were chosen."""
    given = {name: part(choice, name) for name in (*SHARED, *OWN) if name in chosen}
    if "proxy" in chosen:
        given |= {name: getattr(choice, name) for name in PROXY} | {"proxy": choice.specification.proxy}
    if "sample" in chosen:  # what the run took all of was another sample
        given.setdefault("landscape", replace(suggested.landscape, extremes=choice.landscape.extremes))
    of_specification = {name: given.pop(name) for name in (*SHARED, "proxy") if name in given}
    return replace(suggested, specification=replace(suggested.specification, **of_specification), **given)
