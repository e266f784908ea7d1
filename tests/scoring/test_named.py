"""Proxies by name, and members of both kinds as plain values."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy import stats

from eproxy_engine import baselines
from eproxy_engine.baselines import Baseline
from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Configuration, preset
from eproxy_engine.scoring import Ensemble
from eproxy_engine.scoring.cost import multiply_accumulates
from eproxy_engine.scoring.named import NamedProxy, named, names
from eproxy_engine.scoring.proxy import from_yaml, member_of, to_yaml, with_others


@pytest.mark.parametrize("name", names(["early_stopping@12"]))
def test_every_name_gives_a_proxy_that_survives_as_plain_values(name: str) -> None:
    proxy = named(name, 32, 8)
    assert proxy.name == name
    assert NamedProxy.from_dict(proxy.as_dict()) == proxy
    assert from_yaml(to_yaml(proxy.proxy)) == proxy.proxy
    assert proxy.title


def test_batch_and_width_are_those_of_the_other_proxies() -> None:
    assert named("snip", 32, 8).proxy == Baseline("snip", 32, 8)
    assert named("flops", 32, 8).proxy == Baseline("flops")
    assert named("eproxy_laptop", 32, 8).proxy == preset("laptop")


def test_az_nas_is_four_ranks() -> None:
    proxy = named("az_nas", 32, 8)
    assert isinstance(proxy.proxy, Ensemble)
    parts = [Baseline(f"az_{part}", 32, 8) for part in ("expressivity", "progressivity", "trainability")]
    assert proxy.proxy.members == (*parts, Baseline("flops"))
    scores = np.random.default_rng(0).normal(size=(4, 30))
    by_hand = sum(np.log(stats.rankdata(row) / 30) for row in scores)
    assert proxy.proxy.combine(scores, np.ones(30)) == pytest.approx(by_hand)


def test_who_is_last_for_one_member_hardly_recovers_by_logarithms() -> None:
    scores = np.array([[1.0, 2, 3, 4, 5, 6, 7, 8], [8.0, 5, 4, 3, 2, 1, 6, 7]])
    mean, log = (Ensemble((Baseline("flops"),), aggregation=how).combine(scores, np.ones(8)) for how in ("mean", "log"))
    assert mean[0] > mean[1]
    assert log[0] < log[1]


@pytest.mark.parametrize("name", ["eproxy", "gradnorm", "early_stopping@", ""])
def test_an_unknown_name_is_told(name: str) -> None:
    with pytest.raises(UserError, match=re.escape(f"unknown proxy {name!r}")):
        named(name)


def test_an_unknown_aggregation_is_told() -> None:
    with pytest.raises(UserError, match="unknown aggregation 'sum'; accepted: mean, log"):
        with_others(preset(), {"aggregation": "sum"})


def test_a_member_is_of_eproxy_unless_it_names_another_proxy() -> None:
    assert member_of({"learning_rate": 0.5}) == Configuration(learning_rate=0.5)
    assert member_of({"proxy": "snip", "batch": 8}) == Baseline("snip", 8)
    with pytest.raises(UserError, match="unknown zero-cost proxy 'x'"):
        member_of({"proxy": "x"})


def test_the_estimate_of_work_grows_with_batch_and_passes_and_is_nothing_for_tables() -> None:
    flops = 1e8
    work = {name: multiply_accumulates(Baseline(name), "nasbench201", flops) for name in baselines.names()}
    assert work["grad_norm"] > work["naswot"] > 0
    assert multiply_accumulates(Baseline("snip", 64), "nasbench201", flops) > 2 * work["snip"]
    assert multiply_accumulates(Baseline("parameters"), "nasbench201", flops) == 0
    assert multiply_accumulates(preset("laptop"), "nasbench201", flops) > 3 * work["grad_norm"]
