"""A small perceptron that predicts fitness: the weak predictor of WeakNAS (Wu et al. 2021)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import torch

LAYERS, WIDTH = 4, 200
"""Hidden layers and their width, a fifth of the paper's: a search of 200 queries takes seconds, not minutes."""
EPOCHS, ROWS = 100, 200
"""Passes over the training points and points at a time, as in the paper's code."""
RATE = 1 / WIDTH
"""Adam's learning rate. The paper's is 0.001 at a width of 1000; steps that grow as the width shrinks keep the pace at
which the outputs change (Yang et al. 2021, Tensor Programs V)."""


def predict(
    features: NDArray[np.float32], places: Sequence[int], fitness: NDArray[np.float64], seed: int
) -> NDArray[np.float64]:
    """Train on some points and predict the standardised fitness of all.

    It computes in double precision, so that rounding, which differs between machines, hardly ever changes a ranking.

    Args:
        features: Of all n points, shape (n, d).
        places: Places of the training points.
        fitness: Their fitness, in this order.
        seed: Seed of the first weights and the order of the points.

    Returns:
        Shape (n,).
    """
    import torch

    from eproxy_engine.proxy.arithmetic import Arithmetic, carried_out

    with carried_out(Arithmetic()):
        generator = torch.Generator().manual_seed(seed)
        layers = _layers((features.shape[1], *[WIDTH] * LAYERS, 1), generator)
        inputs = torch.from_numpy(features).double()
        targets = torch.from_numpy((fitness - fitness.mean()) / (fitness.std() or 1.0))
        _train(layers, inputs[list(places)], targets, generator)
        with torch.no_grad():
            return _output(layers, inputs).numpy()


Layers = list[tuple["torch.Tensor", "torch.Tensor"]]
"""Weights, shape (inputs, outputs), and biases, shape (outputs,)."""


def _layers(sizes: Sequence[int], generator: torch.Generator) -> Layers:
    """Draw the first weights and biases (Glorot, uniform)."""
    import torch

    def drawn(*shape: int, bound: float) -> torch.Tensor:
        start = torch.empty(*shape, dtype=torch.float64).uniform_(-bound, bound, generator=generator)
        return start.requires_grad_()

    bounds = [(6 / (inputs + outputs)) ** 0.5 for inputs, outputs in pairwise(sizes)]
    return [
        (drawn(inputs, outputs, bound=bound), drawn(outputs, bound=bound))
        for (inputs, outputs), bound in zip(pairwise(sizes), bounds, strict=True)
    ]


def _output(layers: Layers, inputs: torch.Tensor) -> torch.Tensor:
    for weight, bias in layers[:-1]:
        inputs = (inputs @ weight + bias).relu()
    weight, bias = layers[-1]
    return (inputs @ weight + bias)[:, 0]


def _train(layers: Layers, inputs: torch.Tensor, targets: torch.Tensor, generator: torch.Generator) -> None:
    """Minimise the squared error."""
    import torch

    from eproxy_engine.search.strategies.adam import Adam

    adam = Adam([part for layer in layers for part in layer], RATE)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(inputs), generator=generator).split(ROWS):
            adam.step((_output(layers, inputs[rows]) - targets[rows]).square().mean() / 2)
