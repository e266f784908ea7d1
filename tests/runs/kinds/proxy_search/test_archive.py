"""Discrete Proxy Searches as files: they come back the same elsewhere, and nothing unsound does."""

from __future__ import annotations

import copy
import gzip
import json
import math
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Configuration
from eproxy_engine.runs import EvaluationSpecification, ProxySearchSpecification, Store
from eproxy_engine.runs.archive import pack, unpack
from eproxy_engine.runs.kinds.evaluation.rows import stored_rows
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.worker import work_on
from eproxy_engine.scoring import Ensemble
from eproxy_engine.search.proxy_search.proxy_space import PROXY_SPACES
from eproxy_engine.statistics import spearman
from tests.runs.conftest import (
    TINY,
    Instant,
    configuration,
    finished,
    finished_dps,
    proxy_search_specification,
    specification,
)
from tests.runs.kinds.evaluation.test_plan import Asking

pytestmark = pytest.mark.usefixtures("tiny_space")
SEARCHING = 8 * 6
"""Evaluations of eight trials on six architectures."""


def wanted() -> ProxySearchSpecification:
    return proxy_search_specification(held_out=10, members=3, flops=True)


Edit = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """With one finished run, in which one evaluation diverged."""
    with (
        pytest.MonkeyPatch.context() as patch,
        closing(Store(tmp_path_factory.mktemp("original") / "s.sqlite3")) as store,
    ):
        patch.setitem(PROXY_SPACES, "tiny", TINY)
        finished_dps(store, wanted(), Instant(diverging=1))
        yield store


@pytest.fixture
def packed(original: Store) -> bytes:
    return pack(original, original.runs()[0].id)


def edited(packed: bytes, edit: Edit) -> bytes:
    content = json.loads(gzip.decompress(packed))
    before = copy.deepcopy(content)
    edit(content)
    assert content != before
    return gzip.compress(json.dumps(content).encode())


def refuse(store: Store, content: bytes, match: str) -> None:
    """In one line, and nothing of it is in the store."""
    with pytest.raises(UserError, match=match) as caught:
        unpack(store, content, "imported")
    assert "\n" not in str(caught.value)
    assert (store.runs(), store.count_evaluations()) == ([], 0)
    assert store.database.query("SELECT count(*) FROM history")[0][0] == 0


def test_a_run_comes_back_elsewhere_with_its_history(original: Store, store: Store, packed: bytes) -> None:
    ours, run = original.runs()[0], unpack(store, packed, "imported")
    assert (run.status, run.origin, run.kind, run.created) == ("finished", "imported", "dps", ours.created)
    assert run.specification == ours.specification
    assert run.result == ours.result
    assert store.history(run.id) == original.history(ours.id)
    assert len(store.history(run.id)) == 8
    assert store.count_evaluations() == original.count_evaluations()
    assert pack(store, run.id) == packed
    with pytest.raises(UserError, match="is finished"):
        store.resume(run.id)


def test_an_imported_run_needs_no_more_evaluations(store: Store, packed: bytes) -> None:
    run, executor = unpack(store, packed, "imported"), Instant()
    assert isinstance(run.specification, ProxySearchSpecification)
    again = finished_dps(store, run.specification, executor)
    assert executor.computed == []
    assert again.result == run.result


def test_an_imported_run_shows_what_it_found_without_being_carried_out(store: Store, packed: bytes) -> None:
    """From the store alone: the scatter of the held-out architectures, for one."""
    run = unpack(store, packed, "imported")
    assert isinstance(run.specification, ProxySearchSpecification)
    assert run.result is not None
    best = Configuration.from_dict(run.result["proxy"]["configuration"])
    rows = stored_rows(store, run.specification.judge(best))
    assert len(rows) == 10
    assert run.result["judged"]["best"]["rho"] == pytest.approx(spearman(rows["score"], rows["accuracy"]))


@pytest.mark.parametrize("after", [0, 10, 27, 45, SEARCHING + 5])
def test_a_stopped_run_comes_back_as_stopped_and_goes_on(store: Store, tmp_path: Path, after: int) -> None:
    run = store.create(wanted())
    if after:
        run = work_on(store, Lease(store, run.id), Asking(store, "stop", after))
    with closing(Store(tmp_path / "elsewhere.sqlite3")) as elsewhere:
        moved = unpack(elsewhere, pack(store, run.id), "imported")
        assert moved.status == "stopped"
        assert elsewhere.count_evaluations() == after
        assert elsewhere.history(moved.id) == store.history(run.id)
        assert moved.result == run.result
        elsewhere.resume(moved.id)
        again = work_on(elsewhere, Lease(elsewhere, moved.id), Instant())
        assert (again.status, again.progress["reused"]) == ("finished", after)
        store.resume(run.id) if after else None
        here = work_on(store, Lease(store, run.id), Instant())
        assert again.result == here.result
        assert elsewhere.history(moved.id) == store.history(run.id)


