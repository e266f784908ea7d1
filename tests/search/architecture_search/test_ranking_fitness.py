"""A learned ranking that leads a search, with the labels of another space."""

from __future__ import annotations

import numpy as np
import pytest

from eproxy_engine import benchmarks, spaces, statistics
from eproxy_engine.errors import UserError
from eproxy_engine.learning.panels import panel, shipped
from eproxy_engine.learning.panels.shipped import IMAGES, SEED
from eproxy_engine.runs import ArchitectureSearchSpecification
from eproxy_engine.search.architecture_search.ranking_fitness import RankingFitness, labels_of
from eproxy_engine.search.architecture_search.settings import ArchitectureSearchSettings

FIXED = "nds-imagenet-darts-fix-w-d"


def shipped_scores(space: str, count: int) -> tuple[list[str], list[tuple[float, ...]], list[int]]:
    """Texts, scores of the panel ``quick`` and FLOPs of the first measured architectures that have them."""
    ships, known = shipped(space), benchmarks.known(space, spaces.get(space).tasks[0].name)
    assert ships is not None
    columns = [ships.column(space, score.member, IMAGES, SEED) for score in panel("quick").scores]
    rows = known[known["architecture"].isin(ships.table.dropna().index)].head(count)
    texts = rows["architecture"].tolist()
    return texts, [tuple(float(column[text]) for column in columns) for text in texts], rows["flops"].tolist()


def test_it_ranks_architectures_whose_labels_it_knows_by_their_accuracies() -> None:
    texts, scores, flops = shipped_scores(FIXED, 200)
    found = RankingFitness("nds-imagenet-darts-fix-w-d", FIXED, "quick", "bundled", 1).fitness(texts, scores, flops)
    known = benchmarks.known(FIXED, "imagenet").set_index("architecture")["accuracy"]
    assert statistics.spearman(found, known[texts].to_numpy()) > 0.85


def test_it_ranks_another_space_better_than_flops() -> None:
    """The cells of ENAS by labels of DARTS, as far as operations and scores are the same."""
    texts, scores, flops = shipped_scores("nds-imagenet-enas", 100)
    found = RankingFitness("nds-imagenet-enas", "nds-imagenet-darts", "quick", "bundled", 1).fitness(
        texts, scores, flops
    )
    known = benchmarks.known("nds-imagenet-enas", "imagenet").set_index("architecture")["accuracy"][texts].to_numpy()
    assert statistics.spearman(found, known) > 0.5


def test_one_evaluation_for_each_score_of_the_panel() -> None:
    fitness = RankingFitness("darts", FIXED, "quick", "bundled", 1)
    text = str(spaces.get("darts").sample(np.random.default_rng(1)))
    assert len(fitness.evaluations(text)) == len(fitness.members) == 7
    assert fitness.fitness([text], [(0.0,) * 7], [1]) == [0.0], "one alone has no rank"


def test_labels_count_once_for_each_network_and_are_no_more_than_can_be_learned_quickly() -> None:
    labels = labels_of("transnas101-micro", "quick")
    assert len(labels.scores) == len(labels.accuracies) == len(labels.descriptors) == 500
    assert len(labels_of("nds-imagenet-darts", "quick").accuracies) == 121


def test_a_space_without_scores_cannot_label() -> None:
    with pytest.raises(UserError, match=r"az_expressivity does not ship for darts; accepted: nasbench-mr, nasbench101"):
        labels_of("darts", "quick")
    with pytest.raises(UserError, match="labels from nasbench201 for bayesian; accepted: proxy-evolution"):
        ArchitectureSearchSettings("bayesian", labels_from="nasbench201")


def test_it_leads_a_search_without_any_accuracy_of_the_space() -> None:
    settings = ArchitectureSearchSettings(
        "proxy-evolution", queries=10, population=60, cycles=0, labels_from="nds-imagenet-darts", panel="instant"
    )
    given = ArchitectureSearchSpecification("nds-imagenet-enas", "imagenet", settings, seeds=(1,)).checked()
    (search,) = given.searches()
    for evaluations in search.steps():
        assert evaluations == []
    asked = list(search.asked.values())
    assert len(asked) == 10
    assert np.mean(asked) > np.quantile(list(given.domain.accuracies.values()), 0.6)
    assert next(trial.scores for trial in search.trials if trial.query is None) == ()
