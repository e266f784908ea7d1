"""The command ``search``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from eproxy_engine import benchmarks
from eproxy_engine.cli.architecture_search import command
from eproxy_engine.cli.runs import command as runs_command
from eproxy_engine.errors import UserError
from eproxy_engine.runs import ProxySearchSpecification, Store

SMALL = ["--population", "4", "--tournament", "2", "--cycles", "6", "--workers", "1"]
EPROXY = ["--width", "4", "--set", "iterations=2", "--set", "batch=2"]


def answered(tmp_path: Path, *options: str) -> dict[str, Any]:
    words = ["--space", "nasbench201", "--store", str(tmp_path / "store.sqlite3"), "--json", *options]
    printed = CliRunner().invoke(command, words, catch_exceptions=False, standalone_mode=False)
    return dict(json.loads(printed.stdout))


def test_the_answer_holds_the_best_the_queries_and_the_history(tmp_path: Path) -> None:
    answer = answered(tmp_path, "--strategy", "random", "--queries", "30", "--seed", "4")
    accuracies = benchmarks.known("nasbench201", "cifar10").set_index("architecture")["accuracy"]
    assert answer["queries"] == 30
    assert len(answer["history"]) == 30
    best = max(answer["history"], key=lambda trial: trial["accuracy"])
    assert answer["best"] == {"arch": best["arch"], "accuracy": accuracies[best["arch"]]}
    assert answer["searches"][0]["seed"] == 4


def test_bayesian_search_is_repeated_by_its_seed(tmp_path: Path) -> None:
    options = ["--strategy", "bayesian", "--queries", "9", "--acquisition", "upper-bound", "--first", "3"]
    limits = ["--panel", "instant", "--max-flops", "12000000"]
    answer = answered(tmp_path, *options, *limits)
    assert answer["queries"] == len(answer["history"]) == 9
    assert all(trial["flops"] <= 12_000_000 for trial in answer["history"])
    assert answered(tmp_path, *options, *limits)["history"] == answer["history"]


def test_a_proxy_is_trained_and_its_best_are_queried(tmp_path: Path) -> None:
    answer = answered(tmp_path, *SMALL, *EPROXY, "--queries", "7", "--spent", "3")
    assert (answer["queries"], answer["spent"]) == (7, 3)
    assert answer["evaluations"] > 4
    again = answered(tmp_path, *SMALL, *EPROXY, "--queries", "7", "--spent", "3")
    assert again["history"] == answer["history"]


def test_the_proxy_of_a_dps_run_and_its_sample_as_first_queries(tmp_path: Path, store_with_samples: Path) -> None:
    store = Store(shutil.copy(store_with_samples, tmp_path / "store.sqlite3"))
    (run,) = [each for each in store.runs() if each.kind == "dps" and each.specification.space == "nasbench201"]
    assert isinstance(run.specification, ProxySearchSpecification)
    options = ["--dps", run.id, "--strategy", "random", "--queries", "25"]
    history = answered(tmp_path, *options)["history"]
    assert [trial["arch"] for trial in history[:20]] == run.specification.architectures()["architecture"].tolist()
    elsewhere = answered(tmp_path, *options, "--task", "cifar100")
    assert elsewhere["spent"] == 0
    with pytest.raises(UserError, match="accepted: no other option that does"):
        answered(tmp_path, *options, "--proxy", "flops")
    other = next(each for each in store.runs() if each.kind == "search")
    with pytest.raises(UserError, match="has found no proxy; accepted: a DPS run"):
        answered(tmp_path, "--dps", other.id)


def test_it_says_what_jumped(tmp_path: Path) -> None:
    options = ["--strategy", "evolution", "--queries", "20", "--population", "5", "--task", "imagenet"]
    answer = answered(tmp_path, *options, "--space", "nasbench101")
    jumped = [trial["jumped"] for trial in answer["history"]]
    assert answer["searches"][0]["jumps"] == sum(jumped) > 10
    assert not any(jumped[:5])


def test_constraints_hold(tmp_path: Path) -> None:
    options = ["--strategy", "evolution", "--queries", "20", "--population", "5", "--max-flops", "60000000"]
    assert all(trial["flops"] <= 60_000_000 for trial in answered(tmp_path, *options)["history"])


def test_without_json_it_prints_a_table_and_runs_show_prints_it_again(tmp_path: Path) -> None:
    words = ["--space", "nasbench201", "--strategy", "local", "--queries", "25", "--seeds", "2"]
    store = ["--store", str(tmp_path / "store.sqlite3")]
    printed = CliRunner().invoke(command, [*words, *store], catch_exceptions=False, standalone_mode=False).stdout
    assert "local search on the accuracy, 25 queries, 2 seeds" in printed
    assert "optimum 91.6067" in printed
    run_id = printed.split("run ")[-1].split()[0]
    again = CliRunner().invoke(runs_command, ["show", run_id, *store], catch_exceptions=False, standalone_mode=False)
    assert again.stdout == printed


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--queries", "20000"], "20,000 queries; accepted: 1 to 15,625"),
        (["--strategy", "evolution", "--whole-space"], "evolution needs accuracies"),
        (["--min-flops", "5", "--max-flops", "4"], "min_flops is 5, max_flops 4"),
        (["--proxy", "nonsense"], "nonsense"),
        (["--seeds", "0"], "accepted: 1 to 200 different ones"),
    ],
)
def test_what_makes_no_sense_is_told(tmp_path: Path, options: list[str], message: str) -> None:
    with pytest.raises(UserError, match=message):
        answered(tmp_path, *options)
