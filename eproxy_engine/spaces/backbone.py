"""The common form of every architecture's network."""

from __future__ import annotations

from abc import ABC, abstractmethod

from torch import Tensor, nn


class Backbone(nn.Module, ABC):
    """An architecture's network without its head."""

    stage_channels: tuple[int, ...]
    """Channels of the stage outputs, deepest first."""

    @abstractmethod
    def forward(self, x: Tensor) -> list[Tensor]:
        """Images ``[b, 3, h, w]`` -> stage outputs ``[b, c, h', w']``, deepest first."""

    @abstractmethod
    def classifier(self, classes: int) -> nn.Module:
        """The benchmark's own head: deepest stage output ``[b, c, h', w']`` -> logits ``[b, classes]``."""
