"""Losses at many points of a plane by compiled kernels, the fast way on a CPU; ``surface.py`` is its reference."""

from __future__ import annotations

from ctypes import CDLL

import torch
from torch import Tensor, nn

from eproxy_engine.landscape.directions import Weights
from eproxy_engine.native.forward import forward_only
from eproxy_engine.native.program import Program, running
from eproxy_engine.proxy.compiled import Stages, shape_of, torch_computes_heads
from eproxy_engine.proxy.network import ProxyNetwork


class CompiledLosses:
    """A network whose trained parameters lie in one piece of memory, where they are moved from point to point."""

    def __init__(self, network: ProxyNetwork, x: Tensor, labels: list[Tensor], kernels: CDLL) -> None:
        """Compile the losses of a network.

        Args:
            network: Network in its own layout; its trained parameters become parts of that memory.
            x: Images, ``[b, 3, h, w]``.
            labels: One target per branch, ``[b, c, 8, 8]``.
            kernels: Library of kernels.

        Raises:
            Untraceable: If the kernels cannot compute it.
        """
        trained = {name: parameter for name, parameter in network.named_parameters() if parameter.requires_grad}
        self._names, self._kernels, self._x, self._labels = list(trained), kernels, x, labels
        self._weights = self._joined({name: parameter.detach() for name, parameter in trained.items()})
        parts = self._weights.split([parameter.numel() for parameter in trained.values()])
        for parameter, part in zip(trained.values(), parts, strict=True):
            parameter.data = part.view_as(parameter)
        self._heads = list(network.heads) if torch_computes_heads(network) else None
        self._layout = forward_only(network if self._heads is None else Stages(network), shape_of(x))

    @torch.no_grad()
    def along(self, centre: Weights, directions: tuple[Weights, Weights], points: Tensor) -> list[float]:
        """Return the branches' summed losses at ``centre + p·first + q·second``, for rows (p, q) of ``points``."""
        start, first, second = (self._joined(each) for each in (centre, *directions))
        targets = [label.permute(1, 2, 3, 0).contiguous() for label in self._labels]
        found = []
        with running(self._layout, self._x, self._kernels) as program:
            for p, q in points.tolist():
                torch.add(start, first, alpha=p, out=self._weights)
                self._weights.add_(second, alpha=q)
                program.forward()
                found.append(sum(program.losses(targets) if self._heads is None else self._of_heads(program)))
        return found

    def _of_heads(self, program: Program) -> list[float]:
        stages = [stage.permute(3, 0, 1, 2).contiguous() for stage in program.outputs()]
        assert self._heads is not None
        return [
            nn.functional.mse_loss(head(stage), label).item()
            for head, stage, label in zip(self._heads, stages, self._labels, strict=True)
        ]

    def _joined(self, weights: Weights) -> Tensor:
        return torch.cat([weights[name].flatten() for name in self._names])
