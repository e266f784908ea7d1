"""A Discrete Proxy Search as a run: its progress, history and result, however often it is interrupted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats

from eproxy_engine import spaces
from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Evaluation, Outcome, preset
from eproxy_engine.runs import ProxySearchSpecification, Run, Store
from eproxy_engine.runs import lease as lease_module
from eproxy_engine.runs.kinds.evaluation.rows import stored_rows
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.worker import work_on
from eproxy_engine.scoring import Ensemble, members_of
from eproxy_engine.scoring.proxy import proxy_of
from eproxy_engine.search.proxy_search.search import Trial
from tests.runs.conftest import (
    Instant,
    OutOfOrder,
    configuration,
    finished,
    finished_dps,
    proxy_search_specification,
    searched,
    specification,
)
from tests.runs.kinds.evaluation.test_plan import Asking

pytestmark = pytest.mark.usefixtures("tiny_space")
SEARCHING = 8 * 6
"""Evaluations of eight trials on six architectures."""
JUDGED: dict[str, Any] = {"held_out": 10}
ENSEMBLE: dict[str, Any] = {"members": 3, "flops": True}


Undisturbed = Callable[[ProxySearchSpecification], tuple[Run, list[dict[str, Any]]]]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """How a run ends that nothing interrupts, and its history; of each specification once."""

    @cache
    def ended(wanted: ProxySearchSpecification) -> tuple[Run, list[dict[str, Any]]]:
        with closing(Store(tmp_path_factory.mktemp("undisturbed") / "store.sqlite3")) as store:
            run = finished_dps(store, wanted)
            return run, store.history(run.id)

    return ended


def result_of(run: Run) -> dict[str, Any]:
    """It is JSON, which has no NaN."""
    assert run.result is not None
    json.dumps(run.result, allow_nan=False)
    return run.result


def assert_same(store: Store, run: Run, expected: tuple[Run, list[dict[str, Any]]]) -> None:
    """But for the figures that tell where outcomes came from and how long they took."""
    assert run.status == expected[0].status == "finished"
    assert run.result == expected[0].result
    assert store.history(run.id) == expected[1]
    assert run.progress["done"] == run.progress["total"]
    for key in ("done", "trials", "trials_total", "best_rho", "population_rho"):
        assert run.progress[key] == expected[0].progress[key]


# --- history and result ---


def test_the_history_is_that_of_the_search(store: Store) -> None:
    wanted = proxy_search_specification(cycles=12)
    run = finished_dps(store, wanted)
    dps, _ = searched(wanted.problem(), wanted.settings)
    assert [Trial.from_dict(row) for row in store.history(run.id)] == dps.trials
    assert len(dps.trials) == 16


def test_each_key_is_computed_once(store: Store) -> None:
    wanted, executor = proxy_search_specification(cycles=60, **JUDGED, **ENSEMBLE), Instant()
    finished_dps(store, wanted, executor)
    keys = [evaluation.key for evaluation in executor.computed]
    assert len(keys) == len(set(keys)) == store.count_evaluations()
    dps, asked = searched(wanted.problem(), wanted.settings)
    searching = {evaluation.key for step in asked for evaluation in step}
    assert searching < set(keys)
    assert len(searching) == 6 * len({trial.configuration.training_part() for trial in dps.trials}) < 64 * 6


def test_the_result_of_the_search_alone(store: Store) -> None:
    run = finished_dps(store, proxy_search_specification(cycles=12))
    result, trials = result_of(run), [Trial.from_dict(row) for row in store.history(run.id)]
    best = max(trials, key=lambda trial: trial.rho)
    assert result["proxy"] == {"configuration": best.configuration.as_dict(), "ensemble": None}
    assert [trials[place] for place in result["places"]] == [best]
    assert result["best_rho"] == result["sample_rho"] == best.rho
    assert (result["trials"], result["cut_short"], result["diverged_evaluations"]) == (16, 0, 0)
    assert result["reused_trials"] == sum(trial.reused for trial in trials)
    assert result["seconds_of_training"] == pytest.approx(0.25 * store.count_evaluations())
    assert result["judged"] == {}
    assert "rho" not in result


def test_what_it_found_is_judged_on_others(store: Store) -> None:
    """The figures on top are those of the proxy found; its best configuration and the default are beside it."""
    wanted = proxy_search_specification(cycles=12, held_out=30, **ENSEMBLE)
    result = result_of(finished_dps(store, wanted))
    found = proxy_of(result["proxy"])
    assert len(members_of(found)) == 3
    judges = {"proxy": found, "best": members_of(found)[0], "default": preset("laptop")}
    assert set(result["judged"]) == set(judges)
    for name, proxy in judges.items():
        rows = stored_rows(store, wanted.judge(proxy))
        judged = result["judged"][name]
        assert len(rows) == judged["n"] == 30
        assert judged["rho"] == pytest.approx(stats.spearmanr(rows["score"], rows["accuracy"]).statistic)
        assert judged["tau"] == pytest.approx(stats.kendalltau(rows["score"], rows["accuracy"]).statistic)
        assert judged["reference"]["flops"]["rho"] == pytest.approx(
            stats.spearmanr(rows["flops"], rows["accuracy"]).statistic
        )
    assert {key: result[key] for key in result["judged"]["proxy"]} == result["judged"]["proxy"]
    assert len({judged["rho"] for judged in result["judged"].values()}) == 3


def test_the_scores_of_an_ensemble_are_mean_ranks(store: Store) -> None:
    """By hand, from the outcomes: of two members and half a share of the FLOPs; one diverges in one of them."""
    members = configuration(flops_weight=-0.5), configuration(learning_rate=0.2)
    wanted = specification(20, proxy=Ensemble(tuple(members), 0.5))
    finished(store, wanted, Instant(diverging=1))
    rows, evaluations = stored_rows(store, wanted), wanted.evaluations()
    assert len(evaluations) == 40
    norms = rows["flops"] / spaces.get("nasbench201").largest_flops
    outcomes = store.outcomes(evaluations)
    losses = np.array([outcomes[evaluation.key].values[-1][0] for evaluation in evaluations]).reshape(2, 20)
    scores = -losses * np.array([1 - 0.5 * norms, np.ones(20)])
    ranks = stats.rankdata(np.where(np.isnan(scores), -np.inf, scores), axis=1) - 1
    expected = (ranks.mean(axis=0) + 0.5 * (stats.rankdata(norms) - 1)) / 19 / 1.5
    assert list(rows["score"]) == pytest.approx(list(expected))
    assert list(rows["diverged"]) == [True] + [False] * 19
    assert list(rows["seconds"]) == [0.5] * 20
    assert rows["losses"][1] == [row[0] for row in outcomes[evaluations[1].key].values]


def test_a_run_is_repeated_from_the_store(store: Store) -> None:
    wanted, again = proxy_search_specification(**JUDGED, **ENSEMBLE), Instant()
    one = finished_dps(store, wanted)
    two = finished_dps(store, wanted, again)
    assert again.computed == []
    assert one.result == two.result
    assert store.history(one.id) == store.history(two.id)
    assert two.progress["reused"] == two.progress["done"] == two.progress["total"]


def test_more_cycles_go_on_from_fewer(store: Store) -> None:
    short, longer = finished_dps(store), Instant()
    run = finished_dps(store, proxy_search_specification(cycles=10), longer)
    assert len(longer.computed) <= 6 * 6
    assert store.history(run.id)[:8] == store.history(short.id)


@pytest.mark.parametrize("strategy", ["evolution", "random", "tpe"])
@pytest.mark.parametrize("racing", [False, True])
def test_every_strategy_makes_a_run(store: Store, strategy: str, racing: bool) -> None:
    run = finished_dps(store, proxy_search_specification(strategy=strategy, racing=racing, cycles=12))
    assert run.status == "finished"
    assert len(store.history(run.id)) == result_of(run)["trials"] == 16
    assert result_of(run)["cut_short"] == sum(not row["scores"] for row in store.history(run.id))
    assert (run.progress["trials"], run.progress["trials_total"]) == (16, 16)
    assert run.progress["done"] == run.progress["total"]


@pytest.mark.parametrize("changes", [{}, ENSEMBLE, {"members": 3}, {"seeds": 2}], ids=str)
def test_a_search_in_which_everything_diverged_has_a_result(store: Store, changes: dict[str, Any]) -> None:
    run = finished_dps(store, proxy_search_specification(**JUDGED, **changes), Instant(diverging=10_000))
    assert (run.status, run.error) == ("finished", None)
    result = result_of(run)
    assert result["best_rho"] == -1.0
    assert result["diverged_evaluations"] == sum(row["diverged"] for row in store.history(run.id)) > 0
    assert result["judged"]["best"]["diverged"] == 10
    assert result["judged"]["best"]["rho"] is None


def test_deleting_a_run_forgets_its_history_and_no_other(store: Store) -> None:
    gone, kept = finished_dps(store), finished_dps(store, proxy_search_specification(seed=2))
    store.delete(gone.id)
    assert store.history(gone.id) == []
    assert len(store.history(kept.id)) == 8


# --- progress ---


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """All that a run reports."""
    seen: list[dict[str, Any]] = []
    monkeypatch.setattr(lease_module, "REPORT_SECONDS", -1.0)
    monkeypatch.setattr(Lease, "report", lambda self, progress, final=False: seen.append(progress))
    return seen


def test_progress_of_the_search(store: Store, reports: list[dict[str, Any]]) -> None:
    run = finished_dps(store, proxy_search_specification(cycles=12))
    history = [row["rho"] for row in store.history(run.id)]
    assert {report["trials_total"] for report in reports} == {16}
    counts = [report["trials"] for report in reports]
    assert counts == sorted(counts)
    assert sorted(set(counts)) == [*range(17)]
    for report in reports:
        done = history[: report["trials"]]
        assert report["best_rho"] == (max(done) if done else None)
        assert report["population_rho"] == (pytest.approx(np.mean(done[-4:])) if done else None)
    assert reports[-1]["population_rho"] == pytest.approx(np.mean(history[-4:]))


def test_progress_of_the_evaluations(store: Store, reports: list[dict[str, Any]]) -> None:
    """Never more than all that can come; what turns out to be known already comes off."""
    wanted = proxy_search_specification(cycles=12, **JUDGED, **ENSEMBLE)
    finished_dps(store, wanted)
    most = 16 * 6 + 4 * 10  # of three members and the default
    totals = [report["total"] for report in reports]
    assert totals[0] == most
    assert [report["done"] for report in reports] == sorted(report["done"] for report in reports)
    assert all(report["done"] <= report["total"] for report in reports)
    assert reports[-1]["done"] == reports[-1]["total"] == store.count_evaluations()
    assert {report["reused"] for report in reports} == {0}
    assert max(totals) == most
    assert totals == sorted(totals, reverse=True)


def test_progress_of_a_raced_search_never_promises_too_little(store: Store, reports: list[dict[str, Any]]) -> None:
    """What is cut short comes off, nothing is added."""
    finished_dps(store, proxy_search_specification(8, racing=True, cycles=20))
    totals = [report["total"] for report in reports]
    assert totals[-1] < totals[0]
    assert totals == sorted(totals, reverse=True)


@pytest.mark.parametrize("racing", [False, True])
def test_progress_with_children_in_flight_never_promises_too_little(
    store: Store, reports: list[dict[str, Any]], racing: bool
) -> None:
    finished_dps(store, proxy_search_specification(8, racing=racing, cycles=20, in_flight=4), OutOfOrder(3))
    totals = [report["total"] for report in reports]
    assert totals[0] == 24 * 8
    assert totals == sorted(totals, reverse=True)
    assert reports[-1]["done"] == totals[-1] == store.count_evaluations()


def test_time_left_is_told_once_something_was_computed(store: Store, reports: list[dict[str, Any]]) -> None:
    finished_dps(store)
    left = [report["seconds_left"] for report in reports]
    assert left[:2] == [None, None]
    assert None not in left[2:]
    assert left[-1] == 0


def test_a_search_of_many_seeds_counts_all_its_evaluations(store: Store, reports: list[dict[str, Any]]) -> None:
    finished_dps(store, proxy_search_specification(seeds=3))
    assert reports[0]["total"] == 3 * SEARCHING


# --- children in flight ---


@pytest.mark.parametrize("racing", [False, True])
def test_a_run_does_not_depend_on_places_and_order(store: Store, undisturbed: Undisturbed, racing: bool) -> None:
    wanted = proxy_search_specification(in_flight=3, cycles=20, racing=racing, **JUDGED, **ENSEMBLE)
    expected = undisturbed(wanted)
    for places, seed in ((1, 1), (4, 1), (4, 2), (50, 1)):
        executor = OutOfOrder(places, seed)
        with closing(Store(store.path.with_name(f"{places}-{seed}.sqlite3"))) as other:
            assert_same(other, finished_dps(other, wanted, executor), expected)
        keys = [evaluation.key for evaluation in executor.computed]
        assert len(keys) == len(set(keys)) == expected[0].progress["total"]


@pytest.mark.parametrize("racing", [False, True])
def test_children_in_flight_keep_all_places_busy(store: Store, racing: bool) -> None:
    """But at the ends of first population and search; one child at a time leaves some idle at the end of each, and
    most of them when it is raced."""
    idle_places = []
    for in_flight in (1, 4):
        executor = OutOfOrder(4)
        wanted = proxy_search_specification(8, cycles=30, racing=racing, in_flight=in_flight)
        finished_dps(store, wanted, executor)
        idle_places.append(sum(4 - taken for taken in executor.under_way))
    assert idle_places[1] < idle_places[0] / 10


# --- pause, stop, resume ---

POINTS = [
    ("pause", 1),  # in the first population
    ("stop", 23),
    ("pause", 24),  # at its end
    ("stop", 25),  # among children
    ("pause", 40),
    ("stop", SEARCHING),  # at the end of the search
    ("pause", SEARCHING + 1),  # while judging
    ("stop", SEARCHING + 15),
]
"""What is asked, and after how many evaluations."""


def disturbed(store: Store, wanted: ProxySearchSpecification, requests: Iterable[tuple[str, int]]) -> Run:
    """Carried out with such requests, each after so many evaluations in all; what is asked takes place."""
    run = store.create(wanted)
    for request, after in requests:
        executor = Asking(store, request, after - store.count_evaluations())
        ended = work_on(store, Lease(store, run.id), executor)
        assert ended.status == {"pause": "paused", "stop": "stopped"}[request]
        assert store.count_evaluations() == after
        store.resume(run.id)
    return work_on(store, Lease(store, run.id), Instant())


@pytest.mark.parametrize("point", POINTS, ids=str)
def test_a_resumed_run_ends_as_an_undisturbed_one(
    store: Store, undisturbed: Undisturbed, point: tuple[str, int]
) -> None:
    wanted = proxy_search_specification(**JUDGED, **ENSEMBLE)
    run = disturbed(store, wanted, [point])
    assert run.progress["reused"] == point[1]
    assert_same(store, run, undisturbed(wanted))


@pytest.mark.parametrize(
    "changes",
    [
        {"held_out": 10, "members": 2},
        {"racing": True, "cycles": 12},
        {"in_flight": 3, "cycles": 12},
        {"in_flight": 3, "cycles": 12, "racing": True},
        {"strategy": "tpe"},
        {"strategy": "random"},
    ],
    ids=str,
)
def test_a_run_interrupted_many_times_ends_as_an_undisturbed_one(
    store: Store, undisturbed: Undisturbed, changes: dict[str, Any]
) -> None:
    wanted = proxy_search_specification(**changes)
    expected = undisturbed(wanted)
    requests = [("stop" if after % 2 else "pause", after) for after in range(5, expected[0].progress["total"], 9)]
    assert len(requests) >= 5
    assert_same(store, disturbed(store, wanted, requests), expected)


@pytest.mark.parametrize(("after", "trials"), [(3, 0), (26, 4), (40, 6), (SEARCHING + 5, 8)])
def test_a_stopped_run_keeps_what_it_has_tried_and_found(
    store: Store, undisturbed: Undisturbed, after: int, trials: int
) -> None:
    wanted = proxy_search_specification(**JUDGED)
    run = work_on(store, Lease(store, store.create(wanted).id), Asking(store, "stop", after))
    history = store.history(run.id)
    assert len(history) == trials
    assert history == undisturbed(wanted)[1][:trials]
    if not trials:
        assert run.result is None
        return
    result = result_of(run)
    assert result["trials"] == trials
    assert result["best_rho"] == max(row["rho"] for row in history)
    assert ("judged" in result) == (after > SEARCHING)
    if after > SEARCHING:
        assert result["judged"]["proxy"]["n"] < 10


class Failing(Instant):
    """Cannot compute any more after so many evaluations."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._after = after

    def run(self, evaluations: Iterable[Evaluation]) -> Iterator[tuple[Evaluation, Outcome]]:
        for computed in super().run(evaluations):
            if len(self.computed) > self._after:
                raise UserError("the images are gone")
            yield computed


