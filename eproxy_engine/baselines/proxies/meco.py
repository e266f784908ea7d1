"""meco: how independent the channels of the feature maps are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eproxy_engine.baselines.registry import zero_cost_proxy

if TYPE_CHECKING:
    from torch import Tensor

    from eproxy_engine.baselines.classifier import Classifier

SIZE = 64


@zero_cost_proxy(
    "meco",
    title="MeCo",
    source="Jiang et al. 2023, MeCo: Zero-Shot NAS with One Data and Single Forward Pass via Minimum Eigenvalue of "
    "Correlation (NeurIPS), §3, definition 1",
    cost="one forward pass of one image of 64 pixels, and the eigenvalues",
    passes=1,
    assumes="Sees one image of noise. Layers with more channels than pixels add nothing; grows with depth.",
    keeps_modules=True,
)
def meco(network: Classifier, images: Tensor, labels: Tensor) -> float:
    """Sum over modules of the smallest eigenvalue of the correlations of the feature map's channels ``[c, c]``.

    All modules with one feature map as output count, also those that consist of others (as in the authors' code).
    Correlations with a constant channel count as 0, also its own.
    """
    import torch

    least: list[Tensor] = []
    before: tuple[Tensor, int] | None = None

    def correlate(output: object) -> None:
        nonlocal before
        if isinstance(output, torch.Tensor) and output.dim() == 4 and output[0, 0].numel() > 1:
            if before is not None and before[0] is output and before[1] == output._version:
                least.append(least[-1])  # of a chain: that of its last module
                return
            before = output, output._version
            correlated = torch.corrcoef(output[0].flatten(1).double())
            correlated = torch.atleast_2d(correlated.nan_to_num(0.0, 0.0, 0.0))
            least.append(torch.linalg.eigvalsh(correlated)[0])

    network.watch(network.modules(), correlate, torch.randn(1, 3, SIZE, SIZE).to(images))
    return torch.stack(least).sum().item()
