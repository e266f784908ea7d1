"""NAO and Semi-NAS on made-up tables: their parts by hand, what they ask for, and that they find the best early."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch

from eproxy_engine.search.strategies import Strategy, nao, semi_nas
from eproxy_engine.search.strategies.latent import search, training
from eproxy_engine.search.strategies.latent.model import LatentModel
from eproxy_engine.search.strategies.latent.pool import Pool, Tokens
from eproxy_engine.search.strategies.nao import best_measured
from eproxy_engine.search.strategies.semi_nas import best_known

Point = tuple[str, ...]
VALUE = {"a": 0.0, "b": 1.0, "c": 3.0}
EVERY: list[Point] = list(itertools.product(VALUE, repeat=5))
BEST = ("c",) * 5
STRATEGIES: dict[str, Callable[..., Strategy[Point]]] = {"nao": nao, "semi-nas": semi_nas}
each_strategy = pytest.mark.parametrize("strategy", STRATEGIES)


def fitness_of(point: Point) -> float:
    return sum(VALUE[letter] * weight for letter, weight in zip(point, (1, 2, 3, 1, 2), strict=False))


@dataclass(frozen=True)
class Table:
    """Points are words."""

    every: tuple[Point, ...] = tuple(EVERY)
    can_be_listed: bool = True

    def listed(self) -> list[Point] | None:
        return list(self.every) if self.can_be_listed else None

    def decisions(self, value: Point) -> Point:
        return value

    def sample(self, rng: np.random.Generator) -> Point:
        return self.every[int(rng.integers(len(self.every)))]

    def mutate(self, value: Point, rng: np.random.Generator) -> Point:
        raise AssertionError("nothing is mutated")


def asked(
    strategy: str,
    queries: int,
    table: Table | None = None,
    seed: int = 1,
    fitness: Callable[[Point], float] = fitness_of,
    **given: Any,
) -> list[list[Point]]:
    """What it asks for, round by round, until so many queries are spent or it ends."""
    running = STRATEGIES[strategy](table or Table(), seed, **given)
    rounds, judged, coming = list[list[Point]](), list[float](), next(running)
    while True:
        rounds.append([each.value for each in coming])
        judged += map(fitness, rounds[-1])
        if len(judged) >= queries:
            return rounds
        try:
            coming = running.send(judged)
        except StopIteration:
            return rounds


def flat(rounds: list[list[Point]]) -> list[Point]:
    return [point for each in rounds for point in each]


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trains as good as nothing, where only the choice of points matters."""
    monkeypatch.setattr(training, "STEPS", 2)


# --- the search ---


@each_strategy
def test_the_best_is_found_far_sooner_than_by_chance(strategy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "STEPS", 30)
    needed = [flat(asked(strategy, 80, first=20, batch=20, seed=seed)).index(BEST) for seed in (1, 2)]
    assert np.mean(needed) < 243 / 4


@each_strategy
@pytest.mark.usefixtures("hasty")
def test_every_point_is_asked_for_once_and_then_it_ends(strategy: str) -> None:
    rounds = asked(strategy, 1000, first=100, batch=60)
    assert [len(each) for each in rounds] == [100, 60, 60, 23]
    assert sorted(flat(rounds)) == EVERY
    assert [len(each) for each in asked(strategy, 1000, first=500)] == [243]


@each_strategy
@pytest.mark.usefixtures("hasty")
def test_a_seed_is_a_trajectory_and_draws_nothing_from_the_global_generators(strategy: str) -> None:
    torch.manual_seed(3)
    before = torch.get_rng_state()
    first = asked(strategy, 60, first=20, batch=20)
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(4)
    assert asked(strategy, 60, first=20, batch=20) == first
    assert asked(strategy, 60, first=20, batch=20, seed=2) != first


