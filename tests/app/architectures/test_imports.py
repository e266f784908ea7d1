"""The panel for accuracies of one's own: the report comes first, and only the button keeps anything."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app.architectures.import_report import as_file, rejected_table, spaces_table
from app.architectures.imports import example
from app.shell.choice import with_specification
from eproxy_engine import benchmarks, spaces
from eproxy_engine.benchmarks import imported
from eproxy_engine.benchmarks.importing import csv_file
from eproxy_engine.benchmarks.importing.checked import Checked, Rejected
from eproxy_engine.sampling import Sample
from eproxy_engine.spaces import Task
from tests.app.driving import read
from tests.cli.test_imports import nds

ROOT = Path(__file__).parents[3]
CELL = "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|"
OTHER = "|none~0|+|none~0|none~1|+|nor_conv_1x1~0|none~1|none~2|"
SCRIPT = """
from app.shell import state
from app.architectures.imports import imports_panel

state.begin("")
imports_panel(state.choice().specification.space)
"""


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("EPROXY_HOME", str(tmp_path))
    monkeypatch.syspath_prepend(str(ROOT))
    return AppTest.from_string(SCRIPT, default_timeout=60)


def uploaded(app: AppTest, text: str, name: str = "mine.csv") -> AppTest:
    app.run()
    app.file_uploader[0].set_value([(name, text.encode(), "text/csv")]).run()
    assert not app.exception
    return app


def button(app: AppTest, label: str):  # type: ignore[no-untyped-def]
    return next(each for each in app.button if each.label == label)


def shown(app: AppTest) -> str:
    return "\n".join(each.value for each in [*app.markdown, *app.caption])


def press(app: AppTest, label: str) -> AppTest:
    button(app, label).click().run()
    assert not app.exception
    assert not app.error
    return app


def test_an_import_from_report_to_task(app: AppTest) -> None:
    uploaded(app, f"architecture,mine (IoU),parameters\n{CELL},0.5,3\n{OTHER},0.7,\nnonsense,1,\n")
    assert "**2 rows** can be imported, **1** rejected." in shown(app)
    assert "Tasks: mine (IoU)" in shown(app)
    assert "parameters" in shown(app)
    rejected = app.table[0].value  # whose lines wrap: a reason is seen whole
    assert rejected.index.tolist() == [4]
    assert list(rejected) == ["architecture", "reason"]
    assert rejected["architecture"].tolist() == ["nonsense"]
    assert r"\'nonsense\'" in rejected["reason"].iloc[0]
    assert imported.imports("nasbench201") == []
    press(app, "Import 2 rows")
    assert [task.name for task in benchmarks.tasks("nasbench201")][-1] == "mine"
    assert "Imported 2 rows from mine" in app.success[0].value
    assert "can be imported" not in shown(app)  # the uploader is empty again
    assert "2 rows · `mine`" in shown(app)
    press(app, "Use this task")
    assert app.session_state["choice"].specification.task == "mine"
    assert not app.success


@pytest.mark.parametrize("unit", ["", " (%)", " (percentage)", " (pct.)", " (% top-1)"])
def test_no_accuracy_in_per_cent_is_above_100(unit: str) -> None:
    found = csv_file.check("nasbench201", f"architecture,mine{unit}\n{CELL},93.2%\n{OTHER},193.2%\n".encode(), "x.csv")
    (refused,) = found.rejected
    assert (refused.line, len(found.table)) == (3, 1)
    assert refused.reason.startswith("mine is 193.2, in '%'; accepted: 0 to 100")


def test_an_imported_task_is_chosen_with_its_button(app: AppTest) -> None:
    press(uploaded(app, f"arch,Accuracy\n{CELL},93.5%\n{OTHER},80%\n", "mine.csv"), "Import 2 rows")
    assert app.session_state["choice"].specification.task == "cifar10"
    press(app, "Use accuracy of mine")
    assert app.session_state["choice"].specification.task == "accuracy of mine"


def test_removing_asks_first(app: AppTest) -> None:
    press(uploaded(app, f"architecture,mine\n{CELL},1\n"), "Import 1 row")
    press(app, "Remove")
    assert len(imported.imports("nasbench201")) == 1
    press(app, "Keep")
    press(app, "Remove")
    press(app, "Yes, remove")
    assert imported.imports("nasbench201") == []
    assert "Nothing yet." in shown(app)


def test_a_choice_that_rested_on_a_removed_import_moves_on(app: AppTest) -> None:
    app.query_params.update(space="nasbench201")
    press(uploaded(app, f"architecture,mine\n{CELL},1\n{OTHER},2\n"), "Import 2 rows")
    again = AppTest.from_string(SCRIPT, default_timeout=60)
    again.query_params["task"], again.query_params["n"] = "mine", "2"
    again.run()
    assert again.session_state["choice"].specification.task == "mine"
    press(press(again, "Remove"), "Yes, remove")
    specification = again.session_state["choice"].specification
    assert specification.task == "cifar10"
    assert len(specification.architectures()) == specification.sample.size


def test_a_sample_that_is_still_possible_stays(app: AppTest) -> None:
    app.query_params["n"] = "33"
    press(uploaded(app, f"architecture,mine\n{CELL},1\n"), "Import 1 row")
    assert app.session_state["choice"].specification.sample == Sample("random", 33, 1)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("net,acc\nx,1\n", "mine.csv: the header 'net,acc' needs one column 'architecture'"),
        ("", "is empty"),
        (f"architecture,cifar10\n{CELL},1\n", "are already included"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_beside_the_control(app: AppTest, text: str, part: str) -> None:
    uploaded(app, text)
    assert part in read(app.error[0])
    assert [each.label for each in app.button] == []


def test_without_an_accepted_row_there_is_nothing_to_press(app: AppTest) -> None:
    uploaded(app, "architecture,mine\nnonsense,1\n")
    assert button(app, "Import 0 rows").disabled


def test_what_is_unlikely_is_asked_about_first(app: AppTest) -> None:
    uploaded(app, f"architecture,mine,seed\n{CELL},0.931,7\n{OTHER},88.8,8\n")
    assert ["0.931 beside 88.8" in read(app.warning[0]), "'seed'" in read(app.warning[1])] == [True, True]
    assert button(app, "Import 2 rows").disabled
    app.checkbox[0].check().run()
    press(app, "Import 2 rows")
    assert [each.rows for each in imported.imports("nasbench201")] == [2]


def test_a_yes_to_one_file_is_none_to_another(app: AppTest) -> None:
    uploaded(app, f"architecture,mine,seed\n{CELL},90,7\n")
    app.checkbox[0].check().run()
    uploaded(app, f"architecture,mine,latency_ms\n{CELL},90,7\n", "other.csv")
    assert button(app, "Import 1 row").disabled


def test_what_would_be_replaced_is_said(app: AppTest) -> None:
    text = f"architecture,mine\n{CELL},1\n"
    press(uploaded(app, text, "a_b.csv"), "Import 1 row")
    uploaded(app, text, "a_b.csv")
    assert "replaces the 1 row from a\\_b\\.csv" in shown(app)


def test_what_cannot_be_written_is_told(app: AppTest, tmp_path: Path) -> None:
    uploaded(app, f"architecture,mine\n{CELL},1\n")
    (tmp_path / "tables").touch()
    button(app, "Import 1 row").click().run()
    assert "the import cannot be written" in read(app.error[0])
    assert not app.exception


def test_an_archive_fills_its_search_spaces(app: AppTest, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        folder = nds(tmp_path / "nds_data", {"ResNet.json": [10.0, "x", 20.0], "other.json": []})
        for path in folder.iterdir():
            archive.write(path, f"nds_data/{path.name}")
    app.query_params.update(space="nds-cifar10-resnet", rule="space", n="2")
    app.run()
    assert app.session_state["choice"].specification.sample.rule == "space"
    app.file_uploader[0].set_value([("data.zip", packed.getvalue(), "application/zip")]).run()
    assert "**2 rows** can be imported, **1** rejected." in shown(app)
    assert "Tasks: cifar10 (\\%), cifar10\\-best (\\%)" in shown(app)
    assert "Other files, left out: 1." in shown(app)
    assert app.table[0].value.index.tolist() == [2]
    press(app, "Import 2 rows")
    assert sorted(benchmarks.known("nds-cifar10-resnet", "cifar10")["accuracy"]) == [80, 90]
    app.session_state["choice"] = with_specification(app.session_state["choice"], sample=Sample("best", 2))
    press(press(app, "Remove"), "Yes, remove")
    assert app.session_state["choice"].specification.sample.rule == "space"


def test_an_archive_that_is_none_is_told_beside_the_control(app: AppTest) -> None:
    app.query_params["space"] = "nds-cifar10-resnet"
    app.run()
    app.file_uploader[0].set_value([("data.zip", b"no zip", "application/zip")]).run()
    assert "File is not a zip file" in read(app.error[0])
    assert not app.exception


def test_the_records_of_nasbench101_have_a_command(app: AppTest) -> None:
    app.query_params["space"] = "nasbench101"
    app.run()
    assert "import nasbench101 nasbench_only108.tfrecord" in "".join(each.value for each in app.code)


@pytest.mark.parametrize("space", spaces.names())
def test_the_example_is_one_that_can_be_imported(space: str) -> None:
    found = csv_file.check(space, example(space).encode(), "example.csv")
    assert (len(found.table), found.rejected) == (1, ())
    assert [task.name for task in found.tasks] == ["my accuracy"]


def test_rejected_rows_as_a_file_hold_no_formulas() -> None:
    rejected = (Rejected(3, '=HYPERLINK("http://x","y")', "-1 is none"), Rejected(4, "a,b", 'two"s'))
    found = Checked("nasbench201", "@mine.csv", "mine", pd.DataFrame({"architecture": []}), (), rejected)
    table = rejected_table([found, found])
    assert table["row"].tolist() == [3, 4, 3, 4]
    rows = list(csv.reader(io.StringIO(as_file(table).decode())))
    assert rows[:3] == [
        ["file", "row", "architecture", "reason"],
        ["'@mine.csv", "3", '\'=HYPERLINK("http://x","y")', "'-1 is none"],
        ["'@mine.csv", "4", "a,b", 'two"s'],
    ]
    assert len(rejected_table([])) == 0


def test_an_archive_s_spaces_are_listed(app: AppTest) -> None:
    table = pd.DataFrame({"architecture": [CELL], "mine": [1.0]})
    first = Checked("nasbench201", "a.json", "archive", table, (Task("mine", "Mine"),))
    second = replace(first, space="nasbench101", rejected=(Rejected(1, "x", "no cell"),), notes=("Look.",))
    first.keep()
    found = spaces_table([first, second])
    assert found["search space"].tolist() == ["nasbench201", "nasbench101"]
    assert (found["rows"].tolist(), found["rejected"].tolist()) == ([1, 1], [0, 1])
    assert found["in place of"].isna().tolist() == [False, True]
    assert (found["tasks"].tolist(), found["notes"].tolist()) == (["mine", "mine"], ["", "Look."])
