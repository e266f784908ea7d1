"""The loss of Eproxy's regression task as a metric of the package ``loss-landscapes``.

Use it with ``point`` and ``linear_interpolation``. Avoid ``random_plane`` and ``random_line`` of version 3.0.6: their
directions are uniform on [0, 1] instead of Gaussian and take no seed, a larger distance makes a smaller plane, every
other row is shifted by a step, and a bias of zero divides by zero under filter normalisation. ``point`` and
``linear_interpolation`` switch off the model's gradients and, in training mode, change the buffers of its batch
normalisation: pass a copy (or ``deepcopy_model=True`` to the latter).
"""

from __future__ import annotations

import torch
from loss_landscapes.metrics import Metric
from loss_landscapes.model_interface.model_wrapper import ModelWrapper
from torch import Tensor

from eproxy_engine.proxy.training import total_loss


class RegressionLoss(Metric):
    """Sum of the branches' losses of a :class:`eproxy_engine.proxy.network.ProxyNetwork`.

    >>> from loss_landscapes import point
    >>> from eproxy_engine.proxy import Evaluation, preset
    >>> from eproxy_engine.proxy.training import Training
    >>> cell = "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|"
    >>> task = Training.of(Evaluation.of("nasbench201", cell, preset("laptop"), "noise", seed=1), "cpu")
    >>> round(point(task.network, RegressionLoss(task.x, task.labels)), 1)
    0.8
    """

    def __init__(self, x: Tensor, labels: list[Tensor]) -> None:
        """``x``: ``[b, 3, h, w]``; ``labels``: one per branch, ``[b, c, 8, 8]``."""
        super().__init__()
        self.x = x
        self.labels = labels

    def __call__(self, model_wrapper: ModelWrapper) -> float:
        with torch.no_grad():
            return total_loss(model_wrapper.forward(self.x), self.labels).item()
