"""docs/results: the pages are what the data say, every study says how it was measured, and results can be added."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from docs.results import __main__ as command
from docs.results.cells import text
from docs.results.pages import FOLDER, written
from docs.results.stored import rows
from docs.results.studies import DATA, RECORDED, Study, pages, read, write
from eproxy_engine.errors import UserError

STUDIES = sorted(DATA.glob("*/*.yaml"))
STUDY = Study(
    "A title",
    "python -m eproxy_engine compare",
    "8d99b95",
    "a machine",
    "2026-11-24",
    200,
    "1 to 5",
    tables=[
        {
            "columns": [
                {"name": "proxy"},
                {"name": "ρ", "field": "rho"},
                {"name": "top-10%", "field": "top10", "unit": "%"},
                {"name": "n", "field": "n"},
                {"name": "paper"},
            ],
            "rows": [["flops", Decimal("0.60"), 25, 200, None]],
        }
    ],
    remarks="One line.\nAnd another.",
)


def test_the_pages_are_up_to_date() -> None:
    made = written()
    assert {path for path, page in made.items() if path.read_text("utf-8") != page} == set(), "python -m docs.results"
    assert set(FOLDER.glob("*.md")) < set(made)


def test_every_study_says_how_it_was_measured_and_is_on_one_page() -> None:
    for path in STUDIES:
        found = vars(read(path))
        assert all(str(found[key]).strip() for key in RECORDED), path
    listed = [DATA / page["name"] / f"{name}.yaml" for page in pages() for name in page["studies"]]
    assert sorted(listed) == STUDIES


@pytest.mark.parametrize("missing", RECORDED)
def test_a_study_that_does_not_say_how_it_was_measured_is_refused(tmp_path: Path, missing: str) -> None:
    path = tmp_path / "page" / "study.yaml"
    write(path, Study(**(vars(STUDY) | {missing: ""})))
    with pytest.raises(UserError, match=f"^page/study.yaml: {missing} is missing; write what is known, or"):
        read(path)


def test_unknown_parts_and_short_rows_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    write(path, Study(**(vars(STUDY) | {"tables": [{"columns": [{"name": "ρ", "digit": 3}], "rows": []}]})))
    with pytest.raises(UserError, match="unknown key 'digit'; accepted: alone, best, digits, field, name, unit"):
        read(path)
    write(path, Study(**(vars(STUDY) | {"tables": [{"columns": [{"name": "a"}, {"name": "b"}], "rows": [["x"]]}]})))
    with pytest.raises(UserError, match="row 'x' has 1 cells; 2 are accepted"):
        read(path)


def test_a_study_is_written_as_it_was_read(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    write(path, STUDY)
    assert read(path) == STUDY
    assert "  - [flops, 0.60, 25, 200, null]\nremarks: |-\n  One line.\n" in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("cell", "unit", "shown"),
    [
        (Decimal("0.60"), "", "0.60"),
        (Decimal("-0.10"), "", "−0.10"),
        (25, "%", "25%"),
        (None, "%", "–"),
        ("", "", ""),
        (15625, "", "15,625"),
        ([Decimal("0.3"), {"value": 38, "unit": "%"}], "", "0.3, 38%"),
        ({"value": 38, "low": -24, "high": 48, "best": True}, "%", "**38%** [−24, 48]"),
        ({"value": 22, "se": Decimal("0.9"), "count": 19, "of": 20}, "", "22 ± 0.9 (19 of 20)"),
        ({"value": 498, "to": 500}, "", "498 to 500"),
        ({"value": 1, "p": Decimal("0.008"), "seeds": [1, 0]}, "", "1 (0.008); 1 0"),
    ],
)
def test_what_a_cell_shows(cell: Any, unit: str, shown: str) -> None:
    assert text(cell, unit) == shown


def test_an_unknown_part_of_a_cell_is_refused() -> None:
    with pytest.raises(UserError, match=r"unknown parts of a cell: \['hi'\]; accepted: "):
        text({"value": 1, "hi": 2})


def test_a_row_is_the_mean_of_the_results_that_match(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    results = [
        {"space": "nds-a", "n": 97, "rho": {"mean": 0.5, "sd": 0.1}, "top": [0.25]},
        {"space": "nds-b", "n": 121, "rho": {"mean": 0.6, "sd": 0.3}, "top": [0.75]},
        {"space": "other", "n": 500, "rho": {"mean": 0.9, "sd": 0.9}, "top": [1.0]},
    ]
    (tmp_path / "results.json").write_text(json.dumps({"all": results}), "utf-8")
    monkeypatch.setattr("docs.results.stored.ROOT", tmp_path)
    columns = [{"name": ""}, {"name": "n", "field": "n"}, {"name": "ρ", "field": "rho", "digits": 3, "best": True}]
    columns += [{"name": "top-10%", "field": "top/0", "unit": "%"}, {"name": "paper"}]
    row = {"label": "NDS", "where": {"space": "nds-*"}, "cells": {"paper": 0}}
    stored = {"file": "results.json", "within": "all", "rows": [row, ["as", "it", "stands", 1, 2]]}
    assert rows({"columns": columns, "stored": stored}) == [
        ["NDS", {"value": 97, "to": 121}, {"value": Decimal("0.550"), "sd": Decimal("0.200"), "best": True}, 50, 0],
        ["as", "it", "stands", 1, 2],
    ]
    with pytest.raises(UserError, match="no stored result belongs to the row 'NDS'"):
        rows({"columns": columns, "stored": stored | {"rows": [row | {"where": {"space": "mine"}}]}})


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of data with one study; no page is written from it."""
    write(tmp_path / "page" / "study.yaml", STUDY)
    monkeypatch.setattr(command, "DATA", tmp_path)
    monkeypatch.setattr(command, "written", dict)
    return tmp_path


