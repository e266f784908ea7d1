"""Adam (Kingma & Ba 2015). Importing this imports torch."""

from __future__ import annotations

from collections.abc import Sequence

import torch

KEPT, KEPT_SQUARE = 0.9, 0.999
"""What a step keeps of the means of gradients and of their squares."""
SMALLEST = 1e-8
"""Added to the root of the mean square."""


class Adam:
    """Replacement of ``torch.optim.Adam`` with the same operations.

    The first use of ``torch.optim.Adam`` imports ``torch._dynamo``, which takes longer than training a small network.
    """

    def __init__(self, parameters: Sequence[torch.Tensor], rate: float) -> None:
        self._parameters, self._rate, self._steps = parameters, rate, 0
        self._means = [torch.zeros_like(parameter) for parameter in parameters]
        self._squares = [torch.zeros_like(parameter) for parameter in parameters]

    def step(self, loss: torch.Tensor) -> None:
        """Update the parameters by the gradients of a loss."""
        gradients = torch.autograd.grad(loss, self._parameters)
        self._steps += 1
        share, share_square = 1 - KEPT**self._steps, 1 - KEPT_SQUARE**self._steps
        with torch.no_grad():
            for parameter, gradient, mean, square in zip(
                self._parameters, gradients, self._means, self._squares, strict=True
            ):
                mean.lerp_(gradient, 1 - KEPT)
                square.mul_(KEPT_SQUARE).addcmul_(gradient, gradient, value=1 - KEPT_SQUARE)
                deviation = square.sqrt().div_(share_square**0.5).add_(SMALLEST)
                parameter.addcdiv_(mean, deviation, value=-self._rate / share)
