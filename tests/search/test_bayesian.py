"""Bayesian search on made-up tables: what it asks for, in which order, and that it finds the best early."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from eproxy_engine.learning.candidates import Candidates
from eproxy_engine.search.architecture_search.settings import ACQUISITION_TITLES
from eproxy_engine.search.strategies import ACQUISITIONS, Candidate, bayesian
from tests.learning.made_up import accuracies_for, candidates

COUNT = 120
EVERY = candidates(COUNT)
FITNESS = accuracies_for(EVERY).tolist()
each_acquisition = pytest.mark.parametrize("acquisition", ACQUISITIONS)


@dataclass(frozen=True)
class Table:
    """Points are rows of the made-up candidates; ``copies`` more points have the networks of the first ones."""

    can_be_listed: bool = True
    copies: int = 0
    every: Candidates = EVERY
    drawn: int = 2_000
    further: int = 50

    def listed(self) -> list[int] | None:
        return list(range(COUNT + self.copies)) if self.can_be_listed else None

    def network(self, value: int) -> int:
        return value % COUNT

    def needed(self, values: Sequence[int]) -> None:
        return None

    def candidates(self, values: Sequence[int]) -> Candidates:
        rows = [self.network(value) for value in values]
        every = self.every
        return replace(
            every,
            scores=every.scores[rows],
            descriptors=every.descriptors[rows],
            prior=every.prior[rows],
            taught=every.taught[rows],
        )

    def sample(self, rng: np.random.Generator) -> int:
        return int(rng.integers(0, COUNT, endpoint=False))

    def mutate(self, value: int, rng: np.random.Generator) -> int:
        return next(self.neighbours(value, rng))

    def neighbours(self, value: int, rng: np.random.Generator) -> Iterator[int]:
        yield from ((value + step) % COUNT for step in rng.permutation([1, 2, -1, -2]).tolist())


def asked(
    queries: int, table: Table | None = None, acquisition: str = "improvement", seed: int = 1, **given: Any
) -> list[Candidate[int]]:
    """The first candidates; it is sent the fitness of their networks."""
    table = table or Table()
    strategy = bayesian(table, seed, acquisition=acquisition, **{"first": 5, **given})
    found, fitness, coming = list[Candidate[int]](), list[float](), next(strategy)
    while len(found) < queries:
        assert isinstance(coming, list)
        found += coming
        fitness += [FITNESS[table.network(each.value)] for each in coming]
        if len(found) < queries:
            coming = strategy.send(fitness)
    return found[:queries]


def values(found: list[Candidate[int]]) -> list[int]:
    return [each.value for each in found]


GOLDEN = {
    "improvement": [6, 117, 101, 20, 97, 60, 5, 57, 47, 111, 107, 44],
    "thompson": [6, 117, 101, 20, 97, 62, 34, 41, 5, 72, 15, 61],
    "upper-bound": [6, 117, 101, 20, 97, 60, 5, 57, 47, 111, 107, 44],
}


@each_acquisition
def test_trajectories_stay_what_they_were(acquisition: str) -> None:
    """What changes them makes published results irreproducible: it has to be meant."""
    assert values(asked(12, acquisition=acquisition)) == GOLDEN[acquisition]


@each_acquisition
def test_the_best_is_found_far_sooner_than_by_chance(acquisition: str) -> None:
    best = int(np.argmax(FITNESS))
    needed = [values(asked(COUNT, acquisition=acquisition, seed=seed)).index(best) + 1 for seed in range(5)]
    assert np.mean(needed) < COUNT / 6


def test_every_network_is_asked_for_once_and_copies_come_last() -> None:
    found = values(asked(COUNT + 20, Table(copies=20)))
    assert sorted(found[:COUNT]) == list(range(COUNT))
    assert found[COUNT:] == list(range(COUNT, COUNT + 20))
    with pytest.raises(StopIteration):
        asked(COUNT + 21, Table(copies=20))


@each_acquisition
def test_a_batch_begins_with_the_most_promising_and_has_different_ones(acquisition: str) -> None:
    alone, together = (bayesian(Table(), 1, first=5, acquisition=acquisition, batch=size) for size in (1, 4))
    first = values(next(alone))
    assert values(next(together)) == first
    fitness = [FITNESS[place] for place in first]
    one, four = values(alone.send(fitness)), values(together.send(fitness))
    assert len(one) == 1
    assert four[:1] == one
    assert len({*first, *four}) == 9


def test_the_last_batch_is_what_is_left() -> None:
    found = values(asked(COUNT, batch=50))
    assert sorted(found) == list(range(COUNT))


def test_batches_find_the_best_soon() -> None:
    best = int(np.argmax(FITNESS))
    needed = [values(asked(COUNT, batch=4, seed=seed)).index(best) + 1 for seed in range(5)]
    assert np.mean(needed) < COUNT / 4


def test_the_first_are_among_the_best_of_the_prior() -> None:
    prior = np.arange(COUNT) % 60.0
    found = values(asked(6, Table(every=replace(EVERY, taught=prior)), first=6))
    assert len(set(found)) == 6
    assert min(prior[found]) >= 54  # twice as many as are drawn, two of each value
    other = values(asked(6, Table(every=replace(EVERY, taught=prior)), first=6, seed=2))
    assert found != other


def test_without_a_prior_the_first_are_any() -> None:
    found = {value for seed in range(40) for value in values(asked(5, seed=seed))}
    assert len(found) > 80


def test_what_is_known_is_learned_from_and_not_asked_for() -> None:
    known = {place: FITNESS[place] for place in np.argsort(FITNESS)[:30].tolist()}
    found = values(asked(COUNT - 30, known=known))
    assert not set(found) & set(known)
    assert found.index(int(np.argmax(FITNESS))) < 20


def test_what_cannot_be_listed_is_drawn_and_bred() -> None:
    found = asked(40, Table(can_be_listed=False))
    assert len(set(values(found))) == 40
    assert values(found) == values(asked(40, Table(can_be_listed=False)))
    assert max(FITNESS[value] for value in values(found)) == max(FITNESS)


def test_mutants_have_the_place_of_their_parent() -> None:
    found = asked(40, Table(can_be_listed=False, drawn=10, further=5))
    bred = [(place, each) for place, each in enumerate(found) if each.parent is not None]
    assert bred
    for place, each in bred:
        assert each.parent is not None
        assert each.parent < place
        assert (each.value - found[each.parent].value) % COUNT in (1, 2, COUNT - 1, COUNT - 2)


def test_every_acquisition_has_a_title() -> None:
    assert list(ACQUISITION_TITLES) == list(ACQUISITIONS)
