"""How near results that should be equal have to come, on any processor.

One processor adds eight numbers at a time, another sixteen, a third fuses products with sums, so the last digits of a
sum differ. Within a machine every bit is promised; across machines only what this module says.

A tolerance that just fits one machine fails on the next, and training makes it worse: each update multiplies a
difference, and a ReLU near zero turns a last digit into a visible one. So two ways of computing the same are compared
in double precision (:func:`in_double`), ten orders of magnitude below any fault. Where single precision itself is
looked at, nothing has been trained yet, and the tolerance follows from the length of the sums (:func:`rounding`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from torch import Tensor

from eproxy_engine.proxy import building, together, training

SINGLE, DOUBLE = 2.0**-23, 2.0**-52
"""From 1 to the next larger number."""
STATISTIC = 1e-9
"""Relative, of statistics in double precision worked out from the same losses: 2.6e-14 was seen between processors."""
NEXT_TO_NOTHING = 1e-12
"""Absolute, where such a statistic is zero but for rounding."""
LAYERS, TERMS = 50, 2000
"""No network of these tests is deeper, none of their sums longer."""
GAIN = 100.0
"""By which an update multiplies a difference, at most, at the learning rates of these tests: 30 was seen."""


def rounding(layers: int = LAYERS, terms: int = TERMS, epsilon: float = SINGLE) -> float:
    """Relative, of a loss behind so many layers that each add up so many products.

    n roundings add up to √n ε, as steps of a random walk do. The loss is a square, which doubles them.
    """
    return 2 * layers * math.sqrt(terms) * epsilon


def trained(updates: int, gain: float = GAIN) -> float:
    """Relative, of a loss in double precision after so many updates."""
    return rounding(epsilon=DOUBLE) * gain**updates


@contextmanager
def in_double() -> Iterator[None]:
    """Within it, evaluations and landscapes of Eproxy start from the same floats as ever and go on in double."""
    with pytest.MonkeyPatch.context() as patched:
        made = {building: ("initial_backbone", "initial_heads"), training: ("images_of", "labels_of")}
        for module, names in made.items():
            for name in names:
                doubled = _doubling(getattr(module, name))
                patched.setattr(module, name, doubled)
                patched.setattr(together, name, doubled)
        yield


def _doubling(make: Callable[..., Any]) -> Callable[..., Any]:
    def doubled(*given: Any) -> Any:
        made = make(*given)
        return [each.double() for each in made] if isinstance(made, list) else made.double()

    return doubled


def near(found: Tensor, expected: Tensor, relative: float) -> None:
    """Assert that no two elements differ by more than that share of the largest: sums that cancel are no nearer."""
    assert found.shape == expected.shape
    difference, largest = (float(each.detach().abs().max()) for each in (found - expected, expected))
    assert difference <= relative * largest, f"{difference / largest:.3g} of the largest; accepted: {relative:.3g}"


def alike(found: object, expected: object, relative: float = STATISTIC, where: str = "") -> None:
    """Assert that both are built alike, with equal words and whole numbers; floats may differ by ``relative``."""
    if isinstance(expected, dict) and isinstance(found, dict):
        assert list(found) == list(expected), where
        for key, value in expected.items():
            alike(found[key], value, relative, f"{where}/{key}")
    elif isinstance(expected, list | tuple) and isinstance(found, list | tuple):
        assert len(found) == len(expected), where
        for place, (one, other) in enumerate(zip(found, expected, strict=True)):
            alike(one, other, relative, f"{where}/{place}")
    elif isinstance(expected, float) and isinstance(found, float):
        assert found == pytest.approx(expected, rel=relative, abs=NEXT_TO_NOTHING, nan_ok=True), where
    else:
        assert (type(found), found) == (type(expected), expected), where
