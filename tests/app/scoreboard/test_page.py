"""The Scoreboard page as a script, on a store with the shipped runs and others of made-up results."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.scoreboard.matrix import HERE, NOT_POSSIBLE, NOT_YET, PAPER, SPACE, UNDER_WAY, UNKNOWN
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


def matrix(app: AppTest) -> dict[tuple[str, str, str], str]:
    """By row, column and whose line it is."""
    shown = app.dataframe[0].value
    return {
        (row, column, side): shown.loc[(row, side), column].strip(SPACE)
        for row, side in shown.index
        for column in shown
    }


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_every_table_is_shown(app: AppTest, number: int) -> None:
    board(app, number)
    part = table(number).parts[-1]
    shown = matrix(app)
    lines = 2 * len(part.rows) - any(cell.ours for cell in part.cells)
    assert len(shown) == lines * len(part.columns)
    filled = [text for (_, _, side), text in shown.items() if side == HERE and text not in (NOT_YET, NOT_POSSIBLE)]
    assert len(filled) >= 2 / 3 * sum(side == HERE for _, _, side in shown)
    assert any(f"<b>{len(filled)} of" in each.proto.body for each in app.get("html"))


def test_what_ships_is_measured_at_the_first_start(app: AppTest) -> None:
    shown = matrix(board(app, 2))
    assert shown["Eproxy+DPS", "CIFAR-10", PAPER] == "0.69"
    assert shown["Eproxy+DPS", "CIFAR-10", HERE] == "0.68"
    assert shown["NASWOT", "CIFAR-10", HERE] == "0.42"
    assert NOT_YET not in shown.values()
    assert any("of 8 intervals" in str(chart.proto) for chart in app.get("plotly_chart"))


def test_top_ten_per_cent_instead(app: AppTest) -> None:
    board(app, 2)
    control(app, "button_group", "Figure").set_value("top10").run()
    assert [matrix(app)["Eproxy+DPS", "CIFAR-10", side] for side in (PAPER, HERE)] == ["38%", "38%"]


@pytest.fixture
def nothing_ships(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eproxy_engine.scoreboard.measured.figures", lambda cell: ())


@pytest.mark.usefixtures("nothing_ships")
def test_measuring_all_that_is_missing_queues_it_once(app: AppTest, store: Store) -> None:
    forget_comparisons(store)
    board(app, 2)
    before = len(store.runs())
    next(button for button in app.button if button.label == "Start 1 run").click().run()
    run = store.runs()[0]
    assert len(store.runs()) == before + 1
    assert (run.kind, run.status, len(run.specification.proxies)) == ("compare", "queued", 6)  # type: ignore[attr-defined]
    assert matrix(app)["Snip", "CIFAR-10", HERE] == UNDER_WAY
    assert not any(button.label.startswith("Start") for button in app.button)


def test_a_part_without_accuracies(app: AppTest) -> None:
    board(app, 3)
    control(app, "button_group", "Trained on").set_value("CIFAR-10").run()
    shown = matrix(app)
    assert [shown["NASWOT", "DARTS", side] for side in (PAPER, HERE)] == ["0.65", NOT_POSSIBLE]
    assert shown["NASWOT", "NASNet", PAPER] == UNKNOWN
    assert shown["NASWOT", "Avg.", PAPER] == "0.43"


def entry(store: Store, number: int, row: str, column: str) -> Entry:
    found = entries(table(number), store.runs())
    return next(e for e in found if (e.cell.row, e.cell.column) == (row, column) and e.cell.part != "CIFAR-10")


def test_transferred_proxies_are_marked(app: AppTest, store: Store) -> None:
    done(store, searched("nds-imagenet-darts", "imagenet"), found(0.7))
    given = evaluation_run("nds-imagenet-enas", "imagenet")
    done(store, given.from_dict({**given.as_dict(), "sample": {**given.as_dict()["sample"], "size": 117}}), said(-0.5))
    shown = details(store, "Eproxy+DPS", "ENAS", 3, "ImageNet")
    values = {metric.label: (metric.value, metric.delta) for metric in shown.metric}
    assert values["ρ, paper"] == ("0.79", "transferred (T)")
    assert values["ρ, here"][0] == "−0.50"
    assert "transferred (T)" in " ".join(each.value for each in shown.markdown)


def details(store: Store, row: str, column: str, number: int, part: str | None = None) -> AppTest:
    """The panel by itself: AppTest cannot choose a cell of a table."""

    def script(number: int, row: str, column: str, part: str | None) -> None:
        from app.scoreboard.details import details_panel
        from eproxy_engine.runs import Store
        from eproxy_engine.scoreboard import entries, table

        store = Store()
        runs = store.runs()
        found = entries(table(number), runs)
        alike = [e for e in found if (e.cell.row, e.cell.column) == (row, column) and part in (None, e.cell.part)]
        details_panel(store, runs, alike[0])

    app = AppTest.from_function(script, default_timeout=60, args=(number, row, column, part)).run()
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
    assert [button.label for button in shown.button] == ["Open the run"]  # a run's own result, not what ships


def test_details_of_a_cell_that_ships(app: AppTest, store: Store) -> None:
    shown = details(store, "NASWOT", "Jigsaw", 4)
    text = " ".join(each.value for each in (*shown.markdown, *shown.caption))
    assert all(part in text for part in ("n = 200", "width 16 of 64", "seed 1", "66ea2fa", "Ships with the product"))
    assert (
        shown.code[0].value
        == "python -m eproxy_engine compare --space transnas101-micro --task jigsaw --sample 200 --seed 1"
    )
    shown.button[0].click().run()
    assert (store.runs()[0].status, store.runs()[0].specification.task) == ("queued", "jigsaw")
    assert store.runs()[0].id in shown.info[0].value


def test_table_1_shows_the_widest_networks_and_what_is_not_measured_says_why(app: AppTest, store: Store) -> None:
    shown = details(store, "10 iterations", "barrier, lr 1", 1)
    text = " ".join(each.value for each in shown.markdown)
    assert "width 64 of 128" in text
    assert "At stem width 16: ρ **0.32 [0.17 – 0.44]**, n = 200." in text
    left = details(store, "200 iterations", "barrier, lr 1", 1)
    assert "were not completed" in " ".join(each.value for each in left.markdown)


@pytest.mark.usefixtures("nothing_ships")
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
    assert "8 of its 9" in details(store, "NASWOT", "Avg.", 5).info[0].value
