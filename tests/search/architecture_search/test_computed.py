"""A Bayesian search whose model has its scores computed as it needs them."""

from __future__ import annotations

import numpy as np

from eproxy_engine.learning.panels import shipped
from eproxy_engine.proxy import Outcome
from eproxy_engine.runs import ArchitectureSearchSpecification
from eproxy_engine.search.architecture_search.computed import ComputedDomain
from eproxy_engine.search.architecture_search.domain import Domain
from eproxy_engine.search.architecture_search.search import ArchitectureSearch
from eproxy_engine.search.architecture_search.settings import ArchitectureSearchSettings

IN_201 = Domain("nasbench201", "cifar10", True)
SETTINGS = ArchitectureSearchSettings("bayesian", queries=12, compute=True, pool=30, panel="quick")


def outcome(key: str) -> Outcome:
    """A made-up outcome that depends on the evaluation alone."""
    return Outcome(((float(np.random.default_rng(int(key[:8], 16)).normal()),),), seconds=0.1)


def test_scores_that_ship_are_read_and_others_asked_for_once() -> None:
    domain, rng = ComputedDomain(IN_201, "quick", "bundled", 1, 30), np.random.default_rng(1)
    drawn = [domain.sample(rng) for _ in range(10)]
    assert domain.needed(drawn) is None, "all of them ship"
    other = ComputedDomain(IN_201, "quick", "bundled", 2, 30)
    needed = other.needed(drawn)
    assert needed is not None
    networks = {other.network(value) for value in drawn}
    assert len(needed.evaluations) == 7 * len(networks)
    needed.take({each.key: outcome(each.key) for each in needed.evaluations})
    assert other.needed(drawn) is None
    more = other.needed([*drawn, other.mutate(drawn[0], rng)])
    assert more is not None
    assert len(more.evaluations) == 7
    assert len(other.candidates(drawn).score_names) == 9


def test_the_shipped_scores_are_those_of_the_panel() -> None:
    domain, rng = ComputedDomain(IN_201, "quick", "bundled", 1, 30), np.random.default_rng(1)
    drawn = [domain.sample(rng) for _ in range(40)]
    domain.needed(drawn)
    ships = shipped("nasbench201")
    assert ships is not None
    expected = ships.table["meco"][[str(domain.network(value)) for value in drawn]].to_numpy()
    found = domain.candidates(drawn)
    place = found.score_names.index("meco")
    order = np.argsort(expected, kind="stable")
    assert (np.diff(found.scores[order, place]) >= 0).all()


def search_of(proxy_seed: int) -> ArchitectureSearch:
    given = ArchitectureSearchSpecification("nasbench201", "cifar10", SETTINGS, seeds=(1,), proxy_seed=proxy_seed)
    (search,) = given.searches()
    return search


def test_every_query_asks_for_the_scores_of_a_few_more() -> None:
    search = search_of(proxy_seed=2)
    steps = search.steps()
    evaluations, asked = next(steps), list[int]()
    assert search.remaining == 7 * (30 + 20 * 12) - len(evaluations)
    try:
        while True:
            asked.append(len(evaluations))
            evaluations = steps.send({each.key: outcome(each.key) for each in evaluations})
    except StopIteration:
        pass
    assert len(search.asked) == 12
    assert 150 < asked[0] <= 7 * 30
    assert 0 < max(asked[1:]) <= 7 * 20
    assert search.remaining >= 0


def test_where_all_scores_ship_nothing_is_computed() -> None:
    search = search_of(proxy_seed=1)
    assert [each for evaluations in search.steps() for each in evaluations] == []
    assert len(search.asked) == 12


def test_few_architectures_are_all_candidates_at_once() -> None:
    few = Domain("nds-imagenet-enas", "imagenet", True)
    assert ComputedDomain(few, "quick", "bundled", 2, 30).listed() is None
    listed = ComputedDomain(few, "quick", "bundled", 2, 200).listed()
    assert listed is not None
    assert len(listed) == len(few.accuracies)
