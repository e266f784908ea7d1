"""Top eigenvalue (power iteration) and trace (Hutchinson) of the loss's Hessian at a point."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

MOST_ITERATIONS = 20
TOLERANCE = 0.01
"""Relative change of the eigenvalue between two iterations at which they stop."""
PROBES = 10
Vector = Sequence[Tensor]
Product = Callable[[Vector], list[Tensor]]


def hessian_product(loss: Tensor, parameters: Vector) -> Product:
    """Return ``v -> H v`` for the Hessian of ``loss``, a scalar, with respect to ``parameters``."""
    gradients = torch.autograd.grad(
        loss, list(parameters), create_graph=True, materialize_grads=True
    )  # some are unused

    def product(vector: Vector) -> list[Tensor]:
        along = torch.stack([(g * v).sum() for g, v in zip(gradients, vector, strict=True)]).sum()
        found = torch.autograd.grad(along, list(parameters), retain_graph=True, materialize_grads=True)
        return [each.detach() for each in found]

    return product


def top_eigenvalue(product: Product, like: Vector, generator: torch.Generator) -> tuple[float, float]:
    """Return the eigenvalue of largest magnitude and its relative error ‖Hv − λv‖ / |λ|.

    ``like``: tensors in the shapes of the parameters.
    """
    image: Vector = [torch.randn(each.shape, generator=generator).to(each.device) for each in like]
    value = math.nan
    for _ in range(MOST_ITERATIONS):
        vector = _scaled(image)
        image = product(vector)
        before, value = value, _dot(vector, image)
        if not math.isfinite(value) or value == 0 or abs(value - before) <= TOLERANCE * abs(value):
            break
    rest = [h - value * v for h, v in zip(image, vector, strict=True)]
    return value, math.sqrt(_dot(rest, rest)) / abs(value) if value else math.nan


def trace(product: Product, like: Vector, generator: torch.Generator) -> tuple[float, float]:
    """Return the mean of zᵀHz over random signs z, and its standard error."""
    found = []
    for _ in range(PROBES):
        signs = [torch.randint(0, 2, each.shape, generator=generator).to(each.device).float() * 2 - 1 for each in like]
        found.append(_dot(signs, product(signs)))
    values = torch.tensor(found, dtype=torch.float64)
    return float(values.mean()), float(values.std() / math.sqrt(PROBES))


def _dot(one: Vector, other: Vector) -> float:
    return float(sum((a.double() * b.double()).sum() for a, b in zip(one, other, strict=True)))


def _scaled(vector: Vector) -> list[Tensor]:
    """Scale a vector to unit length."""
    length = math.sqrt(_dot(vector, vector))
    return [each / length for each in vector]
