"""A CSV of accuracies is checked row by row; rows are rejected, and files refused, with their reason."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eproxy_engine import benchmarks, spaces
from eproxy_engine.benchmarks import imported, table
from eproxy_engine.benchmarks.importing import csv_file
from eproxy_engine.benchmarks.importing.csv_text import lines_of, rows
from eproxy_engine.errors import UserError
from tests.benchmarks.csv_tables import CELL, OTHER, THIRD, check, home, reason, refused
from tests.properties import damaged, taken_or_refused

__all__ = ["home"]


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
        (f"{OTHER},93 %%", ["'93 %%'"]),
        (f"{OTHER},193.2%", ["acc is 193.2, in '%'; accepted: 0 to 100"]),
        (f'{OTHER},"93,2"', ["acc is '93,2'"]),
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
    text = f"architecture,Genauigkeit für mich\n{CELL},1"
    for content in (text.encode("latin-1"), "\ufeffx".encode("utf-16-le")[:-1]):
        with pytest.raises(UserError, match=r"not UTF-8 text \(byte [0-9]+\); accepted: CSV, saved as UTF-8 or UTF-16"):
            csv_file.check("nasbench201", content, "mine.csv")


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
        *((f"architecture,{name}", ["reserved name"]) for name in ("Score", "losses", "seconds", "KEY")),
        ("architecture,accuracy@12", ["needs a column 'accuracy of mine'"]),
        ("architecture,accuracy,Accuracy (%)", ["'accuracy of mine' is in the header twice"]),
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


def test_a_quote_that_is_not_closed_hides_no_other_row() -> None:
    found = check(f'architecture,mine\n"{CELL},1\n{OTHER},2\n"{THIRD}",3\n')
    assert [(each.line, "quote" in each.reason) for each in found.rejected] == [(2, True)]
    assert found.table["mine"].tolist() == [2, 3]


def test_points_among_decimal_commas_leave_no_guess() -> None:
    found = check(f"architecture;mine\n{CELL};93.5\n{OTHER};1,234\n{THIRD};1,234.5\n")
    assert found.table["mine"].tolist() == [93.5]
    assert [each.reason.split(";")[0] for each in found.rejected] == ["mine is '1,234'", "mine is '1,234.5'"]


def test_a_per_cent_sign_in_another_unit_is_refused() -> None:
    found = check(f"architecture,mine (fraction)\n{CELL},93%\n{OTHER},0.9\n")
    assert found.rejected[0].reason.startswith("mine is '93%'; accepted: a finite number")


@pytest.mark.parametrize("unit", ["percent", "per cent", "Pct", "%"])
def test_a_unit_in_words_has_its_range(unit: str) -> None:
    found = check(f"architecture,mine ({unit})\n{CELL},193.2\n{OTHER},93.2\n")
    assert [each.reason.split(";")[0] for each in found.rejected] == ["mine is 193.2, in '%'"]


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


@given(parts=st.lists(st.text() | WRITTEN, max_size=5))
def test_any_rows_are_accepted_or_rejected_one_by_one(parts: list[str]) -> None:
    found = check(text := "architecture,mine\n" + "\n".join(parts))
    read = list(rows(lines := lines_of(text.encode()), 1, ",", 2))
    assert len(found.table) + len(found.rejected) == len(read)
    rejected = [each.line for each in found.rejected]
    assert rejected == sorted(set(rejected) & {row.line for row in read})
    covered = [line for row in read for line in range(row.line, row.line + row.lines)]
    blank = [number for number, line in enumerate(lines, 1) if number > 1 and not line.strip()]
    assert sorted({*covered, *blank}) == list(range(2, len(lines) + 1))
    assert len(set(covered)) == len(covered)


def test_the_property_is_tried_on_rows_of_several_lines() -> None:
    lines = lines_of(b'a,b\n"x\ny",2\n\n"x\n,3\n')
    assert [(row.line, row.lines, row.error is None) for row in rows(lines, 1, ",", 2)] == [
        (2, 2, True),
        (5, 1, False),
        (6, 1, True),
    ]


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
