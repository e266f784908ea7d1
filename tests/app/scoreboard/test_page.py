"""The Scoreboard page as a script, on a store with the shipped runs and others of made-up results."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.scoreboard.matrix import NOT_YET, SPACE, TRANSFERRED, UNDER_WAY, cell_text
from eproxy_engine.runs import Store
from eproxy_engine.scoreboard import Entry, entries, table
from eproxy_engine.scoreboard.board import launchable
from tests.app.driving import control, opened
from tests.scoreboard.test_measured import done, evaluation_run, found, said, searched


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.shell.launching.start_detached", lambda store: None)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store.sqlite3")


def forget_comparisons(store: Store) -> None:
    """Of what ships, for tests of cells that are not measured."""
    for run in store.runs():
        if run.kind == "compare":
            store.delete(run.id)


def board(app: AppTest, number: int) -> AppTest:
    opened(app, "scoreboard")
    title = table(number).title
    app.session_state["scoreboard-tab"] = f"Table {number}: {title}"
    app.run()
    assert not app.exception
    assert not app.error
    return app


def matrix(app: AppTest) -> dict[tuple[str, str], str]:
    shown = app.dataframe[0].value
    return {(row, column): shown.loc[row, column] for row in shown.index for column in shown}


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_every_table_is_shown(app: AppTest, number: int) -> None:
    board(app, number)
    part = table(number).parts[-1]
    assert len(matrix(app)) == len(part.rows) * len(part.columns)
    assert any("cells measured" in caption.value for caption in app.caption)


def test_what_ships_is_measured_at_the_first_start(app: AppTest) -> None:
    shown = matrix(board(app, 2))
    assert shown["Eproxy+DPS", "CIFAR-10"] == f"{SPACE}0.69 → {SPACE}0.68"
    assert shown["NASWOT", "CIFAR-10"] == f"{SPACE}0.40 → {SPACE}0.42"
    assert not any(NOT_YET in text for text in shown.values())
    assert any("of 8 intervals" in str(chart.proto) for chart in app.get("plotly_chart"))


def test_top_ten_per_cent_instead(app: AppTest) -> None:
    board(app, 2)
    control(app, "button_group", "Figure").set_value("top10").run()
    assert matrix(app)["Eproxy+DPS", "CIFAR-10"] == f"{SPACE}38% → {SPACE}38%"


def test_measuring_all_that_is_missing_queues_it_once(app: AppTest, store: Store) -> None:
    forget_comparisons(store)
    board(app, 2)
    before = len(store.runs())
    next(button for button in app.button if button.label == "Start 1 run").click().run()
    run = store.runs()[0]
    assert len(store.runs()) == before + 1
    assert (run.kind, run.status, len(run.specification.proxies)) == ("compare", "queued", 6)  # type: ignore[attr-defined]
    assert matrix(app)["Snip", "CIFAR-10"].endswith(UNDER_WAY)
    assert not any(button.label.startswith("Start") for button in app.button)


def test_a_part_without_accuracies(app: AppTest) -> None:
    board(app, 3)
    control(app, "button_group", "Trained on").set_value("CIFAR-10").run()
    shown = matrix(app)
    assert shown["NASWOT", "DARTS"] == f"{SPACE}0.65"
    assert shown["NASWOT", "NASNet"].strip(SPACE) == "?"
    assert shown["NASWOT", "Avg."] == f"{SPACE}0.43"


def entry(store: Store, number: int, row: str, column: str) -> Entry:
    found = entries(table(number), store.runs())
    return next(e for e in found if (e.cell.row, e.cell.column) == (row, column) and e.cell.part != "CIFAR-10")


def test_transferred_proxies_are_marked(store: Store) -> None:
    done(store, searched("nds-imagenet-darts", "imagenet"), found(0.7))
    given = evaluation_run("nds-imagenet-enas", "imagenet")
    done(store, given.from_dict({**given.as_dict(), "sample": {**given.as_dict()["sample"], "size": 117}}), said(-0.5))
    text = cell_text(entry(store, 3, "Eproxy+DPS", "ENAS"), "rho")
    assert text == f"{SPACE}0.79{TRANSFERRED} → −0.50{TRANSFERRED}"


def details(store: Store, row: str, column: str, number: int) -> AppTest:
    """The panel by itself: AppTest cannot choose a cell of a table."""

    def script(number: int, row: str, column: str) -> None:
        from app.scoreboard.details import details_panel
        from eproxy_engine.runs import Store
        from eproxy_engine.scoreboard import entries, table

        store = Store()
        runs = store.runs()
        found = entries(table(number), runs)
        details_panel(store, runs, next(e for e in found if (e.cell.row, e.cell.column) == (row, column)))

    app = AppTest.from_function(script, default_timeout=60, args=(number, row, column)).run()
    assert not app.exception
    return app


def test_details_of_a_measured_cell(app: AppTest, store: Store) -> None:
    done(store, evaluation_run(), said(0.6, 900))
    done(store, evaluation_run(seed=2), said(0.5, 900), created=2)
    shown = details(store, "Eproxy", "CIFAR-10", 2)
    values = {metric.label: (metric.value, metric.delta) for metric in shown.metric}
    assert values["ρ, paper"][0] == "0.65"
    assert values["ρ, here"] == ("0.50", "0.40 – 0.60")
    text = " ".join(each.value for each in shown.markdown)
    assert "n = 900" in text
    assert "width 16 of 128" in text
    assert "seeds 1, 2" in text
    assert "above the interval" in " ".join(each.value for each in shown.caption)
    assert shown.code[0].value.startswith("python -m eproxy_engine evaluate")
    assert [button.label for button in shown.button] == ["Open the run"]


def test_a_missing_cell_can_be_measured(app: AppTest, store: Store) -> None:
    shown = details(store, "NASWOT", "Jigsaw", 4)
    (button,) = shown.button
    assert button.label.startswith("Measure this cell: about")
    wanted = launchable([entry(store, 4, "NASWOT", "Jigsaw")])
    button.click().run()
    assert store.runs()[0].specification == wanted[0]
    assert store.runs()[0].id in shown.info[0].value


def test_what_cannot_be_measured_says_why(app: AppTest, store: Store) -> None:
    assert "data.zip" in details(store, "NASWOT", "PNAS-f", 3).info[0].value
    assert "early-stopped" in details(store, "ES", "AE", 4).info[0].value
    assert "0 of its 7" in details(store, "NASWOT", "Avg.", 4).info[0].value
