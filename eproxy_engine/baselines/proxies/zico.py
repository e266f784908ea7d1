"""zico: how similar the gradients of different batches are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from eproxy_engine.baselines.registry import zero_cost_proxy

if TYPE_CHECKING:
    from torch import Tensor

    from eproxy_engine.baselines.classifier import Classifier


@zero_cost_proxy(
    "zico",
    title="ZiCo",
    source="Li et al. 2023, ZiCo (arXiv 2301.11300), with the deviation of the signed gradient as in the "
    "authors' code; two batches, the halves of the given one",
    cost="one forward and one backward pass",
    passes=3.5,
    assumes="At least two images; grows with the number of layers, each of which adds a logarithm of its size.",
    keeps_modules=True,
)
def zico(network: Classifier, images: Tensor, labels: Tensor) -> float:
    """Sum over layers of log Σ over weights of mean |g| / std g, over batches; weights of equal g are left out."""
    import torch

    halves = zip(images.tensor_split(2), labels.tensor_split(2), strict=True)
    by_batch = [network.gradients(network.loss(*half)) for half in halves]
    total = 0.0
    for layer in zip(*by_batch, strict=True):
        gradients = torch.stack(layer).double()
        deviation = gradients.std(dim=0, correction=0)
        varies = deviation > 0
        ratio = (gradients.abs().mean(dim=0)[varies] / deviation[varies]).sum().item()
        total += math.log(ratio) if ratio > 0 else 0.0
    return total
