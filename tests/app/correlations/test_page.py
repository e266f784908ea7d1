"""The Correlations page as a script: its controls make the specification, and what is compared can be read and used."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.shell.choice import Choice, from_query
from app.shell.choice.comparison import DEFAULT_PROXIES, ComparisonChoice
from eproxy_engine.baselines import Baseline
from eproxy_engine.proxy import preset
from eproxy_engine.runs import ComparisonSpecification, EvaluationSpecification, Run, Store
from eproxy_engine.runs.command_line import command
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring import Ensemble
from eproxy_engine.scoring.named import NamedProxy, named
from tests.app.driving import chosen, control, opened, read
from tests.runs.kinds.comparison.test_plan import Instant, finished

TABS = ("Overview", "Table", "Scatter", "Rank against rank", "What they share", "Cost", "Ensemble", "Export")
COMPARED = ("snip", "naswot", "flops", "az_nas")


@pytest.fixture
def compared(tmp_path: Path) -> Run:
    """A finished one, its values made up, some of them failed."""
    given = ComparisonSpecification(
        "nasbench201", "cifar10", Sample("random", 30, 1), tuple(map(named, COMPARED)), "noise", seeds=(1, 2)
    )
    return finished(Store(tmp_path / "store.sqlite3"), given, Instant(failing=3))


def test_controls_make_the_comparison(app: AppTest) -> None:
    opened(app, "correlations", n="100")
    assert chosen(app).comparison.proxies == DEFAULT_PROXIES
    control(app, "multiselect", "Proxies").set_value(["tuned", "zico"]).run()
    control(app, "slider", "Seeds").set_value(2).run()
    assert chosen(app).comparison == ComparisonChoice(("tuned", "zico"), seeds=2)
    assert any("2 proxies** on 100 architectures, 2 seeds" in text.value for text in app.markdown)
    assert not app.exception


def test_all_takes_every_proxy_but_the_slow_one(app: AppTest) -> None:
    opened(app, "correlations")
    control(app, "button", "All").click().run()
    wanted = chosen(app).comparison.proxies
    assert {"snip", "az_nas", "early_stopping@12", "eproxy_laptop"} <= set(wanted)
    assert not {"eproxy_paper", "tuned"} & set(wanted)
    control(app, "button", "The paper's").click().run()
    assert chosen(app).comparison.proxies == DEFAULT_PROXIES


def test_without_a_proxy_it_says_what_to_do(app: AppTest) -> None:
    opened(app, "correlations", compare="none")
    assert any("Choose at least one proxy" in info.value for info in app.info)


def test_compare_launches_it(app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.shell.launching.start_detached", lambda store: None)
    opened(app, "correlations", compare="snip,flops", n="7", **{"compare-batch": "8", "compare-seeds": "2"})
    control(app, "button", "Compare").click().run()
    run = Store(tmp_path / "store.sqlite3").run(str(chosen(app).run))
    given = run.specification
    assert isinstance(given, ComparisonSpecification)
    assert given.proxies == (named("snip", 8), named("flops"))
    assert (given.sample.size, given.seeds, run.status) == (7, (1, 2), "queued")


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_shows_what_was_compared(app: AppTest, compared: Run, tab: str) -> None:
    opened(app, "correlations", run=compared.id)
    app.session_state["compared-tab"] = tab
    app.run()
    assert not app.exception
    assert not app.error


def test_it_opens_with_every_proxy_against_size(app: AppTest, compared: Run) -> None:
    opened(app, "correlations", run=compared.id)
    assert app.tabs[0].label == "Overview"
    assert control(app, "selectbox", "Compared with").value == "flops"
    assert any("is ahead by" in text.value and "same 30 architectures" in text.value for text in app.markdown)
    control(app, "selectbox", "Compared with").select("snip").run()
    assert not app.exception


def test_the_table_tells_failures_and_leaves_out_what_says_nothing(app: AppTest, compared: Run) -> None:
    app.session_state["compared-tab"] = "Table"
    opened(app, "correlations", run=compared.id)
    table = app.dataframe[0].value.set_index("proxy")
    assert set(table.index) == {"SNIP", "NASWOT", "FLOPs", "AZ-NAS"}
    assert table.loc["SNIP", "failed"] == 3
    assert "nDCG" not in table
    (warnings,) = [each for each in app.expander if "gave no number" in each.label]
    assert any("SNIP" in caption.value and "gave nan" in caption.value for caption in warnings.caption)
    control(app, "toggle", "All columns").set_value(True).run()
    assert {"nDCG", "τ", "precision@10"} <= set(app.dataframe[0].value)


def test_show_its_settings_brings_the_controls_to_the_run(app: AppTest, compared: Run) -> None:
    opened(app, "correlations", run=compared.id, n="40")
    assert any(
        "other settings (30 architectures, images noise, other proxies (4)" in read(text) for text in app.markdown
    )
    control(app, "button", "Show its settings").click().run()
    assert chosen(app).comparison == ComparisonChoice(COMPARED, seeds=2)
    assert chosen(app).specification.sample.size == 30
    assert not [button for button in app.button if button.label == "Show its settings"]


def test_an_ensemble_goes_to_the_proxy_page(app: AppTest, compared: Run) -> None:
    opened(app, "correlations", run=compared.id)
    app.session_state["compared-tab"] = "Ensemble"
    app.run()
    control(app, "multiselect", "Members").set_value(["naswot", "flops"]).run()
    assert any(metric.label == "Spearman ρ of the ensemble" for metric in app.metric)
    control(app, "button", "Use this proxy").click().run()
    given = chosen(app).specification
    assert given.proxy == Ensemble((Baseline("naswot"), Baseline("flops")))


def test_the_address_gives_the_choice_back() -> None:
    choice = Choice(comparison=ComparisonChoice(("snip", "run:1a2b", "tuned"), 32, 8, 3))
    assert from_query(choice.to_query(), lambda name: []) == (choice, [])
    baseline = EvaluationSpecification(
        "nasbench201", "cifar10", Sample("random", 100, 1), Baseline("zen", 8, "published")
    )
    choice = Choice(specification=baseline, eproxy=preset("laptop"))
    assert from_query(choice.to_query(), lambda name: []) == (choice, [])


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"compare-seeds": "9"}, "'9' is no number of seeds; accepted: a whole number from 1 to 5"),
        ({"compare-batch": "1"}, "batch is 1; accepted"),
        ({"compare-width": "tiny"}, "width 'tiny'; accepted"),
        ({"other-proxy": "x"}, "unknown zero-cost proxy 'x'"),
    ],
)
def test_what_an_address_says_wrongly_is_told(query: dict[str, str], said: str) -> None:
    choice, problems = from_query(query, lambda name: [])
    assert choice == Choice()
    assert said in problems[0]


def test_unknown_proxies_of_an_address_are_left_out(app: AppTest) -> None:
    opened(app, "correlations", compare="snip,nonsense,run:ffffffff")
    assert chosen(app).comparison.proxies == ("snip",)


def test_the_command_gives_the_same_comparison(compared: Run) -> None:
    line = command(compared.specification)
    assert re.search(r"--sample 30 --seed 1 --seeds 2 --proxy snip .*--proxy az_nas", line)
    found = NamedProxy("run:12ab", Baseline("snip"))
    proxies = (named("flops"), named("snip", 32, 8), named("az_nas", 32, 8), found)
    line = command(replace(compared.specification, proxies=proxies))
    assert "--proxy flops --proxy snip --proxy az_nas --config run:12ab.yaml --batch 32 --width 8" in line


# --- the Proxy page with a proxy other than Eproxy ---


def test_another_proxy_can_be_chosen_and_eproxy_comes_back_as_it_was(app: AppTest) -> None:
    opened(app, "proxy", config='{"learning_rate":0.5}')
    control(app, "selectbox", "Proxy").select("naswot").run()
    assert chosen(app).specification.proxy == Baseline("naswot")
    assert any("Mellor" in caption.value for caption in app.caption)
    control(app, "number_input", "Images").set_value(32).run()
    assert chosen(app).specification.proxy == Baseline("naswot", 32)
    control(app, "selectbox", "Proxy").select("az_nas").run()
    assert chosen(app).specification.proxy == named("az_nas").proxy
    control(app, "selectbox", "Proxy").select("flops").run()
    assert chosen(app).specification == EvaluationSpecification(
        "nasbench201", "cifar10", Sample("random", 100, 1), Baseline("flops")
    )
    control(app, "selectbox", "Proxy").select("eproxy").run()
    assert chosen(app).specification.proxy == preset("laptop").replace("learning_rate", "0.5")
    assert not app.exception


def test_the_settings_of_a_run_come_back_into_the_controls(app: AppTest, tmp_path: Path) -> None:
    wanted = preset("laptop").replace("learning_rate", "0.7")
    given = EvaluationSpecification("nasbench201", "cifar10", Sample("random", 12, 1), wanted, "noise")
    run = finished(Store(tmp_path / "store.sqlite3"), given, Instant())  # type: ignore[arg-type]
    opened(app, "proxy", run=run.id)
    assert chosen(app).specification == given
    assert control(app, "number_input", "Learning rate").value == 0.7
    assert not app.exception


def test_a_run_of_another_proxy_is_shown(app: AppTest, tmp_path: Path) -> None:
    given = EvaluationSpecification("nasbench201", "cifar10", Sample("random", 12, 1), Baseline("snip"), "noise")
    store = Store(tmp_path / "store.sqlite3")
    run = finished(store, given, Instant(failing=2))  # type: ignore[arg-type]
    opened(app, "proxy", run=run.id, arch=str(given.architectures()["architecture"].iloc[-1]))
    assert any("2 of 12 evaluations gave no number" in read(warning) for warning in app.warning)
    app.session_state["results-tab"] = "Loss curves"
    app.run()
    assert any("trains nothing" in info.value for info in app.info)
    assert not app.exception
