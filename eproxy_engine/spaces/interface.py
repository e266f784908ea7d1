"""What a search space has to offer; every family in this package implements it.

Importing a space never imports torch: only :meth:`SearchSpace.build` does, so that a page which merely
lists or draws architectures stays quick.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import networkx as nx
import numpy as np

if TYPE_CHECKING:
    from eproxy_engine.spaces.backbone import Backbone
    from eproxy_engine.spaces.complexity import Complexity

CIFAR_SIZE = 32
"""Pixels of a side of the images that every evaluation sees, whatever the benchmark was trained on (A.1)."""

Architecture = Hashable
"""One point of a search space: a frozen value; ``str(architecture)`` is its canonical text and identity."""

A = TypeVar("A", bound=Architecture)
"""The type of the architectures of one search space."""


@dataclass(frozen=True)
class Task:
    """What a ground truth was measured on. ``name`` is also the column of the benchmark table."""

    name: str
    title: str
    unit: str = "%"


class Counts(Protocol):
    """What a network at the published width is made of."""

    @property
    def parameters(self) -> int:
        """Trainable ones, the classifier's included."""

    @property
    def flops(self) -> int:
        """Multiply–accumulates for one image of the space's ``input_size``."""


class SearchSpace(ABC, Generic[A]):
    """A family of architectures of type ``A`` that can be sampled, mutated, built and drawn.

    ``class MySpace(SearchSpace)``, without the type, works as well: its architectures are any hashable values.
    """

    name: str
    title: str
    family: str = "Your own"
    """The group under which pickers list it."""
    tasks: tuple[Task, ...]
    """What its shipped or official ground truth was measured on; the first is the default. A user can import more."""
    published_width: int
    """Stem channels at which the benchmark trained its networks. Where architectures differ in it, a nominal one:
    a network of width w has every number of channels times w / published_width."""
    small_width: int
    """Stem channels that a laptop's processor can afford."""
    input_size: int = CIFAR_SIZE
    """Pixels of a side of the images at which FLOPs are counted, as the benchmark does."""
    classes: int = 10
    """Outputs of the classifier with which parameters are counted."""
    typical_speed: float = 1.0e10
    """Multiply–accumulates a second of one core in an evaluation, until a run on this machine has shown its own."""
    ground_truth_hint: str = "Import accuracies of your own as CSV."
    """How to add measured accuracies, for a space of which none ship."""

    @cached_property
    def largest_flops(self) -> int:
        """FLOPs of the architecture that has most of them: the norm of the FLOPs term (§2.2, item 5).

        Counted on the built network; a family that knows the figure states it as a class attribute instead.
        """
        return self.counts(self.largest()).flops

    def stem_channels(self, width: int | str) -> int:
        """The number that ``width`` means here: itself, or what ``small`` or ``published`` stand for."""
        return int({"small": self.small_width, "published": self.published_width}.get(str(width), width))

    @abstractmethod
    def parse(self, text: str) -> A:
        """The architecture that ``text`` names, in canonical form. Raises UserError."""

    @abstractmethod
    def sample(self, rng: np.random.Generator) -> A:
        """A random architecture of the space."""

    @abstractmethod
    def mutate(self, architecture: A, rng: np.random.Generator) -> A:
        """A neighbour of ``architecture``, different from it and inside the space."""

    @abstractmethod
    def build(self, architecture: A, width: int, size: int = CIFAR_SIZE) -> Backbone:
        """The architecture's network without its head, ``width`` channels out of the stem.

        ``size``: pixels of a side of its images. A family that was trained on larger images leaves out strides of
        its stem at CIFAR size, so that the deepest stage keeps a grid; parameters are the same at every size.
        """

    @abstractmethod
    def largest(self) -> A:
        """The architecture with the most FLOPs of the space."""

    @abstractmethod
    def drawings(self, architecture: A) -> dict[str, nx.DiGraph]:
        """What to draw, by title: cells or the whole network.

        Nodes have a ``label``, operations on edges have a ``label`` as well. Tensors that come in are nodes labelled
        ``input`` (or beginning with it), the one that goes out is labelled ``output``.
        """

    def counts(self, architecture: A) -> Counts:
        """Parameters and FLOPs. Counted on the built network; a family that knows a shorter way takes it."""
        return self._counted(architecture, self.published_width, self.input_size)

    def complexity(self, architecture: A, width: int | None = None) -> Complexity:
        """Complexity of the network at ``width`` stem channels (the published width if None).

        FLOPs are for an image of ``input_size``, activations and stages for one of CIFAR size.
        """
        width = self.published_width if width is None else width
        evaluated = self._counted(architecture, width, CIFAR_SIZE)
        if self.input_size == CIFAR_SIZE:
            return evaluated
        return replace(evaluated, flops=self._counted(architecture, width, self.input_size).flops)

    def _counted(self, architecture: A, width: int, size: int) -> Complexity:
        from eproxy_engine.spaces.complexity import count

        return count(lambda: self.build(architecture, width, size), self.classes, size)

    def depth(self, architecture: A) -> int:
        """What a search can limit beside the counts: edges of the longest path of a drawing; a family whose networks
        differ in the number of their cells or blocks counts those."""
        return max(nx.dag_longest_path_length(drawing) for drawing in self.drawings(architecture).values())

    def equivalent(self, architecture: A) -> A:
        """The representative of all architectures whose network computes and learns the very same.

        Evaluations are made of representatives, so equal networks are trained once.
        """
        return architecture
