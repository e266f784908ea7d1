"""epe_nas: how similarly the network reacts to small changes of images of one class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eproxy_engine.baselines.registry import zero_cost_proxy

if TYPE_CHECKING:
    from torch import Tensor

    from eproxy_engine.baselines.classifier import Classifier

EPSILON = 1e-5
MANY_CLASSES = 100


@zero_cost_proxy(
    "epe_nas",
    title="EPE-NAS",
    source="Lopes et al. 2021, EPE-NAS: Efficient Performance Estimation Without Training (arXiv 2102.08099), §3",
    cost="one forward and one backward pass, that to the images only",
    passes=2,
    assumes="Meaningful labels: with random ones it sees only what jacob_cov sees. A network with more than 100 "
    "classes needs two classes with two images each; otherwise the value is nan.",
    keeps_modules=True,
)
def epe_nas(network: Classifier, images: Tensor, labels: Tensor) -> float:
    """Sum over classes of |e|, where e = Σ log(|r| + 1e-5) over the correlations r of all pairs of the class's images.

    With more than 100 logits (as in the authors' code), e is divided by the class's number of images, classes of one
    image are left out, and the score is the sum of |e_i - e_j| over all ordered pairs of classes, divided by the number
    of classes.
    """
    import numpy as np

    from eproxy_engine.baselines.jacobian import correlations, input_gradients

    gradients, logits = input_gradients(network, images)
    classes = labels.cpu().numpy()
    many = logits > MANY_CLASSES
    entropies = []
    for each in np.unique(classes):
        correlated = correlations(gradients[classes == each])
        if many and len(correlated) == 1:
            continue
        total = np.log(np.abs(correlated) + EPSILON).sum()
        entropies.append(total / len(correlated) if many else total)
    e = np.array(entropies)
    if not many:
        return float(np.abs(e).sum())
    return float(np.abs(e[:, None] - e).sum() / len(e)) if len(e) > 1 else float("nan")
