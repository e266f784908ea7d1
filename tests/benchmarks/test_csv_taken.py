"""What is taken of a CSV of accuracies, what is asked about, and where it is kept."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from eproxy_engine import benchmarks, spaces
from eproxy_engine.benchmarks import imported
from eproxy_engine.benchmarks.importing import csv_file
from eproxy_engine.benchmarks.importing.checked import shown_source
from eproxy_engine.errors import UserError
from eproxy_engine.sampling import Sample
from eproxy_engine.spaces import Task
from tests.benchmarks.csv_tables import CELL, FIRST, OTHER, THIRD, check, home, refused

__all__ = ["home"]


def test_a_table_is_taken_with_its_tasks() -> None:
    found = check(f"architecture,my accuracy,robust-1.5 (points),my accuracy@12\n{CELL},90.5,3,70\n{OTHER},,-4e-1,\n")
    assert found.table.to_dict("list").keys() == {"architecture", "my accuracy", "robust-1.5", "my accuracy@12"}
    assert found.table["architecture"].tolist() == [CELL, OTHER]
    np.testing.assert_equal(found.table["my accuracy"].tolist(), [90.5, math.nan])
    np.testing.assert_equal(found.table["robust-1.5"].tolist(), [3, -0.4])
    np.testing.assert_equal(found.table["my accuracy@12"].tolist(), [70, math.nan])
    assert found.tasks == (
        Task("my accuracy", "my accuracy, imported from mine.csv", "%", "my accuracy"),
        Task("robust-1.5", "robust-1.5, imported from mine.csv", "points", "robust-1.5"),
    )
    assert (found.rejected, found.notes, found.replaces) == ((), (), None)


def test_what_is_kept_behaves_as_any_other_task() -> None:
    kept = check(f"arch,mine (IoU),mine@3\n{CELL},0.5,0.25\n{OTHER},0.75,\n").keep()
    assert (kept.space, kept.name, kept.source, kept.rows) == ("nasbench201", "mine", "mine.csv", 2)
    assert kept.columns == ("mine", "mine@3")
    assert benchmarks.task("nasbench201", "mine").unit == "IoU"
    known = benchmarks.known("nasbench201", "mine").set_index("architecture")
    assert known["accuracy"].to_dict() == {CELL: 0.5, OTHER: 0.75}
    assert known.loc[CELL, "accuracy@3"] == 0.25
    shipped = benchmarks.load("nasbench201").set_index("architecture")
    assert known.loc[CELL, "parameters"] == shipped.loc[CELL, "parameters"] == 73_306 + 243_040
    assert len(benchmarks.known("nasbench201", "cifar10")) == 15_625
    assert set(Sample("best", 1).draw("nasbench201", "mine")["architecture"]) == {OTHER}


def test_architectures_are_kept_in_canonical_form() -> None:
    """In the first row a vertex leads nowhere and is pruned: the second one is the same cell."""
    found = check('architecture,mine\n"110001:conv1x1,maxpool3x3",1\n"101:maxpool3x3",2\n', "nasbench101")
    assert found.table.to_dict("list") == {"architecture": ["101:maxpool3x3"], "mine": [1]}
    assert found.rejected[0].reason == "the same architecture as in line 2"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_dialects(delimiter: str, ending: str, mark: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=ending)
    writer.writerows([["mine", "architecture"], [93.5, "100101:conv3x3,maxpool3x3"], [], [1, "1:"], ["x", "1:"]])
    found = check(mark + text.getvalue(), "nasbench101")
    assert found.table["architecture"].tolist() == ["100101:conv3x3,maxpool3x3", "1:"]
    assert found.table["mine"].tolist() == [93.5, 1]
    assert [each.line for each in found.rejected] == [5]


def test_a_file_that_pandas_wrote_with_its_index() -> None:
    frame = pd.DataFrame({"architecture": [CELL, OTHER], "mine": [1.5, None], "yours": [2, 3]})
    found = check(frame.to_csv())
    assert found.table.equals(frame.astype({"yours": float}))
    assert found.notes == ("A column without a name is left out.",)


def test_spaces_around_fields_do_not_matter() -> None:
    found = check('  Architecture , mine ( % ) ,mine @ 3\n "101:conv3x3", 4.5 , 3 \n', "nasbench101")
    assert found.table.to_dict("list") == {"architecture": ["101:conv3x3"], "mine": [4.5], "mine@3": [3]}


def test_numbers_with_per_cent_signs_and_decimal_commas() -> None:
    found = check(f"architecture;mine;yours\n{CELL};80,5%;93.5\n{OTHER};-0,0;7\n{THIRD};1,5e1 %;,\n".replace(";,", ";"))
    assert found.rejected == ()
    assert found.table["mine"].tolist() == [80.5, 0, 15]
    np.testing.assert_equal(found.table["yours"].tolist(), [93.5, 7, math.nan])
    assert check(f"architecture,mine\n{CELL},80.5%\n").table["mine"].tolist() == [80.5]


def test_a_table_as_excel_writes_unicode_text() -> None:
    text = f'Architecture\tGenauigkeit (%)\tNotiz\r\n{CELL}\t80,5\t"erste\nZeile"\r\n{OTHER}\t81,25\tü\r\n'
    for coding in ("utf-16", "utf-16-be"):
        content = ("\ufeff" * (coding != "utf-16") + text).encode(coding)
        found = csv_file.check("nasbench201", content, "mine.txt")
        assert found.table.to_dict("list") == {"architecture": [CELL, OTHER], "Genauigkeit": [80.5, 81.25]}
        assert found.notes == ("The column 'Notiz' is left out: it has no numbers.",)


@pytest.mark.parametrize("architecture", ["Architecture", "arch", "arch_str", "ARCH_STR"])
@pytest.mark.parametrize("accuracy", ["Accuracy", "accuracy (%)", '"Accuracy\n(%)"'])
def test_usual_names_of_columns(architecture: str, accuracy: str) -> None:
    found = check(f"{architecture},{accuracy}\n{CELL},80.5\n", source="My results.csv")
    assert found.table.to_dict("list") == {"architecture": [CELL], "accuracy of my-results": [80.5]}
    assert found.notes == (f"The column {accuracy.strip(chr(34))[:8]!r} becomes 'accuracy of my-results'.",)


def test_architectures_as_other_tools_write_them() -> None:
    matrix = "[[0 1 0]\n [0 0 1]\n [0 0 0]]\n['input' 'conv3x3-bn-relu' 'output']"
    found = check(f'arch,mine\n"{matrix}",1\n"[[0, 1], [0, 0]], []",2\n101:conv1x1,3\n', "nasbench101")
    assert found.table.to_dict("list") == {"architecture": ["101:conv3x3", "101:conv1x1"], "mine": [1, 3]}
    assert [each.line for each in found.rejected] == [6]
    assert check('arch,mine\n235,1\n"(4, 0, 3, 1, 4, 3)",2\n').table["mine"].tolist() == [1, 2]


def test_counts_are_left_out_and_said_to_be() -> None:
    found = check(f"architecture,parameters,mine,FLOPs (M),activations\n{CELL},lots,1,many,\n")
    assert list(found.table) == ["architecture", "mine"]
    assert [note.split(" is left out")[0] for note in found.notes] == [
        "The column 'parameters'",
        "The column 'FLOPs'",
        "The column 'activations'",
    ]


def test_a_column_without_a_value_is_left_out() -> None:
    found = check(f"architecture,mine,yours,mine@3\n{CELL},1,,\n")
    assert list(found.table) == ["architecture", "mine"]
    assert [task.name for task in found.tasks] == ["mine"]
    assert ["'yours'" in found.notes[0], "'mine@3'" in found.notes[1]] == [True, True]


def test_fractions_said_to_be_per_cent_are_asked_about() -> None:
    rng = np.random.default_rng(1)
    rows = "".join(f"{text},{rng.random()}\n" for text in benchmarks.load("nasbench201")["architecture"][:6])
    assert "fractions" in check(f"architecture,mine\n{rows}").doubts[0]
    assert check(f"architecture,mine (fraction)\n{rows}").doubts == ()


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("mine", "88.8 90.5 0.931", "'mine' is in per cent, but has 0.931 beside 88.8. Are some fractions?"),
        ("mine", "0.931 88.8", "0.931 beside 88.8"),
        ("mine (%)", "0.931 88.8", "0.931 beside 88.8"),
        ("mine (points)", "0.931 88.8", None),
        ("mine", "0 1 88.8", None),
        ("seed", "7 3", "The name 'seed' does not look like an accuracy"),
        ("latency_ms", "12.5 30", "The name 'latency_ms' does not look like an accuracy"),
        ("test-error", "12.5 30", "'test-error'"),
        ("trainTime (s)", "1e4 2e4", "'trainTime'"),
        ("Index", "3 1", "'Index'"),
        ("timeless", "12 13", None),
        ("mine", "0 1 2 3 4", "The values of 'mine' are row numbers: 0, 1, 2 …"),
        ("mine", "1 2 3", None),
        ("mine", "5 1 2 3 4", None),
        ("mine", "0.5 0.7 0.9 0.3 0.2", "no value is above 1. Are they fractions?"),
    ],
)
def test_what_is_unlikely_is_asked_about(column: str, values: str, said: str | None) -> None:
    rows = "".join(f"{text},{value}\n" for text, value in zip(FIRST, values.split(), strict=False))
    found = check(f"architecture,{column}\n{rows}")
    assert (found.rejected, len(found.doubts)) == ((), 0 if said is None else 1)
    assert said is None or said in found.doubts[0]


def test_tasks_of_the_space_are_not_doubted(monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = (Task("seconds left", "How long it lasts", "%"),)
    monkeypatch.setattr(type(spaces.get("nasbench201")), "tasks", tasks)
    assert check(f"architecture,seconds left\n{CELL},1\n").doubts == ()


def test_doubts_are_asked_about_before_anything_is_kept(home: Path) -> None:
    found = check(f"architecture,mine,seed\n{CELL},90,7\n")
    with pytest.raises(UserError, match=r"The name 'seed' .*Correct 'mine\.csv', or confirm"):
        found.keep()
    assert not home.exists()
    assert found.keep(anyway=True).columns == ("mine", "seed")


def test_a_column_of_texts_is_left_out() -> None:
    found = check(f'architecture,notes,mine,date,mine@3\n{CELL},"good, I think",90,2024-05-01,\n{OTHER},,80,,NaN\n')
    assert found.table.to_dict("list") == {"architecture": [CELL, OTHER], "mine": [90, 80]}
    assert found.rejected == ()
    assert found.notes == tuple(
        f"The column {name!r} is left out: it has no numbers." for name in ("notes", "date", "mine@3")
    )


@pytest.mark.parametrize("value", ["93,1", "1 234.5"])
def test_numbers_in_another_form_are_not_taken_for_texts(value: str) -> None:
    found = check(f'architecture,mine,yours\n{CELL},"{value}",1\n')
    assert found.rejected[0].reason.startswith(f"mine is {value!r}; accepted: a finite number")


@pytest.mark.parametrize("unknown", ["nan", "NaN", "NA", "N/A", "null", "None", "<NA>", " "])
def test_what_stands_for_nothing_is_not_known(unknown: str) -> None:
    found = check(f"architecture,mine,yours\n{CELL},{unknown},1\n{OTHER},2,{unknown}\n")
    assert found.rejected == ()
    np.testing.assert_equal(found.table["mine"].tolist(), [math.nan, 2])


@pytest.mark.parametrize(("unit", "rejected"), [("%", [3]), ("fraction", [2, 3]), ("points", []), ("IoU", [])])
def test_the_range_is_that_of_the_unit(unit: str, rejected: list[int]) -> None:
    found = check(f"architecture,mine ({unit}),mine@3\n{CELL},50,\n{OTHER},60,-1\n{THIRD},1,1\n")
    assert [each.line for each in found.rejected] == rejected


def test_progress_is_told_in_lines() -> None:
    told: list[tuple[int, int]] = []
    texts = benchmarks.load("nasbench201")["architecture"][:2500]
    content = "architecture,mine\n" + "".join(f"{text},1\n" for text in texts)
    csv_file.check("nasbench201", content.encode(), "mine.csv", progress=lambda *each: told.append(each))
    assert told == [(1000, 2501), (2000, 2501), (2501, 2501)]


# --- several imports ---


def test_one_of_the_same_name_is_replaced() -> None:
    check(f"architecture,mine,yours\n{CELL},1,2\n").keep()
    again = check(f"architecture,mine\n{OTHER},3\n")
    assert again.replaces is not None
    assert again.replaces.rows == 1
    again.keep()
    assert [each.columns for each in imported.imports("nasbench201")] == [("mine",)]
    assert benchmarks.known("nasbench201", "mine")["architecture"].tolist() == [OTHER]


def test_a_name_can_be_given() -> None:
    content = f"architecture,mine\n{CELL},1\n".encode()
    kept = csv_file.check("nasbench201", content, "/some/where/mine.csv", "Second try v1.2").keep()
    assert (kept.name, kept.source) == ("second-try-v1-2", "mine.csv")


def test_accuracies_of_another_import_are_not_mixed_with_it() -> None:
    check(f"architecture,mine\n{CELL},1\n", source="first.csv").keep()
    text = f"architecture,mine\n{OTHER},2\n"
    refused(text, "'mine' of nasbench201 are in the import 'first'")
    assert len(check(text, source="first.csv").table) == 1


def test_what_another_import_brought_meanwhile_is_not_overwritten() -> None:
    first, second = (check(f"architecture,mine\n{CELL},1\n", source=name) for name in ("first.csv", "second.csv"))
    second.keep()
    with pytest.raises(UserError, match="are in the import 'second'"):
        first.keep()


# --- where it is kept ---


@pytest.mark.parametrize("source", ["../../evil.csv", "/etc/passwd", "..", "a\x00b.csv", "C:\\x.csv", "", "." * 300])
def test_a_source_is_never_a_path(home: Path, source: str) -> None:
    csv_file.check("nasbench201", f"architecture,mine\n{CELL},1\n".encode(), source).keep()
    files = [path for path in home.rglob("*") if path.is_file()]
    assert [path.parent for path in files] == [home / "tables" / "nasbench201"]
    assert set(files[0].stem) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("../My Accuracies (2).csv", "my-accuracies-2"),
        ("results.v1.csv", "results-v1"),
        ("results.v2.csv.gz", "results-v2"),
        ("данные.csv", "table"),
    ],
)
def test_the_name_of_an_import(source: str, name: str) -> None:
    assert imported.import_name(source) == name


def test_a_source_is_shown_in_one_printable_line() -> None:
    assert shown_source("/home/me/my\nfile\x1b[31m.csv") == "my file [31m.csv"
    assert len(shown_source("x" * 500)) == 80


def test_a_directory_that_cannot_be_written(home: Path) -> None:
    home.touch()
    with pytest.raises(UserError, match="the import cannot be written") as caught:
        check(f"architecture,mine\n{CELL},1\n").keep()
    assert "EPROXY_HOME" in str(caught.value)


def test_a_write_that_fails_changes_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(f"architecture,mine\n{CELL},1\n").keep()

    def full(content: object, path: Path, **options: object) -> None:
        path.write_bytes(b"half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(imported.pq, "write_table", full)
    with pytest.raises(UserError, match="No space left"):
        check(f"architecture,mine\n{CELL},2\n").keep()
    assert [path.name for path in (home / "tables" / "nasbench201").iterdir()] == ["mine.parquet"]
    assert benchmarks.known("nasbench201", "mine")["accuracy"].tolist() == [1]


def test_a_damaged_import_is_told_with_its_path(home: Path) -> None:
    check(f"architecture,mine\n{CELL},1\n").keep()
    for content in (b"", b"PAR1 nonsense PAR1"):
        (home / "tables" / "nasbench201" / "mine.parquet").write_bytes(content)
        with pytest.raises(UserError, match=r"mine\.parquet' cannot be read: .*; accepted: an undamaged"):
            imported.imports("nasbench201")
