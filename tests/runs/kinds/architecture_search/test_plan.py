"""Runs of architecture searches: seeds side by side, resumed as they were, packed with what they need."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eproxy_engine.baselines import Baseline
from eproxy_engine.cli import architecture_search as search_command
from eproxy_engine.cli import running
from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.runs import ArchitectureSearchSpecification, Run, Store, archive
from eproxy_engine.runs.command_line import PROGRAM, command
from eproxy_engine.runs.cost import work
from eproxy_engine.runs.kinds.registry import specification_of
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.worker import work_on
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring import Ensemble
from eproxy_engine.search.architecture_search.constraints import Constraints
from eproxy_engine.search.architecture_search.settings import ArchitectureSearchSettings
from tests.runs.conftest import Instant, OutOfOrder, configuration, made_up, untimed

SPENT = Sample("random", 5, 3)
FEW = Constraints(min_flops=155_000_000)
"""Leaves forty architectures."""


def architecture_search(strategy: str = "proxy-evolution", **changes: Any) -> ArchitectureSearchSpecification:
    """Three seeds; what is not the specification's own goes into its settings."""
    own = {
        name: changes.pop(name)
        for name in list(changes)
        if name in ArchitectureSearchSpecification.__dataclass_fields__
    }
    small = {"queries": 12, "population": 4, "tournament": 2, "cycles": 6, "pool": 8}
    given = {"proxy": configuration(), "images": "noise", "seeds": (1, 2, 3), **own}
    return ArchitectureSearchSpecification(
        "nasbench201", "cifar10", ArchitectureSearchSettings(strategy, **{**small, **changes}), **given
    )


def carried_out(store: Store, wanted: ArchitectureSearchSpecification, executor: Any = None) -> Run:
    return work_on(store, Lease(store, store.create(wanted).id), executor or Instant())


class Pausing:
    """An executor that has its run paused after some evaluations."""

    def __init__(self, store: Store, after: int) -> None:
        self.run_id, self._store, self._left = "", store, after

    def run(self, evaluations: Iterable[Evaluation]) -> Iterator[tuple[Evaluation, Outcome]]:
        for evaluation in evaluations:
            self._left -= 1
            if self._left == 0:
                self._store.ask(self.run_id, "pause")
            yield evaluation, made_up(evaluation)

    def close(self) -> None:
        pass


# --- what it finds ---


def test_each_seed_finds_what_it_finds_alone(store: Store) -> None:
    together = carried_out(store, architecture_search(spent=SPENT)).result
    assert together is not None
    assert [found["seed"] for found in together["searches"]] == [1, 2, 3]
    for found in together["searches"]:
        alone = carried_out(store, architecture_search(spent=SPENT, seeds=(found["seed"],))).result
        assert alone is not None
        assert alone["searches"] == [found]
    assert together["best"] == together["searches"][0]["best"]
    assert together["queries"] == 12
    assert together["spent"] == 5


def test_the_spread_is_over_the_seeds(store: Store) -> None:
    result = carried_out(store, architecture_search("random", queries=99, stop_at_optimum=True, constraints=FEW)).result
    assert result is not None
    needed = [found["queries_to_optimum"] for found in result["searches"]]
    assert result["queries_to_optimum"]["mean"] == pytest.approx(sum(needed) / 3)
    assert result["queries_to_optimum"]["n"] == result["queries_to_optimum"]["of"] == 3
    assert result["accuracy"] == {
        "mean": result["optimum"]["accuracy"],
        "standard_error": 0.0,
        "median": result["optimum"]["accuracy"],
        "n": 3,
        "of": 3,
    }


def test_without_queries_the_proxy_s_best_is_found(store: Store) -> None:
    wanted = architecture_search(queries=0, proxy=Baseline("flops"))
    result = carried_out(store, wanted).result
    assert result is not None
    assert result["queries"] == 0
    for found in result["searches"]:
        assert found["best"] == found["by_score"][0]
        assert found["best"]["accuracy"] == wanted.domain.known[found["best"]["architecture"]]


def test_the_history_is_that_of_the_first_seed(store: Store) -> None:
    run = carried_out(store, architecture_search())
    history = store.history(run.id)
    assert run.result is not None
    assert len(history) == run.result["searches"][0]["trials"]
    assert sum(trial["query"] is not None for trial in history) == 10


def test_seeds_that_meet_train_an_architecture_once(store: Store) -> None:
    executor = Instant()
    carried_out(store, architecture_search(population=100, cycles=0), executor)
    keys = [evaluation.key for evaluation in executor.computed]
    assert len(keys) == len(set(keys)) < 300


# --- children in flight ---


