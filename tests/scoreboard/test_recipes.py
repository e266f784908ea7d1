"""What to run for each published cell, and the command lines that do."""

from __future__ import annotations

import shlex
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eproxy_engine.cli import group
from eproxy_engine.proxy import preset
from eproxy_engine.runs import (
    ComparisonSpecification,
    EvaluationSpecification,
    ProxySearchSpecification,
    Specification,
    Store,
)
from eproxy_engine.runs.command_line import PROGRAM, command
from eproxy_engine.runs.specification import SampledSpecification
from eproxy_engine.sampling import Sample
from eproxy_engine.scoreboard import Cell, launchable, tables
from eproxy_engine.scoreboard.board import Entry
from eproxy_engine.scoreboard.published import AVERAGE
from eproxy_engine.scoreboard.recipes import recipe
from eproxy_engine.scoring.named import named
from eproxy_engine.search.proxy_search.settings import settings
from tests.scoreboard.test_published import cell

CELLS = [each for given in tables() for each in given.cells]


def what(each: Cell) -> str:
    given = recipe(each)
    if given.specification is not None:
        return given.specification.kind
    return "trained" if given.trained_task else "no" if given.why_not else "average"


def test_every_cell_has_something_to_run_or_a_reason() -> None:
    counted = Counter((each.table, what(each)) for each in CELLS)
    assert counted == {
        (1, "evaluate"): 18,
        (2, "compare"): 7,
        (2, "dps"): 1,
        (2, "rank"): 1,
        (3, "no"): 55,
        (3, "compare"): 24,
        (3, "dps"): 8,
        (3, "rank"): 8,
        (3, "average"): 10,
        (4, "compare"): 21,
        (4, "dps"): 7,
        (4, "rank"): 7,
        (4, "average"): 5,
        (4, "no"): 8,
        (5, "compare"): 27,
        (5, "dps"): 9,
        (5, "rank"): 9,
        (5, "trained"): 9,
        (5, "average"): 6,
    }
    assert all(recipe(each).specification is None for each in CELLS if each.column == AVERAGE)


def test_all_that_is_to_be_run_is_accepted() -> None:
    for each in CELLS:
        given = recipe(each).specification
        if given is not None:
            assert given.checked() is given


def test_cifar10_of_nds_says_how_to_get_its_accuracies() -> None:
    assert "data.zip" in recipe(cell(3, "CIFAR-10", "NASWOT", "AMB")).why_not


def test_losses_are_the_paper_s_at_a_small_width() -> None:
    given = recipe(cell(1, "NAS-Bench-101", "100 iterations", "no barrier, lr 0.01")).specification
    assert isinstance(given, EvaluationSpecification)
    changed = {"barrier": False, "learning_rate": 0.01, "iterations": 100, "width": "small"}
    assert given.proxy == replace(preset("paper"), **changed)
    assert (given.sample, given.seed) == (Sample("random", 200, 1), 1)


def test_where_fewer_are_measured_all_of_them_judge() -> None:
    compared = recipe(cell(3, "ImageNet", "NASWOT", "ENAS")).specification
    searched = recipe(cell(3, "ImageNet", "Eproxy+DPS", "ENAS")).specification
    assert isinstance(compared, ComparisonSpecification)
    assert isinstance(searched, ProxySearchSpecification)
    assert compared.sample.size == 117
    assert searched.held_out == 97
    assert searched.settings == settings("robust")


def test_the_search_on_nasbench101_knows_the_paper_s_twenty() -> None:
    given = recipe(cell(2, "NAS-Bench-101", "Eproxy+DPS", "CIFAR-10")).specification
    assert isinstance(given, ProxySearchSpecification)
    assert given.sample.rule == "paper-dps-20"
    assert len(given.architectures()) == 20
    assert given.held_out == 200


def test_proxies_on_one_sample_go_together() -> None:
    wanted = [Entry(each, recipe(each)) for each in CELLS if each.table == 5 and each.column in ("Cls-A", "Cls-B")]
    runs = launchable(wanted)
    assert [(run.kind, run.task) for run in runs] == [
        ("compare", "cls-a"),
        ("compare", "cls-b"),
        ("dps", "cls-a"),
        ("dps", "cls-b"),
        ("rank", "cls-a"),
        ("rank", "cls-b"),
    ]
    assert isinstance(runs[0], ComparisonSpecification)
    assert [proxy.name for proxy in runs[0].proxies] == ["synflow", "naswot", "eproxy_laptop"]


# --- command lines ---


class Created(Exception):
    """Instead of a run."""


def parsed(line: str, monkeypatch: pytest.MonkeyPatch) -> Specification:
    """What the command would have run."""

    def create(store: Store, specification: Specification, *_: Any, **__: Any) -> None:
        raise Created(specification.checked())

    assert line.startswith(PROGRAM)
    monkeypatch.setattr(Store, "create", create)
    with pytest.raises(Created) as created:
        group.main(shlex.split(line.removeprefix(PROGRAM)), standalone_mode=False)
    return created.value.args[0]


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_the_command_of_a_cell_runs_the_same(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    kinds = [each for each in CELLS if each.table == number and recipe(each).specification is not None]
    for each in kinds[:3] + kinds[-3:]:
        given = recipe(each).specification
        assert isinstance(given, SampledSpecification)
        Path("architectures.txt").write_text("\n".join(given.sample.picked), "utf-8")
        assert parsed(command(given), monkeypatch) == given, command(given)


OTHERS = {
    "another draw, real images": EvaluationSpecification(
        "nasbench201", "cifar100", Sample("random", 9, 7), preset("laptop"), "noise", 3
    ),
    "another target": EvaluationSpecification(
        "nasbench201",
        "cifar10",
        Sample("spread", 9, 1),
        replace(preset("laptop").replace("branches.0.features", "net,dot"), width=8),
    ),
    "a zero-cost proxy of its own width": EvaluationSpecification(
        "nasbench201", "cifar10", Sample("random", 9, 1), named("snip", 8, 4).proxy
    ),
    "several seeds and a batch": ComparisonSpecification(
        "nasbench201",
        "cifar10",
        Sample("random", 9, 2),
        (named("snip", 8, 4), named("flops"), named("az_nas", 8, 4), named("eproxy_laptop")),
        "bundled",
        (2, 3),
    ),
    "a search with other settings": ProxySearchSpecification(
        "nasbench201",
        "cifar10",
        Sample("random", 15, 4),
        replace(settings("paper"), racing=True, cycles=7, mutation_rate=0.3, width=8),
        seed=4,
        held_out=11,
    ),
    "a search without what its preset has": ProxySearchSpecification(
        "nasbench201", "cifar10", Sample("random", 20, 1), replace(settings("robust"), flops=False), held_out=5
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_the_command_of_other_runs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert parsed(command(OTHERS[name]), monkeypatch) == OTHERS[name]


def test_a_configuration_is_told_as_changes_of_the_preset_that_it_comes_from() -> None:
    line = command(recipe(cell(1, "NAS-Bench-101", "10 iterations", "no barrier, lr 1")).specification)  # type: ignore[arg-type]
    assert line.endswith("--preset paper --set barrier=off --set width=small --images bundled")


def test_a_path_with_a_space_is_quoted() -> None:
    given = replace(OTHERS["another draw, real images"], images="folder:/my images")  # type: ignore[type-var]
    assert "'folder:/my images'" in command(given)
