"""Comparisons of proxies: what is asked for, what they say, and what a failure does."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pytest
from scipy import stats

from eproxy_engine.baselines import Baseline
from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.runs import ComparisonSpecification, Run, Store, archive
from eproxy_engine.runs.kinds.comparison.plan import ComparisonPlan, compared, scores_of
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.plan import replayed
from eproxy_engine.runs.worker import work_on
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring import Ensemble
from eproxy_engine.scoring.named import NamedProxy, named
from tests.runs.conftest import configuration, made_up

SIZE = 12
TWO = (named("snip"), named("naswot"))


def comparison(*proxies: NamedProxy, **changes: Any) -> ComparisonSpecification:
    values = {"sample": Sample(size=SIZE), "proxies": proxies or TWO, "images": "noise"}
    return ComparisonSpecification("nasbench201", "cifar10", **{**values, **changes})


class Instant:
    """Values from the key; the given number of first evaluations of a proxy fail."""

    def __init__(self, failing: int = 0) -> None:
        self.computed: list[Evaluation] = []
        self._failing = failing

    def run(self, evaluations: Iterable[Evaluation]) -> Iterator[tuple[Evaluation, Outcome]]:
        for evaluation in evaluations:
            self.computed.append(evaluation)
            yield evaluation, self._outcome(evaluation)

    def close(self) -> None:
        pass

    def _outcome(self, evaluation: Evaluation) -> Outcome:
        if not isinstance(evaluation.configuration, Baseline):
            return made_up(evaluation)
        if len(self.computed) <= self._failing:
            return Outcome(((math.nan,),), 0.5, 1e8, "gave nan")
        digits = hashlib.sha256(evaluation.key.encode()).digest()
        return Outcome(((int.from_bytes(digits[:4]) / 1e6,),), 0.5, 1e8)


def finished(store: Store, wanted: ComparisonSpecification, executor: Instant | None = None) -> Run:
    return work_on(store, Lease(store, store.create(wanted).id), executor or Instant())


def rows_of(run: Run) -> dict[str, dict[str, Any]]:
    assert run.status == "finished"
    assert run.result is not None
    return {row["name"]: row for row in run.result["proxies"]}


def test_each_proxy_is_judged_on_the_same_architectures(store: Store) -> None:
    wanted = comparison(*TWO, named("flops"))
    run = finished(store, wanted)
    rows = rows_of(run)
    table = wanted.architectures()
    for proxy in TWO:
        outcomes = store.outcomes(wanted.evaluation_run(proxy).evaluations())
        values = [outcomes[each.key].values[0][0] for each in wanted.evaluation_run(proxy).evaluations()]
        assert rows[proxy.name]["rho"] == pytest.approx(stats.spearmanr(values, table["accuracy"]).statistic)
    assert rows["flops"]["rho"] == pytest.approx(stats.spearmanr(table["flops"], table["accuracy"]).statistic)
    assert rows["flops"]["seconds_per_architecture"] is None
    assert rows["flops"]["partial_rho"] is None
    assert rows["snip"]["seconds_per_architecture"] == 0.5
    assert rows["snip"]["peak_megabytes"] == 100
    assert {row["n"] for row in rows.values()} == {SIZE}


def test_failures_are_counted_named_and_last(store: Store) -> None:
    wanted = comparison()
    row = rows_of(finished(store, wanted, Instant(failing=3)))["snip"]
    failed = set(wanted.architectures()["architecture"][:3])
    assert (row["failed"], row["notes"]) == (3, {"gave nan": 3})
    assert set(row["failed_architectures"]) == failed
    outcomes = replayed(ComparisonPlan(wanted), store.outcomes).outcomes
    scores = scores_of(wanted, outcomes)
    assert np.isneginf(scores["snip"]).sum() == 3
    assert np.isfinite(scores["naswot"]).all()


def test_seeds_draw_everything_anew_and_tell_the_spread(store: Store) -> None:
    executor = Instant()
    wanted = comparison(TWO[0], named("parameters"), seeds=(1, 2, 3))
    rows = rows_of(finished(store, wanted, executor))
    assert {each.seed for each in executor.computed} == {1, 2, 3}
    assert len(rows["snip"]["seed_rhos"]) == 3
    assert len(set(rows["snip"]["seed_rhos"])) == 3
    assert len(set(rows["parameters"]["seed_rhos"])) == 1
    assert rows["snip"]["seed_rhos"][0] == rows["snip"]["rho"]


def test_what_is_stored_is_not_computed_again_and_members_are_shared(store: Store) -> None:
    parts = [named(f"az_{part}") for part in ("expressivity", "progressivity", "trainability")]
    finished(store, comparison(*parts))
    executor = Instant()
    rows = rows_of(finished(store, comparison(named("az_nas"), *parts), executor))
    assert executor.computed == []
    assert rows["az_nas"]["rho"] is not None


def test_an_evaluation_that_several_need_counts_once(store: Store) -> None:
    parts = [named(f"az_{part}") for part in ("expressivity", "progressivity", "trainability")]
    run = finished(store, comparison(named("az_nas"), *parts))
    different = {each.key for part in parts for each in comparison().evaluation_run(part).evaluations()}
    assert run.progress["total"] == run.progress["done"] == len(different)
    assert run.progress["steps"] == 1  # az_nas asks for all of them together


def test_eproxy_baselines_and_ensembles_of_both_stand_beside_each_other(store: Store) -> None:
    eproxy = NamedProxy("tuned", configuration())
    both = NamedProxy("both", Ensemble((configuration(), Baseline("snip"), Baseline("flops"))))
    wanted = comparison(eproxy, named("snip"), both)
    run = finished(store, wanted)
    outcomes = replayed(ComparisonPlan(wanted), store.outcomes).outcomes
    scores = scores_of(wanted, outcomes)
    ranks = [(stats.rankdata(column) - 1) / (SIZE - 1) for column in (scores["tuned"], scores["snip"], scores["flops"])]
    assert scores["both"].to_numpy() == pytest.approx(np.mean(ranks, axis=0))
    assert rows_of(run).keys() == {"tuned", "snip", "both"}


def test_what_is_finished_can_be_seen_while_the_rest_goes_on(store: Store) -> None:
    wanted = comparison()
    known = dict(store.outcomes([]))
    for evaluation, outcome in Instant().run(wanted.evaluation_run(TWO[0]).evaluations()):
        known[evaluation.key] = outcome
    assert [row["name"] for row in compared(wanted, known)] == ["snip"]
    assert "naswot" not in scores_of(wanted, known)


def test_a_comparison_travels_as_a_file(store: Store, tmp_path: Any) -> None:
    run = finished(store, comparison(*TWO, named("az_nas")), Instant(failing=2))
    other = Store(tmp_path / "other.sqlite3")
    again = archive.unpack(other, archive.pack(store, run.id), "imported")
    assert (again.status, again.result, again.specification) == ("finished", run.result, run.specification)
    evaluations = comparison().evaluation_run(TWO[0]).evaluations()
    assert str(other.outcomes(evaluations)) == str(store.outcomes(evaluations))  # nan is not equal to itself


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"proxies": ()}, "0 proxies; accepted: 1 to 60"),
        ({"proxies": (named("snip"), named("snip", 32))}, "two proxies are named 'snip'"),
        ({"proxies": (named("early_stopping@36"),)}, "'early_stopping@36' is not in the table"),
        ({"proxies": (NamedProxy("accuracy", Baseline("snip")),)}, "a proxy named 'accuracy'"),
        ({"proxies": (NamedProxy("flops", Baseline("snip")),)}, "a proxy named 'flops'"),
        ({"seeds": ()}, r"seeds \[\]; accepted: 1 to 20"),
        ({"seeds": (1, 1)}, r"seeds \[1, 1\]; accepted"),
        ({"seeds": (-1,)}, "seed is -1"),
    ],
)
def test_what_cannot_be_compared_is_told(store: Store, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said):
        store.create(comparison(**changes))


def test_plain_values_give_it_back() -> None:
    given = comparison(*TWO, named("az_nas"), NamedProxy("mine", configuration()), seeds=(3, 4))
    assert ComparisonSpecification.from_dict(given.as_dict()) == given
    with pytest.raises(UserError, match="the specification of a run cannot be read"):
        ComparisonSpecification.from_dict({**given.as_dict(), "proxies": [{"name": "x"}]})