@pytest.mark.parametrize("after", [0, 10, 24, SEARCHING, SEARCHING + 1])
def test_a_failed_run_says_why_and_goes_on(store: Store, undisturbed: Undisturbed, after: int) -> None:
    """Also where the search is over and nothing is judged yet."""
    wanted = proxy_search_specification(**JUDGED, **ENSEMBLE)
    run = store.create(wanted)
    with pytest.raises(UserError, match="the images are gone"):
        work_on(store, Lease(store, run.id), Failing(after))
    failed = store.run(run.id)
    assert (failed.status, failed.error) == ("failed", "the images are gone")
    assert (failed.result is None) == (after < 6)
    store.resume(run.id)
    assert_same(store, work_on(store, Lease(store, run.id), Instant()), undisturbed(wanted))


@pytest.mark.parametrize("changes", [{}, JUDGED, {**JUDGED, **ENSEMBLE}])
def test_a_search_says_as_many_evaluations_as_it_counts(
    store: Store, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]
) -> None:
    seen: list[dict[str, Any]] = []
    monkeypatch.setattr(Lease, "report", lambda self, progress, final=False: seen.append(progress))
    given = proxy_search_specification(**changes)
    finished_dps(store, given, Instant())
    assert seen[0]["total"] == given.most_evaluations
