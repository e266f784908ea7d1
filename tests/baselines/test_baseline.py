"""Baselines as values, those of the tables, and the registry."""

from __future__ import annotations

import math
import re

import pandas as pd
import pytest

from eproxy_engine import baselines, benchmarks
from eproxy_engine.baselines import Baseline, tabulated, zero_cost_proxy
from eproxy_engine.errors import UserError
from eproxy_engine.sampling import Sample
from eproxy_engine.spaces import plugins

ABOUT = {"title": "Mine", "source": "me", "cost": "none", "passes": 1, "assumes": "nothing"}


@pytest.mark.parametrize(
    "given", [Baseline("snip"), Baseline("zen", 64, "published"), Baseline("flops"), Baseline("meco", 2, 4)]
)
def test_plain_values_give_it_back(given: Baseline) -> None:
    assert Baseline.from_dict(given.as_dict()) == given


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"proxy": "snip", "batch": 1}, "batch is 1; accepted: a whole number from 2 to 256"),
        ({"proxy": "snip", "batch": True}, "batch is True"),
        (
            {"proxy": "snip", "width": "tiny"},
            "width 'tiny'; accepted: small, published or a whole number from 4 to 512",
        ),
        ({"proxy": "snipp"}, "unknown zero-cost proxy 'snipp'"),
        ({"proxy": 3}, "proxy is 3; accepted: a name"),
        ({"proxy": "snip", "seed": 1}, "unknown key 'seed' of a zero-cost proxy; accepted: proxy, batch, width"),
    ],
)
def test_what_is_not_accepted_is_told(values: dict[str, object], said: str) -> None:
    with pytest.raises(UserError, match=re.escape(said)):
        Baseline.from_dict(values)


def test_digests_tell_settings_apart() -> None:
    given = [Baseline("snip"), Baseline("snip", 32), Baseline("snip", width=8), Baseline("grasp")]
    assert len({one.digest() for one in given}) == len(given)


def test_every_proxy_says_what_it_is() -> None:
    for proxy in map(baselines.get, baselines.names()):
        assert proxy.title
        assert re.search(r"\b(19|20)\d\d\b", proxy.source), proxy
        assert proxy.cost
        assert proxy.assumes.endswith(".")
        assert proxy.passes >= 0


def test_all_that_the_issue_names_are_there() -> None:
    wanted = "grad_norm snip grasp fisher synflow naswot zen zico jacob_cov meco swap gradsign epe_nas plain l2_norm"
    parts = ("az_expressivity", "az_progressivity", "az_trainability")
    assert {*wanted.split(), *parts} == set(baselines.names())


@pytest.mark.parametrize(("name", "said"), [("snip", "already registered"), ("My Proxy", "lower-case words")])
def test_a_name_that_is_taken_or_malformed_is_refused(name: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        zero_cost_proxy(name, **ABOUT)(lambda network, images, labels: 0.0)


def test_code_of_ones_own_that_changes_is_measured_anew(own_proxies: None) -> None:
    zero_cost_proxy("mine", **ABOUT)(lambda network, images, labels: 0.0)
    assert baselines.get("mine").fingerprint
    before = Baseline("mine").digest()
    plugins.proxies["mine"] = type(baselines.get("mine"))(**{**vars(baselines.get("mine")), "fingerprint": "other"})
    assert Baseline("mine").digest() != before
    assert baselines.get("snip").fingerprint == ""


# --- what the tables say ---


def test_parameters_flops_and_early_stopping_are_those_of_the_table() -> None:
    table = Sample("random", 50, 1).draw("nasbench201", "cifar10")
    assert tabulated.available(table) == ["parameters", "flops", "early_stopping@12"]
    assert tabulated.scores("flops", table).tolist() == table["flops"].tolist()
    assert tabulated.scores("early_stopping@12", table).tolist() == table["accuracy@12"].tolist()


def test_nasbench101_knows_three_lengths_of_training() -> None:
    table = benchmarks.known("nasbench101", "cifar10-valid")
    assert tabulated.available(table)[2:] == ["early_stopping@4", "early_stopping@12", "early_stopping@36"]


def test_what_the_table_lacks_is_told() -> None:
    table = pd.DataFrame({"parameters": [1], "flops": [2], "accuracy@3": [math.nan]})
    assert tabulated.available(table) == ["parameters", "flops"]
    with pytest.raises(
        UserError, match=re.escape("'early_stopping@12' is not in the table; accepted: parameters, flops")
    ):
        tabulated.scores("early_stopping@12", table)


@pytest.mark.parametrize("name", ["early_stopping", "early_stopping@", "early_stopping@x", "flop"])
def test_other_names_are_not_of_the_table(name: str) -> None:
    assert not tabulated.is_tabulated(name)
