"""Ensembles of proxies: mean ranks by hand, and a proxy as a YAML document."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
import yaml

from eproxy_engine.baselines import Baseline
from eproxy_engine.errors import UserError
from eproxy_engine.proxy import PRESETS, Branch, Configuration
from eproxy_engine.scoring.proxy import (
    LARGEST_SHARE,
    MOST_MEMBERS,
    Ensemble,
    Proxy,
    from_yaml,
    mean_ranks,
    plain_values,
    proxy_of,
    to_yaml,
)

LOST = -np.inf
FIRST = Configuration((Branch("deepest", ("net", "dot"), 1.5, 7, 1, 512, 16), Branch("before_first")), width=12)
SECOND = Configuration(learning_rate=0.7, weight_decay=1e-05, barrier=False, flops_weight=-0.3)
THIRD = Configuration(branch_weights="halving", network_init="xavier_uniform", width="published")
PROXIES = [
    *(FIRST, SECOND, THIRD, *PRESETS.values()),
    Ensemble((FIRST,)),
    Ensemble((THIRD, SECOND)),
    Ensemble((FIRST, SECOND, THIRD), 0.5),
    Ensemble((SECOND,), 4.0, "log"),
    Ensemble((FIRST,) * 20, 1e-05),
    Ensemble((Baseline("snip"), FIRST)),
    Baseline("flops"),
]


# --- mean ranks ---


@pytest.mark.parametrize(
    ("scores", "ranks"),
    [
        ([[1.0, 3.0, 2.0]], [0, 1, 1 / 2]),
        ([[-8.0, -1e9, 1e-9]], [1 / 2, 0, 1]),
        ([[1.0, 1.0, 2.0]], [1 / 4, 1 / 4, 1]),
        ([[5.0, 5.0, 5.0]], [1 / 2, 1 / 2, 1 / 2]),
        ([[LOST, 3.0, 2.0]], [0, 1, 1 / 2]),
        ([[LOST, LOST, -1e300]], [1 / 4, 1 / 4, 1]),
        ([[LOST, LOST, LOST]], [1 / 2, 1 / 2, 1 / 2]),
        ([[1.0, 2.0, 3.0], [1000.0, 3000.0, 2000.0]], [0, 3 / 4, 3 / 4]),
        ([[1.0, 2.0, 3.0], [LOST, LOST, 7.0], [3.0, 2.0, 1.0]], [5 / 12, 5 / 12, 2 / 3]),
        ([[3.0, 4.0]], [0, 1]),
        ([[3.0]], [0]),
        ([[3.0], [LOST]], [0]),
        ([[], []], []),
    ],
)
def test_mean_ranks_by_hand(scores: list[list[float]], ranks: list[float]) -> None:
    """From 0 to 1; equal ones share, diverged ones are lowest."""
    assert mean_ranks(np.array(scores)).tolist() == pytest.approx(ranks)


@pytest.mark.parametrize(
    ("share", "combined"),
    [
        (0.0, [1 / 4, 1 / 4, 1]),
        (1.0, [5 / 8, 1 / 8, 3 / 4]),
        (0.5, [(1 / 4 + 1 / 2) / 1.5, (1 / 4 + 0) / 1.5, (1 + 1 / 4) / 1.5]),
        (4.0, [(1 / 4 + 4) / 5, (1 / 4) / 5, (1 + 2) / 5]),
    ],
)
def test_the_flops_weigh_beside_all_members_together(share: float, combined: list[float]) -> None:
    """Ranks of two members: 0 1/2 1 and 1/2 0 1; of the FLOPs: 1 0 1/2."""
    scores, flops = np.array([[-3.0, -2.0, -1.0], [20.0, LOST, 30.0]]), np.array([0.9, 0.1, 0.5])
    assert Ensemble((FIRST, SECOND), share).combine(scores, flops).tolist() == pytest.approx(combined)


def test_what_is_combined_has_no_scale() -> None:
    rng = np.random.default_rng(1)
    scores, flops = rng.normal(size=(3, 20)), rng.random(20)
    scaled = scores * np.array([[1e-6], [1.0], [1e6]]) + np.array([[-7.0], [0.0], [1e3]])
    ensemble = Ensemble((FIRST, SECOND, THIRD), 0.25)
    assert ensemble.combine(scaled, 100 * flops).tolist() == ensemble.combine(scores, flops).tolist()
    combined = ensemble.combine(scores, flops)
    assert combined.shape == (20,)
    assert 0 <= combined.min() <= combined.max() <= 1


# --- as values and as documents ---


@pytest.mark.parametrize("proxy", PROXIES)
def test_a_proxy_comes_back_from_plain_values(proxy: Proxy) -> None:
    assert proxy_of(json.loads(json.dumps(plain_values(proxy)))) == proxy


@pytest.mark.parametrize("proxy", PROXIES)
def test_a_proxy_comes_back_from_its_document(proxy: Proxy) -> None:
    text = to_yaml(proxy)
    assert from_yaml(text) == proxy
    assert from_yaml(json.dumps(yaml.safe_load(text))) == proxy


def test_plain_values_are_those_of_earlier_versions() -> None:
    """Stores and run files have them: the first member apart from the others."""
    values = plain_values(Ensemble((FIRST, SECOND), 0.5))
    assert values == {
        "configuration": FIRST.as_dict(),
        "ensemble": {"others": [SECOND.as_dict()], "flops_share": 0.5, "aggregation": "mean"},
    }
    assert plain_values(FIRST) == {"configuration": FIRST.as_dict(), "ensemble": None}
    assert proxy_of({"configuration": FIRST.as_dict()}) == FIRST


def test_the_document_of_a_configuration_alone_is_the_configurations() -> None:
    assert to_yaml(FIRST) == FIRST.to_yaml()
    assert from_yaml(FIRST.to_yaml()) == FIRST
    assert from_yaml("{}") == Configuration()


def test_what_is_missing_has_its_default() -> None:
    assert from_yaml("ensemble: {}") == Ensemble((Configuration(),))
    assert from_yaml("ensemble:") == Configuration()
    assert from_yaml("ensemble: {others: [{}], flops_share: 1}") == Ensemble((Configuration(),) * 2, 1.0)


def test_a_document_with_an_ensemble_is_no_configuration() -> None:
    """Where an ensemble cannot be used, it is not silently left out."""
    with pytest.raises(UserError, match="unknown configuration key 'ensemble'"):
        Configuration.from_yaml(to_yaml(Ensemble((FIRST, SECOND))))


# --- what is refused ---


def refused(text: str) -> str:
    with pytest.raises(UserError) as caught:
        from_yaml(text)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a configuration is a mapping of branches, "),
        ("[1, 2]", "but got [1, 2]"),
        ("just words", "but got 'just words'"),
        ("{", "cannot be read"),
        ("!!python/object/apply:os.getcwd []", "cannot be read"),
        ("depth: 3", "unknown configuration key 'depth'"),
        ("ensemble: 3", "an ensemble is a mapping of others, flops_share, aggregation, but got 3"),
        ("ensemble: false", "an ensemble is a mapping of others, flops_share, aggregation, but got False"),
        ("ensemble: []", "an ensemble is a mapping of others, flops_share, aggregation, but got []"),
        (
            "ensemble: {members: []}",
            "an ensemble is a mapping of others, flops_share, aggregation, but got {'members': []}",
        ),
        ("ensemble: {others: 3}", "others is 3; accepted: a list of configurations"),
        ("ensemble: {others: {c_mid: 16}}", "others is {'c_mid': 16}; accepted: a list of configurations"),
        ("ensemble: {others: [3]}", "a configuration is a mapping of branches, "),
        ("ensemble: {others: [{depth: 3}]}", "unknown configuration key 'depth'"),
        ("ensemble: {others: [{momentum: 2}]}", "momentum is 2; accepted: a number from 0.0 to 0.999"),
        ("ensemble: {others: [{branches: [{c_mid: 17}]}]}", "c_mid is 17; accepted: 16, 32"),
        ("ensemble: {others: [{ensemble: {}}]}", "unknown configuration key 'ensemble'"),
        *(
            (f"ensemble: {{flops_share: {text}}}", f"flops_share is {shown}; accepted: a number from 0 to 4")
            for text, shown in {
                "-0.1": "-0.1",
                "4.5": "4.5",
                ".nan": "nan",
                ".inf": "inf",
                "lots": "'lots'",
                "on": "True",
                "null": "None",
                "[1]": "[1]",
            }.items()
        ),
    ],
)
def test_a_document_that_is_no_proxy(text: str, message: str) -> None:
    assert message in refused(text)


def test_too_many_members_or_none() -> None:
    assert len(Ensemble((SECOND,) * MOST_MEMBERS).members) == 20
    for count in (0, MOST_MEMBERS + 1):
        with pytest.raises(UserError, match=f"an ensemble of {count} members; accepted: 1 to 20"):
            Ensemble((SECOND,) * count)


@pytest.mark.parametrize("share", [-0.1, LARGEST_SHARE + 0.1, float("nan"), "1", None, True])
def test_a_share_out_of_range(share: Any) -> None:
    with pytest.raises(UserError, match=re.escape(f"flops_share is {share!r}; accepted: a number from 0 to 4")):
        Ensemble((FIRST,), share)