@pytest.mark.parametrize(
    "proxy", [configuration(), Ensemble((configuration(), configuration(iterations=3)))], ids=["one", "several"]
)
def test_it_does_not_depend_on_places_and_order(store: Store, proxy: Any) -> None:
    wanted = architecture_search(in_flight=3, cycles=20, proxy=proxy, seeds=(1, 2))
    expected = carried_out(store, wanted)
    for places, seed in ((1, 1), (4, 1), (4, 2), (50, 1)):
        executor = OutOfOrder(places, seed)
        other = Store(store.path.with_name(f"{places}-{seed}.sqlite3"))
        run = carried_out(other, wanted, executor)
        assert untimed(run.result) == untimed(expected.result)
        assert other.history(run.id) == store.history(expected.id)
        keys = [evaluation.key for evaluation in executor.computed]
        assert len(keys) == len(set(keys)) == expected.progress["done"]


def test_children_in_flight_keep_all_places_busy(store: Store) -> None:
    """But at the ends of first population and search: twice as many, as each waits for the oldest."""
    idle_places = []
    for in_flight in (1, 4, 8):
        executor = OutOfOrder(4)
        wanted = architecture_search(in_flight=in_flight, cycles=40, seeds=(1,), measured=False, queries=0)
        carried_out(Store(store.path.with_name(f"{in_flight}.sqlite3")), wanted, executor)
        idle_places.append(sum(4 - taken for taken in executor.under_way))
    assert idle_places[1] < idle_places[0] / 1.5
    assert idle_places[2] < idle_places[0] / 3


@pytest.mark.parametrize("after", [2, 7])
def test_paused_with_children_in_flight_it_ends_as_an_undisturbed_one(store: Store, after: int) -> None:
    wanted = architecture_search(in_flight=3, seeds=(1,))
    undisturbed = carried_out(store, wanted)
    other = Store(store.path.with_name("other.sqlite3"))
    run = other.create(wanted)
    pausing = Pausing(other, after)
    pausing.run_id = run.id
    assert work_on(other, Lease(other, run.id), pausing).status == "paused"
    other.resume(run.id)
    ended = work_on(other, Lease(other, run.id), Instant())
    assert untimed(ended.result) == untimed(undisturbed.result)
    assert other.history(run.id) == store.history(undisturbed.id)


# --- jumps ---


def test_a_result_says_how_many_jumped(store: Store) -> None:
    wanted = replace(architecture_search("evolution", queries=20, seeds=(1, 2)), space="nasbench-mr", task="cls-a")
    run = carried_out(store, wanted.checked())
    assert run.result is not None
    first, second = (found["jumps"] for found in run.result["searches"])
    assert first == sum(trial.get("jumped", False) for trial in store.history(run.id)) > 10
    assert second > 10
    nothing = carried_out(store, architecture_search("evolution")).result
    assert nothing is not None
    assert [found["jumps"] for found in nothing["searches"]] == [0, 0, 0]


# --- nothing is lost ---


@pytest.mark.parametrize("after", [1, 3, 9, 14])
def test_paused_and_resumed_it_ends_as_an_undisturbed_one(store: Store, after: int) -> None:
    undisturbed = carried_out(store, architecture_search(images="noise"))
    other = Store(store.path.with_name("other.sqlite3"))
    run = other.create(architecture_search(images="noise"))
    pausing = Pausing(other, after)
    pausing.run_id = run.id
    paused = work_on(other, Lease(other, run.id), pausing)
    assert paused.status == "paused"
    assert paused.progress["queries"] == [0, 0, 0]
    other.resume(run.id)
    ended = work_on(other, Lease(other, run.id), Instant())
    assert untimed(ended.result) == untimed(undisturbed.result)
    assert other.history(run.id) == store.history(undisturbed.id)


def test_a_search_that_trains_nothing_can_be_paused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run = store.create(architecture_search("random", queries=5000))
    check, calls = Lease.check, []

    def then_pause(lease: Lease) -> None:
        calls.append(1)
        if len(calls) == 3:
            store.ask(run.id, "pause")
        check(lease)

    monkeypatch.setattr(Lease, "check", then_pause)
    paused = work_on(store, Lease(store, run.id), Instant())
    assert paused.status == "paused"
    assert 0 < paused.progress["queries"][0] < 5000


