"""Discrete Proxy Search: how trials are judged, what is trained and what is not, and a trajectory kept as a file."""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from eproxy_engine import spaces
from eproxy_engine.proxy import Configuration, Evaluation, Outcome
from eproxy_engine.runs import ProxySearchSpecification
from eproxy_engine.runs.plan import following
from eproxy_engine.sampling import Sample
from eproxy_engine.search.proxy_search.proxy_space import PROXY_SPACES
from eproxy_engine.search.proxy_search.search import Dps, Problem, Steps, Trial
from eproxy_engine.search.proxy_search.settings import ProxySearchSettings
from tests.runs.conftest import TINY, made_up, proxy_search_settings, proxy_search_specification, searched, tiny_space

__all__ = ["tiny_space"]
pytestmark = pytest.mark.usefixtures("tiny_space")
PAPERS = ProxySearchSettings("evolution", population=40, tournament=10, mutation_rate=0.2, cycles=200, width="small")
GOLDEN = Path(__file__).parent / "data" / "golden_evolution.json"
ALPHA_ONLY = replace(
    TINY,
    branches=(("deepest",),),
    features=(("net",),),
    coefficient=(1.0,),
    transform_kernel=(1,),
    barrier_kernel=(1,),
    c_mid=(16,),
    learning_rate=(1.0,),
    network_init=("kaiming_normal",),
    barrier_init=("kaiming_normal",),
)
"""Configurations that differ in α alone."""


@pytest.fixture
def problem(tiny_space: None) -> Problem:
    """Six architectures of different accuracy, FLOPs and network."""
    found = proxy_search_specification(6).problem()
    assert len(set(found.accuracy)) == len(set(found.flops_norm)) == 6
    return found


def evaluation(problem: Problem, trial: Trial, place: int, seed: int) -> Evaluation:
    architecture = problem.architectures[place]
    return Evaluation.of(problem.space, architecture, trial.configuration, problem.images, seed)


def scores_by_hand(problem: Problem, trial: Trial, seed: int, outcome: Callable[[Evaluation], Outcome]) -> list[float]:
    """−L·(1 + α·F), the losses of all branches added up; −inf for a diverged one."""
    scores = []
    for place, norm in enumerate(problem.flops_norm):
        found = outcome(evaluation(problem, trial, place, seed))
        loss = sum(found.values[-1])
        scores.append(-loss * (1 + trial.configuration.flops_weight * norm) if math.isfinite(loss) else -math.inf)
    return scores


def spearman_by_hand(scores: list[float], accuracy: tuple[float, ...]) -> float:
    return float(stats.spearmanr(stats.rankdata(scores), accuracy).statistic)


def keys(steps: list[list[Evaluation]]) -> list[str]:
    return [one.key for step in steps for one in step]


def third_diverges(one: Evaluation) -> Outcome:
    return made_up(one, diverged=int(one.key, 16) % 3 == 0)


# --- how trials are judged ---


@pytest.mark.parametrize("outcome", [made_up, third_diverges])
def test_the_fitness_is_spearmans_rho_of_the_scores(problem: Problem, outcome: Callable[[Evaluation], Outcome]) -> None:
    dps, _ = searched(problem, proxy_search_settings(cycles=40), outcome)
    assert len(dps.trials) == 44
    for trial in dps.trials:
        scores = scores_by_hand(problem, trial, 1, outcome)
        assert trial.rho == pytest.approx(spearman_by_hand(scores, problem.accuracy))
        assert trial.scores == pytest.approx([score if math.isfinite(score) else None for score in scores])
        assert trial.diverged == scores.count(-math.inf)
        assert trial.evaluated == 6
    assert len({trial.rho for trial in dps.trials}) > 10
    assert {trial.configuration.flops_weight < 0 for trial in dps.trials} == {True, False}