def test_a_sweep_with_an_ensemble_comes_back_as_a_value_and_as_a_file(store: Store, tmp_path: Path) -> None:
    several = specification(6, proxy=Ensemble((configuration(), configuration(learning_rate=0.2)), 0.5))
    assert EvaluationSpecification.from_dict(json.loads(json.dumps(several.as_dict()))) == several
    run = finished(store, several)
    assert "ensemble of 2" in run.specification.title
    with closing(Store(tmp_path / "elsewhere.sqlite3")) as elsewhere:
        again = unpack(elsewhere, pack(store, run.id), "imported")
    assert (again.specification, again.result, again.status) == (several, run.result, "finished")


# --- what is refused ---


def _some(content: dict[str, Any]) -> dict[str, Any]:
    """An evaluation that has not diverged."""
    return next(one for one in content["evaluations"].values() if None not in one["values"][-1])


def _several(content: dict[str, Any]) -> dict[str, Any]:
    """One with several branches."""
    return next(one for one in content["evaluations"].values() if len(one["values"][0]) > 1)


def _settings(**changes: Any) -> Edit:
    return lambda content: content["specification"]["settings"].update(changes)


UNSOUND: dict[str, tuple[Edit, str]] = {
    "kind of an evaluation run": (lambda c: c.update(kind="evaluate"), "not"),
    "unknown kind": (lambda c: c.update(kind="painting"), "unknown kind of run 'painting'; accepted: evaluate, dps"),
    "list for a kind": (lambda c: c.update(kind=["dps"]), "unknown kind of run"),
    "no kind": (lambda c: c.pop("kind"), "the run file cannot be read: KeyError 'kind'"),
    "foreign evaluation": (
        lambda c: c["evaluations"].update({"0" * 32: _some(c)}),
        f"evaluation '{'0' * 32}' does not belong to its specification",
    ),
    "other seed": (lambda c: c["specification"].update(seed=2), "does not belong"),
    "other losses": (
        lambda c: [one.update(values=_turned(one)) for one in c["evaluations"].values()],
        "does not belong",
    ),
    "fewer cycles": (_settings(cycles=1), "does not belong"),
    "too few losses": (lambda c: _some(c)["values"].pop(), "does not end where its training does"),
    "one branch of several": (lambda c: _several(c).update(values=[[0.1], [0.1]]), "losses of another shape"),
    "a branch too many": (lambda c: [row.append(0.1) for row in _some(c)["values"]], "losses of another shape"),
    "text for a loss": (lambda c: _some(c)["values"][0].__setitem__(0, "low"), "the run file cannot be read: .*'low'"),
    "no seconds": (lambda c: _some(c).pop("seconds"), "the run file cannot be read: KeyError 'seconds'"),
    "no settings": (lambda c: c["specification"].pop("settings"), "the specification of a run cannot be read"),
    "list for settings": (lambda c: c["specification"].update(settings=[1]), "a search is a mapping of"),
    "unknown setting": (_settings(code="import os"), "unknown search key 'code'"),
    "unknown strategy": (_settings(strategy="luck"), "unknown strategy 'luck'"),
    "unknown proxy space": (_settings(proxy_space="outer"), "unknown proxy_space 'outer'"),
    "list for a strategy": (_settings(strategy=["evolution"]), "not|unknown"),
    "huge population": (_settings(population=10**9), "population is 1000000000; accepted"),
    "huge number of seeds": (_settings(seeds=10**9), "seeds is 1000000000; accepted"),
    "text for a rate": (_settings(mutation_rate="high"), "not|mutation_rate"),
    "word for a switch": (_settings(flops="yes"), "flops is 'yes'"),
    "unknown space": (lambda c: c["specification"].update(space="nasbench999"), "unknown search space"),
    "unknown task": (lambda c: c["specification"].update(task="mnist"), "unknown task"),
    "negative holdout": (lambda c: c["specification"].update(held_out=-1), "held_out is -1; accepted"),
    "huge holdout": (lambda c: c["specification"].update(held_out=10**9), "held_out is 1000000000; accepted"),
    "text for a holdout": (lambda c: c["specification"].update(held_out="all"), "held_out is 'all'; accepted"),
    "tiny sample": (lambda c: c["specification"]["sample"].update(size=2), "2 architectures; accepted: 5 or more"),
    "unknown key": (lambda c: c["specification"].update(code="import os"), "the specification of a run cannot be read"),
}


def _turned(one: dict[str, Any]) -> list[list[float]]:
    """Other losses of the same shape: they lead the search elsewhere."""
    return [[math.cos(100 * (loss or 0.0)) for loss in row] for row in one["values"]]


@pytest.mark.parametrize("name", UNSOUND)
def test_an_unsound_file_adds_nothing(store: Store, packed: bytes, name: str) -> None:
    edit, match = UNSOUND[name]
    refuse(store, edited(packed, edit), match)


def test_a_file_says_nothing_that_its_evaluations_do_not(store: Store, packed: bytes) -> None:
    """History and result are worked out anew: what a file claims beside its evaluations is not believed."""
    claim = {"result": {"best_rho": 1.0}, "history": [{"rho": 1.0}]}
    run = unpack(store, edited(packed, lambda content: content.update(claim)), "imported")
    assert run.result is not None
    assert run.result["best_rho"] < 1.0
    assert len(store.history(run.id)) == 8
