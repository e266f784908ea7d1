"""The networks of NAO (Luo et al. 2018): an encoder of architectures, a predictor of their accuracy, and a decoder.

Sizes are those of the program that the authors of Semi-NAS (Luo et al. 2020) released for NAS-Bench-101, of half width.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import embedding, normalize

WIDTH = 32
"""Length h of all vectors; 64 in the authors' program, which takes four times as long on a CPU."""
HIDDEN = 16
"""Hidden neurons of the predictor."""
DROPOUT = 0.1
LARGEST = 100
"""Largest step size of a move."""
TOGETHER = 10
"""Step sizes that are decoded at a time."""


class LatentModel(nn.Module):
    """Maps architectures of L tokens to L vectors of length one each, those to an accuracy, and back to tokens.

    Args:
        allowed: Which of the V tokens each of the L places can have, shape (L, V).
        generator: Draws the initial weights and what is dropped out.
    """

    def __init__(self, allowed: NDArray, generator: torch.Generator) -> None:
        super().__init__()
        tokens = allowed.shape[1]
        with torch.device("meta"):  # draws nothing from the global generator
            self.embedding = nn.Parameter(torch.empty(tokens, WIDTH))
            self.encoder = nn.LSTM(WIDTH, WIDTH, batch_first=True, bidirectional=True)
            self.joined = nn.Linear(2 * WIDTH, WIDTH)
            self.hidden = nn.Sequential(nn.Linear(WIDTH, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, WIDTH), nn.ReLU())
            self.accuracy = nn.Linear(WIDTH, 1)
            self.previous = nn.Parameter(torch.empty(tokens + 1, WIDTH))
            self.decoder = nn.LSTM(WIDTH, WIDTH, batch_first=True)
            self.query = nn.Linear(WIDTH, WIDTH, bias=False)
            self.attended = nn.Linear(2 * WIDTH, WIDTH, bias=False)
            self.token = nn.Linear(WIDTH, tokens)
        self.to_empty(device="cpu")
        self.generator = generator
        self.start = tokens
        """Stands before the first token."""
        self.forbidden = torch.from_numpy(~allowed)
        with torch.no_grad():
            for name, weights in self.named_parameters():
                if name in ("embedding", "previous"):
                    weights.normal_(generator=generator)
                else:
                    weights.uniform_(-(WIDTH**-0.5), WIDTH**-0.5, generator=generator)

    def encode(self, tokens: Tensor) -> Tensor:
        """Map tokens, shape (n, L), to latent vectors, shape (n, L, h)."""
        embedded = self._dropped(embedding(tokens, self.embedding))
        return normalize(embedded + self.joined(self.encoder(embedded)[0]), dim=-1)

    def predict(self, latent: Tensor) -> Tensor:
        """Predict accuracies, shape (n,), from the mean of latent vectors, shape (n, L, h)."""
        mean = _mean(latent)
        return self.accuracy(mean + self._dropped(self.hidden(mean))).squeeze(-1)

    def decode(self, latent: Tensor, tokens: Tensor) -> Tensor:
        """Return a score of each token at each place, shape (n, L, V), given the tokens before it, from (n, L)."""
        before = torch.cat([torch.full_like(tokens[:, :1], self.start), tokens[:, :-1]], dim=1)
        return self._scores(latent, before, self._begun(latent))[0].masked_fill(self.forbidden, -torch.inf)

    @torch.no_grad()
    def decoded(self, latent: Tensor) -> Tensor:
        """Return the tokens of latent vectors, shape (n, L): at each place the one with the best score."""
        state, found = self._begun(latent), [torch.full((len(latent), 1), self.start)]
        for forbidden in self.forbidden:
            scores, state = self._scores(latent, found[-1], state)
            found.append(scores.masked_fill(forbidden, -torch.inf).argmax(-1))
        return torch.cat(found[1:], dim=1)

    def moved(self, tokens: Tensor) -> Iterator[Tensor]:
        """Move architectures up the gradient of the predicted accuracy and decode them, by steps of growing size.

        Args:
            tokens: Where the moves begin, shape (n, L).

        Yields:
            The tokens for all step sizes from 1 to :data:`LARGEST`, in order, some at a time, shape (some × n, L).
        """
        self.eval()
        latent = self.encode(tokens)
        (slope,) = torch.autograd.grad(self.predict(latent).sum(), latent)
        for sizes in torch.arange(1, LARGEST + 1).split(TOGETHER):
            moved = latent + sizes.view(-1, 1, 1, 1) * slope
            yield self.decoded(normalize(moved, dim=-1).flatten(0, 1).detach())

    def _begun(self, latent: Tensor) -> tuple[Tensor, Tensor]:
        mean = _mean(latent)[None]
        return mean, mean

    def _scores(
        self, latent: Tensor, before: Tensor, state: tuple[Tensor, Tensor]
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        embedded = self._dropped(embedding(before, self.previous))
        output, state = self.decoder(embedded, state)
        output = embedded + output
        weights = (self.query(output) @ latent.transpose(1, 2)).softmax(-1)
        attended = self.attended(torch.cat([weights @ latent, output], dim=-1)).tanh()
        return self.token(output + attended), state

    def _dropped(self, values: Tensor) -> Tensor:
        if not self.training:
            return values
        kept = torch.rand(values.shape, generator=self.generator) >= DROPOUT
        return values * kept / (1 - DROPOUT)


def _mean(latent: Tensor) -> Tensor:
    return normalize(latent.mean(1), dim=-1)
