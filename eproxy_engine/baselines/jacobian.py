"""How the outputs of a network change with each image."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from eproxy_engine.baselines.classifier import Classifier


def input_gradients(network: Classifier, images: Tensor) -> tuple[NDArray[np.float64], int]:
    """Gradient of the sum of all logits by the images ``[b, 3, h, w]``: a row an image, ``[b, 3 h w]``; and how many
    logits an image has.

    Zeros if the logits do not depend on the images. In train mode an image's row also has what the image does to the
    logits of others through the batch's statistics.
    """
    images = images.detach().requires_grad_()
    logits = network(images)
    (gradient,) = torch.autograd.grad(logits.sum(), images, allow_unused=True, materialize_grads=True)
    return gradient.flatten(1).double().cpu().numpy(), logits.shape[1]


def correlations(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pearson correlations of n rows, ``[n, n]``; not a number where a row is constant."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.atleast_2d(np.corrcoef(rows))
