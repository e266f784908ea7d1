"""Gradient descent with momentum (A.1), by the kernels."""

from __future__ import annotations

from collections.abc import Sequence
from ctypes import CDLL

import torch
from torch import Tensor

from eproxy_engine.native.library import Parameter


class KernelDescent:
    """Updates of parameters by their gradients, which lie where they always do."""

    def __init__(
        self,
        parameters: Sequence[Tensor],
        gradients: Sequence[Tensor],
        learning_rate: float,
        momentum: float,
        weight_decay: float,
        kernels: CDLL,
    ) -> None:
        """``gradients``: contiguous, one per parameter. Only weights of several dimensions decay."""
        self._rates, self._kernels = (learning_rate, momentum), kernels
        self._kept = parameters, gradients, [torch.empty_like(gradient) for gradient in gradients]
        self._table = (Parameter * len(parameters))(
            *(
                Parameter(p.data_ptr(), g.data_ptr(), v.data_ptr(), p.numel(), weight_decay if p.ndim > 1 else 0.0)
                for p, g, v in zip(*self._kept, strict=True)
            )
        )
        self._first = True

    def step(self) -> None:
        """Update the parameters."""
        self._kernels.eproxy_descend(self._table, len(self._table), *self._rates, self._first)
        self._first = False
