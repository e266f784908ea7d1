"""naswot: how differently the images switch the ReLUs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eproxy_engine.baselines.registry import zero_cost_proxy

if TYPE_CHECKING:
    from torch import Tensor

    from eproxy_engine.baselines.classifier import Classifier


@zero_cost_proxy(
    "naswot",
    title="NASWOT",
    source="Mellor et al. 2021, Neural Architecture Search without Training (arXiv 2006.04647v3), §3, eq. 2",
    cost="one forward pass",
    passes=1.5,
    assumes="ReLUs; minus infinity without them, or where two images switch all of them alike. Grows with their "
    "number.",
    keeps_modules=True,
    compilable=True,
)
def naswot(network: Classifier, images: Tensor, labels: Tensor) -> float:
    """Logarithm of the determinant of the kernel K ``[b, b]``.

    K_ij counts the units that are on for both images i and j, or off for both.
    """
    import torch
    from torch import nn

    kernel = torch.zeros(len(images), len(images), dtype=torch.float64, device=images.device)

    def count(output: object) -> None:
        assert isinstance(output, torch.Tensor)
        signs = (output > 0).flatten(1).float() * 2 - 1
        kernel.add_(signs @ signs.T + signs.shape[1], alpha=0.5)

    relus = [module for module in network.modules() if isinstance(module, nn.ReLU)]
    network.watch(relus, count, images)
    return torch.linalg.slogdet(kernel).logabsdet.item()
