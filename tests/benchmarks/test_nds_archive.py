"""The official archive of NDS, written here as its authors published it."""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eproxy_engine import benchmarks, spaces
from eproxy_engine.benchmarks import imported
from eproxy_engine.benchmarks.importing import json_rows, nds_archive
from eproxy_engine.benchmarks.importing.nds_archive import check, read
from eproxy_engine.errors import UserError
from eproxy_engine.spaces.anynet.architecture import Stage
from tests.properties import altered, damaged, examples, taken_or_refused

RESNET, RESNEXT_A, DARTS = "nds-cifar10-resnet", "nds-cifar10-resnext-a", "nds-cifar10-darts"
FIRST, SECOND = "d1w16|d2w24|d3w32", "d4w16|d2w24|d3w32"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EPROXY_HOME", str(tmp_path / "home"))


# --- a small writer of the official schema ---


def residual(text: str) -> dict[str, Any]:
    """The network of that canonical text, at CIFAR size."""
    stages = [Stage(*(int(number) for number in part[1:].split("w"))) for part in text.split("|")]
    return {
        "block_type": "res_basic_block",
        "bot_muls": [],
        "ds": [1, *(stage.depth for stage in stages)],
        "num_gs": [],
        "ss": [1, 1, 2, 2],
        "ws": [16, *(stage.width for stage in stages)],
    }


NEXT = {
    "block_type": "res_bottleneck_block",
    "bot_muls": [0.0, 0.25, 0.25, 0.25],
    "ds": [1, 16, 1, 4],
    "num_gs": [1, 2, 1, 2],
    "ss": [1, 1, 2, 2],
    "ws": [16, 64, 128, 16],
}
CELL = {
    "aux": False,
    "depth": 8,
    "drop_prob": 0.0,
    "genotype": {
        "normal": [["sep_conv_3x3", 0], ["skip_connect", 1], *[["max_pool_3x3", 0], ["dil_conv_5x5", 1]] * 3],
        "normal_concat": [2, 3, 4, 5],
        "reduce": [["none", 0], ["avg_pool_3x3", 1]] * 4,
        "reduce_concat": [2, 3, 4, 5],
    },
    "width": 16,
}


def training(net: Any, errors: Any = (90.0, 20.5, 10.25), **changed: Any) -> dict[str, Any]:
    errors = list(errors) if isinstance(errors, tuple | range) else errors
    numbers = errors if isinstance(errors, list) else []
    return {
        "job_id": 17,
        "rng_seed": 1,
        "exp_mem": 1.5,
        "params": 83_002,
        "flops": 69_890_986,
        "net": net,
        "optim": {"base_lr": 0.1, "max_ep": 100, "wd": 0.0005},
        "act_mem": 2.5,
        "prec_time": {"train_fw_bw": 0.01},
        "iter_time": 0.065,
        "min_test_top1": min([error for error in numbers if type(error) in (int, float)], default=50.0),
        "train_ep_loss": [2.0, 1.0],
        "train_ep_top1": [80.0, 20.0],
        "test_ep_top1": errors,
        "train_it_loss": [float("nan"), 2.0],
        "train_it_top1": [100.0],
    } | changed


def archive(folder: Path, **files: Any) -> Path:
    """A zip archive; ``ResNet_json=…`` makes the file ``data/ResNet.json``."""
    path = folder / "data.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            text = content if isinstance(content, str | bytes) else json.dumps(content)
            target.writestr(f"data/{name.replace('__', '-').replace('_json', '.json')}", text)
    return path


# --- what is read ---


def test_errors_become_accuracies_in_per_cent(tmp_path: Path) -> None:
    first = training(residual(FIRST), (90.0, 8.5, 10.25))
    table = read(archive(tmp_path, ResNet_json=[first, training(residual(SECOND))]))[RESNET]
    assert table["architecture"].tolist() == [FIRST, SECOND]
    assert table["cifar10"].tolist() == [89.75, 89.75]
    assert table["cifar10-best"].tolist() == [91.5, 89.75]
    assert [column for column in table if "@" in column] == []


