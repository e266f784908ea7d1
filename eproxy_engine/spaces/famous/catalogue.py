"""The catalogue of famous networks, read from ``networks.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from eproxy_engine.documents import read_yaml
from eproxy_engine.errors import UserError

NETWORKS = Path(__file__).with_name("networks.yaml")
LONGEST_NAME = 40
"""Maximum length of a text that may be a name, in characters."""
SUGGESTED = 3
"""Most names that a suggestion has."""
CLOSE = 0.8
"""Similarity of a misspelt name to the one that is meant, as :mod:`difflib` measures it, from 0 to 1."""


@dataclass(frozen=True)
class FamousNetwork:
    """A published network in one search space."""

    name: str
    architecture: str
    """Canonical text."""
    paper: str
    searched_on: str
    """Data set of its search; with ``table_8``, what tells the rows of one method apart."""
    sources: tuple[str, ...]
    """Two places, independent of each other, where its cells were found."""
    aliases: tuple[str, ...] = ()
    table_8: str | None = None
    """Method of its row in Table 8 of the paper, None if it has none."""
    note: str = ""
    """How it differs from what was published; empty if it does not."""


def in_space(space: str) -> dict[str, FamousNetwork]:
    """Return the famous networks of a search space by canonical text, in the order of the catalogue.

    Example:
        >>> [network.name for network in in_space("nds-imagenet-pnas").values()]
        ['PNASNet-5']
    """
    return dict(_in_space(space))


def listed(space: str) -> dict[str, FamousNetwork]:
    """Return :func:`in_space`. Raises UserError if the space has no famous networks."""
    found = in_space(space)
    if not found:
        raise UserError(f"no famous network of {space} is known; accepted: {', '.join(_spaces())}")
    return found


def named(space: str, name: str) -> str | None:
    """Return the canonical text of the network that ``name`` means in a search space; None if there is none.

    Case, spaces and punctuation do not count.

    Example:
        >>> named("darts", "pc_darts") == named("darts", "PC-DARTS (CIFAR-10)")
        True
    """
    return None if len(name) > LONGEST_NAME else _names(space).get(_letters(name))


def hint(space: str, text: str) -> str:
    """Return what a text that is no architecture of a space may mean; empty if it looks like no name.

    Example:
        >>> hint("darts", "PCDART"), hint("darts", "enas")
        ('near names: PC-DARTS, P-DARTS', 'ENAS is a famous network of nds-imagenet-enas')
    """
    if len(text) > LONGEST_NAME:
        return ""
    for other in _spaces():
        if (there := named(other, text)) is not None:
            return f"{in_space(other)[there].name} is a famous network of {other}"
    close = get_close_matches(_letters(text), _names(space), n=SUGGESTED, cutoff=CLOSE)
    names = dict.fromkeys(in_space(space)[_names(space)[each]].name for each in close)
    return f"near names: {', '.join(names)}" if names else ""


def _spaces() -> list[str]:
    return list(dict.fromkeys(space for entry in _catalogue() for space in entry["sizes"]))


@lru_cache(maxsize=32)
def _in_space(space: str) -> tuple[tuple[str, FamousNetwork], ...]:
    entries = [_network(entry, space) for entry in _catalogue() if space in entry["sizes"]]
    return tuple((network.architecture, network) for network in entries)


def _network(entry: dict[str, Any], space: str) -> FamousNetwork:
    return FamousNetwork(
        name=entry["name"],
        architecture=f"{entry['sizes'][space]};normal={entry['normal']};reduce={entry['reduce']}",
        paper=entry["paper"],
        searched_on=entry["searched_on"],
        sources=tuple(entry["sources"]),
        aliases=tuple(entry.get("aliases", ())),
        table_8=entry.get("table_8"),
        note=entry.get("note", ""),
    )


@lru_cache(maxsize=32)
def _names(space: str) -> dict[str, str]:
    """Return the canonical text by the letters and digits of each name and alias."""
    return {_letters(name): text for text, network in _in_space(space) for name in (network.name, *network.aliases)}


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower()))


@lru_cache(maxsize=1)
def _catalogue() -> list[dict[str, Any]]:
    catalogue: list[dict[str, Any]] = read_yaml(NETWORKS.read_text("utf-8"))
    return catalogue