def test_a_diverged_architecture_ranks_last(problem: Problem) -> None:
    """ρ is 1 if the losses fall with the accuracy; with the best one diverged, it is below all others: Σd² = 30."""
    ascending = np.argsort(problem.accuracy)
    family = spaces.get(problem.space)
    networks = [str(family.equivalent(family.parse(one))) for one in problem.architectures]
    order = {networks[place]: rank for rank, place in enumerate(ascending)}

    def outcome(one: Evaluation) -> Outcome:
        rank, branches = order[one.architecture], len(one.configuration.branches)
        lost = rank == diverging
        return Outcome((((math.nan if lost else 10.0 - rank),) * branches,) * (1 if lost else 2), 0.1)

    for diverging, rho in ((None, 1.0), (0, 1.0), (5, 1 - 6 * 30 / (6 * 35))):
        dps, _ = searched(problem, proxy_search_settings(cycles=40), outcome)
        unweighted = [trial for trial in dps.trials if trial.configuration.flops_weight == 0]
        assert all(trial.diverged == (diverging is not None) for trial in dps.trials)
        assert [trial.rho for trial in unweighted] == pytest.approx([rho] * len(unweighted))
        assert unweighted


@pytest.mark.parametrize("strategy", ["evolution", "random", "tpe"])
@pytest.mark.parametrize("seeds", [1, 2])
def test_where_everything_diverges_the_fitness_is_the_lowest_and_the_search_ends(
    problem: Problem, strategy: str, seeds: int
) -> None:
    given = proxy_search_settings(strategy=strategy, seeds=seeds)
    dps, _ = searched(problem, given, lambda one: made_up(one, diverged=True))
    assert len(dps.trials) == 8
    for trial in dps.trials:
        assert (trial.rho, trial.diverged, trial.scores) == (-1.0, 6 * seeds, (None,) * 6)


def test_equal_scores_of_all_are_no_ranking_either(problem: Problem) -> None:
    def equal(one: Evaluation) -> Outcome:
        return Outcome(((1.0,) * len(one.configuration.branches),) * 2, 0.1)

    flat = replace(problem, flops_norm=(0.5,) * 6)
    dps, _ = searched(flat, proxy_search_settings(), equal)
    assert {trial.rho for trial in dps.trials} == {-1.0}
    assert {trial.diverged for trial in dps.trials} == {0}


@pytest.mark.parametrize("seeds", [2, 3])
def test_over_several_seeds_the_fitness_is_the_mean_rho(problem: Problem, seeds: int) -> None:
    problem = replace(problem, seed=5)
    dps, asked = searched(problem, proxy_search_settings(seeds=seeds), third_diverges)
    assert len(set(keys(asked))) == 6 * seeds * len({t.configuration.training_part() for t in dps.trials})
    assert {one.seed for step in asked for one in step} == set(range(5, 5 + seeds))
    for trial in dps.trials:
        rows = [scores_by_hand(problem, trial, seed, third_diverges) for seed in range(5, 5 + seeds)]
        assert trial.rho == pytest.approx(np.mean([spearman_by_hand(row, problem.accuracy) for row in rows]))
        means = np.mean(rows, axis=0)
        assert trial.scores == pytest.approx([mean if math.isfinite(mean) else None for mean in means])
        assert trial.diverged == sum(row.count(-math.inf) for row in rows)
    assert any(trial.scores.count(None) for trial in dps.trials)


def test_a_seed_without_a_ranking_makes_the_fitness_the_lowest(problem: Problem) -> None:
    dps, _ = searched(problem, proxy_search_settings(seeds=2), lambda one: made_up(one, diverged=one.seed == 2))
    assert {trial.rho for trial in dps.trials} == {-1.0}


# --- what is asked for ---


@pytest.mark.parametrize("strategy", ["evolution", "random", "tpe"])
def test_every_trial_is_asked_for_in_full_and_in_order(problem: Problem, strategy: str) -> None:
    dps, asked = searched(problem, proxy_search_settings(strategy=strategy))
    expected = [evaluation(problem, trial, place, 1) for trial in dps.trials for place in range(6)]
    assert [one for step in asked for one in step] == expected
    assert len(expected) == 8 * 6


