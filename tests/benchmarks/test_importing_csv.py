"""A CSV of accuracies is checked row by row, and kept whole or not at all."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eproxy_engine import benchmarks, spaces
from eproxy_engine.benchmarks import imported, table
from eproxy_engine.benchmarks.importing import csv_file
from eproxy_engine.benchmarks.importing.checked import Checked, shown_source
from eproxy_engine.errors import UserError
from eproxy_engine.sampling import Sample
from eproxy_engine.spaces import Task
from tests.properties import damaged, taken_or_refused

CELL = "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|"
OTHER = "|none~0|+|none~0|none~1|+|nor_conv_1x1~0|none~1|none~2|"
FIRST = benchmarks.load("nasbench201")["architecture"][:5].tolist()
THIRD = "|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EPROXY_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def check(text: str, space: str = "nasbench201", source: str = "mine.csv") -> Checked:
    return csv_file.check(space, text.encode(), source)


def refused(text: str, *parts: str, space: str = "nasbench201") -> str:
    with pytest.raises(UserError) as caught:
        check(text, space)
    message = str(caught.value)
    assert "\n" not in message
    for part in parts:
        assert part in message
    return message


def reason(row: str, header: str = "architecture,acc", space: str = "nasbench201") -> str:
    """Why a row is rejected, though the one before is taken."""
    first = {"nasbench201": CELL, "nasbench101": "101:conv3x3"}[space]
    found = check(f"{header}\n{first},1{',2' * (header.count(',') - 1)}\n{row}\n", space)
    assert len(found.table) == 1
    assert [each.line for each in found.rejected] == [3]
    assert "\n" not in found.rejected[0].reason
    return found.rejected[0].reason


# --- what is taken ---


def test_a_table_is_taken_with_its_tasks() -> None:
    found = check(f"architecture,my accuracy,robust-1.5 (points),my accuracy@12\n{CELL},90.5,3,70\n{OTHER},,-4e-1,\n")
    assert found.table.to_dict("list").keys() == {"architecture", "my accuracy", "robust-1.5", "my accuracy@12"}
    assert found.table["architecture"].tolist() == [CELL, OTHER]
    np.testing.assert_equal(found.table["my accuracy"].tolist(), [90.5, math.nan])
    np.testing.assert_equal(found.table["robust-1.5"].tolist(), [3, -0.4])
    np.testing.assert_equal(found.table["my accuracy@12"].tolist(), [70, math.nan])
    assert found.tasks == (
        Task("my accuracy", "my accuracy, imported from mine.csv", "%"),
        Task("robust-1.5", "robust-1.5, imported from mine.csv", "points"),
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


@pytest.mark.parametrize("value", ["93.1%", "93,1", "1 234.5"])
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


# --- rows that are rejected ---


@pytest.mark.parametrize(
    ("row", "parts"),
    [
        ("conv9x9,1", ["'conv9x9'"]),
        (",1", ["no architecture"]),
        (f"{OTHER},", ["no accuracy"]),
        (f"{OTHER},high", ["acc is 'high'", "accepted: a finite number"]),
        (f"{OTHER},nan", ["no accuracy"]),
        (f"{OTHER},9310", ["acc is 9310, in '%'; accepted: 0 to 100", "as in 'acc (UNIT)'"]),
        (f"{OTHER},-93.1", ["acc is -93.1"]),
        (f"{OTHER},100.01", ["acc is 100.01"]),
        (f"{OTHER},inf", ["'inf'"]),
        (f"{OTHER},1e999", ["'1e999'"]),
        (f"{OTHER},1_0", ["'1_0'"]),
        (f"{OTHER},٣", ["'٣'"]),
        (f"{OTHER},93%", ["'93%'"]),
        (f"{OTHER},=1+1", ["'=1+1'"]),
        (f"{OTHER},__import__('os')", ["acc is \"__import__('os')\""]),
        (f"{CELL},2", ["the same architecture as in line 2"]),
        (f"{OTHER}", ["1 fields, but the header has 2"]),
        (f"{OTHER},1,2", ["3 fields, but the header has 2", "needs quotes"]),
        (f'"{OTHER},1', ["quotes closed"]),
        (f'"{OTHER}"x,1', ["quotes closed"]),
        (f"{'x' * 20_000},1", ["20,000 characters"]),
        (f"{'x' * 200_000},1", ["field larger than field limit"]),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)
def test_a_row_is_rejected_with_its_reason(row: str, parts: list[str]) -> None:
    found = reason(row)
    assert len(found) <= csv_file.LONGEST_REASON
    for part in parts:
        assert part in found


def test_an_unquoted_architecture_with_a_comma_is_told_what_it_needs() -> None:
    found = reason("100101:conv3x3,maxpool3x3,93.2", space="nasbench101")
    assert found == "3 fields, but the header has 2; an architecture that contains ',' needs quotes, as in \"…\""


def test_the_report_names_lines_and_shortens_architectures() -> None:
    long = "100101:" + ",".join(["conv3x3"] * 50)
    rows = ["architecture,mine", "", '"1:",2', f'"{long}",3', "", "1:,5", '"101:conv3x3",6']
    found = check("\n".join(rows), "nasbench101")
    assert [each.line for each in found.rejected] == [4, 6]
    assert found.rejected[1].reason == "the same architecture as in line 3"
    assert found.rejected[0].architecture == long[:79] + "…"
    assert found.table["mine"].tolist() == [2, 6]


def test_a_rejected_row_does_not_make_a_later_one_a_duplicate() -> None:
    found = check(f"architecture,mine\n{CELL},x\n{CELL},1\n")
    assert ([each.line for each in found.rejected], found.table["mine"].tolist()) == ([2], [1])


def test_without_an_accepted_row_nothing_can_be_kept(home: Path) -> None:
    found = check("architecture,mine\nnonsense,1\n")
    assert (len(found.table), len(found.rejected)) == (0, 1)
    with pytest.raises(UserError, match=r"no row of 'mine\.csv' can be imported"):
        found.keep()
    with pytest.raises(UserError, match="no row"):
        check("architecture,mine\n").keep()
    assert not home.exists()


def test_checking_alone_keeps_nothing(home: Path) -> None:
    check(f"architecture,mine\n{CELL},1\n")
    assert not home.exists()


# --- files that are refused ---


@pytest.mark.parametrize("text", ["", "\n \n\t\n", "\ufeff"])
def test_an_empty_file(text: str) -> None:
    refused(text, "'mine.csv' is empty")


def test_text_in_another_coding() -> None:
    for coding in ("utf-16", "latin-1"):
        with pytest.raises(UserError, match=r"not UTF-8 text \(byte [0-9]+\)"):
            csv_file.check("nasbench201", f"architecture,Genauigkeit für mich\n{CELL},1".encode(coding), "mine.csv")


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"architecture,mine\n{CELL},1\nnonsense,1\n{OTHER},1\n"
    monkeypatch.setattr(csv_file, "MOST_ROWS", 3)
    assert len(check(text).table) == 2
    refused(text + f"{THIRD},1\n", "more than 3 rows")
    monkeypatch.setattr(csv_file, "MOST_BYTES", len(text) - 1)
    refused(text, f"a file of {len(text)} bytes", f"up to {len(text) - 1}")


@pytest.mark.parametrize(
    ("header", "parts"),
    [
        ("net,acc", ["'net,acc'", "needs one column 'architecture'"]),
        ("architecture,arch,acc", ["needs one column 'architecture', not 2"]),
        ("architecture", ["no column of accuracies"]),
        ("architecture,parameters", ["no column of accuracies"]),
        ("architecture,", ["no column of accuracies"]),
        ("architecture,in:test", ["'in:test' cannot be used", "accepted: NAME"]),
        ("architecture,-x", ["'-x' cannot be used"]),
        ("architecture,../../x", ["cannot be used"]),
        ("architecture,=cmd|x", ["cannot be used"]),
        ("architecture,acc (a(b))", ["cannot be used"]),
        ("architecture,acc@0", ["cannot be used"]),
        ("architecture,acc@12.5", ["cannot be used"]),
        (f"architecture,{'x' * 41}", ["cannot be used"]),
        *((f"architecture,{name}", ["reserved name"]) for name in ("accuracy", "Score", "losses", "seconds", "KEY")),
        ("architecture,accuracy@12", ["reserved name"]),
        ("architecture,acc,acc (%)", ["'acc' is in the header twice"]),
        ("architecture,acc,acc@3,acc@3", ["'acc@3' is in the header twice"]),
        ("architecture,acc@3", ["'acc@3' needs a column 'acc' with"]),
        ("architecture,acc (IoU),acc@3 (%)", ["'acc@3' is in '%', but 'acc' is in 'IoU'"]),
        ("architecture,cifar10", ["'cifar10' of nasbench201 are already included", "such as 'my cifar10'"]),
        ("architecture,cifar10@12", ["'cifar10@12' of nasbench201 are already included"]),
        ("architecture,cifar10@24 (points)", ["'cifar10@24' is in 'points', but 'cifar10' is in '%'"]),
        ("architecture," + ",".join(f"a{i}" for i in range(101)), ["101 columns", "up to 100"]),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_a_header_that_cannot_be_used(header: str, parts: list[str]) -> None:
    refused(f"{header}\n{CELL},1\n", *parts)


def test_an_unknown_space() -> None:
    refused(f"architecture,mine\n{CELL},1\n", "unknown search space 'nowhere'", space="nowhere")


def test_early_stopping_can_be_added_to_a_known_task() -> None:
    kept = check(f"architecture,cifar10@24\n{CELL},55\n").keep()
    assert (kept.tasks, kept.columns) == ((), ("cifar10@24",))
    known = benchmarks.known("nasbench201", "cifar10").set_index("architecture")
    assert known.loc[CELL, "accuracy@24"] == 55
    assert known["accuracy@24"].notna().sum() == 1


def test_a_task_without_accuracies_is_filled_under_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "TABLES_FOLDER", Path("/nowhere"))
    table.shipped.cache_clear()
    table._merged.cache_clear()
    table._known.cache_clear()
    try:
        assert benchmarks.known("nasbench201", "cifar10").empty
        refused(f"architecture,cifar10 (IoU)\n{CELL},1\n", "but 'cifar10' is in '%'")
        found = check(f"architecture,cifar10\n{CELL},91\n")
        assert found.tasks == (benchmarks.task("nasbench201", "cifar10"),)
        found.keep()
        assert benchmarks.known("nasbench201", "cifar10")["accuracy"].tolist() == [91]
        assert benchmarks.tasks("nasbench201") == spaces.get("nasbench201").tasks
    finally:
        table.shipped.cache_clear()
        table._merged.cache_clear()
        table._known.cache_clear()


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


# --- whatever is in the file ---

FIELDS = st.sampled_from(
    [CELL, OTHER, "1:", "architecture", "arch", "mine", "mine@3", "1", "2.5", "", '"', "x", "=1+1"]
)
WRITTEN = st.lists(st.lists(FIELDS, max_size=4).map(",".join), max_size=6).map("\n".join)


@given(content=st.binary() | st.text().map(str.encode) | WRITTEN.map(str.encode))
def test_any_content_is_refused_in_one_line_or_checked(content: bytes) -> None:
    try:
        found = csv_file.check("nasbench201", content, "mine.csv")
    except UserError as error:
        told = [str(error)]
    else:
        told = [each.reason for each in found.rejected]
        assert found.table["architecture"].is_unique
    assert all("\n" not in line for line in told)


@given(rows=st.lists(st.text() | WRITTEN, max_size=5))
def test_any_rows_are_accepted_or_rejected_one_by_one(rows: list[str]) -> None:
    text = "\n".join(rows).replace("\r", "\n")
    found = check(f"architecture,mine\n{text}")
    assert len(found.table) + len(found.rejected) == sum(bool(line.strip()) for line in text.split("\n"))
    lines = [each.line for each in found.rejected]
    assert lines == sorted(set(lines))


SOUND = f"architecture,mine (IoU),mine@3\n{CELL},0.5,0.25\n{OTHER},0.7,\n"


@given(content=damaged(SOUND.encode()))
def test_a_damaged_file_is_checked_or_refused(content: bytes) -> None:
    found = taken_or_refused(lambda: csv_file.check("nasbench201", content, "mine.csv"))
    assert found is None or all(len(each.reason.splitlines()) == 1 for each in found.rejected)


@given(data=st.data())
def test_a_damaged_import_is_read_or_refused(monkeypatch: pytest.MonkeyPatch, data: st.DataObject) -> None:
    monkeypatch.setattr(imported, "time", SimpleNamespace(time=lambda: 1e9))  # so that the file is always the same
    check(SOUND).keep()
    (path,) = imported.paths("nasbench201")
    path.write_bytes(data.draw(damaged(path.read_bytes())))
    try:
        taken_or_refused(lambda: imported.imports("nasbench201"))
        taken_or_refused(lambda: benchmarks.known("nasbench201", "mine"))
    finally:
        path.unlink()
