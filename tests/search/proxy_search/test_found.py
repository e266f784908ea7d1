"""What a search has found: the best configuration, or an ensemble of its best few, by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from scipy import stats

from eproxy_engine.proxy import Branch, Configuration
from eproxy_engine.scoring import Ensemble
from eproxy_engine.search.proxy_search.found import members, proxy_found
from eproxy_engine.search.proxy_search.search import Problem, Trial
from eproxy_engine.search.proxy_search.settings import ProxySearchSettings

ACCURACY = (1.0, 2.0, 3.0, 4.0, 5.0)
FLOPS = (0.3, 0.2, 0.5, 0.4, 0.9)
PROBLEM = Problem("nasbench201", ("a", "b", "c", "d", "e"), ACCURACY, FLOPS, "noise", 1)
A, B, C = (Configuration((Branch(c_mid=c_mid),)) for c_mid in (16, 32, 64))
PERFECT = (1.0, 2.0, 3.0, 4.0, 5.0)


def trial(configuration: Configuration, rho: float, scores: tuple[float | None, ...] = PERFECT) -> Trial:
    """No scores: cut short."""
    return Trial(configuration, None, rho, len(scores) or 2, scores.count(None), scores, False)


# --- the best few ---


def test_the_best_ones_in_order_and_of_equal_ones_the_earliest() -> None:
    trials = [trial(A, 0.2), trial(B, 0.7), trial(C, 0.7), trial(replace(A, learning_rate=0.5), 0.9)]
    assert members(trials, ProxySearchSettings(members=1)) == (3,)
    assert members(trials, ProxySearchSettings(members=3)) == (3, 1, 2)
    assert members(trials, ProxySearchSettings(members=4)) == (3, 1, 2, 0)
    assert members(trials, ProxySearchSettings(members=20)) == (3, 1, 2, 0)


def test_members_differ_in_what_is_trained() -> None:
    """α, the weights of branches and the order of features make no other member: the better one of them is it."""
    several = Configuration((Branch("deepest", ("net", "dot")), Branch("before_first")))
    trials = [
        trial(A, 0.5),
        trial(replace(A, flops_weight=-0.5), 0.8),
        trial(replace(A, branch_weights="halving"), 0.6),
        trial(several, 0.4),
        trial(replace(several, branches=(Branch("before_first"), Branch("deepest", ("dot", "net")))), 0.7),
        trial(replace(several, branch_weights="halving"), 0.7),
        trial(B, 0.1),
    ]
    assert members(trials, ProxySearchSettings(members=20)) == (1, 4, 6)


def test_what_was_cut_short_is_no_member() -> None:
    trials = [trial(A, 0.2), trial(B, 0.9, ()), trial(C, 0.1), trial(replace(A, flops_weight=0.5), 0.95, ())]
    assert members(trials, ProxySearchSettings(members=20)) == (0, 2)
    one = proxy_found(PROBLEM, trials, ProxySearchSettings())
    assert (one.proxy, one.places, one.rho) == (A, (0,), 0.2)


# --- a single configuration ---


def test_of_one_member_it_is_the_configuration_itself() -> None:
    one = proxy_found(PROBLEM, [trial(A, 0.2), trial(B, 0.7)], ProxySearchSettings(members=1))
    assert (one.proxy, one.rho, one.places) == (B, 0.7, (1,))


def test_where_everything_diverged_there_is_still_one() -> None:
    nothing = trial(A, -1.0, (None,) * 5)
    one = proxy_found(PROBLEM, [nothing, nothing], ProxySearchSettings(members=1))
    assert (one.proxy, one.rho, one.places) == (A, -1.0, (0,))


# --- ensembles ---


def test_an_ensemble_averages_ranks() -> None:
    """Ranks of A: 1 2 3 4 5, of B: 2 1 3 5 4, of C: 5 3 4 1 2; their sums: 8 6 10 10 11."""
    trials = [
        trial(C, 0.1, (50.0, 30.0, 40.0, 10.0, 20.0)),
        trial(B, 0.8, (-4.0, -5.0, -3.0, -1.0, -2.0)),
        trial(A, 1.0, (1e-9, 2e-9, 3e-9, 4e-9, 5e-9)),
    ]
    two = proxy_found(PROBLEM, trials, ProxySearchSettings(members=2))
    assert (two.proxy, two.places) == (Ensemble((A, B), 0.0), (2, 1))
    assert two.rho == pytest.approx(stats.spearmanr([3, 3, 6, 9, 9], ACCURACY).statistic)
    three = proxy_found(PROBLEM, trials, ProxySearchSettings(members=3))
    assert (three.proxy, three.places) == (Ensemble((A, B, C), 0.0), (2, 1, 0))
    assert three.rho == pytest.approx(stats.spearmanr([8, 6, 10, 10, 11], ACCURACY).statistic)


def test_where_a_member_diverged_it_ranks_the_architecture_last() -> None:
    """Ranks of A: 3 4 1.5 1.5 5, two of them diverged, of B: 1 2 3 4 5; their sums: 4 6 4.5 5.5 10."""
    trials = [trial(A, 0.9, (0.1, 0.2, None, None, 0.3)), trial(B, 0.8)]
    two = proxy_found(PROBLEM, trials, ProxySearchSettings(members=2))
    assert two.rho == pytest.approx(stats.spearmanr([4, 6, 4.5, 5.5, 10], ACCURACY).statistic)


def test_the_flops_weigh_as_much_as_they_rank_the_sample() -> None:
    """ρ of the FLOPs 2 3 1 5 4 is 0.6; ranks of the scores: 1 2 4 5 3. Together, with 0.6: 2.2 3.8 4.6 8 5.4."""
    problem = replace(PROBLEM, flops_norm=(0.2, 0.3, 0.1, 0.9, 0.4))
    one = proxy_found(problem, [trial(A, 0.7, (-0.5, -0.4, -0.2, -0.1, -0.3))], ProxySearchSettings(flops=True))
    assert one.proxy == Ensemble((A,), 0.6)
    assert one.rho == pytest.approx(0.9)


def test_flops_that_rank_the_sample_the_other_way_do_not_count() -> None:
    problem = replace(PROBLEM, flops_norm=(0.5, 0.4, 0.3, 0.2, 0.1))
    one = proxy_found(problem, [trial(A, 1.0)], ProxySearchSettings(flops=True))
    assert one.proxy == Ensemble((A,), 0.0)
    assert one.rho == 1.0


def test_the_prior_stays_among_several_members_however_bad() -> None:
    trials = [trial(A, 0.1), trial(B, 0.5), trial(C, 0.4), trial(replace(B, learning_rate=0.5), 0.9)]
    assert members(trials, ProxySearchSettings(members=2)) == (3, 1)
    assert members(trials, ProxySearchSettings(members=2, prior=True)) == (3, 0)
    assert members(trials, ProxySearchSettings(members=4, prior=True)) == (3, 1, 2, 0)
    assert members(trials, ProxySearchSettings(members=1, prior=True)) == (3,)


def test_where_only_one_was_evaluated_in_full_it_stands_alone() -> None:
    one = proxy_found(PROBLEM, [trial(A, 1.0), trial(B, 0.5, ())], ProxySearchSettings(members=5))
    assert (one.proxy, one.places) == (A, (0,))
    assert one.rho == 1.0


def test_the_rho_of_an_ensemble_in_which_everything_diverged_is_a_number() -> None:
    """As it is for one configuration: results are kept as JSON, which has no NaN."""
    nothing = [trial(A, -1.0, (None,) * 5), trial(B, -1.0, (None,) * 5)]
    one = proxy_found(PROBLEM, nothing, ProxySearchSettings(members=2))
    assert one.proxy == Ensemble((A, B))
    assert math.isfinite(one.rho)
