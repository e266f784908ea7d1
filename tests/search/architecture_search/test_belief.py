"""What a Bayesian search believed, from its queries alone, is what it acted on."""

from __future__ import annotations

import numpy as np
import pytest

from eproxy_engine.learning.measure_next import expected_improvement
from eproxy_engine.learning.models import GaussianProcess
from eproxy_engine.search.architecture_search import domain as domain_module
from eproxy_engine.search.architecture_search.belief import Beliefs
from eproxy_engine.search.architecture_search.domain import Domain
from eproxy_engine.search.architecture_search.modelled import ModelledDomain
from eproxy_engine.search.architecture_search.search import ArchitectureSearch
from eproxy_engine.search.architecture_search.settings import ArchitectureSearchSettings

MACRO = Domain("transnas101-macro", "class_scene", True)
FIRST, QUERIES = 5, 25


@pytest.fixture(scope="module")
def queries() -> list[tuple[str, float]]:
    search = ArchitectureSearch(MACRO, ArchitectureSearchSettings("bayesian", queries=QUERIES, first=FIRST), seed=1)
    for _ in search.steps():
        pass
    return list(search.asked.items())


def test_every_query_had_the_greatest_expected_improvement(queries: list[tuple[str, float]]) -> None:
    asked = Beliefs(MACRO, "quick", queries).asked(FIRST)
    assert [(each.query, each.architecture, each.accuracy) for each in asked] == [
        (number, *query) for number, query in enumerate(queries, start=1) if number > FIRST
    ]
    for each in asked:
        belief = Beliefs(MACRO, "quick", queries).after(each.query - 1)
        place = belief.architectures.index(each.architecture)
        assert belief.prediction.mean[place] == pytest.approx(each.mean)
        assert belief.prediction.deviation[place] == pytest.approx(each.deviation)
        free = np.array([text not in belief.queried for text in belief.architectures])
        gains = expected_improvement(belief.prediction, float(belief.prediction.mean[~free].max()))
        assert each.improvement == pytest.approx(gains[place])
        assert gains[free].max() == pytest.approx(each.improvement, abs=1e-8)
        assert each.candidates == sum(free) == len(free) - each.query + 1
        assert each.rank == 1 + int((belief.prediction.mean[free] > each.mean + 1e-12).sum())


def test_the_belief_is_a_fit_to_the_first_queries(queries: list[tuple[str, float]]) -> None:
    belief = Beliefs(MACRO, "quick", queries).after(12)
    assert belief.queried == dict(queries[:12])
    listed = ModelledDomain(MACRO, "quick").listed()
    assert listed is not None
    candidates = ModelledDomain(MACRO, "quick").candidates(listed)
    labelled = np.array([belief.architectures.index(text) for text, _ in queries[:12]])
    expected = GaussianProcess().fit(candidates, labelled, np.array([accuracy for _, accuracy in queries[:12]]))
    assert belief.prediction.mean == pytest.approx(expected.mean)
    assert belief.prediction.deviation == pytest.approx(expected.deviation)
    assert belief.flops[0] == MACRO.size(listed[0]).flops


def test_random_ones_stand_for_what_cannot_be_listed(
    queries: list[tuple[str, float]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(domain_module, "MOST_LISTED", 100)
    beliefs = Beliefs(MACRO, "instant", queries)
    belief = beliefs.after(QUERIES)
    assert belief.queried == dict(queries)
    assert 1_000 < len(belief.architectures) == len(set(belief.architectures))
    assert len(beliefs.asked(FIRST)) == QUERIES - FIRST
