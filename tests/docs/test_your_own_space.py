"""docs/your-own-space.md: its code is the example's, its commands work, and the example is what it says."""

from __future__ import annotations

import csv
import re
import runpy
import shlex
import sys
from pathlib import Path

import pytest
import torch

from eproxy_engine import benchmarks, spaces
from tests.cli.test_cli import Call, call
from tests.registry import EXAMPLE, ROOT, fresh_registry

__all__ = ["call", "fresh_registry"]

DOCS = ROOT / "docs"
TUTORIAL = (DOCS / "your-own-space.md").read_text("utf-8")
TABLE = EXAMPLE.with_suffix(".csv")
ENGINE = ".venv/bin/python -m eproxy_engine "
SHORT = "--sample 4 --width 4 --images noise --workers 1 --set iterations=2 --set batch=2 --set branches.0.c_mid=16"


def blocks(language: str = "") -> list[str]:
    """The code blocks of a language, without the blank lines around them."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", TUTORIAL, re.DOTALL | re.MULTILINE)
    return [text.strip("\n") for name, text in found if name == language]


def commands(start: str) -> list[str]:
    lines = [line for block in blocks() for line in block.splitlines()]
    return [line.removeprefix(start) for line in lines if line.startswith(start)]


def test_its_python_is_the_example_piece_by_piece() -> None:
    pieces = "\n".join(blocks("python")).splitlines()
    assert [line for line in pieces if line] == [line for line in EXAMPLE.read_text("utf-8").splitlines() if line]
    assert len(EXAMPLE.read_text("utf-8").splitlines()) < 150


def test_its_commands_lead_to_a_correlation(
    fresh_registry: object, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    found = commands(ENGINE)
    assert [shlex.split(command)[:2] for command in found] == [
        ["plugins", "check"],
        ["plugins", "add"],
        ["plugins", "list"],
        ["describe", "plain-convnets"],
        ["import", "csv"],
        ["evaluate", "--space"],
        ["rank", "--space"],
        ["rank", "--space"],
    ]
    *before, evaluation, _, _ = found
    for command in before:
        answer = call(*shlex.split(command))
        assert answer.code == 0, (command, answer.errors)
    assert len(benchmarks.known("plain-convnets", "patches")) == 60
    evaluate = evaluation.replace("--sample 60", SHORT)
    assert evaluate != evaluation
    answer = call(*shlex.split(evaluate))
    assert answer.code == 0, answer.errors
    assert re.search(r"Spearman ρ +│ -?[01]\.\d+", answer.out)
    assert "n = 4, diverged 0" in answer.out


def test_the_table_is_of_the_space(fresh_registry: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EPROXY_PLUGINS", str(EXAMPLE))
    space = spaces.get("plain-convnets")
    header, *rows = csv.reader(TABLE.read_text("utf-8").splitlines())
    assert header == ["architecture", "patches (%)"]
    assert len(rows) == len({text for text, _ in rows}) == 60
    assert all(str(space.parse(text)) == text for text, _ in rows)
    assert all(10 < float(percent) < 100 for _, percent in rows)
    assert TABLE.read_text("utf-8").splitlines()[:3] == next(each for each in blocks() if "2-2-1" in each).splitlines()


def test_the_accuracies_can_be_measured_again(
    fresh_registry: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With fewer patches and epochs; the first architectures are those of the table."""
    (module,) = commands(".venv/bin/python -m docs")
    out = tmp_path / "measured.csv"
    arguments = f"--sample 2 --epochs 1 --patches 20 --out {out}".split()
    monkeypatch.setattr(sys, "argv", ["", *arguments])
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.setattr(torch, "set_num_threads", lambda count: None)  # of all the tests that follow
    runpy.run_module(f"docs{module}", run_name="__main__")
    measured, shipped = (list(csv.reader(path.read_text("utf-8").splitlines())) for path in (out, TABLE))
    assert [row[0] for row in measured] == [row[0] for row in shipped[:3]]


def test_its_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", TUTORIAL):
        assert (DOCS / target).exists(), target
