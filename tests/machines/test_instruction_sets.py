"""What holds on this processor holds on those that lack its newest instructions.

Two ways to find out, as they find different faults. A few figures of every kind are computed with each older set and
compared with what this process computes with its newest: that finds results that differ more than is promised
(docs/PERFORMANCE.md, "The same on every machine"). And the tests that compare numbers of networks in single precision,
those marked ``every_machine``, are run once more with the oldest set, which is farthest from all others: that finds
tolerances which were read off one machine. To run all tests with each set would cost minutes and find hardly more, as
the others compare in double precision (tests/precision.py) or what one machine computes twice.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from eproxy_engine.runs import bundled
from tests.machines import figures as every_kind
from tests.machines.__main__ import Difference, Scores, difference
from tests.machines.instruction_sets import INSTRUCTION_SETS
from tests.precision import alike, rounding

pytestmark = pytest.mark.processes

ROOT = Path(__file__).parents[2]
OLDEST, *BETWEEN, _ = INSTRUCTION_SETS
AFTER_UPDATES = 1e-3
"""Relative, of a loss after three updates at a low rate: a tenth of what lies between two of the ranked cells."""
ILL_CONDITIONED = {"zico": 0.01}
"""It divides by the differences between two gradients, of which the least count most: 2.7e-3 was seen."""
CURVED = 1e-3
"""Relative to the largest value of a piece; second derivatives are the farthest from each other."""


def available(name: str) -> str:
    if not INSTRUCTION_SETS[name].available:
        pytest.skip(f"PyTorch finds no {name} in this processor")
    return name


@lru_cache
def figures(name: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.machines.figures"]
    environment = INSTRUCTION_SETS[name].environment
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True, text=True)
    return dict(json.loads(done.stdout))


@pytest.fixture(scope="module")
def newest() -> dict[str, Any]:
    """By this process; through JSON, as the others."""
    return dict(json.loads(json.dumps(every_kind.figures())))


every_set = pytest.mark.parametrize("name", [OLDEST, *BETWEEN])


@every_set
def test_first_losses_of_every_family(name: str, newest: dict[str, Any]) -> None:
    alike(figures(available(name))["first losses"], newest["first losses"], relative=rounding())


@every_set
def test_scores_after_a_few_updates_and_their_order(name: str, newest: dict[str, Any]) -> None:
    found, expected = figures(available(name))["ranked"], newest["ranked"]
    assert found == pytest.approx(expected, rel=AFTER_UPDATES)
    assert stats.spearmanr(found, expected).statistic == 1


@every_set
def test_zero_cost_proxies(name: str, newest: dict[str, Any]) -> None:
    for proxy, values in newest["proxies"].items():
        relative = ILL_CONDITIONED.get(proxy, rounding())
        alike(figures(available(name))["proxies"][proxy], values, relative, where=proxy)


@every_set
def test_pieces_of_a_landscape(name: str, newest: dict[str, Any]) -> None:
    for piece, values in newest["landscape"].items():
        found = np.array(figures(available(name))["landscape"][piece])
        assert found == pytest.approx(np.array(values), rel=CURVED, abs=CURVED * max(map(abs, values))), piece


@every_set
def test_searches_make_the_same_choices_from_the_same_evaluations(name: str, newest: dict[str, Any]) -> None:
    """Else a run that is imported from another machine could not be replayed."""
    assert figures(available(name))["suggested"] == newest["suggested"]


@every_set
@pytest.mark.parametrize("run", every_kind.SHIPPED)
def test_what_the_runs_that_ship_have_found(name: str, run: str) -> None:
    said = json.loads(gzip.decompress((bundled.SAMPLES_FOLDER / run).read_bytes()))["result"]
    alike(figures(available(name))["shipped"][run], said)


def test_the_sets_do_compute_in_other_ways(newest: dict[str, Any]) -> None:
    """Else all of the above would hold whatever the code does."""
    *older, _ = (name for name, each in INSTRUCTION_SETS.items() if each.available)
    found = [newest, *map(figures, older)]
    assert len({json.dumps(each, sort_keys=True) for each in found}) == len(found)


def test_tests_of_single_precision_pass_with_the_oldest_set() -> None:
    marked = [
        str(path)
        for path in ROOT.joinpath("tests").rglob("test_*.py")
        if "mark.every_machine" in path.read_text("utf-8")
    ]
    command = [sys.executable, "-m", "pytest", "-n0", "-p", "no:cacheprovider", "-m", "every_machine", *marked]
    done = subprocess.run(command, cwd=ROOT, env=INSTRUCTION_SETS[OLDEST].environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-5000:]


def test_differences_by_hand() -> None:
    """The second training diverged with one of the sets: no loss to compare, and the last rank."""
    last = np.array([1.0, np.nan, 2.0])
    one = Scores(np.arange(3.0), first=np.ones(3), last=last, score=np.array([-1.0, -np.inf, -2.0]))
    other = Scores(np.arange(3.0), first=np.array([1.0, 0.8, 0.5]), last=np.array([0.8, 1.0, 2.0]), score=-last)
    apart = difference(one, other)
    assert apart == pytest.approx(Difference(0.25, 1.0, 0.125, 0.25, rho=1.0))
