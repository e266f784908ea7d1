"""Ensembles of proxies: mean ranks by hand, and a proxy as a YAML document."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
import yaml

from eproxy_engine.errors import UserError
from eproxy_engine.proxy import PRESETS, Branch, Configuration
from eproxy_engine.scoring.ensemble import LARGEST_SHARE, MOST_MEMBERS, Ensemble, mean_ranks
from eproxy_engine.scoring.proxy_file import from_yaml, to_yaml

LOST = -np.inf
FIRST = Configuration((Branch("deepest", ("net", "dot"), 1.5, 7, 1, 512, 16), Branch("before_first")), width=12)
SECOND = Configuration(learning_rate=0.7, weight_decay=1e-05, barrier=False, flops_weight=-0.3)
THIRD = Configuration(branch_weights="halving", network_init="xavier_uniform", width="published")
ENSEMBLES = [
    None,
    Ensemble(),
    Ensemble((SECOND,)),
    Ensemble((SECOND, THIRD), 0.5),
    Ensemble((), 4.0),
    Ensemble((FIRST,) * 19, 1e-05),
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
    assert Ensemble((SECOND,), share).combine(scores, flops).tolist() == pytest.approx(combined)


def test_what_is_combined_has_no_scale() -> None:
    rng = np.random.default_rng(1)
    scores, flops = rng.normal(size=(3, 20)), rng.random(20)
    scaled = scores * np.array([[1e-6], [1.0], [1e6]]) + np.array([[-7.0], [0.0], [1e3]])
    ensemble = Ensemble((SECOND, THIRD), 0.25)
    assert ensemble.combine(scaled, 100 * flops).tolist() == ensemble.combine(scores, flops).tolist()
    combined = ensemble.combine(scores, flops)
    assert combined.shape == (20,)
    assert 0 <= combined.min() <= combined.max() <= 1


# --- as values and as documents ---


@pytest.mark.parametrize("ensemble", [one for one in ENSEMBLES if one is not None])
def test_an_ensemble_comes_back_from_plain_values(ensemble: Ensemble) -> None:
    assert Ensemble.from_dict(ensemble.as_dict()) == ensemble
    assert Ensemble.from_dict(json.loads(json.dumps(ensemble.as_dict()))) == ensemble


@pytest.mark.parametrize("ensemble", ENSEMBLES)
@pytest.mark.parametrize("configuration", [FIRST, SECOND, THIRD, *PRESETS.values()])
def test_a_proxy_comes_back_from_its_document(configuration: Configuration, ensemble: Ensemble | None) -> None:
    text = to_yaml(configuration, ensemble)
    assert from_yaml(text) == (configuration, ensemble)
    assert from_yaml(json.dumps(yaml.safe_load(text))) == (configuration, ensemble)


def test_the_document_of_a_configuration_alone_is_the_configurations() -> None:
    assert to_yaml(FIRST) == FIRST.to_yaml()
    assert from_yaml(FIRST.to_yaml()) == (FIRST, None)
    assert from_yaml("{}") == (Configuration(), None)


def test_what_is_missing_has_its_default() -> None:
    assert from_yaml("ensemble: {}") == (Configuration(), Ensemble())
    assert from_yaml("ensemble:") == (Configuration(), None)
    assert from_yaml("ensemble: {others: [{}], flops_share: 1}") == (Configuration(), Ensemble((Configuration(),), 1.0))


def test_a_document_with_an_ensemble_is_no_configuration() -> None:
    """Where an ensemble cannot be used, it is not silently left out."""
    with pytest.raises(UserError, match="unknown configuration key 'ensemble'"):
        Configuration.from_yaml(to_yaml(FIRST, Ensemble((SECOND,))))


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


def test_too_many_members() -> None:
    assert len(Ensemble((SECOND,) * (MOST_MEMBERS - 1)).others) == 19
    with pytest.raises(UserError, match="an ensemble of 21 members; accepted: up to 20"):
        Ensemble((SECOND,) * MOST_MEMBERS)


@pytest.mark.parametrize("share", [-0.1, LARGEST_SHARE + 0.1, float("nan"), "1", None, True])
def test_a_share_out_of_range(share: Any) -> None:
    with pytest.raises(UserError, match=re.escape(f"flops_share is {share!r}; accepted: a number from 0 to 4")):
        Ensemble((), share)
