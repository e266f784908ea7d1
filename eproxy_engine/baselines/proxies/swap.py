"""swap: in how many ways units react to the batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eproxy_engine.baselines.registry import zero_cost_proxy

if TYPE_CHECKING:
    from torch import Tensor

    from eproxy_engine.baselines.classifier import Classifier

WORD = 64
"""Bits of an integer."""


@zero_cost_proxy(
    "swap",
    title="SWAP-Score",
    source="Peng et al. 2024, SWAP-NAS: Sample-Wise Activation Patterns for Ultra-fast NAS (arXiv 2403.04161), §3.2, "
    "definitions 2 and 3",
    cost="one forward pass",
    passes=1.5,
    assumes="ReLUs. b images have at most 2^b patterns: with fewer than 32, large networks come close to that and are "
    "hard to tell apart. Grows with the number of units.",
)
def swap(network: Classifier, images: Tensor, labels: Tensor) -> float:
    """Number of distinct patterns; a unit's pattern says for which of the images ``[b, …]`` its ReLU is on."""
    import torch
    from torch import nn

    from eproxy_engine.baselines.hooks import seeing

    found: list[Tensor] = []

    def collect(output: object) -> None:
        assert isinstance(output, torch.Tensor)
        found.append(distinct(packed((output > 0).flatten(1))))

    relus = [module for module in network.modules() if isinstance(module, nn.ReLU)]
    with torch.no_grad(), seeing(relus, collect):
        network(images)
    return distinct(torch.cat(found, dim=1)).shape[1] if found else 0


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
