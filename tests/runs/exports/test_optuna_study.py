"""Searches open in Optuna: its plots draw them, and values and parameters are those of the run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import optuna
import pytest

from eproxy_engine import spaces
from eproxy_engine.errors import UserError
from eproxy_engine.runs import ArchitectureSearchSpecification, ProxySearchSpecification, Run, Specification, Store
from eproxy_engine.runs.exports.optuna_study import add_study, trials
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.worker import work_on
from eproxy_engine.sampling import Sample
from eproxy_engine.search.architecture_search.settings import ArchitectureSearchSettings
from eproxy_engine.search.proxy_search.proxy_space import components
from eproxy_engine.search.proxy_search.search import Trial
from eproxy_engine.search.proxy_search.settings import ProxySearchSettings
from tests.runs.conftest import Instant, finished

PROXY_SEARCH = ProxySearchSpecification(
    "nasbench201", "cifar10", Sample(size=6), ProxySearchSettings(population=6, cycles=6, tournament=2), held_out=0
)
ARCHITECTURE_SEARCH = ArchitectureSearchSpecification(
    "nasbench201", "cifar10", ArchitectureSearchSettings("evolution", queries=12, population=4, tournament=2)
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(tmp_path / "store.sqlite3")) as opened:
        yield opened


def carried_out(store: Store, specification: Specification) -> Run:
    return work_on(store, Lease(store, store.create(specification).id), Instant())


def loaded(path: Path, name: str) -> optuna.Study:
    return optuna.load_study(storage=f"sqlite:///{path}", study_name=name)


def test_a_proxy_search_opens_and_its_history_is_drawn(store: Store, tmp_path: Path) -> None:
    run = carried_out(store, PROXY_SEARCH)
    name = add_study(store, run.id, str(tmp_path / "study.db"))
    study, history = loaded(tmp_path / "study.db", name), store.history(run.id)
    assert name == f"dps {run.id}"
    assert [trial.value for trial in study.trials] == [trial["rho"] for trial in history]
    assert study.best_value == max(trial["rho"] for trial in history)
    found = components(Trial.from_dict(history[3]).configuration)
    assert study.trials[3].params["learning_rate"] == found["learning_rate"]
    assert study.trials[3].params["branches"] == "+".join(found["branches"])
    assert study.trials[3].params.keys() == found.keys()
    assert study.trials[7].user_attrs["parent"] == history[7]["parent"]
    values, best, *_ = optuna.visualization.plot_optimization_history(study).data
    assert list(values.y) == [trial["rho"] for trial in history]
    assert best.y[-1] == study.best_value


def test_an_architecture_search_opens_with_its_choices(store: Store, tmp_path: Path) -> None:
    run = carried_out(store, ARCHITECTURE_SEARCH)
    study = loaded(tmp_path / "study.db", add_study(store, run.id, str(tmp_path / "study.db")))
    family = spaces.get("nasbench201")
    for trial in study.trials:
        text = trial.user_attrs["architecture"]
        assert tuple(trial.params.values()) == family.decisions(family.parse(text))
    complete = [trial.value for trial in study.trials if trial.value is not None]
    assert len(complete) == 12
    assert study.best_value == run.result["best"]["accuracy"]  # type: ignore[index]


def test_what_was_cut_short_is_pruned(store: Store) -> None:
    run = carried_out(store, PROXY_SEARCH)
    history = store.history(run.id)
    history[0] = {**history[0], "scores": [], "rho": 0.4}
    first, second, *_ = trials(run, history)
    assert (first.value, first.attributes["rho at most"]) == (None, 0.4)
    assert second.value == history[1]["rho"]


def test_several_runs_in_one_file_but_each_only_once(store: Store, tmp_path: Path) -> None:
    runs = [carried_out(store, given) for given in (PROXY_SEARCH, ARCHITECTURE_SEARCH)]
    path = str(tmp_path / "study.db")
    names = {add_study(store, run.id, path) for run in runs}
    assert set(optuna.get_all_study_names(f"sqlite:///{path}")) == names
    with pytest.raises(UserError, match=r"cannot be used: .*already exists"):
        add_study(store, runs[0].id, path)


def test_what_cannot_be_a_study(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="which tries nothing; accepted: dps or search"):
        add_study(store, finished(store).id, str(tmp_path / "study.db"))
    with pytest.raises(UserError, match="has tried nothing yet"):
        add_study(store, store.create(PROXY_SEARCH).id, str(tmp_path / "study.db"))
    with pytest.raises(UserError, match=r"'.*nowhere/study\.db' cannot be used"):
        add_study(store, carried_out(store, PROXY_SEARCH).id, str(tmp_path / "nowhere" / "study.db"))
