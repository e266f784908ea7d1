"""fisher: how much the loss changes when channels are removed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from eproxy_engine.baselines.registry import zero_cost_proxy

if TYPE_CHECKING:
    from torch import Tensor

    from eproxy_engine.baselines.classifier import Classifier


@zero_cost_proxy(
    "fisher",
    title="Fisher",
    source="Theis et al. 2018, Faster Gaze Prediction with Dense Networks and Fisher Pruning (arXiv 1801.05787); "
    "Turner et al. 2020, BlockSwap (arXiv 1906.04113); summed as in Abdelfattah et al. 2021, §3.2, and their code",
    cost="one forward and one backward pass",
    passes=2.5,
    assumes="Grows with size and depth; a few channels with large gradients decide it.",
)
def fisher(network: Classifier, images: Tensor, labels: Tensor) -> float:
    """Sum over channels of convolutions and linear layers of ½ · mean over images of (Σ over space of a · ∂L/∂a)².

    a: the layer's output ``[b, c, h, w]`` or ``[b, c]``; L: the batch's mean loss. A channel counts once for each of
    its weights, as in the published scores; the papers' sum over channels alone ranks differently.
    """
    import torch

    seen: list[tuple[int, Tensor]] = []

    def see(weights: int, layer: object, inputs: object, output: Tensor) -> None:
        seen.append((weights, output))

    for layer in network.weighted_layers():
        layer.register_forward_hook(partial(see, layer.weight[0].numel()))
    loss = network.loss(images, labels)
    gradients = torch.autograd.grad(loss, [output for _, output in seen], allow_unused=True)
    total = 0.0
    for (weights, output), gradient in zip(seen, gradients, strict=True):
        if gradient is not None:
            removal = (output.detach() * gradient).reshape(*output.shape[:2], -1).sum(dim=2)
            total += weights * 0.5 * removal.square().mean(dim=0).sum().item()
    return total