@each_strategy
@pytest.mark.usefixtures("hasty")
def test_what_is_known_counts_among_the_first_and_is_not_asked_for(strategy: str) -> None:
    known = {point: fitness_of(point) for point in EVERY[::10]}
    rounds = asked(strategy, 60, first=30, batch=20, known=known)
    assert [len(each) for each in rounds] == [5, 20, 20, 20]
    assert not set(flat(rounds)) & set(known)
    assert len(asked(strategy, 20, first=10, batch=20, known=known)[0]) == 20


@each_strategy
@pytest.mark.usefixtures("hasty")
def test_equal_fitness_and_a_domain_that_cannot_be_listed_are_searched_too(strategy: str) -> None:
    found = flat(asked(strategy, 80, Table(can_be_listed=False), fitness=lambda point: 0.5, first=20, batch=20))
    assert len(set(found)) == 80


@pytest.mark.parametrize(("queries", "first", "batch"), [(1, 1, 1), (150, 50, 34), (300, 100, 67), (15_625, 100, 67)])
def test_a_third_of_the_budget_comes_first_and_three_rounds_follow(queries: int, first: int, batch: int) -> None:
    assert search.in_proportion(queries) == {"first": first, "batch": batch}


# --- where a round's moves begin ---


def pool_of(points: list[Point], known: list[Point]) -> Pool[Point]:
    given = {point: fitness_of(point) for point in known}
    return Pool(Table(tuple(points)), given, np.random.default_rng(0))


def model_of(pool: Pool[Point]) -> LatentModel:
    return LatentModel(pool.allowed, torch.Generator().manual_seed(1))


def places_of(pool: Pool[Point], tokens: Tokens) -> list[int]:
    return [int((pool.tokens == row).all(axis=1).argmax()) for row in tokens]


@pytest.mark.usefixtures("hasty")
def test_nao_moves_the_best_measured_ones() -> None:
    pool = pool_of(EVERY, EVERY[:5])  # of fitness 0, 2, 6, 1, 3
    assert places_of(pool, best_measured(model_of(pool), pool, 3)) == [2, 4, 1]
    assert places_of(pool, best_measured(model_of(pool), pool, 10)) == [2, 4, 1, 3, 0]


def test_semi_nas_moves_those_that_nobody_measured_too(monkeypatch: pytest.MonkeyPatch) -> None:
    ranked = sorted(EVERY, key=fitness_of)
    monkeypatch.setattr(training, "STEPS", 30)
    pool = pool_of(ranked, ranked[:60])
    places = places_of(pool, best_known(model_of(pool), pool, 20))
    assert len(set(places)) == 20
    assert sum(place >= 60 for place in places) > 10


# --- points as tokens ---


def chosen(rows: list[str], count: int, points: str = "aaa aab abb bbb ccc", known: str = "aaa") -> list[Point]:
    """The points that decoded rows lead to; each is a word."""
    pool = pool_of(list(map(tuple, points.split())), list(map(tuple, known.split())))
    letters = {letter: number for number, letter in enumerate("abc")}
    decoded = [np.array([[letters[letter] for letter in row]]) for row in rows]
    return [pool.values[place] for place in pool.chosen(decoded, count)]


def words(points: list[Point]) -> list[str]:
    return ["".join(point) for point in points]


def test_new_points_are_chosen_as_they_are_decoded() -> None:
    assert words(chosen(["bbb", "aaa", "bbb", "ccc", "aab"], 3)) == ["bbb", "ccc", "aab"]
    assert words(chosen(["bbb", "aaa", "bbb", "ccc", "aab"], 2)) == ["bbb", "ccc"]


def test_what_is_no_point_leads_to_the_nearest_that_is_left() -> None:
    assert words(chosen(["ccb"], 1)) == ["ccc"]
    assert words(chosen(["ccb", "bbb"], 2)) == ["bbb", "ccc"]  # what is decoded comes first
    assert words(chosen(["bac", "acc"], 1)) == ["ccc"]  # and what is near one: here one differs, there two
    assert words(chosen(["aac"], 1)) == ["aab"]  # aaa, as near, is known


