"""Networks whose backbone compiled kernels compute, as zero-cost proxies see it; those of torch are the reference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from ctypes import CDLL
from itertools import pairwise

import torch
from torch import Tensor, nn

from eproxy_engine.baselines.blocks import primary_blocks
from eproxy_engine.baselines.classifier import Classifier
from eproxy_engine.baselines.hooks import seeing
from eproxy_engine.native.forward import forward_only
from eproxy_engine.native.layout import Layout
from eproxy_engine.native.operations import Untraceable
from eproxy_engine.native.passages import passages
from eproxy_engine.native.program import Program, compiled, planned, running
from eproxy_engine.native.symbols import Symbol
from eproxy_engine.proxy.compiled import shape_of
from eproxy_engine.spaces.backbone import Backbone
from eproxy_engine.spaces.own.backbone import OwnBackbone


class CompiledClassifier(Classifier):
    """Kernels compute the backbone, and torch the classifier. All but :meth:`forward` raises Untraceable.

    Its weights must lie in their own layout, and never elsewhere than at first.
    """

    def __init__(self, backbone: Backbone, classes: int, kernels: CDLL) -> None:
        super().__init__(backbone, classes)
        self._kernels = kernels
        self._observed: dict[tuple[int, ...], tuple[_Observed, Layout]] = {}

    def watch(self, modules: Iterable[nn.Module], see: Callable[[object], None], images: Tensor) -> None:
        """See :class:`Classifier`; outputs of the backbone are only valid while they are seen."""
        of_backbone, others = self._split(modules)
        with torch.no_grad(), self._running(of_backbone, images) as (outputs, stages):
            for output in outputs:
                see(output)
            with seeing(others, see):
                self.head(stages[0])

    def backbone_outputs(self, modules: Iterable[nn.Module], images: Tensor) -> tuple[list[object], list[Tensor]]:
        """See :class:`Classifier`; without gradients."""
        of_backbone, _ = self._split(modules)
        with self._running(of_backbone, images) as (outputs, stages):
            return [_copied(each) for each in outputs], [stage.clone() for stage in stages]

    def block_gradients(
        self, images: Tensor, draw: Callable[[torch.Size], Tensor]
    ) -> Iterator[tuple[list[Tensor], list[Tensor]]]:
        """See :class:`Classifier`; what is yielded is only valid until the next."""
        observed, shape = _Observed(self.backbone, self._split(primary_blocks(self.backbone))[0]), shape_of(images)
        plan = planned(observed, shape, separate_outputs=False)
        layout, way_back = passages(plan, len(images), observed.between()[::-1])
        with running(layout, images, self._kernels) as program:
            program.forward()
            for passage in way_back:
                given = [_as_in_torch(each) for each in program.gradients_at(passage.later)]
                factors = [each.copy_(draw(each.shape)).clone() for each in given]
                program.carry_back(passage.steps)
                yield factors, [_as_in_torch(each) for each in program.gradients_at(passage.earlier)]

    def loss_gradients(self, images: Tensor, labels: Tensor) -> list[Tensor]:
        """See :class:`Classifier`."""
        self._split([])
        layers = self.weighted_layers()
        of_head = [layer.weight for layer in self.head.modules() if layer in layers]
        layout = compiled(_Features(self.backbone), shape_of(images))
        with running(layout, images, self._kernels) as program:
            program.forward()
            features = _as_in_torch(program.outputs()[0]).contiguous().requires_grad_()
            loss = nn.functional.cross_entropy(self.head(features), labels)
            gradient, *others = torch.autograd.grad(loss, [features, *of_head], allow_unused=True)
            program.output_gradients()[0].copy_(gradient.permute(1, 2, 3, 0))
            program.backward()
            found = {id(weight): each for weight, each in zip(of_head, others, strict=True)}
            found |= {id(p): each for p, each in zip(program.parameters, program.gradients(), strict=True)}
        weights = [layer.weight for layer in layers]
        return [torch.zeros_like(w) if found.get(id(w)) is None else found[id(w)] for w in weights]

    def _split(self, modules: Iterable[nn.Module]) -> tuple[list[nn.Module], list[nn.Module]]:
        if isinstance(self.backbone, OwnBackbone):
            raise Untraceable("is one of your own")
        within = set(self.backbone.modules())
        split: tuple[list[nn.Module], list[nn.Module]] = ([], [])
        for module in modules:
            split[module not in within].append(module)
        return split

    @contextmanager
    def _running(
        self, modules: list[nn.Module], images: Tensor
    ) -> Iterator[tuple[list[Tensor | list[Tensor]], list[Tensor]]]:
        """Yield the outputs of modules of the backbone and the stage outputs, which lie in the program's memory."""
        key = (*map(id, modules), *images.shape)
        if key not in self._observed:
            observed = _Observed(self.backbone, modules)
            self._observed[key] = observed, forward_only(observed, shape_of(images))
        observed, layout = self._observed[key]
        with running(layout, images, self._kernels) as program:
            program.forward()
            yield observed.read(program)


class _Observed(nn.Module):
    """A backbone with what some of its modules give as further outputs."""

    def __init__(self, backbone: Backbone, modules: list[nn.Module]) -> None:
        super().__init__()
        self.backbone, self._modules_seen = backbone, tuple(modules)
        self._outputs: list[int | list[int]] = []
        self._stages: list[int] = []

    def forward(self, x: Tensor) -> list[Symbol]:
        """Run the backbone on symbols, and note which of them are what."""
        found: list[Symbol] = []
        places: dict[object, int] = {}

        def place(symbol: object) -> int:
            if not isinstance(symbol, Symbol):
                raise Untraceable("has modules that return something else than tensors")
            if symbol.value not in places:
                places[symbol.value] = len(found)
                found.append(Symbol(symbol.tracer, symbol.value, symbol.shape))  # what changes in place is another one
            return places[symbol.value]

        def see(output: object) -> None:
            several = isinstance(output, (list, tuple))
            self._outputs.append([place(each) for each in output] if several else place(output))  # type: ignore[attr-defined]

        with seeing(self._modules_seen, see):
            stages = self.backbone(x)
        self._stages = [place(stage) for stage in stages]
        return found

    def between(self) -> list[tuple[list[int], list[int]]]:
        """Return which outputs of the program are those of each module and of the next one. Raises Untraceable."""
        modules = [place if isinstance(place, list) else [place] for place in self._outputs]
        if len(modules) < 2:
            raise Untraceable("has fewer than two blocks")
        return list(pairwise(modules))

    def read(self, program: Program) -> tuple[list[Tensor | list[Tensor]], list[Tensor]]:
        """Return the outputs and the stages, ``[b, c, h, w]``."""
        tensors = [_as_in_torch(output) for output in program.outputs()]
        outputs = [
            [tensors[each] for each in place] if isinstance(place, list) else tensors[place] for place in self._outputs
        ]
        return outputs, [tensors[place] for place in self._stages]


class _Features(nn.Module):
    """The deepest stage output alone."""

    def __init__(self, backbone: Backbone) -> None:
        super().__init__()
        self.backbone = backbone

    def forward(self, x: Tensor) -> list[Tensor]:
        return [self.backbone(x)[0]]


def _as_in_torch(output: Tensor) -> Tensor:
    """``[c, h, w, b]`` -> ``[b, c, h, w]``, a view."""
    return output.permute(3, 0, 1, 2)


def _copied(output: Tensor | list[Tensor]) -> Tensor | list[Tensor]:
    return [each.clone() for each in output] if isinstance(output, list) else output.clone()
