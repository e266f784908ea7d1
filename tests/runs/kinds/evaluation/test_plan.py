"""An evaluation run: what it computes, what it takes from the store, and what it says about both."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from scipy import stats

from eproxy_engine import benchmarks, spaces
from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Branch, Evaluation, Outcome
from eproxy_engine.runs import EvaluationSpecification, Store
from eproxy_engine.runs import lease as lease_module
from eproxy_engine.runs.kinds.evaluation import plan
from eproxy_engine.runs.kinds.evaluation.rows import stored_rows
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.worker import work_on
from eproxy_engine.sampling import Sample
from tests.runs.conftest import Instant, configuration, fill_disk, finished, launched, made_up, specification


class Asking(Instant):
    """Asks for something once ``after`` evaluations are computed."""

    def __init__(self, store: Store, request: str, after: int) -> None:
        super().__init__()
        self._store, self._request, self._after = store, request, after

    def run(self, evaluations: Iterable[Evaluation]) -> Iterator[tuple[Evaluation, Outcome]]:
        for computed in super().run(evaluations):
            if len(self.computed) == self._after:
                self._store.ask(self._store.runs()[0].id, self._request)
            yield computed


def test_the_summary_is_that_of_the_rows(store: Store) -> None:
    wanted = specification(40)
    result = finished(store, wanted).result
    assert result is not None
    rows = stored_rows(store, wanted)
    outcomes = store.outcomes(wanted.evaluations())
    assert list(rows["architecture"]) == list(wanted.architectures()["architecture"])
    assert list(rows["score"]) == [-outcomes[e.key].values[-1][0] for e in wanted.evaluations()]
    score, accuracy = rows["score"], rows["accuracy"]
    assert result["rho"] == pytest.approx(stats.spearmanr(score, accuracy).statistic)
    assert result["tau"] == pytest.approx(stats.kendalltau(score, accuracy).statistic)
    best = accuracy.nlargest(4).index  # no accuracy is twice in this sample
    kth = score.nlargest(4).min()
    certain, tied = score[score > kth].index, score[score == kth].index
    by_chance = len(best.intersection(tied)) * (4 - len(certain)) / len(tied)
    assert result["top10"] == pytest.approx((len(best.intersection(certain)) + by_chance) / 4)
    assert result["reference"]["flops"]["rho"] == pytest.approx(stats.spearmanr(rows["flops"], accuracy).statistic)
    assert result["reference"]["parameters"]["tau"] == pytest.approx(
        stats.kendalltau(rows["parameters"], accuracy).statistic
    )
    assert (result["n"], result["architectures"], result["diverged"], result["known"]) == (40, 40, 0, 15_625)
    assert result["seconds_per_architecture"] == 0.25
    assert result["rho_low"] <= result["rho"] <= result["rho_high"]


def test_what_is_stored_is_not_computed_again(store: Store) -> None:
    first, again = Instant(), Instant()
    one = finished(store, specification(6), first)
    two = finished(store, specification(6), again)
    assert len(first.computed) == 6
    assert again.computed == []
    assert one.result == two.result
    assert two.progress == {"done": 6, "total": 6, "reused": 6, "computed": 0, "seconds_left": None}


def test_sweeps_share_the_architectures_they_have_in_common(store: Store) -> None:
    small, large = Instant(), Instant()
    finished(store, specification(5), small)
    run = finished(store, specification(8), large)
    assert len(large.computed) == 3
    assert not {e.key for e in small.computed} & {e.key for e in large.computed}
    assert (run.progress["done"], run.progress["reused"], run.result["n"]) == (8, 5, 8)  # type: ignore[index]


@pytest.mark.parametrize("changed", [{"seed": 2}, {"images": "bundled"}, {"proxy": configuration(learning_rate=0.2)}])
def test_what_changes_a_training_is_computed(store: Store, changed: dict[str, object]) -> None:
    finished(store, specification(4))
    executor = Instant()
    finished(store, specification(4, **changed), executor)
    assert len(executor.computed) == 4


def test_the_flops_weight_costs_no_training_and_weighs_the_scores(store: Store) -> None:
    plain, executor = specification(12), Instant()
    weighed = specification(12, proxy=configuration(flops_weight=-0.5))
    finished(store, plain)
    finished(store, weighed, executor)
    assert executor.computed == []
    before, after = stored_rows(store, plain), stored_rows(store, weighed)
    largest = spaces.get("nasbench201").largest_flops
    expected = before["score"] * (1 - 0.5 * before["flops"] / largest)
    assert list(after["score"]) == pytest.approx(list(expected))
    assert list(after["score"]) != list(before["score"])


@pytest.mark.parametrize("space", ["nasbench-mr", "nasbench201"])
def test_the_flops_of_the_largest_measured_one_are_another_norm(space: str) -> None:
    """On NAS-Bench-MR, α weighs twice as much; all of NAS-Bench-201 is measured."""
    task = benchmarks.task(space).name
    rows = Sample(size=5).draw(space, task)
    member = configuration(flops_weight=-0.5, flops_norm="measured")
    wanted = EvaluationSpecification(space, task, Sample(size=5), member, "noise", 1)
    outcomes = {one.key: made_up(one) for one in wanted.evaluations()}
    losses = [made_up(one).values[-1][0] for one in wanted.evaluations()]
    largest = {"nasbench-mr": 13_702_273_280, "nasbench201": 220_119_680}[space]
    assert list(plan.scored(wanted, outcomes)["score"]) == pytest.approx(
        [-loss * (1 - 0.5 * flops / largest) for loss, flops in zip(losses, rows["flops"], strict=True)]
    )


def test_a_read_out_costs_no_training(store: Store) -> None:
    read, executor = specification(6, proxy=configuration(iterations=3, read_out=2)), Instant()
    plain = specification(6, proxy=configuration(iterations=3))
    finished(store, plain)
    finished(store, read, executor)
    assert executor.computed == []
    outcomes = store.outcomes(plain.evaluations())
    expected = [-outcomes[one.key].values[1][0] for one in plain.evaluations()]
    assert list(stored_rows(store, read)["score"]) == pytest.approx(expected)


def test_branch_weights_cost_no_training(store: Store) -> None:
    branches = (Branch("deepest", ("net",), c_mid=16, c_out=16), Branch("before_first", ("net",), c_mid=16, c_out=16))
    executor = Instant()
    finished(store, specification(3, proxy=configuration(branches=branches)))
    halving = specification(3, proxy=configuration(branches=branches, branch_weights="halving"))
    finished(store, halving, executor)
    assert executor.computed == []
    rows, outcomes = stored_rows(store, halving), store.outcomes(halving.evaluations())
    deep, shallow = outcomes[halving.evaluations()[0].key].values[-1]
    assert rows["score"][0] == pytest.approx(-(deep + shallow / 2))


def test_equal_networks_are_trained_once_and_all_shown(store: Store) -> None:
    wanted = specification(sample=Sample("picked", picked=equivalents()))
    executor = Instant()
    run = finished(store, wanted, executor)
    assert len(executor.computed) == 1
    rows = stored_rows(store, wanted)
    assert tuple(rows["architecture"]) == equivalents()
    assert rows["score"].nunique() == 1
    assert (run.progress["done"], run.progress["total"], run.result["n"]) == (1, 1, 2)  # type: ignore[index]


def equivalents() -> tuple[str, str]:
    """Two architectures of the table with one network."""
    family = spaces.get("nasbench201")
    seen: dict[str, str] = {}
    for architecture in benchmarks.known("nasbench201", "cifar10")["architecture"]:
        network = str(family.equivalent(family.parse(architecture)))
        if network in seen:
            return seen[network], architecture
        seen[network] = architecture
    raise AssertionError("no two architectures have one network")


@pytest.mark.parametrize(("request_", "status"), [("stop", "stopped"), ("pause", "paused")])
def test_a_request_leaves_the_result_of_what_is_done(store: Store, request_: str, status: str) -> None:
    wanted = specification(10)
    run = work_on(store, Lease(store, launched(store, wanted).id), Asking(store, request_, after=4))
    assert run.status == status
    assert run.result is not None
    assert (run.result["n"], run.result["architectures"]) == (4, 10)
    assert run.result == plan.summary(wanted, stored_rows(store, wanted))
    assert store.count_evaluations() == 4


def test_a_resumed_run_ends_as_an_undisturbed_one(store: Store, tmp_path: Path) -> None:
    run = launched(store, specification(10))
    for after in (1, 5):
        work_on(store, Lease(store, run.id), Asking(store, "pause", after))
        store.resume(run.id)
    resumed = work_on(store, Lease(store, run.id), Instant())
    other = Store(tmp_path / "other.sqlite3")
    undisturbed = finished(other, specification(10))
    assert resumed.status == "finished"
    assert resumed.result == undisturbed.result
    assert (resumed.progress["reused"], resumed.progress["computed"]) == (6, 10)
    assert stored_rows(store, run.specification).equals(stored_rows(other, run.specification))


def test_progress_counts_what_is_reused_and_computed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease_module, "REPORT_SECONDS", -1.0)
    seen = []
    monkeypatch.setattr(Lease, "report", lambda self, progress, final=False: seen.append(progress))
    finished(store, specification(3))
    seen.clear()
    finished(store, specification(6))
    assert [progress["done"] for progress in seen] == [3, 4, 5, 6, 6]
    assert {(progress["total"], progress["reused"]) for progress in seen} == {(6, 3)}
    assert [progress["seconds_left"] is None for progress in seen] == [True, True, False, False, False]
    assert seen[-1]["seconds_left"] == 0


def test_diverged_ones_are_counted_and_rank_last(store: Store) -> None:
    wanted = specification(12)
    result = finished(store, wanted, Instant(diverging=3)).result
    assert result is not None
    assert (result["diverged"], result["n"]) == (3, 12)
    rows = stored_rows(store, wanted)
    assert list(rows["score"][:3]) == [-math.inf] * 3
    assert rows["score"][3:].min() > -math.inf
    ranks = rows["score"].rank()  # −inf below all others, and tied
    assert result["rho"] == pytest.approx(stats.spearmanr(ranks, rows["accuracy"]).statistic)


def test_a_sweep_in_which_everything_diverged_has_a_result(store: Store) -> None:
    run = finished(store, specification(6), Instant(diverging=6))
    assert run.result is not None
    assert (run.status, run.result["diverged"], run.result["rho"]) == ("finished", 6, None)
    assert run.result["multiply_accumulates_per_second"] is None


def test_one_architecture_has_no_correlation_but_a_row(store: Store) -> None:
    run = finished(store, specification(1))
    assert run.result is not None
    assert (run.status, run.result["n"], run.result["rho"]) == ("finished", 1, None)


def test_the_accuracy_is_that_of_the_task(store: Store) -> None:
    rows = []
    for task in ("cifar10", "cifar100"):
        wanted = EvaluationSpecification("nasbench201", task, Sample(size=3), configuration(), "noise")
        finished(store, wanted)
        rows.append(stored_rows(store, wanted))
    assert list(rows[0]["architecture"]) == list(rows[1]["architecture"])
    assert all(rows[0]["accuracy"] > rows[1]["accuracy"])
    assert list(rows[0]["score"]) == list(rows[1]["score"])


def test_a_full_disk_fails_the_run_and_loses_nothing_else(store: Store) -> None:
    wanted = specification(200)
    run = launched(store, wanted)
    fill_disk(store)
    with pytest.raises(UserError, match="the disk is full"):
        work_on(store, Lease(store, run.id), Instant())
    kept = store.count_evaluations()
    assert 0 < kept < 200
    store.database.query("PRAGMA max_page_count = 100000")
    store.database.change("UPDATE runs SET status = 'failed'")  # what it is, or becomes when its heartbeat is stale
    store.resume(run.id)
    executor = Instant()
    again = work_on(store, Lease(store, run.id), executor)
    assert again.status == "finished"
    assert len(executor.computed) == len({e.key for e in wanted.evaluations()}) - kept
    assert store.outcomes(wanted.evaluations()) == {e.key: made_up(e) for e in wanted.evaluations()}
