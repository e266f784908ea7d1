"""Interface of a search space, which every family in this package implements.

Importing a space does not import torch; only :meth:`SearchSpace.build` does. Pages that only list or draw
architectures stay fast.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import numpy as np

from eproxy_engine.spaces.formats import Format

if TYPE_CHECKING:
    import networkx as nx

    from eproxy_engine.spaces.backbone import Backbone
    from eproxy_engine.spaces.complexity import Complexity

CIFAR_SIZE = 32
"""Side in pixels of the images of every evaluation, whatever the benchmark was trained on (A.1)."""

Architecture = Hashable
"""One point of a search space: a frozen value; ``str(architecture)`` is its canonical text and identity."""

A = TypeVar("A", bound=Architecture)
"""The type of the architectures of one search space."""


@dataclass(frozen=True)
class Task:
    """The task on which a ground truth was measured. ``name`` is also its column in the benchmark table."""

    name: str
    title: str
    unit: str = "%"
    short: str = ""
    """Title for a narrow place; empty if the title is short enough."""

    @property
    def brief(self) -> str:
        """Title of few words."""
        return self.short or self.title


class Counts(Protocol):
    """Parameters and FLOPs of a network at the published width."""

    @property
    def parameters(self) -> int:
        """Trainable parameters, including the classifier's."""

    @property
    def flops(self) -> int:
        """Multiply–accumulates for one image of the space's ``input_size``."""


class SearchSpace(ABC, Generic[A]):
    """A family of architectures of type ``A`` that can be sampled, mutated, built and drawn.

    ``class MySpace(SearchSpace)``, without the type, works as well: its architectures are any hashable values.

    Example:
        >>> import numpy as np
        >>> from eproxy_engine import spaces
        >>> space = spaces.get("nasbench201")
        >>> architecture = space.sample(np.random.default_rng(0))
        >>> space.parse(str(architecture)) == architecture
        True
    """

    name: str
    title: str
    family: str = "Your own"
    """Group in which pickers list the space."""
    tasks: tuple[Task, ...]
    """Tasks of the shipped or official ground truth; the first is the default. Users can import more."""
    published_width: int
    """Stem channels at which the benchmark trained its networks. Nominal where architectures differ in width: a
    network of width w has w / published_width times every number of channels."""
    small_width: int
    """Stem channels that a laptop's processor can afford."""
    input_size: int = CIFAR_SIZE
    """Side in pixels of the images for which FLOPs are counted, as in the benchmark."""
    classes: int = 10
    """Outputs of the classifier that parameters include."""
    typical_speed: float = 1.0e10
    """Multiply–accumulates per second of one core in an evaluation, used until a run measures this machine's speed."""
    ground_truth_hint: str = "Import accuracies of your own as CSV."
    """How to add measured accuracies, for a space that ships none."""

    @cached_property
    def largest_flops(self) -> int:
        """FLOPs of the largest architecture: the norm of the FLOPs term (§2.2, item 5).

        Counted on the built network; a family that knows the number states it as a class attribute.
        """
        return self.counts(self.largest()).flops

    def stem_channels(self, width: int | str) -> int:
        """Return the stem channels that ``width`` means: the number itself, or ``small`` or ``published`` looked up.

        Example:
            >>> from eproxy_engine import spaces
            >>> space = spaces.get("nasbench101")
            >>> space.stem_channels("small"), space.stem_channels(32)
            (16, 32)
        """
        return int({"small": self.small_width, "published": self.published_width}.get(str(width), width))

    @abstractmethod
    def parse(self, text: str) -> A:
        """Return the architecture that ``text`` names, in canonical form.

        Args:
            text: Canonical text, or another notation that the space accepts; surrounding white space is ignored.

        Raises:
            UserError: If ``text`` names no architecture of the space. The message is one line that shows the text.
        """

    def formats(self) -> tuple[Format[A], ...]:
        """Return the notations of other tools in which an architecture can be written, most of which parse reads."""
        return ()

    @abstractmethod
    def sample(self, rng: np.random.Generator) -> A:
        """Draw a random architecture.

        Args:
            rng: The only source of randomness.
        """

    @abstractmethod
    def mutate(self, architecture: A, rng: np.random.Generator) -> A:
        """Draw a random neighbour of an architecture.

        Args:
            architecture: Where to start.
            rng: The only source of randomness.

        Returns:
            Another architecture of the space.
        """

    @abstractmethod
    def build(self, architecture: A, width: int, size: int = CIFAR_SIZE) -> Backbone:
        """Build the network of an architecture, without its head and with random weights.

        Args:
            architecture: An architecture of the space.
            width: Output channels of the stem.
            size: Side of the images in pixels. A family trained on larger images leaves out strides of its stem at
                CIFAR size, so that the deepest stage keeps a grid; the parameters are the same at every size.

        Returns:
            A backbone with three stage outputs; its weights depend on torch's random state alone.
        """

    @abstractmethod
    def largest(self) -> A:
        """Return the architecture with the most FLOPs."""

    @abstractmethod
    def drawings(self, architecture: A) -> dict[str, nx.DiGraph]:
        """Return the graphs to draw: cells or the whole network.

        Args:
            architecture: An architecture of the space.

        Returns:
            Acyclic graphs by title. Every node and edge has a ``label``. Labels of the nodes that receive input begin
            with ``input``; one node is labelled ``output``.
        """

    def counts(self, architecture: A) -> Counts:
        """Return parameters and FLOPs at the published width, for images of :attr:`input_size`.

        Counted on the built network; a family that knows a faster way overrides this.
        """
        return self._counted(architecture, self.published_width, self.input_size)

    def complexity(self, architecture: A, width: int | None = None) -> Complexity:
        """Return the complexity of an architecture's network.

        Args:
            architecture: An architecture of the space.
            width: Stem channels; the published width if None.

        Returns:
            FLOPs for an image of :attr:`input_size`, activations and stages for one of CIFAR size.
        """
        width = self.published_width if width is None else width
        evaluated = self._counted(architecture, width, CIFAR_SIZE)
        if self.input_size == CIFAR_SIZE:
            return evaluated
        return replace(evaluated, flops=self._counted(architecture, width, self.input_size).flops)

    def _counted(self, architecture: A, width: int, size: int) -> Complexity:
        from eproxy_engine.spaces.complexity import count

        return count(lambda: self.build(architecture, width, size), self.classes, size)

    def descriptors(self, architecture: A) -> dict[str, float]:
        """Describe an architecture by numbers, for learned rankings; the same names for all of a space.

        Counted on the built network, layer by layer; a family that knows its cells describes those.
        """
        from eproxy_engine.spaces.descriptors.network import network_descriptors

        return network_descriptors(lambda: self.build(architecture, self.published_width), CIFAR_SIZE)

    def decisions(self, architecture: A) -> tuple[str, ...]:
        """Return the choices that make up an architecture, in order; no two architectures have the same.

        They are the words, numbers and signs of its text; a family that knows its choices lists those alone.
        """
        return tuple(re.findall(r"[^\W\d]\w*|\d+|[^\w\s]", str(architecture)))

    def depth(self, architecture: A) -> int:
        """Return the depth, which a search can limit: the edges of the longest path in a drawing.

        A family whose networks differ in their number of cells or blocks counts those.
        """
        import networkx as nx

        return max(nx.dag_longest_path_length(drawing) for drawing in self.drawings(architecture).values())

    def equivalent(self, architecture: A) -> A:
        """Return the representative of all architectures with an equal network.

        Networks are equal if they compute and learn the same. Only representatives are evaluated, so equal networks
        are trained once.
        """
        return architecture
