"""Adam by hand."""

from __future__ import annotations

import pytest
import torch

from eproxy_engine.search.strategies.adam import Adam


def test_two_steps_by_hand() -> None:
    """First the rate itself, whatever the gradient; then by 0.1 · (0.9 · 4 + 2) and 0.001 · (0.999 · 16 + 4).

    Without their shares, 0.19 and 0.001999, the means are 2.947 and 9.998, so the step is 2.947 / 3.162 of the rate.
    """
    value = torch.tensor([3.0], dtype=torch.float64, requires_grad=True)
    adam = Adam([value], 0.5)
    adam.step(4 * value.sum())
    assert value.item() == pytest.approx(2.5)
    adam.step(2 * value.sum())
    mean, square = 0.1 * (0.9 * 4 + 2) / 0.19, 0.001 * (0.999 * 16 + 4) / 0.001999
    assert value.item() == pytest.approx(2.5 - 0.5 * mean / square**0.5)
    assert (mean, square) == (pytest.approx(2.947, abs=1e-3), pytest.approx(9.997, abs=1e-3))
