"""Joint training of encoder, predictor and decoder (NAO, Eq. 1): regression of accuracies and reconstruction."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, mse_loss

from eproxy_engine.search.strategies.latent.model import LatentModel

BATCH = 100
RATE = 1e-2
"""Ten times that of the authors, so that a tenth of their updates suffices."""
STEPS = 100
"""Most updates of a training. On 66 architectures of NAS-Bench-201 they rank the others as well as 600 at 1e-3."""
DECAY = 1e-4
STEEPEST = 5.0
"""Norm to which gradients are clipped."""
WATCHED = 20
"""Steps whose mean loss is compared with that of as many before them."""
GAIN = 0.02
"""Share by which it has to fall; otherwise the training ends."""


def train(model: LatentModel, tokens: Tensor, targets: Tensor, weight: float) -> int:
    """Train by Adam in random batches until the loss stands still, for at most :data:`STEPS` updates.

    Args:
        model: The networks; they go on from where they are.
        tokens: Architectures, shape (n, L).
        targets: Their standardised accuracies, shape (n,).
        weight: Of the regression in the loss; the rest is that of the reconstruction.

    Returns:
        The number of updates.
    """
    model.train()
    optimiser = torch.optim.Adam(model.parameters(), lr=RATE, weight_decay=DECAY)
    losses: list[float] = []
    for places in _batches(len(tokens), STEPS, model.generator):
        latent, chosen = model.encode(tokens[places]), tokens[places]
        regression = mse_loss(model.predict(latent), targets[places])
        reconstruction = cross_entropy(model.decode(latent, chosen).flatten(0, 1), chosen.flatten())
        loss = weight * regression + (1 - weight) * reconstruction
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), STEEPEST)
        optimiser.step()
        losses.append(loss.item())
        if len(losses) % WATCHED == 0 and _stands_still(losses):
            break
    return len(losses)


@torch.no_grad()
def predicted(model: LatentModel, tokens: Tensor) -> Tensor:
    """Return predicted standardised accuracies, shape (n,), of architectures, shape (n, L)."""
    model.eval()
    return model.predict(model.encode(tokens))


def _batches(count: int, steps: int, generator: torch.Generator) -> Iterator[Tensor]:
    """Yield random places, all once before any comes again."""
    left = steps
    while left:
        for places in torch.randperm(count, generator=generator).split(BATCH)[:left]:
            yield places
            left -= 1


def _stands_still(losses: list[float]) -> bool:
    if len(losses) < 2 * WATCHED:
        return False
    earlier, latest = losses[-2 * WATCHED : -WATCHED], losses[-WATCHED:]
    return sum(latest) > (1 - GAIN) * sum(earlier)
