"""The macro-level search space of TransNAS-Bench-101 (Duan et al., 2021).

An architecture is a skeleton of residual blocks. The canonical text is the benchmark's own, for instance
``64-2311-basic``: 64 output channels of the stem, one digit per module, basic blocks as in ResNet-18.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, product
from typing import TYPE_CHECKING, Any

import numpy as np

from eproxy_engine.errors import UserError
from eproxy_engine.spaces.formats import Format, read_in, titles
from eproxy_engine.spaces.interface import CIFAR_SIZE
from eproxy_engine.spaces.transnas101.benchmark import TransNASBench101
from eproxy_engine.spaces.transnas101.skeleton import BLOCKS, doubles, halves

if TYPE_CHECKING:
    import networkx as nx

    from eproxy_engine.spaces.backbone import Backbone

KINDS = "1234"
LENGTHS = (4, 5, 6)
HALVINGS = (1, 2, 3, 4)
"""Accepted numbers of modules that halve the grid."""
DOUBLINGS = (1, 2, 3)
"""Accepted numbers of modules that double the channels."""
SHOWN = 200
"""Characters of a refused text that its message shows."""
_TEXT = re.compile("(?:64-)?([1-4]{4,6})(?:-basic)?")


@dataclass(frozen=True)
class Macro:
    """Skeleton with one of :data:`KINDS` for each module."""

    skeleton: str

    def __str__(self) -> str:
        return f"64-{self.skeleton}-basic"


def _read_naslib(values: Any) -> Macro | None:
    """Read NASLib's tuple: six digits, of which zeros at the end stand for no module."""
    if not isinstance(values, list) or len(values) != max(LENGTHS):
        return None
    match = re.fullmatch("([1-4]{4,6})0*", "".join(map(str, values)))
    return Macro(match[1]) if match else None


def _write_naslib(architecture: Macro) -> str:
    return str(tuple(map(int, architecture.skeleton.ljust(max(LENGTHS), "0"))))


FORMATS: tuple[Format[Macro], ...] = (
    Format("nasbench", "the benchmark's text", str),
    Format("naslib", "NASLib's tuple of six digits", _write_naslib, _read_naslib),
)


class TransNASBench101Macro(TransNASBench101[Macro]):
    """All 3,256 skeletons of four to six modules; one to four halve the grid, one to three double the channels."""

    name = "transnas101-macro"
    title = "TransNAS-Bench-101 Macro"
    small_width = 8
    largest_flops = 132_428_357_120
    typical_speed = 2e11

    def parse(self, text: str) -> Macro:
        """Read the benchmark's text, also without 64- and -basic, or NASLib's tuple."""
        match = _TEXT.fullmatch(text.strip())
        architecture = Macro(match[1]) if match else read_in(FORMATS, text)
        if architecture is None:
            raise UserError(
                f"not a {self.title} architecture: {text[:SHOWN]!r}; accepted: 64-, then four to six digits (1 a "
                f"module that keeps channels and grid, 2 doubles the channels, 3 halves the grid, 4 both), then "
                f"-basic, as in 64-2311-basic, or the digits alone; also tried: {titles(FORMATS)}"
            )
        if not permitted(architecture.skeleton):
            raise UserError(
                f"{text[:SHOWN]!r} is outside {self.title}; accepted: one to four digits 3 or 4 (they halve the "
                f"grid), and one to three digits 2 or 4 (they double the channels)"
            )
        return architecture

    def formats(self) -> tuple[Format[Macro], ...]:
        return FORMATS

    def sample(self, rng: np.random.Generator) -> Macro:
        every = every_skeleton()
        return Macro(every[int(rng.integers(len(every)))])

    def mutate(self, architecture: Macro, rng: np.random.Generator) -> Macro:
        """Change the kind of one module, insert one or remove one."""
        near = neighbours(architecture.skeleton)
        return Macro(near[int(rng.integers(len(near)))])

    def descriptors(self, architecture: Macro) -> dict[str, float]:
        """Describe the numbers of modules on each grid and of each width."""
        found = {"modules": len(architecture.skeleton)}
        halvings = list(accumulate(int(halves(kind)) for kind in architecture.skeleton))
        doublings = list(accumulate(int(doubles(kind)) for kind in architecture.skeleton))
        found |= {f"modules on a grid halved {times} times": halvings.count(times) for times in (0, *HALVINGS)}
        found |= {f"modules of {2**times} times the channels": doublings.count(times) for times in (0, *DOUBLINGS)}
        found |= {"sum of halvings": sum(halvings), "sum of doublings": sum(doublings)}
        return {name: float(value) for name, value in found.items()}

    def decisions(self, architecture: Macro) -> tuple[str, ...]:
        """Return the kinds of the modules."""
        return tuple(architecture.skeleton)

    def build(self, architecture: Macro, width: int, size: int = CIFAR_SIZE) -> Backbone:
        from eproxy_engine.spaces.transnas101.network import Network

        return Network(architecture.skeleton, None, width, strided=size > CIFAR_SIZE)

    def largest(self) -> Macro:
        return Macro("222113")

    def drawings(self, architecture: Macro) -> dict[str, nx.DiGraph]:
        """Draw the whole network at its published width, with one node per module."""
        import networkx as nx

        channels = self.published_width
        labels = ["input", f"stem, {channels} channels, stride 4"]
        for kind in architecture.skeleton:
            channels *= 2 if doubles(kind) else 1
            labels.append(f"{BLOCKS} blocks, {channels} channels" + (", stride 2" if halves(kind) else ""))
        graph = nx.DiGraph()
        graph.add_nodes_from((place, {"label": label}) for place, label in enumerate([*labels, "output"]))
        nx.add_path(graph, range(len(graph)), label="")
        return {"network": graph}


def permitted(skeleton: str) -> bool:
    """Return whether the skeleton, a text of :data:`KINDS`, is in the space."""
    halvings, doublings = sum(map(halves, skeleton)), sum(map(doubles, skeleton))
    return len(skeleton) in LENGTHS and halvings in HALVINGS and doublings in DOUBLINGS


@lru_cache(maxsize=1)
def every_skeleton() -> tuple[str, ...]:
    """Return all 3,256 skeletons of the space."""
    texts = ("".join(kinds) for length in LENGTHS for kinds in product(KINDS, repeat=length))
    return tuple(filter(permitted, texts))


def neighbours(skeleton: str) -> list[str]:
    """Return the skeletons of the space that differ in one module: of another kind, inserted or removed."""
    places = range(len(skeleton))
    replaced = {skeleton[:i] + kind + skeleton[i + 1 :] for i in places for kind in KINDS} - {skeleton}
    inserted = {skeleton[:i] + kind + skeleton[i:] for i in (*places, len(skeleton)) for kind in KINDS}
    left_out = {skeleton[:i] + skeleton[i + 1 :] for i in places}
    return sorted(filter(permitted, replaced | inserted | left_out))
