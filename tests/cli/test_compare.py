"""``compare``, ``proxies`` and ``evaluate --proxy`` as scripts use them."""

from __future__ import annotations

import pytest
from scipy import stats

from eproxy_engine.sampling import Sample
from eproxy_engine.statistics import paired_difference
from tests.cli.test_cli import Call, call

__all__ = ["call"]

NETWORKS = ("--space", "nasbench201", "--images", "noise", "--workers", "1")
SMALL = (*NETWORKS, "--sample", "8", "--width", "4", "--batch", "4")


def test_compare_gives_one_row_a_proxy(call: Call) -> None:
    asked = ("--proxy", "snip", "--proxy", "flops", "--proxy", "early_stopping@12")
    answer = call("compare", *SMALL, *asked, "--seeds", "2", "--json").json
    rows = {row["name"]: row for row in answer["proxies"]}
    assert list(rows) == ["snip", "flops", "early_stopping@12"]
    table = Sample(size=8).draw("nasbench201", "cifar10")
    early = stats.spearmanr(table["accuracy@12"], table["accuracy"]).statistic
    assert rows["early_stopping@12"]["rho"] == pytest.approx(early)
    assert len(rows["snip"]["seed_rhos"]) == 2
    pairs = {(each["first"], each["second"]): each for each in answer["differences"]}
    assert list(pairs) == [("snip", "flops"), ("snip", "early_stopping@12"), ("flops", "early_stopping@12")]
    gap = paired_difference(table["flops"], table["accuracy@12"], table["accuracy"])
    assert pairs["flops", "early_stopping@12"] == {
        "first": "flops",
        "second": "early_stopping@12",
        **gap.as_dict("rho_difference"),
    }
    assert call("runs", "show", answer["run"], "--json").json == answer


def test_compare_prints_a_table(call: Call) -> None:
    alone = call("compare", *SMALL, "--proxy", "flops")
    assert alone.code == 0
    assert "flops" in alone.out
    assert "n = 8" in alone.out
    assert "paired" not in alone.out
    table = Sample(size=8).draw("nasbench201", "cifar10")
    gap = paired_difference(table["accuracy@12"], table["flops"], table["accuracy"])
    two = call("compare", *SMALL, "--proxy", "flops", "--proxy", "early_stopping@12").out
    assert "ρ less that of" in two
    assert f"{gap.value:.3f}  [{gap.low:.3f}, {gap.high:.3f}]" in two
    assert "paired" in two


def test_compare_takes_files(call: Call, tmp_path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "mine.yaml"
    file.write_text("proxy: snip\nbatch: 4\nwidth: 4\nensemble: {others: [{proxy: flops}]}\n", "utf-8")
    rows = call("compare", *SMALL, "--config", str(file), "--json").json["proxies"]
    assert [row["name"] for row in rows] == ["mine"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--proxy", "grad"), "unknown proxy 'grad'"),
        (("--proxy", "snip", "--seeds", "0"), "seeds []; accepted: 1 to 20"),
        (("--proxy", "early_stopping@99"), "'early_stopping@99' is not in the table"),
    ],
)
def test_compare_says_what_would_be_accepted(call: Call, arguments: tuple[str, ...], said: str) -> None:
    answer = call("compare", *SMALL, *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.errors


def test_evaluate_takes_another_proxy_and_its_values(call: Call) -> None:
    answer = call(
        "evaluate", *NETWORKS, "--sample", "6", "--proxy", "naswot", "--set", "batch=4", "--width", "4", "--json"
    ).json
    assert answer["n"] == 6
    assert all(row["losses"] == [] and row["score"] is not None for row in answer["rows"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--proxy", "naswot", "--config", "x.yaml"), "--proxy naswot and --config x.yaml; accepted: one of them"),
        (("--proxy", "naswot", "--set", "learning_rate=1"), "'learning_rate' of a zero-cost proxy"),
        (("--proxy", "az_nas", "--set", "batch=4"), "accepted: neither with an ensemble"),
    ],
)
def test_evaluate_says_what_would_be_accepted(call: Call, arguments: tuple[str, ...], said: str) -> None:
    answer = call("evaluate", "--space", "nasbench201", "--sample", "6", *arguments)
    assert answer.code == 2
    assert said in answer.errors


def test_proxies_lists_what_there_is(call: Call) -> None:
    answer = call("proxies", "--json").json
    names = [proxy["name"] for proxy in answer["proxies"]]
    assert {"grad_norm", "snip", "grasp", "fisher", "synflow", "naswot"} <= set(names)
    assert all(proxy["source"] for proxy in answer["proxies"])
    assert "synflow" in call("proxies").out
