"""Directions in parameter space (Li et al. 2018b, §4 and §7)."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from eproxy_engine.landscape.view import View
from eproxy_engine.proxy.initialisation import stream

Weights = dict[str, Tensor]
"""Trained parameters by name; a direction has the same names and shapes."""


def random_directions(centre: Weights, view: View, seed: int) -> tuple[Weights, Weights]:
    """Draw two Gaussian directions, normalised to the weights at the centre.

    Each tensor's random stream is named after it, so networks that differ in some layers (a barrier, say) move alike in
    all others.
    """
    first, second = (
        {
            name: _normalised(_gaussian(weight, f"{view.draw}/{place}/{name}", seed), weight, view)
            for name, weight in centre.items()
        }
        for place in ("first", "second")
    )
    return first, second


def _gaussian(weight: Tensor, purpose: str, seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(stream(seed, f"direction/{purpose}"))
    drawn = torch.randn(weight.shape, generator=generator)
    return torch.empty_like(weight).copy_(drawn)  # with its layout in memory


def _normalised(direction: Tensor, weight: Tensor, view: View) -> Tensor:
    """Give a direction the norms of the weights; biases and batch normalisation, if they move, are one filter each."""
    if weight.ndim <= 1 and not view.biases:
        return torch.zeros_like(weight)
    if view.normalisation == "none":
        return direction
    by_filter = view.normalisation == "filter" and weight.ndim > 1
    over = tuple(range(1, weight.ndim)) if by_filter else tuple(range(weight.ndim))
    norms = [torch.linalg.vector_norm(each, dim=over, keepdim=True) for each in (direction, weight)]
    return direction / norms[0].clamp_min(torch.finfo(direction.dtype).tiny) * norms[1]


def path_directions(centre: Weights, path: list[Weights]) -> tuple[Weights, Weights]:
    """Return the path's two principal components as seen from the centre, each as long as the path's reach along it.

    Missing components of a path with fewer dimensions are zero. Those of a path that is not finite are nan.
    """
    steps = [_difference(point, centre) for point in path]
    gram = np.array([[dot(one, other) for other in steps] for one in steps])
    if not np.isfinite(gram).all():
        nowhere = {name: torch.full_like(weight, torch.nan) for name, weight in centre.items()}
        return nowhere, nowhere
    values, vectors = np.linalg.eigh(gram)
    directions = []
    for place in (-1, -2):
        small = len(values) < -place or values[place] <= 1e-12 * max(values[-1], 0.0) or values[place] <= 0
        shares = np.zeros(len(steps)) if small else vectors[:, place] / np.sqrt(values[place])
        along = gram @ shares  # coordinates of the path on the unit vector
        reach = np.abs(along).max(initial=0.0) * np.sign(along[np.abs(along).argmax()] if len(along) else 1.0)
        directions.append(_combined(steps, shares * reach, centre))
    return directions[0], directions[1]


def projected(point: Weights, centre: Weights, directions: tuple[Weights, Weights]) -> tuple[float, float]:
    """Project a point orthogonally on the plane and return its coordinates; nan if anything is not finite."""
    away = _difference(point, centre)
    gram = np.array([[dot(one, other) for other in directions] for one in directions])
    along = np.array([dot(away, each) for each in directions])
    if not (np.isfinite(gram).all() and np.isfinite(along).all()):
        return float("nan"), float("nan")
    x, y = np.linalg.lstsq(gram, along, rcond=None)[0]
    return float(x), float(y)


def explained(points: list[Weights], centre: Weights, directions: tuple[Weights, Weights]) -> float:
    """Return the share of the squared distances from the centre that lies in the plane; nan if nothing moved."""
    total = sum(dot(away, away) for away in (_difference(point, centre) for point in points))
    gram = np.array([[dot(one, other) for other in directions] for one in directions])
    within = 0.0
    for point in points:
        feet = np.array(projected(point, centre, directions))
        within += float(feet @ gram @ feet)
    return within / total if total > 0 else float("nan")


def cosine(one: Weights, other: Weights) -> float:
    """Return the cosine of the angle between two directions; nan if one is zero."""
    lengths = np.sqrt(dot(one, one) * dot(other, other))
    return dot(one, other) / lengths if lengths > 0 else float("nan")


def dot(one: Weights, other: Weights) -> float:
    """Return the inner product, in double precision."""
    return float(sum((one[name].double() * other[name].double()).sum() for name in one))


def _difference(point: Weights, centre: Weights) -> Weights:
    return {name: point[name] - weight for name, weight in centre.items()}


def _combined(steps: list[Weights], shares: np.ndarray, like: Weights) -> Weights:
    total = {name: torch.zeros_like(weight) for name, weight in like.items()}
    for step, share in zip(steps, shares.tolist(), strict=True):
        for name, tensor in step.items():
            total[name].add_(tensor, alpha=share)
    return total
