"""The search space of DARTS (Liu et al., 2019): open for ImageNet, and 1,000 networks measured on CIFAR-10."""

from __future__ import annotations

from functools import cached_property
from itertools import combinations_with_replacement

import numpy as np

from eproxy_engine.spaces.cells.genotype import INPUTS, Cell, Genotype, cell_of
from eproxy_engine.spaces.cells.kinds import DARTS, DARTS_SEARCH
from eproxy_engine.spaces.cells.space import CellSpace
from eproxy_engine.spaces.interface import Task

MILLION = 1_000_000


class DARTSOpen(CellSpace):
    """The space that the paper searches in §3.5: ImageNet networks of 14 cells and 48 channels, with limits on FLOPs.

    No accuracies are known. FLOPs are counted by this project's rule for images of 224 pixels a side.
    """

    name = "darts"
    title = "DARTS, open search (ImageNet)"
    family = "DARTS"
    tasks = (Task("imagenet", "ImageNet, top-1 accuracy", short="ImageNet"),)
    kind = DARTS_SEARCH
    depths = (14,)
    widths = (48,)
    imagenet = True
    published_width = 48
    small_width = 8
    input_size = 224
    classes = 1000
    typical_speed = 6e9

    def __init__(self, min_flops: int = 500 * MILLION, max_flops: int = 600 * MILLION) -> None:
        self.min_flops = min_flops
        self.max_flops = max_flops

    def sample(self, rng: np.random.Generator) -> Genotype:
        """Draw as in every space of cells, within the limits. Raises ValueError if no architecture is within them."""
        if not self.min_flops <= self.largest_flops <= self.max_flops:
            raise ValueError(f"no architecture has {self.min_flops:,} to {self.max_flops:,} FLOPs")
        return super().sample(rng)

    def refusal(self, genotype: Genotype) -> str | None:
        refusal = super().refusal(genotype)
        if refusal is None and not self.min_flops <= self.counts(genotype).flops <= self.max_flops:
            limits = f"{self.min_flops / MILLION:g} to {self.max_flops / MILLION:g} million"
            return f"{self.counts(genotype).flops / MILLION:.1f} million FLOPs are not allowed; accepted: {limits}"
        return refusal

    def largest(self) -> Genotype:
        return self._largest

    @cached_property
    def _largest(self) -> Genotype:
        """Genotype with the most FLOPs that ``max_flops`` allows, found exactly: FLOPs are a sum over operations.

        Nodes that take both inputs of the cell are enough to consider. In a reduction cell, operations on other
        tensors cost as much, except ``skip_connect``, which is free there, like a pooling.
        """
        size = 2 * self.kind.nodes
        free = _on_inputs(("max_pool_3x3",) * size)
        base = self._flops(free, free)
        extra = {}
        for operation in self.kind.operations:
            cell = (((operation, 0), free[0][1]), *free[1:])
            extra[operation] = self._flops(cell, free) - base, self._flops(free, cell) - base
        contents = list(combinations_with_replacement(self.kind.operations, size))
        costs = np.array([[extra[operation] for operation in operations] for operations in contents]).sum(axis=1)
        (normal, of_normal), (reduction, of_reduction) = (np.unique(cost, return_index=True) for cost in costs.T)
        total = base + normal[:, None] + reduction
        first, second = np.unravel_index(np.where(total <= self.max_flops, total, -1).argmax(), total.shape)
        return self._with_cells(_on_inputs(contents[of_normal[first]]), _on_inputs(contents[of_reduction[second]]))

    def _flops(self, normal: Cell, reduction: Cell) -> int:
        return self.counts(self._with_cells(normal, reduction)).flops

    def _with_cells(self, normal: Cell, reduction: Cell) -> Genotype:
        return Genotype(self.depths[0], self.widths[0], normal, reduction)


class SwapDARTS(CellSpace):
    """1,000 networks that the authors of SWAP (Peng et al., 2024) trained themselves for 200 epochs; not those of NDS.

    The reduction cell equals the normal cell. Depth and width are unpublished; these are from DARTS's own evaluation
    on CIFAR-10.
    """

    name = "darts-cifar10-1000"
    title = "DARTS, CIFAR-10 (SWAP's 1,000)"
    family = "DARTS"
    tasks = (Task("cifar10", "CIFAR-10, validation accuracy by the authors of SWAP", short="CIFAR-10"),)
    kind = DARTS
    depths = (20,)
    widths = (36,)
    tied = True
    imagenet = False
    published_width = 36
    small_width = 8
    typical_speed = 4e9


def _on_inputs(operations: tuple[str, ...]) -> Cell:
    """Return the cell with these operations in which every node takes both inputs."""
    return cell_of([(operation, place % INPUTS) for place, operation in enumerate(operations)])
