"""Gradient descent with momentum (A.1)."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.optim.sgd import sgd

from eproxy_engine.proxy.configuration import Configuration


@dataclass(frozen=True)
class Descent:
    """Replacement of ``torch.optim.SGD`` with the same operations.

    The first use of ``torch.optim.SGD`` imports ``torch._dynamo``, which takes longer than ten evaluations.
    """

    parameters: dict[float, list[nn.Parameter]]
    """Trained parameters by weight decay."""
    learning_rate: float
    momentum: float
    fused: bool
    velocities: dict[nn.Parameter, Tensor | None] = field(default_factory=dict)

    @classmethod
    def on(cls, modules: nn.Module, configuration: Configuration, fused: bool) -> Descent:
        """Train all parameters with gradients; only convolution and linear weights have weight decay."""
        parameters: dict[float, list[nn.Parameter]] = {configuration.weight_decay: [], 0.0: []}
        for parameter in modules.parameters():
            if parameter.requires_grad:
                parameters[configuration.weight_decay if parameter.ndim > 1 else 0.0].append(parameter)
        return cls(parameters, configuration.learning_rate, configuration.momentum, fused)

    @torch.no_grad()
    def step(self) -> None:
        """Update the parameters by their gradients, and clear these."""
        for weight_decay, parameters in self.parameters.items():
            moved = [parameter for parameter in parameters if parameter.grad is not None]
            velocities = [self.velocities.get(parameter) for parameter in moved]
            sgd(
                moved,  # type: ignore[arg-type]  # a list of parameters is one of tensors
                [parameter.grad for parameter in moved if parameter.grad is not None],
                velocities,
                fused=self.fused,
                weight_decay=weight_decay,
                momentum=self.momentum,
                lr=self.learning_rate,
                dampening=0.0,
                nesterov=False,
                maximize=False,
            )
            self.velocities.update(zip(moved, velocities, strict=True))
            for parameter in moved:
                parameter.grad = None