@pytest.mark.parametrize(
    ("strategy", "ahead"),
    [
        ("evolution", [18, 12, 6, 0, 12, 12, 12, 6, 0]),
        ("tpe", [18, 12, 6, 0, 12, 12, 12, 6, 0]),
        ("random", range(48, -1, -6)),
    ],
)
def test_what_will_be_asked_for_in_any_case_is_known_ahead(
    problem: Problem, strategy: str, ahead: Iterable[int]
) -> None:
    """Of the first ones, which depend on nothing, and of three children in flight; for other processes to do."""
    dps = Dps(problem, proxy_search_settings(strategy=strategy, in_flight=3, cycles=5))
    found, everything, outcomes = [], list[Evaluation](), dict[str, Outcome]()
    steps = dps.steps()
    wanted: list[Evaluation] | None = next(steps)
    while wanted is not None:
        assert not everything or wanted == everything[:6]
        everything = dps.ahead(outcomes)
        found.append(len(everything))
        outcomes |= {one.key: made_up(one) for one in wanted}
        wanted = following(steps, outcomes)
    assert found == list(ahead)


@pytest.mark.parametrize(
    "changes",
    [{}, {"racing": True}, {"racing": True, "seeds": 2, "prior": True}, {"strategy": "tpe", "cycles": 8}],
    ids=str,
)
def test_several_children_in_flight_lead_to_the_same_whatever_is_known_first(
    problem: Problem, changes: dict[str, Any]
) -> None:
    """Outcomes come in any order, of what is asked for and of what is known ahead."""
    changes = {"cycles": 30, **changes}
    given = proxy_search_settings(in_flight=4, **changes)
    expected, asked = searched(problem, given)
    for seed in range(3):
        rng, outcomes, dps = random.Random(seed), dict[str, Outcome](), Dps(problem, given)
        steps = dps.steps()
        wanted: list[Evaluation] | None = next(steps)
        while wanted is not None:
            while any(one.key not in outcomes for one in wanted):
                one = rng.choice([one for one in (*wanted, *dps.ahead(outcomes)) if one.key not in outcomes])
                outcomes[one.key] = made_up(one)
            wanted = following(steps, outcomes)
        assert dps.trials == expected.trials
        assert set(outcomes) == set(keys(asked))
    alone, _ = searched(problem, proxy_search_settings(**changes))
    assert alone.trials != expected.trials


def test_children_in_flight_do_not_know_of_each_other(problem: Problem) -> None:
    """Each goes by those that are four or more before it, and lived then."""
    dps, _ = searched(problem, proxy_search_settings(in_flight=4, cycles=60))
    parents = [trial.parent for trial in dps.trials[4:] if trial.parent is not None]
    assert len(parents) == 60
    assert set(parents[:4]) <= {0, 1, 2, 3}
    assert {place - parent for place, parent in enumerate(parents[4:], 8)} == {4, 5, 6, 7}


def test_the_history_grows_with_every_step(problem: Problem) -> None:
    dps = Dps(problem, proxy_search_settings(population=12))
    sent = 0
    for outcomes in answered(dps.steps()):
        assert len(dps.trials) * 6 == sent
        sent += outcomes
    assert len(dps.trials) * 6 == sent == 16 * 6


def answered(steps: Steps) -> Iterator[int]:
    """Sends what is asked for; before that, how much it is."""
    wanted = next(steps, None)
    while wanted is not None:
        yield len(wanted)
        try:
            wanted = steps.send({one.key: made_up(one) for one in wanted})
        except StopIteration:
            return


def test_children_name_their_parents(problem: Problem) -> None:
    dps, _ = searched(problem, proxy_search_settings(cycles=30))
    assert [trial.parent for trial in dps.trials[:4]] == [None] * 4
    for place, trial in enumerate(dps.trials[4:], 4):
        assert trial.parent is not None
        assert place - 4 <= trial.parent < place
        assert trial.configuration.digest() != dps.trials[trial.parent].configuration.digest()


@pytest.mark.parametrize("strategy", ["evolution", "random", "tpe"])
def test_what_is_trained_are_the_different_training_parts_and_networks(problem: Problem, strategy: str) -> None:
    """No key stands for two of them, so a store with keys computes each of them once."""
    dps, asked = searched(problem, proxy_search_settings(strategy=strategy, cycles=150))
    parts = {trial.configuration.training_part().digest() for trial in dps.trials}
    assert len(set(keys(asked))) == 6 * len(parts)
    assert len(keys(asked)) == 6 * 154


