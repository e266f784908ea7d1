"""The list of runs says something of each, finds them, and puts several side by side."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.runs.differences import column_names, differences
from app.runs.facts import took
from app.runs.filters import Filter, found
from app.runs.imports import told as told_of
from app.runs.listing import listing
from app.views.difference import told, verdict
from eproxy_engine.runs import Run, Store
from eproxy_engine.runs.bundle import Taken
from eproxy_engine.runs.headline import UNKNOWN, headline
from eproxy_engine.runs.kinds.evaluation.rows import stored_rows
from eproxy_engine.runs.labels import Labels
from eproxy_engine.statistics import paired_difference
from tests.runs.conftest import configuration, finished, launched, specification


def run_of(store: Store, kind: str, space: str = "nasbench201") -> Run:
    return next(run for run in store.runs() if (run.kind, run.specification.space) == (kind, space))


def test_every_run_says_what_it_found_and_nothing_says_none(shipped: Store) -> None:
    runs = shipped.runs()
    table = listing([*runs, launched(shipped), replace(runs[0], result=None, status="failed")])
    said = {str(cell) for name in table for cell in table[name]}
    assert {cell for cell in said if "None" in cell or "undefined" in cell or "nan" in cell} == set()
    assert all(table["name"])
    assert all(table["result"])
    assert list(table["result"])[-2:] == ["waiting", "failed"]


@pytest.mark.parametrize(
    ("kind", "space", "said"),
    [
        ("evaluate", "nasbench201", "ρ 0.72 [0.62, 0.80], n = 100"),
        ("dps", "nasbench201", "ρ 0.81 [0.76, 0.85] held out, n = 200"),
        ("compare", "nasbench201", "best of 23 proxies: AZ-NAS, ρ 0.91 [0.88, 0.93], n = 200"),
        ("landscape", "nasbench101", "2 surfaces, ruggedness 0.022 with the barrier, 0.0042 without"),
        ("search", "darts", "best by score out of 100 architectures, none queried"),
    ],
)
def test_the_result_of_each_kind_in_words(shipped: Store, kind: str, space: str, said: str) -> None:
    assert headline(run_of(shipped, kind, space)) == said


@pytest.mark.parametrize(
    ("queries", "said"),
    [
        ([71], "optimum after 71 queries"),
        ([71, None, 40], "optimum in 2 of 3 seeds, after 71 queries (median)"),
        ([None, None, 40], "optimum in 1 of 3 seeds, within 60 queries"),
        ([None, None, None], "best 91.50% after 60 queries, not the optimum"),
    ],
)
def test_a_seed_that_did_not_find_the_optimum_counts(shipped: Store, queries: list[int | None], said: str) -> None:
    run = next(run for run in shipped.runs() if "60 queries" in run.specification.title)
    searches = [{"queries": 60, "queries_to_optimum": each} for each in queries]
    assert headline(replace(run, result={"searches": searches, "accuracy": {"mean": 91.5}})) == said


def test_a_result_of_another_version_is_no_error(shipped: Store) -> None:
    for run in shipped.runs():
        strange = replace(run, result={"strange": 1}, started=None)
        assert headline(strange) == UNKNOWN
        assert took(strange) == ""


def test_runs_are_found_by_words_and_by_what_they_are(shipped: Store) -> None:
    first = shipped.label(run_of(shipped, "evaluate").id, Labels("Mine", ("wide",), "for the lecture"))
    runs = shipped.runs()
    for wanted in (Filter("LECTURE mine"), Filter("0.72"), Filter(tags=("wide", "deep")), Filter(kinds=("evaluate",))):
        assert [run.id for run in found(runs, wanted)] == [first.id]
    assert {run.kind for run in found(runs, Filter("proxy search held"))} == {"dps"}
    assert {run.specification.space for run in found(runs, Filter(spaces=("darts",)))} == {"darts"}
    assert found(runs, Filter(origins=("local",))) == found(runs, Filter(statuses=("queued",))) == []
    assert found(runs, Filter()) == runs


def test_runs_side_by_side_show_only_what_differs(shipped: Store) -> None:
    one = finished(shipped, specification(5))
    other = finished(shipped, specification(5, proxy=configuration(barrier=False, learning_rate=0.5)))
    compared = differences(shipped, [one, other])
    assert compared.settings.to_numpy().tolist() == [["barrier", "on", "off"], ["learning rate", "0.1", "0.5"]]
    assert compared.equal > 10
    assert list(compared.results.columns) == ["", one.name, other.name]
    assert compared.results.iloc[0].tolist() == ["result", headline(one), headline(other)]
    twice = differences(shipped, [one, replace(one, id="other")])
    assert twice.settings.empty
    assert list(twice.results.columns[1:]) == [f"{one.name} · {one.id}", f"{one.name} · other"]


def test_evaluations_are_compared_pair_by_pair(shipped: Store) -> None:
    one = finished(shipped, specification(12))
    other = finished(shipped, specification(15, proxy=configuration(barrier=False)))
    elsewhere = finished(shipped, replace(specification(12), task="cifar100"))
    compared = differences(shipped, [elsewhere, other, one])
    rows = [stored_rows(shipped, run.specification).set_index("architecture") for run in (other, one)]
    both = [architecture for architecture in rows[0].index if architecture in rows[1].index]
    gap = paired_difference(*(each.loc[both, "score"] for each in rows), rows[0].loc[both, "accuracy"])
    assert gap.n >= 10
    found = compared.results.set_index("").loc["paired difference of ρ"]
    assert found.tolist() == ["–", "the reference", f"{told(gap.reversed())}, n = {gap.n}"]
    names = column_names([elsewhere, other, one])
    said = verdict(gap, f"“{names[1]}”", f"“{names[2]}”")
    assert compared.paired == [f"On the {gap.n} architectures of both, {said}."]


def test_too_few_common_architectures_are_not_compared(shipped: Store) -> None:
    asked = specification(5), specification(5, proxy=configuration(barrier=False))
    runs = [finished(shipped, each) for each in asked]
    compared = differences(shipped, runs)
    assert "paired difference of ρ" in compared.results[""].tolist()
    assert compared.paired[0].endswith("share 5 architectures: too few to compare them.")
    assert differences(shipped, runs[:1]).paired == []


def test_runs_of_different_kinds_can_be_compared(shipped: Store) -> None:
    compared = differences(
        shipped, [run_of(shipped, "dps"), run_of(shipped, "landscape", "nasbench101")]
    ).settings.set_index("")
    assert compared.loc["kind of run"].tolist() == ["Proxy search", "Loss landscape"]
    assert compared.loc["held out"].tolist() == ["200", "–"]


def test_an_import_says_what_is_new(shipped: Store) -> None:
    run = shipped.runs()[0]
    new, old = Taken(run, True), Taken(run, False)
    assert told_of([new]) == f"Imported as run {run.id}: {run.name}."
    assert told_of([old]) == f"Run {run.id} is here already."
    assert told_of([new, new, old, old]) == "Imported 2 runs. 2 runs are here already."