def test_random_points_make_up_the_number() -> None:
    found = words(chosen(["ccc"], 3))
    assert found[0] == "ccc"
    assert len(set(found)) == 3
    assert set(found) <= {"aab", "abb", "bbb", "ccc"}
    assert sorted(words(chosen([], 9))) == ["aab", "abb", "bbb", "ccc"]


def test_fitness_is_standardised() -> None:
    pool = pool_of(EVERY, EVERY[:3])
    pool.fitness = [1.0, 2.0, 3.0]
    assert pool.targets.tolist() == pytest.approx([-(1.5**0.5), 0, 1.5**0.5])
    pool.fitness = [2.0, 2.0, 2.0]
    assert pool.targets.tolist() == [0, 0, 0]


# --- the networks ---


@pytest.fixture(scope="module")
def trained() -> tuple[LatentModel, Pool[Point]]:
    pool = pool_of(EVERY, EVERY)
    model = model_of(pool)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "STEPS", 150)
        training.train(model, torch.from_numpy(pool.tokens), torch.from_numpy(pool.targets), weight=0.8)
    return model.eval(), pool


def test_trained_networks_predict_and_give_back_what_they_encode(trained: tuple[LatentModel, Pool[Point]]) -> None:
    model, pool = trained
    tokens, targets = torch.from_numpy(pool.tokens), torch.from_numpy(pool.targets)
    assert torch.corrcoef(torch.stack([training.predicted(model, tokens), targets]))[0, 1] > 0.95
    assert (model.decoded(model.encode(tokens)) == tokens).float().mean() > 0.95


def test_a_latent_vector_a_place_has_length_one(trained: tuple[LatentModel, Pool[Point]]) -> None:
    model, pool = trained
    latent = model.encode(torch.from_numpy(pool.tokens[:7]))
    assert latent.shape == (7, 5, 32)
    assert latent.norm(dim=-1).detach().numpy() == pytest.approx(1, abs=1e-5)


def test_decoding_is_greedy(trained: tuple[LatentModel, Pool[Point]]) -> None:
    """Given what it decoded before, each token is the one with the best score."""
    model, pool = trained
    latent = model.encode(torch.from_numpy(pool.tokens[::7])).detach()
    tokens = model.decoded(latent)
    assert torch.equal(model.decode(latent, tokens).argmax(-1), tokens)


def test_only_what_occurs_at_a_place_is_decoded() -> None:
    pool = pool_of([("a", "x"), ("b", "y")], [])
    model = model_of(pool).eval()
    latent = torch.nn.functional.normalize(torch.randn(50, 2, 32, generator=torch.Generator().manual_seed(1)), dim=-1)
    assert set(model.decoded(latent)[:, 0].tolist()) <= {0, 1}
    assert set(model.decoded(latent)[:, 1].tolist()) <= {2, 3}


def test_moves_lead_to_higher_fitness(trained: tuple[LatentModel, Pool[Point]]) -> None:
    model, pool = trained
    middle = np.argsort(pool.targets)[100:140]
    moved = torch.cat(list(model.moved(torch.from_numpy(pool.tokens[middle])))).view(100, 40, 5).numpy()
    means = [np.mean([fitness_of(pool.values[place]) for place in places_of(pool, moved[size])]) for size in (0, 9, 99)]
    assert means[0] < means[1] <= means[2]


def test_training_ends_where_the_loss_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = pool_of([("a",), ("b",)], [("a",)])
    tokens = torch.from_numpy(pool.tokens[:1])
    monkeypatch.setattr(training, "STEPS", 50)
    for gain, steps in ((-100.0, 50), (1.0, 2 * training.WATCHED)):  # any loss is low enough; none is
        monkeypatch.setattr(training, "GAIN", gain)
        assert training.train(model_of(pool), tokens, torch.zeros(1), 0.8) == steps
