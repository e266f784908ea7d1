"""``score`` as scripts and people use it, and what the other commands of a package answer."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest

from eproxy_engine import __version__
from eproxy_engine.runs import Run
from tests.cli.test_cli import Call, call, refused, run, store

__all__ = ["call", "run", "store"]

NETWORKS = """
from torch import nn
def network(channels):
    return lambda: nn.Sequential(nn.Conv2d(3, channels, 3, 2), nn.ReLU(), nn.Flatten(), nn.Linear(225 * channels, 10))
two = {"narrow": network(2), "wide": network(4)}
"""


@pytest.fixture
def two(tmp_path: Path) -> str:
    (tmp_path / "networks_of_mine.py").write_text(NETWORKS, "utf-8")
    return f"{tmp_path / 'networks_of_mine.py'}:two"


def test_scores_are_one_object(call: Call, two: str) -> None:
    found = call("score", two, "--proxy", "l2_norm", "--proxy", "snip", "--size", "32", "--json").json
    narrow, wide = found["networks"]
    assert (narrow["network"], wide["network"]) == ("narrow", "wide")
    assert (narrow["parameters"], narrow["flops"]) == (56 + 4510, 54 * 225 + 4500)
    assert narrow["scores"]["l2_norm"] < wide["scores"]["l2_norm"]
    assert narrow["scores"]["snip"] > 0
    assert found["notes"] == []


def test_scores_are_a_table_for_people(call: Call, two: str) -> None:
    answer = call("score", two, "--proxy", "snip", "--proxy", "early_stopping@12")
    assert answer.code == 0
    assert [word for word in ("narrow", "wide", "snip", "size") if word not in answer.out] == []
    assert "narrow, early_stopping@12: is read from a benchmark's table" in answer.out


def test_mistakes_are_told(call: Call, two: str) -> None:
    refused(call("score"), "Missing argument")
    refused(call("score", "nothing.py"), "'nothing.py' cannot be used: no such file")
    refused(call("score", two, "--proxy", "nothing"), "unknown proxy 'nothing'")


def test_a_run_is_exported_in_several_forms(call: Call, run: Run, tmp_path: Path) -> None:
    table = tmp_path / "table.parquet"
    assert call("runs", "export", run.id, "--parquet", table, "--json").json == {"run": run.id, "parquet": str(table)}
    assert "score" in pd.read_parquet(table)
    refused(call("runs", "export", run.id), "no file is given; accepted: --out, --optuna or --parquet")
    refused(call("runs", "export", run.id, "--optuna", tmp_path / "study.db"), "accepted: dps or search")


def test_the_version(call: Call) -> None:
    assert call("--version").out == f"eproxy {__version__}\n"


def test_it_is_called_what_it_was_called_by(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call("--help").out.startswith("Usage: python -m eproxy_engine [OPTIONS]")
    from eproxy_engine import cli

    monkeypatch.setattr(sys, "argv", ["/usr/bin/eproxy"])
    assert cli.program() == "eproxy"
