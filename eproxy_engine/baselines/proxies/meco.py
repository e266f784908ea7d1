"""meco: how independent the channels of the feature maps are."""

from __future__ import annotations

import math
from collections.abc import Sequence
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
    from torch.utils.weak import WeakTensorKeyDictionary

    found: list[Tensor] = []
    places: list[int] = []
    seen = WeakTensorKeyDictionary()  # version and place of each output: a chain has that of its last module

    def count(output: object) -> None:
        if isinstance(output, torch.Tensor) and output.dim() == 4 and output.shape[2:].numel() > 1:
            version, place = seen.get(output, (None, 0))
            if version != output._version:
                place = len(found)
                seen[output] = output._version, place
                found.append(covariances(output[0]))
            places.append(place)

    network.watch(network.modules(), count, torch.randn(1, 3, SIZE, SIZE).to(images))
    return least_of_correlations(found)[places].sum().item() if places else math.nan


def covariances(features: Tensor) -> Tensor:
    """Compute the channels' covariances ``[c, c]`` of a feature map ``[c, h, w]``.

    Channels that are no fewer than the pixels depend on each other, as constant ones do: ``[1, 1]`` stands for them.
    """
    import torch

    channels, pixels = len(features), features.shape[1:].numel()
    if channels >= pixels:
        return features.new_zeros(1, 1, dtype=torch.float64)
    return torch.cov(features.flatten(1).double()).reshape(channels, channels)


def least_of_correlations(covariances: Sequence[Tensor]) -> Tensor:
    """Compute the smallest eigenvalue of the correlations that belong to each of n covariances ``[c, c]``: ``[n]``."""
    import torch

    least = torch.zeros(len(covariances), dtype=torch.float64, device=covariances[0].device)
    for size in {len(each) for each in covariances}:  # many of one size take less time together
        places = [place for place, each in enumerate(covariances) if len(each) == size]
        stacked = torch.stack([covariances[place] for place in places])
        deviations = stacked.diagonal(dim1=1, dim2=2).sqrt()
        correlations = (stacked / deviations[:, :, None] / deviations[:, None, :]).clamp(-1, 1).nan_to_num(0.0)
        least[places] = torch.linalg.eigvalsh(correlations)[:, 0]
    return least
