"""The Architecture search page, driven: set-up, launching, and what finished and other runs show."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from unittest.mock import Mock

import pytest
from streamlit.testing.v1 import AppTest

from app.architecture_search.launch import specified
from app.shell.choice import Choice, from_query, with_run, with_space, with_task
from app.shell.choice.architecture_search import ArchitectureSearchChoice, architecture_search_in
from eproxy_engine.baselines import Baseline
from eproxy_engine.errors import UserError
from eproxy_engine.proxy import preset
from eproxy_engine.runs import ArchitectureSearchSpecification, Run, Store
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.worker import work_on
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring.proxy import plain_values
from eproxy_engine.search.architecture_search.constraints import Constraints
from eproxy_engine.search.architecture_search.settings import BY_PROXY, ArchitectureSearchSettings
from tests.app.driving import chosen, control, opened, read
from tests.runs.conftest import Instant, configuration

OWN = ("proxy", "spent", "seeds", "proxy_seed")
"""What is no setting of the strategy."""


def search(
    strategy: str = "evolution", space: str = "nasbench201", task: str = "cifar10", **given: Any
) -> ArchitectureSearchSpecification:
    own = {name: given.pop(name) for name in OWN if name in given}
    settings = ArchitectureSearchSettings(
        strategy, **{"queries": 30, "population": 5, "tournament": 2, "cycles": 10, **given}
    )
    return ArchitectureSearchSpecification(space, task, settings, **{"seeds": (1, 2), **own})


def by_proxy(**given: Any) -> ArchitectureSearchSpecification:
    return search("proxy-evolution", **{"proxy": Baseline("flops"), "queries": 10, **given})


def finished(store: Store, wanted: ArchitectureSearchSpecification) -> Run:
    return work_on(store, Lease(store, store.create(wanted).id), Instant())


def searches(store: Store, task: str) -> set[str]:
    """Of NAS-Bench-201, the shipped ones too."""
    kept = [run for run in store.runs() if run.kind == "search" and run.specification.space == "nasbench201"]
    return {run.id for run in kept if run.specification.task == task}


def launched(store: Store) -> list[ArchitectureSearchSpecification]:
    given = [run.specification for run in reversed(store.runs()) if run.kind == "search" and run.origin == "local"]
    return [each for each in given if isinstance(each, ArchitectureSearchSpecification)]


def page(app: AppTest, tab: str = "Best so far", **query: str) -> AppTest:
    app.session_state["nas-tab"] = tab
    return opened(app, "architecture_search", **query)


def test_one_run_is_launched_for_each_strategy(app: AppTest, store: Store, worker: Mock) -> None:
    page(app)
    control(app, "multiselect", "Strategies").set_value(["evolution", "proxy-evolution"]).run()
    control(app, "selectbox", "Proxy").select("flops").run()
    control(app, "number_input", "Queries").set_value(50).run()
    control(app, "number_input", "Seeds").set_value(3).run()
    control(app, "number_input", "First seed").set_value(7).run()
    control(app, "number_input", "Population").set_value(20).run()
    control(app, "number_input", "Neighbours").set_value(5).run()
    control(app, "number_input", "Max FLOPs (M)").set_value(100.0).run()
    control(app, "toggle", "Stop at the optimum").set_value(True).run()
    control(app, "button", "Search").click().run()
    assert not app.exception
    worker.assert_called_once()
    evolution, proxied = launched(store)
    limits = Constraints(max_flops=100_000_000)
    common = {"queries": 50, "population": 20, "stop_at_optimum": True, "constraints": limits}
    assert evolution.settings == ArchitectureSearchSettings("evolution", **common)
    assert proxied.settings == ArchitectureSearchSettings("proxy-evolution", neighbours=5, **common)
    assert (evolution.seeds, proxied.proxy) == ((7, 8, 9), Baseline("flops"))
    assert evolution.proxy == preset()
    assert set(control(app, "multiselect", "Runs").value) == searches(store, "cifar10")


def test_numbers_appear_where_a_strategy_uses_them(app: AppTest) -> None:
    page(app)
    labels = {"Population", "Tournament", "Cycles", "Pool", "Neighbours", "First queries", "Queries at a time"}
    of_a_model = {"First queries", "Queries at a time"}

    def shown() -> set[str]:
        return labels & {each.label for each in app.number_input}

    assert shown() == of_a_model  # of the search that is shown
    for strategy, numbers in (
        ("random", set()),
        ("evolution", {"Population", "Tournament"}),
        ("proxy-evolution", labels - {"Pool", *of_a_model}),
        ("seeded-evolution", labels - {"Cycles", "Neighbours", *of_a_model}),
        ("bayesian", of_a_model),
        ("semi-nas", of_a_model),
        ("weaknas", of_a_model),
        ("mcts", set()),
    ):
        control(app, "multiselect", "Strategies").set_value([strategy]).run()
        assert shown() == numbers
        assert ("Proxy" in {each.label for each in app.selectbox}) == (strategy in BY_PROXY)


def test_without_accuracies_only_a_proxy_can_lead(app: AppTest, store: Store, worker: Mock) -> None:
    page(app, space="darts")
    assert not any(each.label in ("Queries", "Stop at the optimum") for each in (*app.number_input, *app.toggle))
    assert any("500 to 600 M FLOPs" in caption.value for caption in app.caption)
    control(app, "button", "Search").click().run()
    (given,) = launched(store)
    assert (given.settings.strategy, given.settings.queries, given.settings.measured) == ("proxy-evolution", 0, False)


def test_the_design_of_a_proxy_on_the_same_task_is_spent(app: AppTest, store: Store, worker: Mock) -> None:
    design = next(run for run in store.runs() if run.kind == "dps" and run.specification.space == "nasbench201")
    page(app)
    control(app, "multiselect", "Strategies").set_value(["proxy-evolution"]).run()
    control(app, "selectbox", "Proxy").select(f"run:{design.id}").run()
    assert any("20 queries were spent on the design" in caption.value for caption in app.caption)
    control(app, "button", "Search").click().run()
    (given,) = launched(store)
    assert given.spent == design.specification.sample  # type: ignore[attr-defined]
    assert design.result is not None
    assert plain_values(given.proxy) == design.result["proxy"]
    control(app, "selectbox", "Task").select("cifar100").run()
    assert not any("were spent" in caption.value for caption in app.caption)
    assert specified(chosen(app), store.runs())[0].spent is None


def test_what_cannot_be_searched_is_told_beside_the_button(app: AppTest, store: Store) -> None:
    page(app)
    control(app, "multiselect", "Strategies").set_value(["seeded-evolution"]).run()
    control(app, "number_input", "Pool").set_value(10).run()
    assert [read(error) for error in app.error] == ["a pool of 10 for a population of 40; accepted: no fewer"]
    control(app, "number_input", "Pool").set_value(50).run()
    control(app, "number_input", "Max parameters (M)").set_value(0.001).run()
    assert "Evolution from a proxy's best: no measured architecture" in read(app.error[0])
    control(app, "number_input", "Min parameters (M)").set_value(0.5).run()
    assert any("min_parameters is 500,000, max_parameters 1,000" in read(error) for error in app.error)
    assert not app.exception
    assert not any(button.label == "Search" for button in app.button)


def test_no_strategy_is_told(app: AppTest) -> None:
    page(app)
    control(app, "multiselect", "Strategies").set_value([]).run()
    assert any("at least one strategy" in info.value for info in app.info)


@pytest.mark.parametrize("tab", ["Best so far", "Found", "Map", "Score and FLOPs", "Comparison", "Export"])
def test_every_view_of_searches_runs(app: AppTest, store: Store, tab: str) -> None:
    finished(store, search())
    finished(store, by_proxy(spent=Sample("random", 5, 1), constraints=Constraints(max_flops=150_000_000)))
    page(app, tab)
    assert len(app.get("plotly_chart")) == (tab in ("Best so far", "Map", "Score and FLOPs"))


def test_the_belief_before_a_query_is_told(app: AppTest, store: Store) -> None:
    run = finished(store, search("bayesian", queries=9, space="transnas101-macro", task="class_scene", seeds=(1,)))
    page(app, "Belief", run=run.id, space="transnas101-macro", task="class_scene")
    asked = [trial["architecture"] for trial in store.history(run.id)]
    assert len(app.get("plotly_chart")) == 2
    assert app.dataframe[0].value["architecture"].tolist() == asked[3:]
    assert any(text.value.startswith("**Query 9** asks for number ") for text in app.markdown)
    control(app, "slider", "Query").set_value(7).run()
    assert not app.exception
    assert any(text.value.startswith("**Query 7** asks for number ") for text in app.markdown)


def test_a_strategy_without_a_model_has_no_belief(app: AppTest, store: Store) -> None:
    page(app, "Belief", run=finished(store, search()).id)
    assert any("This strategy has no model" in info.value for info in app.info)


def test_found_architectures_of_each_seed(app: AppTest, store: Store) -> None:
    run = finished(store, by_proxy())
    assert run.result is not None
    page(app, "Found", run=run.id)
    control(app, "button_group", "Seed").set_value("2").run()
    table = app.dataframe[0].value
    expected = [each["architecture"] for each in run.result["searches"][1]["found"]]
    assert table["architecture"].tolist() == expected
    assert table["cifar10"].iloc[0] == f"{run.result['searches'][1]['best']['accuracy']:.2f}"
    assert any(code.value == expected[0] for code in app.code)
    control(app, "button", "On the Architectures page").click().run()
    assert not app.exception
    assert chosen(app).specification.sample.picked == tuple(expected)
    assert chosen(app).architecture == expected[0]


def test_a_network_of_the_open_search_stands_beside_table_8(app: AppTest, store: Store) -> None:
    run = finished(store, by_proxy(space="darts", task="imagenet", queries=0, measured=False, seeds=(1,)))
    page(app, "Found", run=run.id, space="darts")
    assert any(code.value.startswith("Genotype(normal=[") for code in app.code)
    published = app.dataframe[1].value
    assert published["top-1 error (%)"].tolist()[:2] == ["not trained here", "26.0"]
    assert 500 <= published["FLOPs (M)"].iloc[0] <= 600


def test_without_queries_the_accuracy_of_the_proxys_best_is_shown(app: AppTest, store: Store) -> None:
    run = finished(store, by_proxy(queries=0))
    assert run.result is not None
    page(app)
    assert any("nothing was queried" in text.value for text in app.markdown)
    best = [each["by_score"][0]["accuracy"] for each in run.result["searches"]]
    assert app.dataframe[0].value["accuracy (%)"].tolist() == best


def test_searches_of_other_tasks_are_not_offered(app: AppTest, store: Store) -> None:
    finished(store, search())
    finished(store, search(task="cifar100"))
    page(app)
    assert set(control(app, "multiselect", "Runs").value) == searches(store, "cifar10")
    control(app, "multiselect", "Runs").set_value([]).run()
    assert any("Choose runs" in info.value for info in app.info)
    assert chosen(app).architecture_search.shown == ()
    control(app, "selectbox", "Task").select("imagenet16-120").run()
    assert any("No architecture search on this space and task yet" in info.value for info in app.info)


def test_a_paused_run_can_be_resumed(app: AppTest, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.shell.progress.start_detached", lambda store: None)
    run = store.create(search(), status="paused")
    page(app, run=run.id)
    control(app, "button", "Resume").click().run()
    assert store.run(run.id).status == "queued"
    assert not app.exception


@pytest.mark.parametrize(
    "wanted",
    [
        search(seeds=(4, 5, 6), constraints=Constraints(2, 3_000_000)),
        search("random", stop_at_optimum=True),
        by_proxy(measured=False, neighbours=4),
        by_proxy(proxy=preset("paper"), proxy_seed=9),
        by_proxy(proxy=configuration(learning_rate=0.5), spent=Sample("random", 5, 2)),
    ],
)
def test_a_run_brings_its_settings_back(store: Store, wanted: ArchitectureSearchSpecification) -> None:
    start = replace(Choice(), architecture_search=ArchitectureSearchChoice(strategies=("local",), proxy="synflow"))
    again = with_run(start, store.create(wanted))
    (given,) = specified(again, store.runs())
    unused = {"population", "tournament", "cycles"} if wanted.settings.strategy == "random" else {"cycles"}
    expected = wanted.settings.as_dict() | {name: getattr(given.settings, name) for name in unused}
    assert given.settings.as_dict() == expected
    assert replace(given, settings=wanted.settings) == wanted


def test_the_settings_of_a_run_are_shown_on_request(app: AppTest, store: Store) -> None:
    run = finished(store, by_proxy(seeds=(3,)))
    page(app, "Export", run=run.id, seed="4")
    control(app, "button", "Show its settings").click().run()
    assert chosen(app).architecture_search.strategies == ("proxy-evolution",)
    assert control(app, "number_input", "Queries").value == 10
    assert not any(button.label == "Show its settings" for button in app.button)


@pytest.mark.parametrize(
    "given",
    [
        ArchitectureSearchChoice(),
        ArchitectureSearchChoice(
            ("local",),
            ArchitectureSearchSettings(
                "proxy-evolution", queries=7, measured=False, constraints=Constraints(max_depth=3)
            ),
            2,
            5,
            "flops",
        ),
        ArchitectureSearchChoice(strategies=(), proxy="tuned", spent=Sample("random", 5, 2), shown=("a", "b")),
        ArchitectureSearchChoice(shown=()),
    ],
)
def test_the_address_gives_the_choice_back(given: ArchitectureSearchChoice) -> None:
    query = replace(Choice(), architecture_search=given).to_query()
    again, problems = from_query({key: str(value) for key, value in query.items()}, lambda name: [])
    assert (again.architecture_search, problems) == (given, [])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("3", "a search is a mapping of strategies"),
        ('{"strategies": ["guess"]}', "unknown strategy 'guess'"),
        ('{"strategies": "random"}', "strategies is 'random'; accepted: a list of names"),
        ('{"seeds": 21}', "seeds is 21; accepted: a whole number from 1 to 20"),
        ('{"first_seed": -1}', "first_seed is -1"),
        ('{"settings": {"queries": -1}}', "queries is -1"),
        ('{"settings": [1]}', "settings is"),
        ('{"proxy": 1}', "proxy is 1; accepted: a name"),
        ('{"spent": {"rule": 1}}', "spent is"),
        ('{"colour": 3}', "unknown search key 'colour'"),
    ],
)
def test_a_wrong_address_is_told(text: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        architecture_search_in(text)
    again, problems = from_query({"nas": text}, lambda name: [])
    assert again.architecture_search == ArchitectureSearchChoice()
    assert len(problems) == 1


def test_a_proxy_that_is_gone_is_told_and_replaced(app: AppTest) -> None:
    page(app, nas='{"strategies":["proxy-evolution"],"proxy":"run:gone"}')
    assert any("run:gone is no longer available" in read(warning) for warning in app.warning)
    assert chosen(app).architecture_search.proxy == "eproxy_laptop"


def test_another_space_or_task_keeps_what_does_not_belong_to_the_one_before() -> None:
    settings = ArchitectureSearchSettings(queries=77, constraints=Constraints(max_depth=3))
    before = ArchitectureSearchChoice(("local",), settings, proxy="flops", spent=Sample("random", 5, 1), shown=("a",))
    choice = replace(Choice(), architecture_search=before)
    assert with_task(choice, "cifar100").architecture_search == replace(before, spent=None, shown=None)
    moved = with_space(choice, "nasbench101").architecture_search
    assert moved == replace(before, settings=replace(settings, constraints=Constraints()), spent=None, shown=None)
