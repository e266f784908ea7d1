"""``rank`` and ``panel`` as scripts use them."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from eproxy_engine import benchmarks
from eproxy_engine.learning.panels import panel
from eproxy_engine.learning.panels.shipped import IMAGES, SEED, read
from eproxy_engine.sampling import Sample
from tests.cli.test_cli import Call, call, refused
from tests.registry import EXAMPLE, fresh_registry

__all__ = ["call", "fresh_registry"]

INSTANT = ("rank", "--space", "nasbench101", "--panel", "instant", "--holdout", 60, "--draws", 2, "--archs", 5)
COLUMNS = ["rank", "architecture", "predicted", "deviation", "labelled", "accuracy"]


def sampled(size: int) -> pd.DataFrame:
    return Sample(size=size).draw("nasbench101", "cifar10").set_index("architecture")


def labels_file(folder: Path, count: int = 6, header: str = "mine (points)", more: str = "") -> Path:
    """Accuracies of one's own, on a scale of one's own."""
    rows = [f'"{text}",{place / 8 - 0.5}' for place, text in enumerate(sampled(count).index)]
    path = folder / "mine.csv"
    path.write_text("\n".join([f"architecture,{header}", *rows, more]), "utf-8")
    return path


def test_rank_answers_as_promised_and_writes_the_ranking(call: Call, tmp_path: Path) -> None:
    """All of the panel ships for nasbench101, so that nothing is computed."""
    out = tmp_path / "ranking.csv"
    asked = ("--space", "nasbench101", "--task", "cifar10", "--archs", 20, "--panel", "quick", "--model", "gp")
    answer = call("rank", *asked, "--holdout", 150, "--draws", 3, "--seed", 1, "--out", out, "--json").json
    assert (answer["n"], answer["draws"], answer["labels"]) == (150, 3, 20)
    spreads = [answer["rho"], answer["top10"], answer["flops"], *(each["rho"] for each in answer["models"].values())]
    assert all(set(each) == {"mean", "sd"} for each in spreads)
    assert set(answer["models"]) == {"gp", "ridge", "best", "mean4", "prior"}
    assert 0.6 < answer["rho"]["mean"] < 1
    assert answer["seconds_per_architecture"] > 0

    table = pd.read_csv(out)
    assert list(table) == [*COLUMNS, *panel("quick").names]
    assert (len(table), table["labelled"].sum()) == (170, 20)
    assert table["rank"].tolist() == list(range(1, 171))
    rows = sampled(170)
    assert set(table["architecture"]) == set(rows.index)
    for name in ("accuracy", "flops", "parameters"):
        assert table[name].tolist() == pytest.approx(rows.loc[table["architecture"], name].tolist())
    assert [each["architecture"] for each in answer["best"]] == table["architecture"][:10].tolist()


@pytest.mark.parametrize("command", ["list", "show"])
def test_a_ranking_is_listed_and_shown_among_the_runs(call: Call, command: str) -> None:
    run = call(*INSTANT, "--json").json["run"]
    answer = call("runs", command, *([run] if command == "show" else []))
    assert answer.code == 0
    assert run in answer.out


def test_rank_prints_what_it_is_judged_by_and_the_first_ten(call: Call) -> None:
    answer = call(*INSTANT)
    assert answer.code == 0
    for part in ("Gaussian process (chosen)", "ridge regression", "5 labels, judged on 60 others", "± sd of 2 draws"):
        assert part in answer.out
    assert sum(text in answer.out for text in sampled(65).index) == 10


def test_labels_of_ones_own_are_the_labels(call: Call, tmp_path: Path) -> None:
    """Architectures that are not among the candidates come to them."""
    out, file = tmp_path / "ranking.csv", labels_file(tmp_path)
    extra = benchmarks.known("nasbench101", "cifar10")["architecture"].iloc[-1]
    assert extra not in sampled(65).index
    file.write_text(file.read_text("utf-8") + f'"{extra}",0.75\n', "utf-8")
    answer = call(*INSTANT, "--labels", file, "--out", out, "--model", "ridge", "--json").json
    table = pd.read_csv(out).set_index("architecture")
    assert (answer["labels"], answer["draws"], answer["candidates"], answer["n"]) == (7, 1, 66, 59)
    assert set(table.index[table["labelled"]]) == {*sampled(6).index, extra}
    assert table.loc[sampled(6).index, "accuracy"].tolist() == [place / 8 - 0.5 for place in range(6)]
    assert answer["coverage"] == {"0.5": None, "0.8": None, "0.95": None}
    assert answer["best"][0]["deviation"] is None


def test_candidates_come_from_a_file_and_proxies_too(call: Call, tmp_path: Path) -> None:
    """The one thing here that runs networks: a tiny proxy on twelve of them."""
    texts = sampled(12).index
    (tmp_path / "them.txt").write_text("\n".join(texts), "utf-8")
    (tmp_path / "mine.yaml").write_text("proxy: l2_norm\nbatch: 2\nwidth: 4\n", "utf-8")
    asked = ("--candidates", tmp_path / "them.txt", "--config", tmp_path / "mine.yaml", "--workers", 1)
    answer = call(*INSTANT, *asked, "--json").json
    assert (answer["candidates"], answer["n"]) == (12, 7)
    assert set(answer["carried_by"]) == {"parameters", "flops", "mine"}


def test_a_space_of_ones_own_is_ranked_by_labels_alone(fresh_registry: object, call: Call, tmp_path: Path) -> None:
    """As docs/your-own-space.md has it: nothing is known but a few accuracies in a file."""
    call("plugins", "add", EXAMPLE)
    known = pd.read_csv(EXAMPLE.with_suffix(".csv"))
    file, out = tmp_path / "mine.csv", tmp_path / "ranking.csv"
    known[:12].to_csv(file, index=False)
    asked = ("--space", "plain-convnets", "--rule", "space", "--sample", 40, "--panel", "instant", "--labels", file)
    answer = call("rank", *asked, "--out", out, "--json").json
    table = pd.read_csv(out).set_index("architecture")
    assert answer["labels"] == 12
    assert answer["candidates"] == len(table) == len({*table.index, *known[:12]["architecture"]})
    assert "rho" not in answer
    assert np.isfinite(table[["predicted", "deviation"]]).all(axis=None)
    assert table["accuracy"].notna().sum() == 12
    measured = table.loc[known[:12]["architecture"], ["predicted", "accuracy"]]
    assert measured.corr("spearman").iloc[0, 1] > 0.6


def test_no_more_candidates_are_asked_for_than_a_space_has(fresh_registry: object, call: Call, tmp_path: Path) -> None:
    """``--holdout``: candidates beside the labelled ones, if there are as many; the example has 192 in all."""
    call("plugins", "add", EXAMPLE)
    pd.read_csv(EXAMPLE.with_suffix(".csv"))[:5].to_csv(tmp_path / "mine.csv", index=False)
    asked = ("--space", "plain-convnets", "--rule", "space", "--panel", "instant", "--labels", tmp_path / "mine.csv")
    assert call("rank", *asked, "--json").json["candidates"] == 192


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--archs", 2), ("2 labelled architectures", "accepted: 3 or more, or the model prior")),
        (("--archs", 66, "--sample", 65), ("66 labelled architectures", "accepted: up to 65")),
        (("--panel", "fast"), ("unknown panel 'fast'", "accepted: instant, quick, full")),
        (("--model", "oracle"), ("oracle", "gp")),
        (("--draws", 0), ("0", "1")),
        (("--task", "birds"), ("'birds'", "accepted: cifar10")),
        (("--candidates", "missing.txt"), ("missing.txt",)),
        (("--labels", "missing.csv"), ("missing.csv",)),
        (("--config", "missing.yaml"), ("missing.yaml",)),
        (("--rule", "birds"), ("'birds'", "accepted: random")),
    ],
)
def test_what_cannot_be_ranked_is_told_in_one_line(
    call: Call, arguments: tuple[object, ...], said: tuple[str, ...]
) -> None:
    answer = call(*INSTANT, *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert all(part in answer.errors for part in said), answer.errors
    assert "Traceback" not in answer.errors


@pytest.mark.parametrize(
    ("count", "header", "more", "said"),
    [
        (6, "mine (points)", '"nonsense",3', ("mine.csv", "line 8", "'nonsense'")),
        (2, "mine (points)", "", ("2 labelled architectures", "accepted: 3 or more")),
        (6, "mine", "", ("line 2", "mine is -0.5, in '%'")),
    ],
)
def test_labels_that_cannot_be_used_are_told_in_one_line(
    call: Call, tmp_path: Path, count: int, header: str, more: str, said: tuple[str, ...]
) -> None:
    refused(call(*INSTANT, "--labels", labels_file(tmp_path, count, header, more)), *said)


def test_a_panel_is_computed_into_a_file_and_another_call_adds_to_it(call: Call, tmp_path: Path) -> None:
    """What is there stays, and equal networks are one row."""
    same = ("110011:conv1x1,conv3x3", "110011:conv3x3,conv1x1", "1:")
    (tmp_path / "them.txt").write_text("\n".join(same[:2]), "utf-8")
    out = tmp_path / "scores.parquet"
    asked = ("panel", "--space", "nasbench101", "--archs", tmp_path / "them.txt", "--out", out, "--workers", 1)
    answer = call(*asked, "--json").json
    quick = [score.name for score in panel("quick").scores]
    assert (answer["networks"], answer["scores"]) == (1, quick)
    first = read(out)
    assert list(first.table) == list(first.about) == quick
    assert np.isfinite(first.table).all(axis=None)

    (tmp_path / "them.txt").write_text("1100110001:conv1x1,conv3x3,conv3x3", "utf-8")
    assert call(*asked, "--json").json["networks"] == 1
    both = read(out)
    assert len(both.table) == 2
    assert both.table.loc[first.table.index].equals(first.table)
    member = panel("quick").scores[0].member
    column = both.column("nasbench101", member, IMAGES, SEED)
    assert column is not None
    assert all(map(math.isfinite, column))


def test_a_panel_without_scores_is_told(call: Call, tmp_path: Path) -> None:
    asked = ("panel", "--space", "nasbench101", "--sample", 3, "--panel", "instant", "--out", tmp_path / "x.parquet")
    refused(call(*asked), "the panel 'instant' has no computed scores; accepted: quick, full")
