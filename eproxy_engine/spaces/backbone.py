"""The common form of every architecture's network."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Self

from torch import Tensor, nn


class Backbone(nn.Module, ABC):
    """An architecture's network without its head.

    It has the three stage outputs that a branch of a proxy can learn (Li et al., 2022, §2.2, item 4): the deepest, the
    one before the second downsampling and the one before the first. Where an architecture has fewer downsamplings,
    the next deeper output replaces a missing one.
    """

    stage_channels: tuple[int, int, int]
    """Channels of the stage outputs, deepest first."""
    made_with: tuple[tuple[Any, ...], dict[str, Any]]
    """Arguments and keyword arguments of the constructor call; ``standalone.py`` writes them out."""

    def __new__(cls, *arguments: Any, **keywords: Any) -> Self:
        backbone = super().__new__(cls)
        backbone.made_with = arguments, keywords
        return backbone

    @abstractmethod
    def forward(self, x: Tensor) -> list[Tensor]:
        """Return the stage outputs, deepest first.

        Args:
            x: Images ``[b, 3, h, w]``.

        Returns:
            Three tensors ``[b, c, h', w']`` with the channels of :attr:`stage_channels`.
        """

    @abstractmethod
    def classifier(self, classes: int) -> nn.Module:
        """Return the benchmark's own head: deepest stage output ``[b, c, h', w']`` -> logits ``[b, classes]``."""
