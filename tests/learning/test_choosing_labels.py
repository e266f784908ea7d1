"""Which architectures are measured first."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from eproxy_engine.learning.candidates import Candidates, Places, candidates_of
from eproxy_engine.learning.choosing_labels import at_random, facility_location
from tests.learning.made_up import candidates

CLUSTERS, MEMBERS = 5, 8
EVERY = np.arange(CLUSTERS * MEMBERS)


def clusters() -> Candidates:
    """Eight candidates near each of five places far from each other; candidate i is of cluster i % 5."""
    places = np.eye(CLUSTERS)[EVERY % CLUSTERS] + 0.01 * np.random.default_rng(0).normal(size=(len(EVERY), CLUSTERS))
    described = pd.DataFrame(places)
    return candidates_of(pd.DataFrame(index=described.index), described)


def chosen(seed: int = 0, allowed: Places = EVERY, count: int = CLUSTERS, before: list[int] | None = None) -> list[int]:
    given = None if before is None else np.array(before)
    return facility_location(clusters(), allowed, count, np.random.default_rng(seed), given).tolist()


@pytest.mark.parametrize("seed", range(4))
def test_one_of_each_cluster_is_chosen(seed: int) -> None:
    assert {place % CLUSTERS for place in chosen(seed)} == set(range(CLUSTERS))


def test_draws_differ_and_each_can_be_repeated() -> None:
    assert chosen(1) == chosen(1)
    assert len({tuple(sorted(chosen(seed))) for seed in range(5)}) > 1


@pytest.mark.parametrize("count", [3, 6, 40])
def test_only_allowed_ones_are_chosen_none_twice_and_no_more_than_there_are(count: int) -> None:
    allowed = np.array([0, 5, 7, 11, 22, 38])
    found = chosen(allowed=allowed, count=count)
    assert set(found) <= set(allowed.tolist())
    assert len(found) == len(set(found)) == min(count, 6)


def test_what_was_chosen_before_counts_and_is_not_chosen_again() -> None:
    """One member of two clusters is known: the next three are of the others."""
    found = chosen(before=[0, 6], count=3)
    assert {place % CLUSTERS for place in found} == {2, 3, 4}
    assert set(chosen(before=list(range(10)), count=40)) == set(range(10, 40))


@pytest.mark.parametrize("many", [10, 25, 36])
def test_fewer_are_the_first_of_more(many: int) -> None:
    assert all(chosen(seed, count=many)[:5] == chosen(seed, count=5) for seed in range(4))


def test_more_candidates_than_are_compared() -> None:
    every = candidates(2_500)
    found = facility_location(every, np.arange(2_500), 20, np.random.default_rng(0))
    assert len(set(found.tolist())) == 20
    again = facility_location(every, np.arange(2_500), 8, np.random.default_rng(0))
    assert again.tolist() == found[:8].tolist()


def test_at_random_is_a_permutation_of_the_allowed_ones() -> None:
    allowed = np.array([3, 5, 8, 13])
    found = at_random(allowed, 4, np.random.default_rng(0))
    assert sorted(found.tolist()) == allowed.tolist()
    assert at_random(allowed, 2, np.random.default_rng(0)).tolist() == found[:2].tolist()