def test_early_accuracies_are_those_after_5_10_and_25_epochs(tmp_path: Path) -> None:
    long, short = training(residual(FIRST), range(99, 59, -1)), training(residual(SECOND), range(99, 89, -1))
    table = read(archive(tmp_path, ResNet_json=[long, short]))[RESNET]
    assert table["cifar10"].tolist() == [40, 10]
    assert table["cifar10@5"].tolist() == [5, 5]
    assert table["cifar10@10"].tolist()[0] == 10
    assert table["cifar10@25"].tolist()[0] == 25
    assert table[["cifar10@10", "cifar10@25"]].iloc[1].isna().all()  # ten epochs are its whole training


def test_counts_are_those_of_the_built_network(tmp_path: Path) -> None:
    found = read(archive(tmp_path, ResNeXt__A_json=[training(NEXT)], ResNet_json=[training(residual(FIRST))]))
    for name, table in found.items():
        space = spaces.get(name)
        counts = space.complexity(space.parse(table["architecture"][0]))
        assert (table["parameters"][0], table["flops"][0]) == (counts.parameters, counts.flops)
    normalisations = 1_769_216  # elements, of each of which NDS counts five operations; and ten biases
    assert found[RESNEXT_A]["flops"][0] == 69_890_986 - 10 - 5 * normalisations


def test_cells_are_read(tmp_path: Path) -> None:
    table = read(archive(tmp_path, DARTS_json=[training(CELL)]))[DARTS]
    space = spaces.get(DARTS)
    assert table["architecture"].tolist() == [str(space.parse(json.dumps(CELL)))]
    counts = space.complexity(space.parse(table["architecture"][0]))
    assert (table["parameters"][0], table["flops"][0]) == (counts.parameters, counts.flops)


def test_every_file_has_its_search_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nds_archive, "refuse_known", lambda *_: None)
    names = [f"{sweep}{suffix}.json" for suffix in ("", "_in") for sweep in nds_archive.SWEEPS]
    for name in names:
        (tmp_path / name).write_text("[]", "utf-8")
    found = check(tmp_path)
    nds = {name for name in spaces.names() if name.startswith("nds-")}
    assert {each.space for each in found.checked} == nds
    assert [each.source for each in found.checked] == [name for name in names if name not in found.ignored]


def test_imagenet_is_read_where_nothing_ships(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nds_archive, "refuse_known", lambda *_: None)
    net = NEXT | {"ss": [8, 1, 2, 2], "ws": [64, 64, 128, 16], "bot_muls": [1.0, 0.25, 0.25, 0.25]}
    table = read(archive(tmp_path, **{"ResNeXt__A_in_json": [training(net, range(90, 40, -1))]}))
    (row,) = table["nds-imagenet-resnext-a"].to_dict("records")
    assert row["architecture"] == "d16w64b0.25g2|d1w128b0.25g1|d4w16b0.25g2"
    assert (row["imagenet"], row["imagenet-best"], row["imagenet@5"]) == (59, 59, 14)


def test_lists_by_name_are_read_one_after_the_other(tmp_path: Path) -> None:
    content = {"top": [training(residual(FIRST))], "about": {"n": [1]}, "mid": [training(residual(SECOND))]}
    assert read(archive(tmp_path, ResNet_json=content))[RESNET]["architecture"].tolist() == [FIRST, SECOND]


def test_a_folder_and_a_zip_archive_give_the_same(tmp_path: Path) -> None:
    rows = [training(residual(FIRST)), training(residual(SECOND))]
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "ResNet.json").write_text(json.dumps(rows, indent=2), "utf-8")
    (folder / "deeper").mkdir()
    pd.testing.assert_frame_equal(read(folder)[RESNET], read(archive(tmp_path, ResNet_json=rows))[RESNET])


def test_trainings_of_one_architecture_become_their_mean(tmp_path: Path) -> None:
    nets = [FIRST, SECOND, FIRST]
    rows = [training(residual(net), (error,)) for net, error in zip(nets, (10, 20, 11), strict=True)]
    (checked,) = check(archive(tmp_path, ResNet_json=rows)).checked
    assert checked.table["cifar10"].tolist() == [89.5, 80]
    assert "1 rows repeat an architecture; their accuracies are averaged." in checked.notes


def test_other_parameters_than_ours_are_told(tmp_path: Path) -> None:
    rows = [training(NEXT), training(NEXT, params=5), training(NEXT, params=None)]
    (checked,) = check(archive(tmp_path, ResNeXt__A_json=rows)).checked
    assert [note for note in checked.notes if "parameters" in note] == [
        "1 rows state a number of parameters that differs from the networks here."
    ]


