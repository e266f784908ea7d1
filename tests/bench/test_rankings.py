"""Quick ways of computing rank as the plain one; one that scores otherwise is told."""

from dataclasses import replace

import numpy as np
import pytest

from eproxy_engine.bench import Ranking, rankings
from eproxy_engine.proxy import preset

pytestmark = pytest.mark.processes
TINY = replace(preset(), width=4, batch=4, iterations=2, learning_rate=0.01)


@pytest.fixture(scope="module")
def found() -> dict[str, Ranking]:
    steps = list(rankings("nasbench201", TINY, 4, ("engine", "bfloat16", "stacked")))
    assert steps[0] == "nasbench201: plain done"
    return {step.way: step for step in steps if isinstance(step, Ranking)}


def test_the_plain_way_agrees_with_itself(found: dict[str, Ranking]) -> None:
    plain = found["plain"]
    assert (plain.architectures, plain.agreement, plain.difference, plain.diverged) == (4, 1.0, 0.0, 0)


def test_every_way_is_compared_with_it(found: dict[str, Ranking]) -> None:
    assert list(found) == ["plain", "engine", "bfloat16", "stacked"]
    for way in ("engine", "stacked"):
        assert found[way].agreement == pytest.approx(1.0)
    for ranking in found.values():
        assert ranking.difference == pytest.approx(ranking.rho - found["plain"].rho)
        assert np.isfinite(ranking.agreement)