def added(monkeypatch: pytest.MonkeyPatch, data: Path, printed: Any, *arguments: str) -> list[Any]:
    """The rows of the study once ``python -m docs.results add`` has been called."""
    (data / "printed.json").write_text(json.dumps(printed), "utf-8")
    monkeypatch.setattr(
        sys, "argv", ["docs.results", "add", str(data / "printed.json"), "--commit", "8d99b95", *arguments]
    )
    command.main()
    found: list[Any] = read(data / "page" / "study.yaml").tables[0]["rows"]
    return found


def test_what_a_command_printed_becomes_a_row(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    one = {"rho": -0.60406, "rho_low": -0.7, "rho_high": -0.5, "top10": 0.25, "n": 200}
    found = added(monkeypatch, data, one, "page/study", "--label", "6")
    interval = {"value": Decimal("-0.60"), "low": Decimal("-0.70"), "high": Decimal("-0.50")}
    assert found[1:] == [[6, interval, 25, 200, None]]
    several = {
        "proxies": [
            {"name": "a", "rho": 0.1, "top10": 0, "n": 5},
            {"name": "b", "rho": None, "rho_low": None, "rho_high": None, "top10": 1, "n": 5},
        ]
    }
    found = added(monkeypatch, data, several, "page/study", "--within", "proxies")
    assert found[2:] == [["a", Decimal("0.10"), 0, 5, None], ["b", None, 100, 5, None]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("page/nothing",), "there is no study 'page/nothing'; accepted: page/study"),
        (
            ("page/study", "--commit", "ffa9329"),
            "commit 'ffa9329' needs a study of its own; page/study accepts: 8d99b95",
        ),
        (("page/study", "--table", "1"), r"table 1 of page/study takes no results, .* accepted: \[0\]"),
        (("page/study", "--within", "proxies"), "the result has no 'proxies': 'proxies' is not among rho"),
        (("page/study",), "the result has no 'top10': 'top10' is not among rho"),
    ],
)
def test_what_cannot_be_added_is_told(
    monkeypatch: pytest.MonkeyPatch, data: Path, arguments: tuple[str, ...], message: str
) -> None:
    with pytest.raises(SystemExit, match=f"^Error: {message}"):
        added(monkeypatch, data, {"rho": 0.5}, *arguments)