def test_progress_is_told_in_bytes(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    path = archive(tmp_path, ResNet_json=[training(residual(FIRST))] * 250, ResNeXt__A_json=[training(NEXT)])
    check(path, lambda done, total: told.append((done, total)))
    with zipfile.ZipFile(path) as opened:
        size = sum(info.file_size for info in opened.infolist())
    assert told[-1] == (size, size)
    assert told == sorted(told)
    assert {total for _, total in told} == {size}


def test_what_was_read_can_be_kept(tmp_path: Path) -> None:
    path = archive(tmp_path, ResNet_json=[training(residual(FIRST), range(50, 10, -1))])
    (checked,) = check(path).checked
    kept = checked.keep()
    assert (kept.name, kept.columns) == (
        "nds-archive",
        ("cifar10", "cifar10-best", "cifar10@5", "cifar10@10", "cifar10@25"),
    )
    known = benchmarks.known(RESNET, "cifar10")
    assert known[["architecture", "accuracy", "accuracy@5"]].to_dict("records") == [
        {"architecture": FIRST, "accuracy": 89, "accuracy@5": 54}
    ]
    assert check(path).checked[0].replaces == kept  # a second import is no clash with itself


# --- what is left out ---


def test_unknown_files_are_ignored_and_listed(tmp_path: Path) -> None:
    names = {"ResNet_reruns_json": "no JSON", "Vanilla_json": "[]", "README.md": b"\xff", "._ResNet_json": "?"}
    found = check(archive(tmp_path, ResNet_json=[training(residual(FIRST))], **names))
    assert sorted(found.ignored) == ["._ResNet.json", "README.md", "ResNet_reruns.json", "Vanilla.json"]
    assert [each.space for each in found.checked] == [RESNET]


def test_what_ships_is_not_read_again(tmp_path: Path) -> None:
    found = check(archive(tmp_path, ResNet_json=[], ResNeXt__A_in_json="no JSON"))
    assert list(found.ignored) == ["ResNeXt-A_in.json"]
    assert "are already included" in found.ignored["ResNeXt-A_in.json"]


def test_what_another_import_has_is_not_read(tmp_path: Path) -> None:
    path = archive(tmp_path, ResNet_json=[training(residual(FIRST))])
    (checked,) = check(path).checked
    imported.keep(RESNET, "own.csv", checked.tasks, checked.table)
    found = check(path)
    assert found.checked == ()
    assert "'own'" in found.ignored["ResNet.json"]


def test_folders_in_names_of_members_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "data.zip"
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("../../../ResNet.json", json.dumps([training(residual(FIRST))]))
        target.writestr("/etc/passwd", "root")
    found = check(path)
    assert (len(found.checked), list(found.ignored)) == (1, ["passwd"])
    assert sorted(each.name for each in tmp_path.iterdir()) == ["data.zip"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        pytest.param(7, "7 is not a training", id="a number"),
        pytest.param([1], "[1] is not a training", id="a list"),
        pytest.param({}, "net is None", id="nothing"),
        pytest.param(training("x"), "net is 'x'", id="net no object"),
        pytest.param(training({}), "not an architecture of NDS ResNet, CIFAR-10: '{}'", id="net empty"),
        pytest.param(
            training(residual(FIRST) | {"ds": [1, -math.inf, 2, 3]}), "not an architecture of", id="infinite depth"
        ),
        pytest.param(training(NEXT), "not an architecture of NDS ResNet, CIFAR-10", id="net of another space"),
        pytest.param(training(residual("d1w17|d1w16|d1w16")), "width of a stage 17", id="net outside the space"),
        pytest.param(training(residual(FIRST) | {"x": "y" * 20_000}), "net has 20,", id="net too long"),
        pytest.param(training(residual(FIRST), None), "test_ep_top1 is None", id="no errors"),
        pytest.param(training(residual(FIRST), []), "test_ep_top1 is []", id="no epoch"),
        pytest.param(training(residual(FIRST), {"1": 5}), "test_ep_top1 is {'1': 5}", id="errors no list"),
        pytest.param(training(residual(FIRST), ["10"]), "test_ep_top1 is '10'", id="error a text"),
        pytest.param(training(residual(FIRST), [True]), "test_ep_top1 is True", id="error a truth value"),
        pytest.param(training(residual(FIRST), [math.nan]), "test_ep_top1 is nan", id="error no number"),
        pytest.param(training(residual(FIRST), [math.inf]), "test_ep_top1 is inf", id="error infinite"),
        pytest.param(
            training(residual(FIRST), [-1]), "test_ep_top1 is -1; accepted: an error of 0 to 100", id="below 0"
        ),
        pytest.param(training(residual(FIRST), [101]), "test_ep_top1 is 101", id="above 100"),
        pytest.param(training(residual(FIRST), [10**500]), "test_ep_top1 is 1000", id="error huge"),
        pytest.param(training(residual(FIRST), [1, 2, 3, 4, None, 6]), "test_ep_top1 is None", id="early error"),
        pytest.param(training(residual(FIRST), min_test_top1=None), "min_test_top1 is None", id="no least error"),
    ],
)
def test_a_row_that_cannot_be_taken_is_reported(tmp_path: Path, row: Any, reason: str) -> None:
    path = archive(tmp_path, ResNet_json=[training(residual(FIRST)), row, training(residual(SECOND))])
    (checked,) = check(path).checked
    assert checked.table["architecture"].tolist() == [FIRST, SECOND]
    (rejected,) = checked.rejected
    assert rejected.line == 2
    assert reason in rejected.reason
    assert len(rejected.reason) <= 300
    assert "\n" not in rejected.reason


