"""The Proxy search page as a script: its controls make the specification, and what was found can be used."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.proxy_search.settings import with_trials
from app.shell.choice import from_query
from eproxy_engine.runs import ProxySearchSpecification, Run, Store
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.worker import work_on
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring.proxy import plain_values
from eproxy_engine.search.proxy_search.settings import ProxySearchSettings, settings
from tests.app.driving import chosen, control, opened, read
from tests.runs.conftest import Instant

SMALL = ProxySearchSettings(
    population=12, cycles=18, tournament=4, proxy_space="lean", members=3, flops=True, prior=True
)


@pytest.fixture
def search(tmp_path: Path) -> Run:
    """A finished one, its losses made up."""
    store = Store(tmp_path / "store.sqlite3")
    return searched(store)


def searched(store: Store, seed: int = 1, held_out: int = 30) -> Run:
    given = ProxySearchSpecification(
        "nasbench201", "cifar10", Sample("random", 10, seed), SMALL, seed=seed, held_out=held_out
    )
    run = store.create(given)
    return work_on(store, Lease(store, run.id), Instant())


def metric(app: AppTest, label: str) -> str:
    return str(control(app, "metric", label).value)


def test_controls_make_the_specification(app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.shell.launching.start_detached", lambda store: None)
    opened(app, "proxy_search")
    control(app, "selectbox", "Search space").select("nasbench101").run()
    assert chosen(app).proxy_search.sample.rule == "paper-dps-20"
    control(app, "selectbox", "Start from").select("paper").run()
    assert chosen(app).proxy_search.settings == settings("paper")
    control(app, "slider", "Trials").set_value(60).run()
    control(app, "number_input", "Children in flight").set_value(4).run()
    control(app, "selectbox", "Strategy").select("tpe").run()
    control(app, "number_input", "Members of the proxy").set_value(4).run()
    control(app, "number_input", "Held-out architectures").set_value(50).run()
    control(app, "button", "Search").click().run()
    assert not app.exception
    (run,) = [run for run in Store(tmp_path / "store.sqlite3").runs() if run.kind == "dps" and run.origin == "local"]
    given = run.specification
    assert isinstance(given, ProxySearchSpecification)
    assert (given.space, given.task, given.sample.rule, given.held_out) == (
        "nasbench101",
        "cifar10",
        "paper-dps-20",
        50,
    )
    assert (given.settings.strategy, given.settings.population, given.settings.cycles) == ("tpe", 40, 20)
    assert (given.settings.members, given.settings.in_flight) == (4, 4)
    assert run.status == "queued"


def test_the_address_gives_the_search_back(app: AppTest) -> None:
    opened(app, "proxy_search")
    control(app, "slider", "Trials").set_value(50).run()
    control(app, "toggle", "Search the read-out").set_value(True).run()
    assert control(app, "selectbox", "Largest FLOPs").disabled, "no α in the space lean"
    control(app, "selectbox", "Proxy search space").select("paper").run()
    control(app, "selectbox", "Largest FLOPs").select("measured").run()
    control(app, "button_group", "Start from targets").set_value(["wave_low", "net"]).run()
    given = chosen(app).proxy_search.settings
    assert (given.read_out, given.flops_norm, given.start_from) == (True, "measured", ("wave_low", "net"))
    control(app, "number_input", "Size").set_value(12).run()
    control(app, "number_input", "Held-out architectures").set_value(80).run()
    query = chosen(app).to_query()
    plain = {key: value for key, value in query.items() if isinstance(value, str)}
    again, problems = from_query(plain, lambda name: [])
    assert (again, problems) == (chosen(app), [])


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"dps-preset": "nothing"}, "unknown DPS preset 'nothing'"),
        ({"dps": "{"}, "cannot be read"),
        ({"dps": '{"population":0}'}, "population is 0"),
        ({"dps": '{"no":1}'}, "unknown search key 'no'"),
        ({"dps-n": "0"}, "dps-n in the address"),
        ({"dps-rule": "any"}, "unknown sampling rule 'any'"),
        ({"ensemble": "[1]"}, "an ensemble is a mapping"),
        ({"ensemble": '{"others":[{"width":1}]}'}, "width 1"),
    ],
)
def test_what_an_address_says_wrongly_is_told(app: AppTest, query: dict[str, str], told: str) -> None:
    opened(app, "proxy_search", **query)
    assert any(told in read(warning) for warning in app.warning), [read(warning) for warning in app.warning]


def test_a_finished_search_shows_its_numbers(app: AppTest, search: Run) -> None:
    opened(app, "proxy_search", run=search.id)
    assert search.result is not None
    assert metric(app, "Proxy found, held-out ρ") == f"{search.result['rho']:.2f}"
    judged = search.result["judged"]
    for title, other in (
        ("Default preset (laptop)", judged["default"]),
        ("FLOPs", judged["proxy"]["reference"]["flops"]),
    ):
        assert metric(app, title) == f"{other['rho']:.2f}"
        ahead = float(re.match(r"found: [+−]?([\d.]+) \[", control(app, "metric", title).delta)[1])  # type: ignore[index]
        assert ahead == pytest.approx(abs(judged["proxy"]["rho"] - other["rho"]), abs=0.006), "with its paired interval"
    said = "\n".join(each.value for each in (*app.markdown, *app.caption))
    assert "On the 10 architectures that chose it, the proxy found, the mean rank of 3 members, has ρ " in said
    assert f"its best configuration alone {search.result['best_rho']:.2f}" in said
    assert re.search(r"against FLOPs, (the proxy found|FLOPs) is ahead by", said)
    assert chosen(app).proxy_search.settings == SMALL
    assert chosen(app).proxy_search.sample == Sample("random", 10, 1)
    assert not any("are for other settings" in text.value for text in app.markdown)
    control(app, "number_input", "Size").set_value(11).run()
    assert any("are for other settings (10 architectures)" in read(text) for text in app.markdown)


def test_a_proxy_found_without_the_barrier_says_when_that_helps(app: AppTest, store: Store) -> None:
    given = next(run for run in store.runs() if run.kind == "dps" and run.specification.space == "nasbench201")
    opened(app, "proxy_search", run=given.id)
    assert any("has no barrier in 4 of 5 members" in each.value for each in app.markdown)
    assert any("wide networks" in each.value and "large learning rate" in each.value for each in app.markdown)


@pytest.mark.parametrize("tab", ["Found proxy", "Judgement", "Components", "Lineage", "Transfer", "Export"])
def test_every_view_of_a_search_runs(app: AppTest, search: Run, tab: str) -> None:
    app.session_state["search-tab"] = tab
    opened(app, "proxy_search", run=search.id)
    assert next(each.label for each in app.tabs) == "History"


def test_the_proxy_found_is_used_on_the_proxy_page(app: AppTest, search: Run) -> None:
    app.session_state["search-tab"] = "Found proxy"
    opened(app, "proxy_search", run=search.id)
    control(app, "button", "Use this proxy").click().run()
    assert not app.exception
    assert search.result is not None
    proxy = search.result["proxy"]
    given = chosen(app).specification
    assert plain_values(given.proxy) == proxy
    assert proxy["ensemble"] is not None
    plain = {key: value for key, value in chosen(app).to_query().items() if isinstance(value, str)}
    assert json.loads(plain["ensemble"]) == proxy["ensemble"]
    again, problems = from_query(plain, lambda name: [])
    assert (again.specification, problems) == (given, [])


def test_without_held_out_architectures_it_says_so(app: AppTest, tmp_path: Path) -> None:
    run = searched(Store(tmp_path / "store.sqlite3"), held_out=0)
    app.session_state["search-tab"] = "Judgement"
    opened(app, "proxy_search", run=run.id)
    assert [each.label for each in app.metric][:2] == ["Trials", "Best alone, on the sample"]
    assert metric(app, "Trials") == "31"
    assert any("launched without held-out architectures" in info.value for info in app.info)


def test_searches_are_compared_in_pairs(app: AppTest, store: Store, search: Run) -> None:
    again = searched(store, seed=2)
    app.session_state["searches-compared"] = True
    opened(app, "proxy_search", run=search.id)
    (told,) = [each.value for each in app.markdown if each.value.startswith("- ")]
    assert re.search(rf"Run {search.id} and run {again.id}, on the \d+ held-out architectures of both: .*\[.*\]", told)
    assert told.count("held-out architectures of both") == 2, "those of the search that ships, too"


def test_too_few_architectures_are_told_beside_the_button(app: AppTest) -> None:
    app.run()
    app.switch_page("../pages/proxy_search.py").run()
    control(app, "number_input", "Size").set_value(3).run()
    assert not app.exception
    assert any("3 architectures; accepted: 5 or more" in read(error) for error in app.error)
    assert not any(button.label == "Search" for button in app.button)


@pytest.mark.parametrize(("preset", "trials"), [("robust", 10), ("robust", 11), ("paper", 10), ("paper", 60)])
def test_few_trials_keep_cycles(preset: str, trials: int) -> None:
    given = settings(preset)
    few = with_trials(given, trials, given.population)
    assert few.trials == trials
    assert few.cycles >= trials // 4
    assert not few.is_random
    assert with_trials(few, given.trials, given.population) == given, "what was shrunk grows again"
    typed = replace(given, population=5, cycles=given.trials - given.prior - 5)
    assert with_trials(typed, trials, given.population).population == 5


def test_a_search_without_cycles_is_called_random_search(app: AppTest) -> None:
    opened(app, "proxy_search", dps='{"population":9,"cycles":0}')
    given = chosen(app).proxy_search.settings
    assert given.cycles == 0
    assert any("this is random search" in each.value for each in app.caption)
    assert "10 configurations** at random" in "".join(each.value for each in app.markdown)
    specification = ProxySearchSpecification("nasbench201", "cifar10", Sample("random", 20), settings=given)
    assert "random proxy search on 20 architectures" in specification.title