def test_a_trial_is_reused_where_an_earlier_one_has_its_training_part(problem: Problem) -> None:
    dps, asked = searched(problem, proxy_search_settings(cycles=150))
    everything = [one for step in asked for one in step]
    by_trial = [everything[start : start + 6] for start in range(0, len(everything), 6)]
    seen: set[str] = set()
    for trial, evaluations in zip(dps.trials, by_trial, strict=True):
        wanted = set(keys([evaluations]))
        assert trial.reused == (wanted <= seen)
        assert trial.reused or not wanted & seen
        seen |= wanted
    assert {trial.reused for trial in dps.trials} == {True, False}


def test_a_change_of_the_flops_weight_alone_needs_no_training(
    problem: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PROXY_SPACES, "alpha", ALPHA_ONLY)
    dps, asked = searched(problem, proxy_search_settings(proxy_space="alpha", cycles=20))
    assert len({trial.configuration.flops_weight for trial in dps.trials}) > 5
    assert len(set(keys(asked))) == 6
    assert [trial.reused for trial in dps.trials] == [False] + [True] * 23
    assert len({trial.scores for trial in dps.trials}) > 5


@pytest.mark.parametrize("strategy", ["evolution", "random", "tpe"])
def test_a_search_finds_the_read_out_that_ranks_best(
    problem: Problem, monkeypatch: pytest.MonkeyPatch, strategy: str
) -> None:
    """Losses by accuracy, the best architecture last. Only the third iteration ranks all six right; no training."""
    table = ((3, 1, 2, 5, 4, 6), (1, 3, 5, 2, 4, 6), (6, 5, 4, 3, 2, 1), (6, 4, 5, 3, 1, 2))
    rhos = {at: -stats.spearmanr(row, range(6)).statistic for at, row in zip((1, 2, 3, "last"), table, strict=True)}
    family = spaces.get(problem.space)
    ascending = [problem.architectures[place] for place in np.argsort(problem.accuracy)]
    order = {str(family.equivalent(family.parse(one))): rank for rank, one in enumerate(ascending)}

    def outcome(one: Evaluation) -> Outcome:
        return Outcome(tuple((float(row[order[one.architecture]]),) for row in table), 0.1)

    alike = replace(
        ALPHA_ONLY, flops_weight=(0.0,), learning_rate=(1.0, 0.5), base=Configuration(iterations=4, width=4)
    )
    monkeypatch.setitem(PROXY_SPACES, "alike", alike)
    given = proxy_search_settings(strategy=strategy, proxy_space="alike", population=6, cycles=24, read_out=True)
    dps, asked = searched(problem, given, outcome)
    for trial in dps.trials:
        assert trial.rho == pytest.approx(rhos[trial.configuration.read_out])
    best = max(dps.trials, key=lambda trial: trial.rho)
    assert (best.configuration.read_out, best.rho) == (3, pytest.approx(1.0))
    assert {trial.configuration.read_out for trial in dps.trials} == {1, 2, 3, "last"}
    assert len(set(keys(asked))) == 2 * 6, "two learning rates are trained, their read-outs are not"
    assert sum(not trial.reused for trial in dps.trials) == 2


def test_equal_networks_are_one_evaluation(problem: Problem) -> None:
    dead_end = "|nor_conv_3x3~0|+|{}~0|none~1|+|skip_connect~0|skip_connect~1|none~2|"
    twins = tuple(dead_end.format(operation) for operation in ("nor_conv_3x3", "avg_pool_3x3", "none"))
    alike = replace(problem, architectures=(*twins, *problem.architectures[3:]))
    _, asked = searched(alike, proxy_search_settings(cycles=0))
    assert set(Counter(keys(asked)).values()) == {1, 3}


# --- a function of problem, settings and outcomes ---


