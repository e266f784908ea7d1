"""Backbone of ordinary modules, for search spaces whose networks are a chain of stages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from torch import Tensor, nn

from eproxy_engine.spaces.backbone import Backbone


class Stages(Backbone):
    """Backbone of three modules in sequence, each of which gives one stage output.

    Args:
        modules: Three modules in the order in which an image passes them; the first contains the stem.
        channels: Output channels of the modules, in the same order.
        head: Makes the classifier for a number of classes: output ``[b, c, h, w]`` of the last module -> logits
            ``[b, classes]``.

    Raises:
        ValueError: If there are not three modules and three numbers of channels.
    """

    def __init__(self, modules: Sequence[nn.Module], channels: Sequence[int], head: Callable[[int], nn.Module]) -> None:
        super().__init__()
        if len(modules) != 3 or len(channels) != 3:
            raise ValueError(f"{len(modules)} modules with {len(channels)} numbers of channels; accepted: three each")
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
