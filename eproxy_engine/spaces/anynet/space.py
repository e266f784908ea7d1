"""Design spaces of residual networks (Radosavovic et al., 2019, NDS); ``design_spaces.py`` lists them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from eproxy_engine.errors import UserError, one_of
from eproxy_engine.spaces.anynet.architecture import Residual, Stage
from eproxy_engine.spaces.anynet.arithmetic import Counts, network_counts
from eproxy_engine.spaces.anynet.reading import net_text, read, read_net
from eproxy_engine.spaces.formats import Format
from eproxy_engine.spaces.interface import CIFAR_SIZE, SearchSpace

if TYPE_CHECKING:
    import networkx as nx

    from eproxy_engine.spaces.backbone import Backbone

STRIDES = (1, 2, 2)
"""Strides of the three stages behind the stem."""
SHOWN = 200
"""Characters of a refused text that its message shows."""

T = TypeVar("T")


@dataclass(frozen=True)
class Choices:
    """Values that each stage chooses independently from, in ascending order.

    Every width times every ratio is a multiple of every number of groups.
    """

    depths: Sequence[int]
    widths: Sequence[int]
    ratios: Sequence[float | None] = (None,)
    groups: Sequence[int | None] = (None,)

    def fields(self) -> dict[str, Sequence[Any]]:
        """Return the values by field of :class:`Stage`."""
        return {"depth": self.depths, "width": self.widths, "ratio": self.ratios, "groups": self.groups}

    def stage(self, rng: np.random.Generator) -> Stage:
        """Draw a random stage."""
        return Stage(_one(self.depths, rng), _one(self.widths, rng), _one(self.ratios, rng), _one(self.groups, rng))

    def neighbours(self, stage: Stage) -> list[Stage]:
        """Return the stages that differ from ``stage`` in one field."""
        fields = self.fields().items()
        return [
            replace(stage, **{name: value})
            for name, values in fields
            for value in values
            if value != getattr(stage, name)
        ]


class AnyNet(SearchSpace[Residual]):
    """Networks of a stem and three stages of residual blocks, each stage from :attr:`choices`."""

    choices: Choices
    measurable: Choices | None = None
    """Values that a measured network may have, if more than those that samples have."""
    most: Counts | None = None
    """Limits on parameters and FLOPs; an architecture may exceed one of them, but not both."""
    largest_text: str
    block: str
    """The NDS archive's ``block_type``."""
    stem: tuple[int, ...]
    """Channels of the stem's convolutions."""
    stem_stride: int = 1
    """Stride of each of the stem's convolutions at ``input_size``. At CIFAR size it is 1: the stages then have 32, 16
    and 8 pixels a side, like those of the networks trained on CIFAR-10."""

    def parse(self, text: str) -> Residual:
        """Read the canonical text or a ``net`` object of the NDS archive.

        Its lists have the stem first, or the stages alone; block and strides may be left out.
        """
        given = text.strip()
        architecture = read(given) or self._of_published(given)
        if architecture is None or len(architecture.stages) != len(STRIDES):
            raise self._refusal(text)
        for stage in architecture.stages:
            for name, accepted in (self.measurable or self.choices).fields().items():
                value = getattr(stage, name)
                if (value is None) != (None in accepted):
                    raise self._refusal(text)
                if value not in accepted:
                    raise UserError(
                        f"{one_of(value, accepted, f'{self.title} {name} of a stage')} (in {text[:SHOWN]!r})"
                    )
        excess = self._excess(architecture)
        if excess:
            raise UserError(f"{excess} (in {text[:SHOWN]!r})")
        return architecture

    def _of_published(self, text: str) -> Residual | None:
        """Return the stages of a published network whose block, stem and strides, if given, are this space's."""
        net = read_net(text)
        if net is None:
            return None
        stem, strides = (1, self.stem[-1]), self._strides()
        fits = net.stem is None or (net.stem.depth, net.stem.width) == stem
        fits = fits and net.block in (None, self.block)
        given = net.strides or strides
        return net.residual if fits and given in (strides, strides[1:]) else None

    def _strides(self) -> tuple[int, ...]:
        """Return the strides of stem and stages as the NDS archive has them."""
        return (self.stem_stride ** len(self.stem), *STRIDES)

    def formats(self) -> tuple[Format[Residual], ...]:
        """Return the NDS archive's ``net``, which :meth:`parse` reads."""
        return (
            Format("json", "a net of NDS", lambda each: net_text(each, self.stem[-1], self._strides(), self.block)),
        )

    def _refusal(self, text: str) -> UserError:
        return UserError(
            f"not an architecture of {self.title}: {text[:SHOWN]!r}; accepted: three stages as in {self.largest_text}, "
            f"or a net of the NDS archive with block_type {self.block}"
        )

    def _excess(self, architecture: Residual) -> str | None:
        """Say why the architecture is too large for the space; None if it is not."""
        if self.most is None:
            return None
        found, most = self.counts(architecture), self.most
        if found.parameters <= most.parameters or found.flops <= most.flops:
            return None
        return (
            f"{found.parameters:,} parameters and {found.flops:,} FLOPs are too many for {self.title}; accepted: up to "
            f"{most.parameters:,} parameters, or up to {most.flops:,} FLOPs"
        )

    def descriptors(self, architecture: Residual) -> dict[str, float]:
        """Describe depth, width, bottleneck and groups of each stage."""
        found: dict[str, float] = {}
        for place, stage in enumerate(architecture.stages, 1):
            found[f"stage {place}, blocks"] = float(stage.depth)
            found[f"stage {place}, log2 channels"] = math.log2(stage.width)
            found[f"stage {place}, log2 bottleneck ratio"] = math.log2(stage.ratio or 1)
            found[f"stage {place}, log2 groups"] = math.log2(stage.groups or 1)
        return found

    def decisions(self, architecture: Residual) -> tuple[str, ...]:
        """Return depth, width, bottleneck ratio and groups of each stage."""
        return tuple(str(choice) for stage in architecture.stages for choice in vars(stage).values())

    def depth(self, architecture: Residual) -> int:
        """Return the number of residual blocks."""
        return sum(stage.depth for stage in architecture.stages)

    def counts(self, architecture: Residual) -> Counts:
        """Return parameters and FLOPs at the published width, by arithmetic."""
        return network_counts(architecture, STRIDES, self.stem, self.stem_stride, self.input_size, self.classes)

    def sample(self, rng: np.random.Generator) -> Residual:
        """Draw uniformly from the space."""
        while True:
            architecture = Residual(tuple(self.choices.stage(rng) for _ in STRIDES))
            if self._excess(architecture) is None:
                return architecture

    def mutate(self, architecture: Residual, rng: np.random.Generator) -> Residual:
        """Change the depth, width, ratio or number of groups of one stage."""
        while True:
            stages, place = list(architecture.stages), int(rng.integers(len(STRIDES)))
            stages[place] = _one(self.choices.neighbours(stages[place]), rng)
            mutant = Residual(tuple(stages))
            if self._excess(mutant) is None:
                return mutant

    def build(self, architecture: Residual, width: int, size: int = CIFAR_SIZE) -> Backbone:
        from eproxy_engine.spaces.anynet.network import Network

        stride = self.stem_stride if size > CIFAR_SIZE else 1
        return Network(architecture, self.stem, stride, Fraction(width, self.published_width))

    def largest(self) -> Residual:
        return self.parse(self.largest_text)

    def drawings(self, architecture: Residual) -> dict[str, nx.DiGraph]:
        import networkx as nx

        stages = [_label(*pair) for pair in zip(architecture.stages, STRIDES, strict=True)]
        graph = nx.DiGraph()
        for node, label in enumerate(("input", f"stem, {self.stem[-1]} ch", *stages, "output")):
            graph.add_node(node, label=label)
        graph.add_edges_from(((node, node + 1) for node in range(len(stages) + 2)), label="")
        return {"network": graph}


def _one(values: Sequence[T], rng: np.random.Generator) -> T:
    return values[int(rng.integers(len(values)))]


def _label(stage: Stage, stride: int) -> str:
    """Label a node of a drawing, without the defaults (one group, stride 1)."""
    parts = [f"{stage.depth} block{'s' * (stage.depth > 1)}", f"{stage.width} ch"]
    if stage.ratio is not None:
        parts.append({0.25: "¼ bottleneck", 0.5: "½ bottleneck"}.get(stage.ratio, "full bottleneck"))
    if (stage.groups or 1) > 1:
        parts.append(f"{stage.groups} groups")
    return ", ".join([*parts, f"stride {stride}"] if stride > 1 else parts)
