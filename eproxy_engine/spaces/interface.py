"""What a search space has to offer; every family in this package implements it.

Importing a space never imports torch: only :meth:`SearchSpace.build` does, so that a page which merely
lists or draws architectures stays quick.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import networkx as nx
import numpy as np

if TYPE_CHECKING:
    from eproxy_engine.spaces.backbone import Backbone

Architecture = Hashable
"""One point of a search space: a frozen value; ``str(architecture)`` is its canonical text and identity."""


@dataclass(frozen=True)
class Task:
    """What a ground truth was measured on. ``name`` is also the column of the benchmark table."""

    name: str
    title: str
    unit: str = "%"


class SearchSpace(ABC):
    """A family of architectures that can be sampled, mutated, built and drawn."""

    name: ClassVar[str]
    title: ClassVar[str]
    tasks: ClassVar[tuple[Task, ...]]
    """The first is the default."""
    published_width: ClassVar[int]
    """Stem channels at which the benchmark trained its networks."""
    small_width: ClassVar[int]
    """Stem channels that a laptop's processor can afford."""
    largest_flops: ClassVar[int]
    """FLOPs of the architecture that has most of them: the norm of the FLOPs term (§2.2, item 5)."""
    input_size: ClassVar[int] = 32
    """Pixels of a side of the images at which FLOPs are counted."""
    classes: ClassVar[int] = 10
    """Outputs of the classifier with which parameters are counted."""

    @abstractmethod
    def parse(self, text: str) -> Architecture:
        """The architecture that ``text`` names, in canonical form. Raises UserError."""

    @abstractmethod
    def sample(self, rng: np.random.Generator) -> Architecture:
        """A random architecture of the space."""

    @abstractmethod
    def mutate(self, architecture: Architecture, rng: np.random.Generator) -> Architecture:
        """A neighbour of ``architecture``, different from it and inside the space."""

    @abstractmethod
    def build(self, architecture: Architecture, width: int) -> Backbone:
        """The architecture's network without its head, ``width`` channels out of the stem."""

    @abstractmethod
    def largest(self) -> Architecture:
        """The architecture with the most FLOPs of the space."""

    @abstractmethod
    def cell_graph(self, architecture: Architecture) -> nx.DiGraph:
        """The cell to draw: nodes have a ``label``, operations on edges have a ``label`` as well."""

    def equivalent(self, architecture: Architecture) -> Architecture:
        """The representative of all architectures whose network computes and learns the very same.

        Evaluations are made of representatives, so equal networks are trained once.
        """
        return architecture

    def task(self, name: str | None = None) -> Task:
        """The task of that name, the default one without a name. Raises UserError."""
        from eproxy_engine.errors import UserError, one_of

        for task in self.tasks:
            if name in (None, task.name):
                return task
        raise UserError(one_of(name, [t.name for t in self.tasks], f"task of {self.name}"))