@pytest.mark.parametrize("strategy", ["evolution", "random", "tpe"])
@pytest.mark.parametrize("racing", [False, True])
def test_a_search_is_replayed_from_its_outcomes(problem: Problem, strategy: str, racing: bool) -> None:
    """Also where it is sent more than it asked for, all that is known: what that decides is not asked for."""
    given = proxy_search_settings(strategy=strategy, racing=racing, cycles=20)
    dps, asked = searched(problem, given)
    known = {one.key: made_up(one) for step in asked for one in step}
    again = Dps(problem, given)
    steps, left = again.steps(), iter(asked)
    wanted: list[Evaluation] | None = next(steps)
    while wanted is not None:
        assert wanted in left  # in their order
        wanted = following(steps, known)
    assert again.trials == dps.trials


def test_other_outcomes_and_other_seeds_lead_elsewhere(problem: Problem) -> None:
    one, _ = searched(problem, proxy_search_settings(cycles=10))
    other, _ = searched(problem, proxy_search_settings(cycles=10), third_diverges)
    assert [t.configuration for t in one.trials[:4]] == [t.configuration for t in other.trials[:4]]
    assert [t.configuration for t in one.trials] != [t.configuration for t in other.trials]
    elsewhere, _ = searched(replace(problem, seed=2), proxy_search_settings(cycles=10))
    assert not {t.configuration for t in one.trials[:4]} & {t.configuration for t in elsewhere.trials[:4]}


def test_the_width_of_the_settings_is_that_of_the_networks(problem: Problem) -> None:
    for width, channels in ((4, 4), ("small", 16), (12, 12)):
        _, asked = searched(problem, proxy_search_settings(width=width, cycles=0))
        assert {one.configuration.width for step in asked for one in step} == {channels}


def test_later_branches_count_less_where_the_settings_say_so(problem: Problem) -> None:
    equal, asked = searched(problem, proxy_search_settings(cycles=0))
    halving, asked_again = searched(problem, proxy_search_settings(cycles=0, branch_weights="halving"))
    assert keys(asked) == keys(asked_again)
    several = [place for place, trial in enumerate(equal.trials) if len(trial.configuration.branches) > 1]
    assert several
    for place in several:
        assert equal.trials[place].scores != halving.trials[place].scores
        trial = halving.trials[place]
        losses = made_up(evaluation(problem, trial, 0, 1)).values[-1]
        loss = sum(one * 0.5**depth for depth, one in enumerate(losses))
        expected = -loss * (1 + trial.configuration.flops_weight * problem.flops_norm[0])
        assert trial.scores[0] == pytest.approx(expected)


# --- as values ---


def test_a_trial_comes_back_from_json(problem: Problem) -> None:
    dps, _ = searched(problem, proxy_search_settings(cycles=20, racing=True), third_diverges)
    assert any(not trial.scores for trial in dps.trials)
    assert any(None in trial.scores for trial in dps.trials)
    for trial in dps.trials:
        text = json.dumps(trial.as_dict(), allow_nan=False)
        assert Trial.from_dict(json.loads(text)) == trial


# --- a trajectory kept as a file ---


def golden() -> list[dict[str, object]]:
    """The paper's search (A.6) on twenty architectures of NAS-Bench-201, with losses made up from the keys."""
    problem = ProxySearchSpecification("nasbench201", "cifar10", Sample(size=20), PAPERS, "noise", seed=7).problem()
    dps, _ = searched(problem, PAPERS)
    return [
        {"configuration": trial.configuration.digest(), "parent": trial.parent, "rho": round(trial.rho, 6)}
        for trial in dps.trials
    ]


def write_golden() -> None:
    rows = [json.dumps(row) for row in golden()]
    GOLDEN.write_text("[\n" + ",\n".join(rows) + "\n]\n", "utf-8")


def test_the_trajectory_is_the_one_on_file() -> None:
    """After a wanted change, write it anew with ``write_golden``.

    It holds on every machine: ρ adds up multiples of ½, and the losses are made up, so nothing is rounded in between.
    """
    expected = json.loads(GOLDEN.read_text("utf-8"))
    found = golden()
    assert len(expected) == 240
    assert sum(row["parent"] is not None for row in expected) == 200
    for place, (row, wanted) in enumerate(zip(found, expected, strict=True)):
        assert row == wanted, f"trial {place}"
