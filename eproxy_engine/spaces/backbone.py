"""The common form of every architecture's network."""

from __future__ import annotations

from abc import ABC, abstractmethod

from torch import Tensor, nn


class Backbone(nn.Module, ABC):
    """An architecture's network without its head.

    It has three stage outputs, those that a branch can learn (§2.2, item 4): the deepest, what comes before the
    second downsampling, and what comes before the first. Where an architecture has fewer downsamplings, the next
    deeper output takes the place of a missing one.
    """

    stage_channels: tuple[int, int, int]
    """Channels of the stage outputs, deepest first."""

    @abstractmethod
    def forward(self, x: Tensor) -> list[Tensor]:
        """Images ``[b, 3, h, w]`` -> stage outputs ``[b, c, h', w']``, deepest first."""

    @abstractmethod
    def classifier(self, classes: int) -> nn.Module:
        """The benchmark's own head: deepest stage output ``[b, c, h', w']`` -> logits ``[b, classes]``."""
