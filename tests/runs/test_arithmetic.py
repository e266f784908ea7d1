"""Who computes a run: chosen at its launch, told by its specification, and never mixed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eproxy_engine.errors import UserError
from eproxy_engine.landscape import Part, View
from eproxy_engine.learning.panels import panel
from eproxy_engine.learning.settings import RankingSettings
from eproxy_engine.proxy.evaluation import NATIVE, TORCH
from eproxy_engine.runs import (
    ArchitectureSearchSpecification,
    ComparisonSpecification,
    LandscapeSpecification,
    ProxySearchSpecification,
    RankingSpecification,
    Specification,
    Store,
    archive,
    arithmetic,
    executors,
)
from eproxy_engine.runs.arithmetic import faster, why_torch
from eproxy_engine.runs.cost import work
from eproxy_engine.runs.kinds.registry import plan_of, specification_of
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring.named import NamedProxy
from tests.runs.conftest import Instant, configuration, finished, specification

PROXY = configuration(batch=16)
SAMPLE = Sample(size=6)


def evaluation_run(size: int = 6, **changes: Any) -> Any:
    return specification(size, proxy=PROXY, **changes)


SPECIFICATIONS: dict[str, Specification] = {
    "evaluate": evaluation_run(),
    "compare": ComparisonSpecification("nasbench201", "cifar10", SAMPLE, (NamedProxy("mine", PROXY),), "noise"),
    "dps": ProxySearchSpecification("nasbench201", "cifar10", SAMPLE, images="noise", held_out=0),
    "landscape": LandscapeSpecification(
        "nasbench201", "cifar10", Sample(size=1), PROXY, View(centre=1), images="noise"
    ),
    "rank": RankingSpecification(
        "nasbench201", "cifar10", Sample(size=6), panel("quick"), RankingSettings(model="prior"), images="noise"
    ),
    "search": ArchitectureSearchSpecification("nasbench201", "cifar10", proxy=PROXY, images="noise"),
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store.sqlite3")


@pytest.fixture
def kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    """There are compiled kernels, no GPU and no cluster."""
    monkeypatch.setattr(arithmetic.library, "missing", lambda: None)
    monkeypatch.setattr(executors, "GPUS", ())
    monkeypatch.delenv("EPROXY_RAY", raising=False)


def chosen(store: Store, given: Any) -> str:
    return faster(given, store.runs(), lambda each: work(store, [each]).missing).arithmetic


@pytest.mark.parametrize("kind", SPECIFICATIONS)
def test_a_specification_says_who_computes(kind: str) -> None:
    by_torch, native = (SPECIFICATIONS[kind].computed_by(each) for each in (TORCH, NATIVE))
    assert "arithmetic" not in by_torch.as_dict()
    assert native.as_dict() == {**by_torch.as_dict(), "arithmetic": NATIVE}
    assert specification_of(kind, native.as_dict()).arithmetic == NATIVE
    assert specification_of(kind, by_torch.as_dict()).arithmetic == TORCH
    assert native == by_torch  # it is the same that is computed
    assert native.checked().arithmetic == NATIVE
    with pytest.raises(UserError, match="arithmetic is 'abacus'; accepted: torch, native"):
        native.computed_by("abacus").checked()


@pytest.mark.parametrize("kind", ["evaluate", "compare", "dps"])
def test_a_run_asks_for_evaluations_of_its_arithmetic_alone(kind: str) -> None:
    for each in (TORCH, NATIVE):
        first = next(plan_of(SPECIFICATIONS[kind].computed_by(each)).steps())
        assert {evaluation.arithmetic for evaluation in first} == {each}


def test_fitness_and_judgement_are_computed_like_the_run() -> None:
    search, dps = SPECIFICATIONS["search"].computed_by(NATIVE), SPECIFICATIONS["dps"].computed_by(NATIVE)
    assert isinstance(search, ArchitectureSearchSpecification)
    assert isinstance(dps, ProxySearchSpecification)
    cell = str(SAMPLE.draw("nasbench201", "cifar10")["architecture"].iloc[0])
    assert [each.arithmetic for each in search.fitness().evaluations(cell)] == [NATIVE]
    assert dps.transfer("nasbench201", "cifar10", 5, PROXY).arithmetic == NATIVE


def test_all_of_a_landscape_is_computed_like_the_run_but_its_curvature() -> None:
    """Kernels know no second derivatives."""
    landscape = SPECIFICATIONS["landscape"]
    by_torch, native = (next(plan_of(landscape.computed_by(each)).steps()) for each in (TORCH, NATIVE))
    shared = [one for one, other in zip(native, by_torch, strict=True) if one.key == other.key]
    assert {each.arithmetic for each in by_torch} == {TORCH}
    assert [each.arithmetic for each in shared] == [TORCH]
    assert [each.configuration.piece for each in shared if isinstance(each.configuration, Part)] == ["curvature"]


def test_scores_beside_those_that_ship_are_of_torch_like_them() -> None:
    ranking = SPECIFICATIONS["rank"].computed_by(NATIVE)
    assert isinstance(ranking, RankingSpecification)
    of_score = {score.name: ranking.evaluations_of(score) for score in ranking.panel.scores}
    assert {name for name, them in of_score.items() if them[0].arithmetic == NATIVE} == {
        "az_expressivity",
        "az_progressivity",
        "az_trainability",
        "swap",
        "grad_norm",
    }
    assert len(ranking.evaluations()) == len(ranking.panel.scores) * len(of_score["swap"])
    there = replace(ranking, space="nasbench101", images="bundled", sample=Sample(size=6, seed=77))
    assert {each.arithmetic for each in there.evaluations()} == {TORCH}


@pytest.mark.usefixtures("kernels")
def test_new_runs_are_native(store: Store) -> None:
    assert why_torch() is None
    assert chosen(store, evaluation_run()) == NATIVE


def test_without_kernels_everything_is_as_ever(store: Store) -> None:
    assert why_torch() == "EPROXY_NATIVE is off"  # as in all tests
    assert chosen(store, evaluation_run().computed_by(NATIVE)) == TORCH


@pytest.mark.usefixtures("kernels")
def test_on_gpus_and_clusters_torch_computes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "GPUS", ("/dev/null",))
    assert why_torch() == "on a GPU, torch computes"
    assert chosen(store, evaluation_run()) == TORCH
    monkeypatch.setenv("EPROXY_RAY", "auto")
    assert why_torch() == "on a cluster, torch computes"


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("before", [TORCH, NATIVE])
def test_a_run_like_an_earlier_one_is_computed_like_it(store: Store, before: str) -> None:
    finished(store, evaluation_run().computed_by(before))
    assert chosen(store, evaluation_run()) == before


@pytest.mark.usefixtures("kernels")
def test_torch_goes_on_where_it_has_done_most(store: Store) -> None:
    finished(store, evaluation_run())
    assert chosen(store, evaluation_run(16)) == TORCH  # 10 of torch, or 16 native ones
    assert chosen(store, evaluation_run(18)) == NATIVE  # 12, or 18


@pytest.mark.usefixtures("kernels")
def test_outcomes_are_kept_apart(store: Store) -> None:
    executor = Instant()
    by_torch, native = (finished(store, evaluation_run().computed_by(each), executor) for each in (TORCH, NATIVE))
    assert len(executor.computed) == 12
    assert by_torch.result != native.result
    again = archive.unpack(store, archive.pack(store, native.id), "imported")
    assert again.specification.arithmetic == NATIVE
    assert again.result == native.result
