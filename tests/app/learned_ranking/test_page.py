"""The Learned ranking page as a script: it ranks at once, and a run judges the ranking."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.shell.choice import Choice, from_query
from app.shell.choice.choice import with_specification
from app.shell.choice.opened import with_run
from app.shell.choice.ranking import RankingChoice
from eproxy_engine.learning.settings import AT_RANDOM, RankingSettings
from eproxy_engine.runs import RankingSpecification, Run, Store
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring.named import NamedProxy, named
from tests.app.driving import chosen, control, opened, read
from tests.runs.kinds.comparison.test_plan import Instant, finished

AT_ONCE = ["Ranking", "Table", "Measure next"]
JUDGED = ["Models", "Learning curve", "What carries it", "Calibration", "Export"]
PLACE = {"space": "nasbench101", "task": "cifar10", "rule": "random", "n": "60", "draw": "1"}
SETTINGS = RankingSettings(labels=10, choose=AT_RANDOM, draws=3)


def page(app: AppTest, **query: str) -> AppTest:
    return opened(app, "learned_ranking", **PLACE, **query)


@pytest.fixture
def judged(tmp_path: Path, app: AppTest) -> Run:
    """A finished run; its scores ship."""
    given = RankingSpecification("nasbench101", "cifar10", Sample("random", 60, 1), settings=SETTINGS)
    return finished(Store(tmp_path / "store.sqlite3"), given, Instant())


def numbers(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def test_the_ranking_is_there_at_once(app: AppTest) -> None:
    page(app)
    assert [tab.label for tab in app.tabs] == AT_ONCE
    shown = numbers(app)
    assert shown["Labels"] == "20"
    assert float(shown["Spearman ρ"]) > 0.6
    assert any("All scores are there" in text.value for text in app.markdown)


def test_controls_make_the_specification(app: AppTest) -> None:
    page(app)
    control(app, "selectbox", "Panel of scores").set_value("instant").run()
    control(app, "selectbox", "Model").set_value("ridge").run()
    control(app, "selectbox", "Which ones").set_value(AT_RANDOM).run()
    control(app, "number_input", "Labelled architectures").set_value(7).run()
    assert not app.exception
    expected = RankingSettings(model="ridge", labels=7, choose=AT_RANDOM)
    assert chosen(app).ranking == RankingChoice("instant", expected)
    assert numbers(app)["Labels"] == "7"


def test_judge_launches_what_the_controls_specify(app: AppTest, store: Store, worker: object) -> None:
    page(app)
    control(app, "button", "Judge").click().run()
    run = store.runs()[0]
    assert run.specification == RankingSpecification("nasbench101", "cifar10", Sample("random", 60, 1))


def test_a_finished_run_shows_its_judgement(app: AppTest, judged: Run) -> None:
    page(app, rank='{"settings":{"labels":10,"choose":"random","draws":3}}')
    assert [tab.label for tab in app.tabs] == AT_ONCE + JUDGED
    for tab in JUDGED:
        app.session_state["ranking-tab"] = tab
        app.run()
        assert not app.exception, tab


def test_too_many_labels_are_told_beside_the_button(app: AppTest) -> None:
    page(app)
    control(app, "number_input", "Labelled architectures").set_value(61).run()
    assert any("61 labelled architectures; accepted: up to 60" in read(error) for error in app.error)
    assert not app.exception


def test_a_space_without_accuracies_ranks_nothing(app: AppTest) -> None:
    app.query_params.update({"space": "nds-cifar10-resnet", "n": "5", "rule": "space"})
    app.switch_page("../pages/learned_ranking.py").run()
    assert any("A ranking learns from a few accuracies" in read(info) for info in app.info)
    assert not app.error
    assert not app.exception


def test_an_address_comes_back() -> None:
    choice = replace(Choice(), ranking=RankingChoice("full", replace(SETTINGS, model="best")))
    again, problems = from_query(choice.to_query(), lambda name: [])  # type: ignore[arg-type]
    assert (again.ranking, problems) == (choice.ranking, [])
    _, problems = from_query({"rank": '{"panel":"huge"}'}, lambda name: [])
    assert problems == ["rank in the address: unknown panel 'huge'; accepted: instant, quick, full"]


def test_a_run_opens_with_everything(judged: Run) -> None:
    given = replace(
        judged.specification,  # type: ignore[type-var]
        panel=RankingChoice("quick", more=(named("zen"), NamedProxy("mine", named("az_nas").proxy))).whole_panel(),
        given=(("100101:conv3x3,maxpool3x3", 90.0),),
    )
    shown = with_run(
        with_specification(Choice(), space="nasbench101", task="cifar10"), replace(judged, specification=given)
    )
    assert shown.ranking.specification(shown.specification) == given
