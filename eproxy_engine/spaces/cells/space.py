"""Common base class of search spaces whose architectures are genotypes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from eproxy_engine.errors import UserError, one_of
from eproxy_engine.spaces import famous
from eproxy_engine.spaces.cells.arithmetic import Counts, network_counts, operation_counts
from eproxy_engine.spaces.cells.descriptors import genotype_descriptors
from eproxy_engine.spaces.cells.drawing import cell_graph
from eproxy_engine.spaces.cells.genotype import INPUTS, Cell, Edge, Genotype, Node, cell_text, edges_of
from eproxy_engine.spaces.cells.kinds import Kind
from eproxy_engine.spaces.cells.reading import NASLIB, Reading, read
from eproxy_engine.spaces.cells.writing import compact_text, genotype_text, net_text
from eproxy_engine.spaces.formats import Format
from eproxy_engine.spaces.interface import CIFAR_SIZE, SearchSpace

if TYPE_CHECKING:
    import networkx as nx

    from eproxy_engine.spaces.backbone import Backbone

SHOWN = 1_000
"""Characters of a refused text that a message shows."""


class CellSpace(SearchSpace[Genotype]):
    """Genotypes of one kind of cells, with a set of depths and widths."""

    kind: Kind
    depths: tuple[int, ...]
    """Depths of samples."""
    widths: tuple[int, ...]
    """Widths of samples; even numbers."""
    accepted_depths: tuple[int, ...] | None = None
    """A text may name any depth between the least and the greatest of these, or of ``depths`` if None."""
    accepted_widths: tuple[int, ...] | None = None
    """A text may name any even width between the least and the greatest of these, or of ``widths`` if None."""
    imagenet: bool
    """Whether the networks have the stem and classifier for ImageNet; otherwise those for CIFAR-10."""
    tied: bool = False
    """Whether the reduction cell always equals the normal cell."""
    most_parameters: int | None = None
    """Most parameters that an architecture may have."""
    largest_text: str | None = None
    """The largest architecture, if ``most_parameters`` does not allow the most expensive operation everywhere."""

    def parse(self, text: str) -> Genotype:
        """Read the canonical text, an NDS ``net``, the name of a famous network or a genotype alone.

        A genotype is DARTS's ``Genotype(…)``, as a call, a dict or lists, or NASLib's pairs of numbers; it is accepted
        where depth and width are fixed.
        """
        shown = repr(text[:SHOWN])
        reading = read(text) or read(famous.named(self.name, text) or "")
        if reading is None:
            meant = famous.hint(self.name, text)
            refused = f"not an architecture of {self.title}: {shown}{'; ' if meant else ''}{meant}"
            raise UserError(f"{refused}; accepted: {self._accepted()}")
        genotype = self._genotype(reading, shown)
        refusal = self.refusal(genotype) or self._refused_outputs(reading, genotype)
        if refusal:
            raise UserError(f"{refusal} (in {shown})")
        return genotype

    def _genotype(self, reading: Reading, shown: str) -> Genotype:
        depth, width = reading.depth, reading.width
        if depth is None or width is None:
            if len(self.depths) > 1 or len(self.widths) > 1:
                raise UserError(f"depth and width are missing in {shown}; accepted: {self._accepted()}")
            (depth,), (width,) = self.depths, self.widths
        return Genotype(depth, width, self._in_order(reading.normal), self._in_order(reading.reduction))

    def _accepted(self) -> str:
        form = f"d{self.depths[-1]}w{self.widths[-1]};normal=skip_connect~0+sep_conv_3x3~1|…;reduce=…"
        by_name = f", the name of a famous network (`describe {self.name} --famous` lists them)"
        return (
            f"{form} with {self.kind.nodes} nodes in each cell, Genotype(…) as DARTS writes it, a JSON net of NDS, "
            f"NASLib's pairs of numbers{by_name * bool(famous.in_space(self.name))}"
        )

    def formats(self) -> tuple[Format[Genotype], ...]:
        """Return the formats that :func:`~eproxy_engine.spaces.cells.reading.read` reads."""
        written = [
            Format("genotype", "Genotype(…)", self.genotype_text),
            Format("json", "a net of NDS", lambda genotype: net_text(genotype, self.outputs(genotype))),
        ]
        if set(NASLIB) <= set(self.kind.operations):
            written.insert(1, Format("naslib", "NASLib's pairs of numbers", compact_text))
        return tuple(written)

    def _in_order(self, cell: Cell) -> Cell:
        return tuple(map(_sorted, cell)) if self.kind.distinct_inputs else cell

    def refusal(self, genotype: Genotype) -> str | None:
        """Say why ``genotype`` is not in this space, and what is accepted; None if it is."""
        refusal = self._refused_cell(genotype.normal) or self._refused_cell(genotype.reduction)
        if refusal:
            return refusal
        depths, widths = self.accepted_depths or self.depths, self.accepted_widths or self.widths
        if not min(depths) <= genotype.depth <= max(depths):
            return f"a depth of {genotype.depth} is outside {self.title}; accepted: {_bounds(depths)}"
        if not min(widths) <= genotype.width <= max(widths) or genotype.width % 2:
            return f"a width of {genotype.width} is outside {self.title}; accepted: {_bounds(widths)}, even"
        if self.tied and genotype.normal != genotype.reduction:
            return f"in {self.title}, the reduction cell equals the normal cell, but here they differ"
        if self.most_parameters and self.counts(genotype).parameters > self.most_parameters:
            found = self.counts(genotype).parameters
            return f"{found:,} parameters are too many for {self.title}; accepted: up to {self.most_parameters:,}"
        return None

    def _refused_cell(self, cell: Cell) -> str | None:
        if len(cell) != self.kind.nodes:
            return f"a cell of {self.title} has {self.kind.nodes} nodes, but one here has {len(cell)}"
        for place, node in enumerate(cell, start=INPUTS):
            for operation, source in node:
                if operation not in self.kind.operations:
                    return one_of(operation, self.kind.operations, f"operation of {self.title}")
                if not 0 <= source < place:
                    return f"{operation}~{source} cannot lead to node {place}; accepted: 0 to {place - 1}"
            if self.kind.distinct_inputs and node[0][1] == node[1][1]:
                return f"node {place} takes tensor {node[0][1]} twice; accepted: two different ones"
        return None

    def _refused_outputs(self, reading: Reading, genotype: Genotype) -> str | None:
        """Say why the output nodes that a text names are not those of this kind of cell; None if they are."""
        for cell, given in (
            (genotype.normal, reading.normal_concat),
            (genotype.reduction, reading.reduction_concat),
        ):
            outputs = self.kind.concatenated(cell)
            if given is not None and list(given) != outputs:
                return f"the output of the cell {cell_text(cell)} is made of nodes {outputs}, not {list(given)}"
        return None

    def counts(self, architecture: Genotype) -> Counts:
        """Return parameters and FLOPs at the published width, by arithmetic."""
        return network_counts(architecture, self.kind, self.imagenet, self.input_size, self.classes)

    def descriptors(self, architecture: Genotype) -> dict[str, float]:
        """Describe both cells, depth and width."""
        return genotype_descriptors(architecture, self.outputs(architecture), self.kind.operations)

    def decisions(self, architecture: Genotype) -> tuple[str, ...]:
        """Return depth, width, and the operation and input of each edge of both cells."""
        edges = [*edges_of(architecture.normal), *edges_of(architecture.reduction)]
        return (str(architecture.depth), str(architecture.width), *(str(choice) for edge in edges for choice in edge))

    def depth(self, architecture: Genotype) -> int:
        """Return the number of cells."""
        return architecture.depth

    def sample(self, rng: np.random.Generator) -> Genotype:
        """Draw depth, width, operations and inputs uniformly, rejecting what the space does not allow."""
        while True:
            normal = self._random_cell(rng)
            genotype = Genotype(
                int(rng.choice(self.depths)),
                int(rng.choice(self.widths)),
                normal,
                normal if self.tied else self._random_cell(rng),
            )
            if self.refusal(genotype) is None:
                return genotype

    def _random_cell(self, rng: np.random.Generator) -> Cell:
        return tuple(self._random_node(place, rng) for place in range(INPUTS, INPUTS + self.kind.nodes))

    def _random_node(self, place: int, rng: np.random.Generator) -> Node:
        first, second = rng.choice(place, size=2, replace=not self.kind.distinct_inputs)
        node = (self._random_operation(rng), int(first)), (self._random_operation(rng), int(second))
        return _sorted(node) if self.kind.distinct_inputs else node

    def _random_operation(self, rng: np.random.Generator) -> str:
        return self.kind.operations[int(rng.integers(len(self.kind.operations)))]

    def mutate(self, architecture: Genotype, rng: np.random.Generator) -> Genotype:
        """Change one operation, one input, the depth or the width, each with equal probability."""
        genes = ["operation", "input"] + ["depth"] * (len(self.depths) > 1) + ["width"] * (len(self.widths) > 1)
        while True:
            gene = genes[int(rng.integers(len(genes)))]
            if gene == "depth":
                mutant = replace(architecture, depth=int(rng.choice(self.depths)))
            elif gene == "width":
                mutant = replace(architecture, width=int(rng.choice(self.widths)))
            else:
                mutant = self._with_another_edge(architecture, gene, rng)
            if mutant != architecture and self.refusal(mutant) is None:
                return mutant

    def _with_another_edge(self, genotype: Genotype, gene: str, rng: np.random.Generator) -> Genotype:
        in_reduction = not self.tied and bool(rng.integers(2))
        cell = list(genotype.reduction if in_reduction else genotype.normal)
        place, side = int(rng.integers(len(cell))), int(rng.integers(2))
        operation, source = cell[place][side]
        edge: Edge = (
            (self._random_operation(rng), source)
            if gene == "operation"
            else (operation, int(rng.integers(INPUTS + place)))
        )
        first, second = cell[place]
        cell[place] = (first, edge) if side else (edge, second)
        changed = self._in_order(tuple(cell))
        if self.tied:
            return replace(genotype, normal=changed, reduction=changed)
        return replace(genotype, reduction=changed) if in_reduction else replace(genotype, normal=changed)

    def build(self, architecture: Genotype, width: int, size: int = CIFAR_SIZE) -> Backbone:
        from eproxy_engine.spaces.cells.network import Network

        channels = 2 * max(1, round(architecture.width * width / self.published_width / 2))
        return Network(architecture, self.outputs(architecture), channels, self.imagenet, strided=size > CIFAR_SIZE)

    def largest(self) -> Genotype:
        """Return :attr:`largest_text`, or cells in which every node applies the costliest operation to the inputs."""
        if self.largest_text is not None:
            return self.parse(self.largest_text)
        most = max(self.kind.operations, key=lambda name: operation_counts(name, channels=64, stride=2, side=8).flops)
        cell = (((most, 0), (most, 1)),) * self.kind.nodes
        return Genotype(max(self.depths), max(self.widths), cell, cell)

    def drawings(self, architecture: Genotype) -> dict[str, nx.DiGraph]:
        outputs = self.outputs(architecture)
        return {
            "normal cell": cell_graph(architecture.normal, outputs["normal"]),
            "reduction cell": cell_graph(architecture.reduction, outputs["reduce"]),
        }

    def outputs(self, architecture: Genotype) -> dict[str, list[int]]:
        """Return, for each cell, ``normal`` and ``reduce``, the nodes that make its output."""
        cells = {"normal": architecture.normal, "reduce": architecture.reduction}
        return {name: self.kind.concatenated(cell) for name, cell in cells.items()}

    def genotype_text(self, architecture: Genotype) -> str:
        """Write the architecture as DARTS does, without depth and width."""
        return genotype_text(architecture, self.outputs(architecture))


def _sorted(node: Node) -> Node:
    first, second = sorted(node, key=lambda edge: edge[1])
    return first, second


def _bounds(choices: tuple[int, ...]) -> str:
    return f"{min(choices)} to {max(choices)}" if len(choices) > 1 else str(choices[0])