def test_a_bayesian_search_that_is_resumed_asks_for_the_same(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = architecture_search("bayesian", queries=38, constraints=FEW, panel="instant", seeds=(1, 2))
    undisturbed, run, check, calls = carried_out(store, wanted), store.create(wanted), Lease.check, []

    def then_pause(lease: Lease) -> None:
        calls.append(1)
        if len(calls) == 1:
            store.ask(run.id, "pause")
        check(lease)

    monkeypatch.setattr(Lease, "check", then_pause)
    assert work_on(store, Lease(store, run.id), Instant()).status == "paused"
    store.resume(run.id)
    assert untimed(work_on(store, Lease(store, run.id), Instant()).result) == untimed(undisturbed.result)
    assert store.history(run.id) == store.history(undisturbed.id)


def test_it_travels_as_a_run_file(store: Store) -> None:
    run = carried_out(store, architecture_search(spent=SPENT))
    packed = archive.pack(store, run.id)
    other = Store(store.path.with_name("other.sqlite3"))
    imported = archive.unpack(other, packed, "a colleague")
    assert imported.result == run.result
    assert other.history(imported.id) == store.history(run.id)


# --- as a value ---

CASES = {
    "proxy": architecture_search(spent=SPENT, neighbours=3),
    "marked spent": architecture_search(spent=Sample("worst", 5, 1), proxy_seed=4),
    "random": architecture_search("random", queries=100, seeds=(5,), stop_at_optimum=True),
    "in flight": architecture_search(in_flight=4),
    "bayesian": architecture_search("bayesian", acquisition="thompson", first=3, panel="instant"),
    "baseline": architecture_search("seeded-evolution", proxy=Baseline("naswot", 8)),
    "limits": architecture_search(
        constraints=Constraints(max_flops=100_000_000, min_depth=2), measured=False, queries=0, seeds=(4, 5)
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_plain_values_give_it_back(name: str) -> None:
    assert specification_of("search", CASES[name].as_dict()) == CASES[name].checked()


@pytest.mark.parametrize("name", CASES)
def test_its_command_makes_it_again(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What the options say, up to what only a name stands for."""
    made: list[ArchitectureSearchSpecification] = []
    monkeypatch.setattr(ArchitectureSearchSpecification, "checked", lambda self: made.append(self) or self)
    monkeypatch.setattr(running, "make", _refuse)
    words = shlex.split(command(CASES[name]).removeprefix(f"{PROGRAM} search"))
    words += ["--store", str(tmp_path / "store.sqlite3")]
    with pytest.raises(LookupError):
        search_command.command.main(words, standalone_mode=False)
    wanted = CASES[name]
    if not wanted.settings.needs_proxy:
        wanted = replace(wanted, proxy=made[0].proxy)
    assert made[0] == wanted


def _refuse(device: str, workers: int | None) -> None:
    raise LookupError("far enough")


def test_an_ensemble_and_picked_architectures_are_files() -> None:
    picked = Sample("picked", 1, 1, ("|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|",))
    line = command(architecture_search(proxy=Ensemble((Baseline("flops"),)), spent=picked))
    assert "--config proxy.yaml" in line
    assert "--spent-file architectures.txt" in line


def test_the_title_says_what_was_done() -> None:
    title = architecture_search("evolution", queries=1200, constraints=Constraints(max_flops=10**8)).title
    assert title == (
        "NAS-Bench-201, cifar10: regularized evolution on the accuracy, 1,200 queries, 3 seeds, flops up to 100,000,000"
    )
    assert "60 queries, 4 children in flight, 3 seeds" in architecture_search(queries=60, in_flight=4).title
    assert "flight" not in architecture_search("evolution", in_flight=4).title


# --- cost ---


def test_it_costs_what_the_proxy_scores(store: Store) -> None:
    once, twice = (
        work(store, [architecture_search(seeds=seeds)]).multiply_accumulates["nasbench201"] for seeds in ((1,), (1, 2))
    )
    assert twice == 2 * once > 0
    assert work(store, [architecture_search("evolution")]) == (0, 0, {}, False)


# --- what is refused ---

REFUSED = {
    "no seeds": (architecture_search(seeds=()), "accepted: 1 to 200 different ones"),
    "a seed twice": (architecture_search(seeds=(1, 1)), "accepted: 1 to 200 different ones"),
    "a seed below zero": (architecture_search(seeds=(-1,)), "seed is -1"),
    "more queries than are known": (architecture_search(queries=15_626), "15,626 queries; accepted: 1 to 15,625"),
    "fewer queries than were spent": (architecture_search(queries=4, spent=SPENT), "4 queries; accepted: 5 to 15,625"),
    "no queries though some were spent": (architecture_search(queries=0, spent=SPENT), "0 queries; accepted: 5 to"),
    "unknown task": (replace(architecture_search(), task="cifar11"), "cifar11"),
    "no accuracies": (
        replace(architecture_search(measured=False), space="darts", task="imagenet"),
        "12 queries, but no accuracy on imagenet is known in darts; accepted: proxy-evolution with 0 queries",
    ),
    "nowhere to mutate": (
        architecture_search("evolution", constraints=Constraints(min_flops=220_000_000)),
        "accepted: a strategy without mutations",
    ),
    "nothing allowed": (architecture_search(constraints=Constraints(max_flops=1)), "accepted: wider limits"),
    "an unknown proxy": (architecture_search(proxy=Baseline("nonsense")), "nonsense"),
    "no early stopping": (architecture_search(proxy=Baseline("early_stopping@7")), "early_stopping@7"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_searched_is_refused(name: str) -> None:
    wanted, message = REFUSED[name]
    with pytest.raises(UserError, match=message):
        wanted.checked()


def test_random_search_needs_no_neighbours() -> None:
    """Where there is nowhere to mutate, what does not mutate still works."""
    single = Constraints(min_flops=220_000_000)
    architecture_search("random", constraints=single).checked()
    architecture_search(cycles=0, constraints=single).checked()


def test_the_outcome_of_a_failed_proxy_ranks_last(store: Store) -> None:
    result = carried_out(store, architecture_search(population=10, cycles=0, queries=10), Instant(diverging=6)).result
    assert result is not None
    assert result["diverged"] > 0
    assert result["searches"][0]["queries"] == 10
