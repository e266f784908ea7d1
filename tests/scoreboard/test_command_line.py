"""The command ``scoreboard``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from eproxy_engine.cli import group
from eproxy_engine.errors import UserError


@pytest.fixture
def store(tmp_path: Path, store_with_samples: Path) -> str:
    return str(shutil.copy(store_with_samples, tmp_path / "store.sqlite3"))


def test_as_json(store: str) -> None:
    answer = CliRunner().invoke(group, ["scoreboard", "--table", "2", "--json", "--store", store])
    (given,) = json.loads(answer.stdout)["tables"]
    cells = {each["row"]: each for each in given["cells"]}
    assert len(cells) == 9
    assert cells["Grasp"]["published"] == {"rho": 0.45, "top10": 0.26, "transferred": False, "note": ""}
    assert (cells["Grasp"]["measured"]["n"], cells["Grasp"]["measured"]["width"]) == (200, 16)
    assert "--proxy grasp" in cells["Grasp"]["command"]
    measured = cells["Eproxy+DPS"]["measured"]
    assert (measured["n"], round(measured["rho"], 2), measured["width"]) == (500, 0.68, 8)
    learned = cells["Learned ranking, 20"]
    assert (learned["published"]["rho"], learned["measured"]["n"]) == (None, 500)
    assert learned["measured"]["rho"] > 0.78
    assert learned["command"].startswith("python -m eproxy_engine rank --space nasbench101")


def test_as_a_table(store: str) -> None:
    answer = CliRunner().invoke(group, ["scoreboard", "--table", "4", "--store", store])
    assert answer.exit_code == 0
    assert "40 of 48 cells are measured" in answer.stdout  # all but what early stopping needs
    assert "not possible" in answer.stdout


def test_an_unknown_table(tmp_path: Path) -> None:
    answer = CliRunner().invoke(group, ["scoreboard", "--table", "9", "--store", str(tmp_path / "store.sqlite3")])
    assert isinstance(answer.exception, UserError)


@pytest.mark.parametrize("number", [1, 3, 5])
def test_all_tables_can_be_printed(number: int, store: str) -> None:
    assert CliRunner().invoke(group, ["scoreboard", "--table", str(number), "--store", store]).exit_code == 0
