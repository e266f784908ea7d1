"""Losses at many points of a plane of parameter space, several points at once.

The module stays unchanged: parameters and buffers are passed to it as arguments.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.func import functional_call, vmap

from eproxy_engine.landscape.directions import Weights
from eproxy_engine.proxy.network import ProxyNetwork
from eproxy_engine.proxy.training import total_loss

WEIGHTS_AT_ONCE = 500_000_000
"""Maximum number of weights of all points that a GPU computes together."""
MOST_AT_ONCE = 64


def points_at_once(centre: Weights, device: str) -> int:
    """Return how many points are best computed together.

    On a CPU that is one, because several evict each other from its cache (measured in docs/RESULTS.md: two to twelve at
    once take up to twice as long); the cores share the rows instead.
    """
    if device == "cpu":
        return 1
    count = sum(weight.numel() for weight in centre.values())
    return min(max(WEIGHTS_AT_ONCE // count, 1), MOST_AT_ONCE)


def weights(network: ProxyNetwork) -> Weights:
    """Copy the trained parameters."""
    return {name: p.detach().clone() for name, p in network.named_parameters() if p.requires_grad}


def losses_along(
    network: ProxyNetwork,
    x: Tensor,
    labels: list[Tensor],
    centre: Weights,
    directions: tuple[Weights, Weights],
    points: Tensor,
    at_once: int,
) -> list[float]:
    """Return the branches' summed losses at ``centre + p·first + q·second``, with batch normalisation as in training.

    ``points``: ``[n, 2]``, rows (p, q). ``at_once``: maximum number of points computed together; fewer are if memory is
    short or the network cannot be batched.
    """
    found: list[float] = []
    while len(found) < len(points):
        chunk = points[len(found) : len(found) + at_once]
        try:
            found += _together(network, x, labels, centre, directions, chunk)
        except RuntimeError:  # out of memory is one
            if at_once == 1:
                raise
            at_once = -(-at_once // 2)
    return found


@torch.no_grad()
def _together(
    network: ProxyNetwork,
    x: Tensor,
    labels: list[Tensor],
    centre: Weights,
    directions: tuple[Weights, Weights],
    points: Tensor,
) -> list[float]:
    first, second = directions

    def loss(point: Tensor, buffers: Weights) -> Tensor:
        moved = {name: weight + point[0] * first[name] + point[1] * second[name] for name, weight in centre.items()}
        return total_loss(functional_call(network, {**moved, **buffers}, (x,)), labels)

    if len(points) == 1:
        return [loss(points[0], {name: buffer.clone() for name, buffer in network.named_buffers()}).item()]
    copies = {name: buffer.expand(len(points), *buffer.shape).clone() for name, buffer in network.named_buffers()}
    return vmap(loss)(points, copies).tolist()
