"""swap: in how many ways units react to the batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eproxy_engine.baselines.registry import zero_cost_proxy

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from eproxy_engine.baselines.classifier import Classifier

WORD = 64
"""Bits of an integer."""
FEW_IMAGES = 16
"""Images whose patterns are so few that a table has a place for each."""


@zero_cost_proxy(
    "swap",
    title="SWAP-Score",
    source="Peng et al. 2024, SWAP-NAS: Sample-Wise Activation Patterns for Ultra-fast NAS (arXiv 2403.04161), §3.2, "
    "definitions 2 and 3",
    cost="one forward pass",
    passes=1.5,
    assumes="ReLUs. b images have at most 2^b patterns: with fewer than 32, large networks come close to that and are "
    "hard to tell apart. Grows with the number of units.",
    keeps_modules=True,
    compilable=True,
)
def swap(network: Classifier, images: Tensor, labels: Tensor) -> float:
    """Number of distinct patterns; a unit's pattern says for which of the images ``[b, …]`` its ReLU is on."""
    import torch
    from torch import nn

    patterns = Table(len(images), images.device) if len(images) <= FEW_IMAGES else Words()

    def collect(output: object) -> None:
        assert isinstance(output, torch.Tensor)
        patterns.add((output > 0).flatten(1))

    network.watch([module for module in network.modules() if isinstance(module, nn.ReLU)], collect, images)
    return patterns.count()


class Table:
    """Which patterns of a few images have occurred, with a place for each that there can be."""

    def __init__(self, images: int, device: torch.device) -> None:
        import torch

        self._powers = 2.0 ** torch.arange(images, device=device)  # sums of them are exact in single precision
        self._occurred = torch.zeros(2**images, dtype=torch.bool, device=device)

    def add(self, codes: Tensor) -> None:
        """Add the columns of bits ``[b, n]``."""
        self._occurred[(self._powers @ codes.to(self._powers.dtype)).long()] = True

    def count(self) -> int:
        """Return the number of distinct patterns."""
        return int(self._occurred.sum())


class Words:
    """The patterns of any number of images."""

    def __init__(self) -> None:
        self._found: list[Tensor] = []

    def add(self, codes: Tensor) -> None:
        """Add the columns of bits ``[b, n]``."""
        self._found.append(distinct(packed(codes)))

    def count(self) -> int:
        """Return the number of distinct patterns."""
        import torch

        return distinct(torch.cat(self._found, dim=1)).shape[1] if self._found else 0


def packed(codes: Tensor) -> Tensor:
    """Pack columns of bits ``[b, n]`` into columns of 64-bit integers ``[b / 64, n]``, rounded up."""
    import torch

    words = torch.zeros(-(-len(codes) // WORD), codes.shape[1], dtype=torch.int64, device=codes.device)
    for place, row in enumerate(codes):
        words[place // WORD] |= row.long() << (place % WORD)
    return words


def distinct(words: Tensor) -> Tensor:
    """Return the distinct columns ``[w, m]`` of ``[w, n]``."""
    import torch

    if len(words) == 1:  # several times as fast
        return torch.unique(words[0])[None]
    return torch.unique(words, dim=1)
