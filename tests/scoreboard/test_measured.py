"""Which finished runs fill which cells: a small store with made-up results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eproxy_engine import benchmarks
from eproxy_engine.proxy import preset
from eproxy_engine.runs import (
    ComparisonSpecification,
    EvaluationSpecification,
    ProxySearchSpecification,
    Run,
    Specification,
    Store,
)
from eproxy_engine.runs.cost import work
from eproxy_engine.sampling import Sample
from eproxy_engine.scoreboard import Entry, entries, table
from eproxy_engine.scoreboard.recipes import recipe
from eproxy_engine.scoring.named import named
from eproxy_engine.scoring.proxy import plain_values
from eproxy_engine.statistics import spearman
from tests.runs.conftest import made_up
from tests.scoreboard.test_published import cell

LAPTOP = preset("laptop")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "store.sqlite3")
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def nothing_ships(monkeypatch: pytest.MonkeyPatch) -> None:
    """But the learned ranking: what ships is tested in test_shipped.py."""
    monkeypatch.setattr("eproxy_engine.scoreboard.measured.figures", lambda cell: ())


def said(rho: float, n: int = 200, **more: Any) -> dict[str, Any]:
    estimates = {"rho": rho, "rho_low": rho - 0.1, "rho_high": rho + 0.1, "top10": 0.3, "top10_low": 0.1}
    return {**estimates, "top10_high": 0.5, "n": n, **more}


def done(store: Store, given: Specification, result: dict[str, Any], created: float = 1.0) -> Run:
    return store.add(given, "local", "finished", created, result)


def evaluation_run(space: str = "nasbench101", task: str = "cifar10", **changes: Any) -> EvaluationSpecification:
    return EvaluationSpecification(space, task, **{"sample": Sample("random", 200, 1), "proxy": LAPTOP, **changes})


def searched(space: str, task: str, **changes: Any) -> ProxySearchSpecification:
    return ProxySearchSpecification(space, task, **{"sample": Sample("random", 20, 1), "held_out": 50, **changes})


def found(rho: float, n: int = 50, **configuration: Any) -> dict[str, Any]:
    """The result of a search."""
    proxy = plain_values(replace(LAPTOP, **configuration))
    return said(rho, n, proxy=proxy, judged={"proxy": said(rho, n), "default": said(0.61, n), "best": said(rho, n)})


def entry(store: Store, number: int, part: str, row: str, column: str) -> Entry:
    wanted = cell(number, part, row, column)
    return next(each for each in entries(table(number), store.runs()) if each.cell == wanted)


def eproxy(store: Store) -> Entry:
    return entry(store, 2, "NAS-Bench-101", "Eproxy", "CIFAR-10")


def test_nothing_is_measured_in_an_empty_store(store: Store) -> None:
    every = [each for number in (1, 2, 3, 4) for each in entries(table(number), store.runs())]
    found = [each for each in every if not each.cell.ours]
    assert not any(each.measured for each in found)
    assert any(each.measured for each in every)  # the learned ranking ships
    assert all(each.missing == (recipe(each.cell).specification is not None) for each in found)


def test_a_sweep_fills_its_cell(store: Store) -> None:
    run = done(store, evaluation_run(), said(0.6))
    measured = eproxy(store).measured
    assert measured is not None
    assert (measured.rho, measured.n, measured.run, measured.width) == (0.6, 200, run.id, 16)
    assert measured.seed_rhos == ((1, 0.6),)
    assert measured.estimates["rho_low"] == pytest.approx(0.5)
    assert "evaluate --space nasbench101" in measured.command


@pytest.mark.parametrize(
    "changes",
    [
        {"sample": Sample("best", 200, 1)},
        {"sample": Sample("paper-dps-20", 20, 1)},
        {"images": "noise"},
        {"proxy": replace(LAPTOP, learning_rate=0.5)},
        {"proxy": replace(LAPTOP, width=8)},
        {"task": "cifar10-valid"},
        {"space": "nasbench201"},
    ],
)
def test_what_is_something_else_does_not(store: Store, changes: dict[str, Any]) -> None:
    done(store, evaluation_run(**changes), said(0.6))
    assert eproxy(store).missing


def test_an_unfinished_run_does_not_but_is_said_to_come(store: Store) -> None:
    run = store.create(evaluation_run())
    assert (eproxy(store).coming, eproxy(store).missing, eproxy(store).measured) == (run.id, False, None)
    store.ask(run.id, "stop")
    assert eproxy(store).missing


def test_equal_configurations_are_recognised_in_another_form(store: Store) -> None:
    done(store, evaluation_run(proxy=replace(LAPTOP, width=16, branch_weights="halving")), said(0.6))
    assert eproxy(store).measured is not None


def test_the_largest_sample_counts_and_then_the_newest(store: Store) -> None:
    done(store, evaluation_run(sample=Sample("random", 500, 1)), said(0.5, 500), created=1)
    done(store, evaluation_run(), said(0.6), created=3)
    assert eproxy(store).measured.rho == 0.5  # type: ignore[union-attr]
    done(store, evaluation_run(sample=Sample("random", 500, 2), seed=2), said(0.55, 500), created=2)
    measured = eproxy(store).measured
    assert measured is not None
    assert measured.rho == 0.55
    assert measured.seed_rhos == ((2, 0.55), (1, 0.5))


def test_a_comparison_fills_the_cells_of_its_proxies(store: Store) -> None:
    proxies = (named("snip"), named("flops"), named("naswot"))
    given = ComparisonSpecification("nasbench101", "cifar10", Sample("random", 200, 1), proxies, seeds=(1, 2))
    rows = [said(0.1, name="snip", seed_rhos=[0.1, 0.2]), said(0.4, name="naswot", seed_rhos=[0.4, 0.3])]
    done(store, given, {"proxies": rows})
    measured = entry(store, 2, "NAS-Bench-101", "NASWOT", "CIFAR-10").measured
    assert measured is not None
    assert measured.rho == 0.4
    assert measured.seed_rhos == ((1, 0.4), (2, 0.3))
    assert "--proxy naswot" in measured.command
    assert "snip" not in measured.command
    assert entry(store, 2, "NAS-Bench-101", "Snip", "CIFAR-10").measured.rho == 0.1  # type: ignore[union-attr]
    assert entry(store, 2, "NAS-Bench-101", "Grasp", "CIFAR-10").missing


def test_a_search_fills_its_cell_and_that_of_the_default_proxy(store: Store) -> None:
    done(store, searched("nasbench101", "cifar10"), found(0.7))
    measured = entry(store, 2, "NAS-Bench-101", "Eproxy+DPS", "CIFAR-10").measured
    assert measured is not None
    assert (measured.rho, measured.found_on) == (0.7, "")
    assert measured.command.startswith("python -m eproxy_engine dps")
    assert eproxy(store).measured.rho == 0.61  # type: ignore[union-attr]


def test_a_search_that_knew_more_than_the_paper_s_does_not(store: Store) -> None:
    done(store, searched("nasbench101", "cifar10", sample=Sample("random", 100, 1)), found(0.8))
    assert entry(store, 2, "NAS-Bench-101", "Eproxy+DPS", "CIFAR-10").missing


def test_a_proxy_found_elsewhere_is_transferred(store: Store) -> None:
    search = done(store, searched("nds-imagenet-darts", "imagenet"), found(0.7, learning_rate=0.7))
    tuned = replace(LAPTOP, learning_rate=0.7)
    done(
        store, evaluation_run("nds-imagenet-enas", "imagenet", sample=Sample("random", 117, 1), proxy=tuned), said(0.5)
    )
    measured = entry(store, 3, "ImageNet", "Eproxy+DPS", "ENAS").measured
    assert measured is not None
    assert measured.found_on == "NDS DARTS, ImageNet, imagenet"
    assert f"transfer {search.id} --space nds-imagenet-enas" in measured.command
    done(store, searched("nds-imagenet-enas", "imagenet"), found(0.3, n=20, learning_rate=0.9))
    own = entry(store, 3, "ImageNet", "Eproxy+DPS", "ENAS").measured
    assert own is not None
    assert (own.rho, own.found_on) == (0.3, "")


def test_architectures_that_the_search_knew_do_not_judge_a_transfer(store: Store) -> None:
    given = searched("transnas101-micro", "jigsaw")
    done(store, given, found(0.7, learning_rate=0.7))
    tuned = replace(LAPTOP, learning_rate=0.7)
    done(store, evaluation_run("transnas101-micro", "normal", proxy=tuned), said(0.5))
    assert entry(store, 4, "TransNAS-Bench-101 Micro", "Eproxy+DPS", "Normal").missing
    done(store, given.transfer("transnas101-micro", "normal", 30, tuned), said(0.55, 30))
    measured = entry(store, 4, "TransNAS-Bench-101 Micro", "Eproxy+DPS", "Normal").measured
    assert measured is not None
    assert measured.rho == 0.55


def test_architectures_picked_by_hand_do_not_stand_for_the_space(store: Store) -> None:
    picked = tuple(benchmarks.known("nasbench101", "cifar10")["architecture"].head(30))
    done(store, evaluation_run(sample=Sample("picked", picked=picked)), said(0.9, 30))
    assert eproxy(store).missing


def test_an_average_is_that_of_a_row_measured_in_full(store: Store) -> None:
    columns = [each.column for each in table(4).cells if each.row == "NASWOT"][:-1]
    for place, column in enumerate(columns):
        average = entry(store, 4, "TransNAS-Bench-101 Micro", "NASWOT", "Avg.")
        assert (average.measured, average.averaged) == (None, (place, 7))
        task = recipe(cell(4, "TransNAS-Bench-101 Micro", "NASWOT", column)).task
        given = evaluation_run("transnas101-micro", task, proxy=named("naswot").proxy)
        done(store, given, said(0.1 * place))
    average = entry(store, 4, "TransNAS-Bench-101 Micro", "NASWOT", "Avg.")
    assert average.measured is not None
    assert average.measured.rho == pytest.approx(0.3)


def test_full_training_ranks_as_the_paper_says(store: Store) -> None:
    """Nine independent figures: the shipped table is the paper's."""
    rows = [each for each in entries(table(5), []) if each.recipe.trained_task]
    assert len(rows) == 9
    for each in rows:
        assert each.measured is not None
        assert each.measured.rho == pytest.approx(each.cell.rho, abs=0.0051)
    known = benchmarks.load("nasbench-mr")[["cls-c", "video"]].dropna()
    video = next(each for each in rows if each.cell.column == "Video").measured
    assert video is not None
    assert video.rho == pytest.approx(spearman(known["cls-c"], known["video"]))


def test_work_is_what_is_not_stored_and_shared_by_tasks(store: Store) -> None:
    one, two = (
        evaluation_run("transnas101-micro", task, sample=Sample("random", 4, 1)) for task in ("jigsaw", "normal")
    )
    alone = work(store, [one]).multiply_accumulates
    assert set(alone) == {"transnas101-micro"}
    assert work(store, [one, two]).multiply_accumulates == pytest.approx(alone)
    for evaluation in one.evaluations():
        store.put(evaluation, made_up(evaluation))
    assert work(store, [one, two])[1:] == (0, {}, False)
    search = searched("transnas101-micro", "jigsaw")
    assert work(store, [search]).multiply_accumulates["transnas101-micro"] > alone["transnas101-micro"]
