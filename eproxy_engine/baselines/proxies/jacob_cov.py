"""jacob_cov: how differently the network reacts to small changes of different images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eproxy_engine.baselines.registry import zero_cost_proxy

if TYPE_CHECKING:
    from torch import Tensor

    from eproxy_engine.baselines.classifier import Classifier

EPSILON = 1e-5


@zero_cost_proxy(
    "jacob_cov",
    title="Jacobian covariance",
    source="Mellor et al. 2020, Neural Architecture Search without Training (arXiv 2006.04647v1), §3.2; "
    "named jacob_cov in Abdelfattah et al. 2021 (arXiv 2101.08134), §3.3",
    cost="one forward and one backward pass, that to the images only",
    passes=2,
    assumes="At most minus the number of images, and good networks are all close to it: it separates bad ones best.",
    keeps_modules=True,
)
def jacob_cov(network: Classifier, images: Tensor, labels: Tensor) -> float:
    """-Σ log(λ + k) + 1 / (λ + k), λ being the eigenvalues of the images' correlations ``[b, b]``, k = 1e-5.

    The correlations are between gradients of the sum of all logits by each image. The value is nan if one is constant.
    """
    import numpy as np

    from eproxy_engine.baselines.jacobian import correlations, input_gradients

    gradients, _ = input_gradients(network, images)
    correlated = correlations(gradients)
    if not np.isfinite(correlated).all():
        return float("nan")
    shifted = np.linalg.eigvalsh(correlated) + EPSILON
    return -float(np.sum(np.log(shifted) + 1 / shifted))