def test_without_a_row_that_can_be_taken_there_is_an_empty_table(tmp_path: Path) -> None:
    (checked,) = check(archive(tmp_path, ResNet_json=[1, 2])).checked
    assert (len(checked.table), len(checked.rejected)) == (0, 2)
    with pytest.raises(UserError, match=r"no row of 'ResNet\.json' can be imported"):
        checked.keep()


# --- what cannot be read at all ---


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "row 1 cannot be read: the end of the file instead of '{'"),
        ("x", "row 1 cannot be read: 'x' instead of '{'"),
        ("3", "row 1 cannot be read: '3' instead of '{'"),
        ('[{"a": 1}, {"a": 2', "row 2 cannot be read: not JSON"),
        ('[{"a": 1}, {"a": 2} {"a": 3}]', "row 3 cannot be read: '{' instead of ',' or ']'"),
        ('[{"a": 1},, 2]', "row 2 cannot be read: not JSON: Expecting value"),
        ("[1, 2] 3", "row 3 cannot be read: '3' after the end of the JSON"),
        ("[1, 2", "row 3 cannot be read: the end of the file instead of ',' or ']'"),
        ('{"top": [1], "mid" [2]}', "row 2 cannot be read: '[' instead of ':'"),
        ('{"top": [1]', "row 2 cannot be read: the end of the file instead of ',' or '}'"),
        ("[" * 200_000, "row 1 cannot be read: its JSON is nested too deeply"),
        ("[1, " + "9" * 5000 + "]", "row 2 cannot be read: Exceeds the limit"),
        (b"[1, \xff]", "row 1 cannot be read: 'utf-8' codec can't decode"),
    ],
)
def test_broken_json_is_told_with_file_and_row(tmp_path: Path, content: str | bytes, message: str) -> None:
    with pytest.raises(UserError) as caught:
        check(archive(tmp_path, ResNet_json=content))
    assert f"'ResNet.json', {message}" in str(caught.value)
    assert "\n" not in str(caught.value)


def broken(path: Path) -> Path:
    content = bytearray(path.read_bytes())
    place = content.index(b"ResNet.json") + 40  # within the compressed text
    content[place] ^= 0xFF
    path.write_bytes(content)
    return path


def no_archive(folder: Path) -> Path:
    (folder / "data.zip").write_text("no archive", "utf-8")
    return folder / "data.zip"


