"""az_trainability: how well the gradient keeps its size from block to block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eproxy_engine.baselines.registry import zero_cost_proxy

if TYPE_CHECKING:
    from torch import Size, Tensor

    from eproxy_engine.baselines.classifier import Classifier

EPSILON = 1e-6


@zero_cost_proxy(
    "az_trainability",
    title="AZ-NAS trainability",
    source="Lee and Ham 2024, AZ-NAS: Assembling Zero-Cost Proxies (arXiv 2403.19232), §3.1, trainability",
    cost="one forward and one backward pass, and the spectral norms",
    passes=4,
    assumes="Sees no images, only noise. At most 0; minus infinity if a block passes its input on unchanged.",
    keeps_modules=True,
    compilable=True,
)
def az_trainability(network: Classifier, images: Tensor, labels: Tensor) -> float:
    """Mean over primary blocks of 2 - σ - 1 / (σ + 1e-6), σ being the spectral norm of the block's mean Jacobian.

    The Jacobian is estimated from random signs at the block's output, backpropagated to its input: the mean over images
    and places of their outer products. A block of several resolutions counts once for each that it has before
    and after.
    """
    from eproxy_engine.baselines.az_nas import noise_for

    passages = network.block_gradients(noise_for(network, images), _signs)
    scores = [_score(*each) for signs, gradients in passages for each in zip(gradients, signs, strict=False)]
    return sum(scores) / len(scores) if scores else float("nan")


def _signs(shape: Size) -> Tensor:
    """Draw 1 or -1 for each element: what ``torch.randint`` gives, in bytes, in half the time."""
    import torch

    return torch.empty(shape, dtype=torch.bool).random_().view(torch.int8).mul_(2).sub_(1)


def _score(gradient: Tensor, signs: Tensor) -> float:
    """Score the gradient at the input ``[b, c, h, w]`` of the ``signs`` at the output ``[b, c', h', w']``."""
    import torch

    if gradient.shape == signs.shape and torch.equal(gradient, signs):
        return float("-inf")
    grid = min(gradient.shape[2:], signs.shape[2:])
    images = -1 if gradient.stride(0) == 1 else 1  # where they lie, which spares a copy
    rows, columns = (_unfolded(x, *grid).movedim(0, images).flatten(1) for x in (gradient, signs))
    norm = torch.linalg.matrix_norm(rows @ columns.T / rows.shape[1], 2).item()
    return 2 - norm - 1 / (norm + EPSILON)


def _unfolded(x: Tensor, height: int, width: int) -> Tensor:
    """``[b, c, h, w]`` -> ``[b, c s², height, width]``: places that share one of the coarser grid become channels."""
    from torch import nn

    factor = max(-(-x.shape[2] // height), -(-x.shape[3] // width))
    if factor == 1:
        return x
    padding = (0, factor * width - x.shape[3], 0, factor * height - x.shape[2])
    return nn.functional.pixel_unshuffle(nn.functional.pad(x, padding), factor)
