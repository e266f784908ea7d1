"""Gradients of a network's outputs by its images, and their correlations."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from eproxy_engine.baselines.classifier import Classifier


def input_gradients(network: Classifier, images: Tensor) -> tuple[NDArray[np.float64], int]:
    """Differentiate the sum of all logits by the images ``[b, 3, h, w]``.

    Returns one row per image, ``[b, 3 h w]``, and the number of logits per image. The rows are zero if the logits do
    not depend on the images. In train mode an image's row includes its effect on the logits of others through the
    batch's statistics.
    """
    images = images.detach().requires_grad_()
    logits = network(images)
    (gradient,) = torch.autograd.grad(logits.sum(), images, allow_unused=True, materialize_grads=True)
    return gradient.flatten(1).double().cpu().numpy(), logits.shape[1]


def correlations(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute the Pearson correlations of n rows, ``[n, n]``; nan where a row is constant."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.atleast_2d(np.corrcoef(rows))