def two_of_a_name(folder: Path) -> Path:
    path = folder / "data.zip"
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("a/ResNet.json", "[]")
        target.writestr("b/ResNet.json", "[]")
    return path


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda folder: folder / "nowhere.zip", "cannot be read: No such file or directory"),
        (no_archive, "cannot be read: File is not a zip file"),
        (lambda folder: folder, "has no file of a search space; accepted: the official data.zip"),
        (lambda folder: archive(folder, Vanilla_json="[]"), "'data.zip' has no file of a search space"),
        (two_of_a_name, "'data.zip' has two files 'ResNet.json'"),
        (
            lambda folder: broken(archive(folder, ResNet_json=[training(residual(FIRST))])),
            "'ResNet.json', row 1 cannot be read: ",
        ),
    ],
)
def test_what_is_no_archive_is_refused(tmp_path: Path, made: Callable[[Path], Path], message: str) -> None:
    with pytest.raises(UserError) as caught:
        check(made(tmp_path))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("limit", "message"),
    [
        ("MOST_BYTES", "'ResNet.json', row 1 cannot be read: it unpacks to more than 1 bytes"),
        ("MOST_ROWS", "'ResNet.json' has more than 1 rows; accepted: up to 1"),
        ("MOST_FILES", "'data.zip' has 2 files; accepted: up to 1"),
        ("LONGEST_ROW", "'ResNet.json', row 1 cannot be read: it has more than 1 characters"),
    ],
)
def test_limits_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, message: str) -> None:
    monkeypatch.setattr(nds_archive, limit, 1)
    with pytest.raises(UserError) as caught:
        check(archive(tmp_path, ResNet_json="[10, 20, 30]", Vanilla_json="[]"))
    assert message in str(caught.value)


def zipped(content: str) -> bytes:
    """An archive of one file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("data/ResNet.json", content)
    return file.getvalue()


def named(*members: str) -> bytes:
    """An archive whose members have these names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as target:
        for number in range(len(members)):
            target.writestr(f"{number}_", "[]")
    content = file.getvalue()
    for number, name in enumerate(members):
        assert len(name) == 2  # lengths are stated elsewhere
        content = content.replace(f"{number}_".encode(), name.encode())
    return content


GOOD = json.dumps([training(residual(FIRST)), training(residual(SECOND))])


@given(content=damaged(zipped(GOOD)) | damaged(GOOD.encode()).map(lambda text: zipped(text.decode("latin-1"))))
@example(named("\0a"))
@example(named("//", "..", "\0\0"))
def test_a_damaged_archive_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "data.zip"
    path.write_bytes(content)
    taken_or_refused(lambda: check(path))


@given(
    rows=st.lists(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=4)
                | st.dictionaries(
                    st.sampled_from(["net", "params", "test_ep_top1", "min_test_top1", "ds", "ws", "ss", "genotype"]),
                    inner,
                    max_size=5,
                )
            ),
            max_leaves=12,
        ),
        max_size=5,
    )
)
def test_no_row_makes_the_import_fail(tmp_path: Path, rows: list[Any]) -> None:
    (checked,) = check(archive(tmp_path, ResNet_json=rows)).checked
    assert [each.line for each in checked.rejected] == list(range(1, len(rows) + 1))


@examples(2)
@given(
    file=st.sampled_from(["ResNet_json", "ResNeXt__A_json", "DARTS_json"]), row=st.data(), how=st.sampled_from([1, 2])
)
def test_an_altered_training_is_taken_or_rejected(tmp_path: Path, file: str, row: st.DataObject, how: int) -> None:
    net = {"ResNet_json": residual(FIRST), "ResNeXt__A_json": NEXT, "DARTS_json": CELL}[file]
    changed = training(row.draw(altered(net))) if how == 1 else row.draw(altered(training(net)))
    (checked,) = check(archive(tmp_path, **{file: [changed]})).checked
    assert len(checked.table) + len(checked.rejected) == 1
    assert all(len(each.reason.splitlines()) == 1 for each in checked.rejected)


# --- the rows of a JSON file ---


@given(
    values=st.lists(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
            lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
            max_leaves=15,
        ),
        max_size=6,
    ),
    indent=st.sampled_from([None, 1, 30]),
    ascii_only=st.booleans(),
    at_once=st.integers(1, 50),
)
def test_rows_are_the_elements_however_little_is_read_at_a_time(
    values: list[Any], indent: int | None, ascii_only: bool, at_once: int
) -> None:
    text = json.dumps(values, indent=indent, ensure_ascii=ascii_only)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_rows, "_AT_ONCE", at_once)
        assert list(json_rows.rows(io.BytesIO(text.encode()), 10_000)) == values


def test_a_long_row_is_refused_before_it_is_all_in_memory() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"[" + b'"' + b"x" * (size - 2) if self.given == size else b"x" * size

    endless = Endless()
    with pytest.raises(ValueError, match="more than 3,000,000 characters"):
        next(json_rows.rows(endless, 3_000_000))  # type: ignore[arg-type]
    assert endless.given < 10_000_000
