"""A backbone made of ordinary modules, for search spaces whose networks are a chain of stages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from torch import Tensor, nn

from eproxy_engine.spaces.backbone import Backbone


class Stages(Backbone):
    """Three modules, one after the other; the output of each is a stage output.

    ``modules``: in the order in which an image passes them, the stem in the first. ``channels``: of their outputs, in
    the same order. ``head``: makes the classifier for a number of classes, ``[b, c, h, w]`` of the last module ->
    ``[b, classes]``.
    """

    def __init__(self, modules: Sequence[nn.Module], channels: Sequence[int], head: Callable[[int], nn.Module]) -> None:
        super().__init__()
        if len(modules) != 3 or len(channels) != 3:
            raise ValueError(f"{len(modules)} stages with {len(channels)} numbers of channels; accepted: three of both")
        self.stages = nn.ModuleList(modules)
        first, second, third = channels
        self.stage_channels = (third, second, first)
        self._head = head

    def forward(self, x: Tensor) -> list[Tensor]:
        outputs = []
        for stage in self.stages:
            x = stage(x)
            outputs.append(x)
        return outputs[::-1]

    def classifier(self, classes: int) -> nn.Module:
        return self._head(classes)
