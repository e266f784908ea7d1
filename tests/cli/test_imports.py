"""``import`` as scripts use it."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from eproxy_engine import benchmarks
from eproxy_engine.benchmarks import imported
from eproxy_engine.benchmarks.importing import csv_file, downloads
from eproxy_engine.benchmarks.importing.downloads import OfficialFile
from tests.benchmarks.test_downloads import Served, file_server, served
from tests.benchmarks.test_importing_nasbench101 import GOOD, small, written
from tests.cli.test_cli import Call, call, refused

__all__ = ["call", "file_server", "served"]

CELL = "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|"
OTHER = "|none~0|+|none~0|none~1|+|nor_conv_1x1~0|none~1|none~2|"


@pytest.fixture
def run(call: Call) -> Call:
    """Runs ``import`` in this process, on a data directory of its own."""
    return lambda *arguments: call("import", *arguments)


def file(folder: Path, rows: str, header: str = "architecture,mine (IoU),mine@3") -> Path:
    path = folder / "some table.csv"
    path.write_text(f"{header}\n{rows}", "utf-8")
    return path


# --- csv ---


def test_csv(run: Call, tmp_path: Path) -> None:
    found = run("csv", "nasbench201", file(tmp_path, f"{CELL},0.5,0.25\n{OTHER},0.7,\n"), "--json").json
    kept = found["import"]
    assert kept.pop("created") > 0
    assert kept == {
        "space": "nasbench201",
        "name": "some-table",
        "source": "some table.csv",
        "rows": 2,
        "tasks": [{"task": "mine", "measured": "mine, imported from some table.csv", "unit": "IoU"}],
    }
    assert (found["accepted"], found["rejected"], found["notes"]) == (2, [], [])
    assert len(benchmarks.known("nasbench201", "mine")) == 2


def test_csv_for_people(run: Call, tmp_path: Path) -> None:
    table = file(tmp_path, f"{CELL},1,2\n", "architecture,mine,parameters")
    answer = run("csv", "nasbench201", table)
    assert (answer.code, answer.errors) == (0, "")
    assert answer.out == (
        "note: The column 'parameters' is left out: it is counted on the network.\n"
        "nasbench201: imported 1 row as some-table (mine)\n"
    )
    again = run("csv", "nasbench201", file(tmp_path, f"{CELL},1\n{OTHER},2\n", "architecture,mine"))
    assert again.out == ("nasbench201: imported 2 rows as some-table (mine), in place of 1 from 'some table.csv'\n")


def test_a_name_for_the_import(run: Call, tmp_path: Path) -> None:
    found = run("csv", "nasbench201", file(tmp_path, f"{CELL},1,\n"), "--name", "../Mine!", "--json").json
    assert found["import"]["name"] == "mine"


def test_rejected_rows_keep_all_from_being_imported(run: Call, tmp_path: Path) -> None:
    table = file(tmp_path, f"{CELL},1,\nnonsense,2,\n{OTHER},x,\n")
    answer = run("csv", "nasbench201", table)
    assert (answer.code, answer.out) == (2, "")
    *told, error = answer.errors.splitlines()
    assert [line.split(":")[0] for line in told] == ["some table.csv, line 3", "some table.csv, line 4"]
    assert "'nonsense'" in told[0]
    assert error == (
        f"error: 2 rows of {str(table)!r} rejected, so nothing is imported; correct the file, or import the other 1 "
        "with --skip-rejected"
    )
    assert imported.imports("nasbench201") == []


def test_rejected_rows_as_json(run: Call, tmp_path: Path) -> None:
    answer = run("csv", "nasbench201", file(tmp_path, f"{CELL},1,\nnonsense,2,\n"), "--json")
    assert answer.code == 2
    assert answer.errors.count("\n") == answer.out.count("\n") == 1
    assert answer.errors.startswith("error: 1 row of ")
    found = json.loads(answer.out)
    assert (found["import"], found["accepted"]) == (None, 1)
    assert [(row["line"], row["architecture"]) for row in found["rejected"]] == [(3, "nonsense")]
    assert "'nonsense'" in found["rejected"][0]["reason"]


def test_rejected_rows_can_be_skipped(run: Call, tmp_path: Path) -> None:
    table = file(tmp_path, f"{CELL},1,\n" + "nonsense,2,\n" * 25)
    found = run("csv", "nasbench201", table, "--skip-rejected", "--json")
    assert found.json["import"]["rows"] == 1
    assert len(found.json["rejected"]) == 25
    assert found.errors.count("some table.csv, line ") == 20
    assert found.errors.splitlines()[-1] == "… and 5 more rejected rows (--json lists all)"


def test_doubts_keep_all_from_being_imported(run: Call, tmp_path: Path) -> None:
    table = file(tmp_path, f"{CELL},0.931,7\n{OTHER},88.8,8\n", "architecture,mine,seed")
    answer = run("csv", "nasbench201", table)
    assert (answer.code, answer.out) == (2, "")
    *told, error = answer.errors.splitlines()
    assert [line.split(": ")[0] for line in told] == ["some table.csv"] * 2
    assert "0.931 beside 88.8" in told[0]
    assert "'seed'" in told[1]
    assert error.startswith(f"error: {str(table)!r} may be mislabelled: 'mine' is in per cent, but has 0.931")
    assert error.endswith("correct the file, or import it as it is with --anyway")
    answer = run("csv", "nasbench201", table, "--json")
    assert answer.code == 2
    assert [json.loads(answer.out)[key] for key in ("import", "accepted")] == [None, 2]
    assert len(json.loads(answer.out)["doubts"]) == 2
    assert imported.imports("nasbench201") == []
    assert run("csv", "nasbench201", table, "--anyway", "--json").json["import"]["rows"] == 2


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (("csv", "nowhere", "x.csv"), ["unknown search space 'nowhere'"]),
        (("csv", "nasbench201", "/no/such.csv"), ["'/no/such.csv' cannot be read", "No such file"]),
        (("csv", "nasbench201", __file__), ["needs one column 'architecture'"]),
        (("csv", "nasbench201"), ["FILE"]),
        (("nasbench101", "/no/such.tfrecord"), ["'/no/such.tfrecord' cannot be read"]),
        (("nasbench101", __file__), ["damaged at byte 0"]),
        (("nds", "/no/such.zip"), ["'/no/such.zip' cannot be read"]),
        (("nds", __file__), ["cannot be read: File is not a zip file"]),
        (("nds",), ["neither a path nor --download"]),
        (("nds", "x.zip", "--download"), ["a path and --download; accepted: one of them"]),
        (("nasbench101", "--download", "half"), ["'only108', 'full'"]),
        (("remove", "nasbench201", "mine"), ["unknown import for nasbench201 'mine'", "none yet"]),
        (("remove", "../..", "mine"), ["unknown search space '../..'"]),
        (("json", "x"), ["'json'"]),
    ],
    ids=lambda value: " ".join(map(str, value))[-40:] if isinstance(value, tuple) else "",
)
def test_bad_input_is_told_in_one_line(run: Call, arguments: tuple[object, ...], parts: list[str]) -> None:
    refused(run(*arguments), *parts)


def test_a_file_with_nothing_to_import(run: Call, tmp_path: Path) -> None:
    refused(run("csv", "nasbench201", file(tmp_path, "")), "no row of 'some table.csv'")
    answer = run("csv", "nasbench201", file(tmp_path, "nonsense,1,\n"), "--skip-rejected")
    assert answer.code == 2
    assert "no row of 'some table.csv'" in answer.errors.splitlines()[-1]


def test_a_file_that_is_too_large_is_not_read(run: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "MOST_BYTES", 10)
    refused(run("csv", "nasbench201", file(tmp_path, "")), "bytes; accepted: up to 10")


# --- official files ---


def test_nasbench101(run: Call, tmp_path: Path) -> None:
    found = run("nasbench101", small(tmp_path / "nasbench_only108.tfrecord"), "--json").json
    assert (found["import"]["name"], found["import"]["rows"]) == ("nasbench101-records", 3)
    assert [task["task"] for task in found["import"]["tasks"]] == ["cifar10-valid-mean", "cifar10-test-mean"]
    assert "3 of the benchmark's 423,624 cells" in found["notes"][0]
    assert len(benchmarks.known("nasbench101", "cifar10-test-mean")) == 3


def test_nasbench101_for_people(run: Call, tmp_path: Path) -> None:
    answer = run("nasbench101", written(tmp_path / "nasbench_only108.tfrecord", [GOOD] * 3))
    assert answer.out.splitlines()[-1] == (
        "nasbench101: imported 1 row as nasbench101-records (cifar10-valid-mean, cifar10-test-mean)"
    )


def nds(folder: Path, errors: dict[str, list[object]]) -> Path:
    """An archive as a folder: by name of a file, the last errors of its trainings of ever wider networks."""
    folder.mkdir()
    for name, last in errors.items():
        trainings = [
            {
                "net": {
                    "block_type": "res_basic_block",
                    "ds": [1, 1, 1, 1],
                    "ws": [16, 16, 16, width],
                    "ss": [1, 1, 2, 2],
                    "bot_muls": [],
                    "num_gs": [],
                },
                "test_ep_top1": [90.0, error],
                "min_test_top1": error,
            }
            for width, error in zip((16, 24, 32, 40), last, strict=False)
        ]
        (folder / name).write_text(json.dumps(trainings), "utf-8")
    return folder


def test_nds(run: Call, tmp_path: Path) -> None:
    archive = nds(tmp_path / "nds_data", {"ResNet.json": [10.0, "x", 20.0], "ResNeXt-A.json": [5.0], "other.json": [1]})
    answer = run("nds", archive, "--json")
    (found,) = answer.json["imports"]
    assert (found["import"]["space"], found["import"]["name"]) == ("nds-cifar10-resnet", "nds-archive")
    assert (found["accepted"], [row["line"] for row in found["rejected"]]) == (2, [2])
    assert list(answer.json["ignored"]) == ["other.json"]
    told = answer.errors.splitlines()
    assert [line.split(":")[0] for line in told] == ["ResNet.json, row 2", "ResNeXt-A.json, row 1"]
    assert sorted(benchmarks.known("nds-cifar10-resnet", "cifar10")["accuracy"]) == [80, 90]


def test_nds_for_people(run: Call, tmp_path: Path) -> None:
    archive = nds(tmp_path / "nds_data", {"ResNet.json": [10.0]})
    line = "nds-cifar10-resnet: imported 1 row as nds-archive (cifar10, cifar10-best)"
    assert run("nds", archive).out == f"{line}\n"
    assert run("nds", archive).out == f"{line}, in place of 1 from 'ResNet.json'\n"


def test_nds_without_a_row_that_can_be_used(run: Call, tmp_path: Path) -> None:
    answer = run("nds", nds(tmp_path / "nds_data", {"ResNet.json": ["x"]}))
    assert (answer.code, answer.out) == (2, "")
    assert "no row of " in answer.errors.splitlines()[-1]
    assert imported.imports("nds-cifar10-resnet") == []


def test_downloads_say_what_they_take_before(
    run: Call, file_server: OfficialFile, served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(nds(tmp_path / "nds_data", {"ResNet.json": [10.0]}) / "ResNet.json", "nds_data/ResNet.json")
    served.content = packed.getvalue()
    monkeypatch.setattr(downloads, "NDS", file_server)
    answer = run("nds", "--download", "--json")
    assert answer.json["imports"][0]["import"]["space"] == "nds-cifar10-resnet"
    assert answer.errors.startswith(f"{file_server.url} (0 MB; licence: none named) to ")
    served.content = written(tmp_path / "records", [GOOD] * 3).read_bytes()
    monkeypatch.setitem(downloads.NASBENCH101, "only108", replace(file_server, name="records"))
    assert run("nasbench101", "--download", "--json").json["import"]["rows"] == 1


# --- what was imported ---


def test_list_and_remove(run: Call, tmp_path: Path) -> None:
    assert run("list", "--json").json == {"imports": []}
    assert "nothing yet" in run("list").out
    run("csv", "nasbench201", file(tmp_path, f"{CELL},1,\n"))
    run("nasbench101", small(tmp_path / "records"))
    found = run("list", "--json").json["imports"]
    assert [(row["space"], row["name"], row["rows"]) for row in found] == [
        ("nasbench101", "nasbench101-records", 3),
        ("nasbench201", "some-table", 1),
    ]
    assert "some-table" in run("list").out
    assert run("remove", "nasbench201", "some-table", "--json").json["status"] == "removed"
    assert run("remove", "nasbench101", "nasbench101-records").out == "nasbench101: removed nasbench101-records\n"
    assert run("list", "--json").json == {"imports": []}
    assert [task.name for task in benchmarks.tasks("nasbench101")] == ["cifar10", "cifar10-valid", "imagenet"]


def test_help(run: Call) -> None:
    assert {"csv", "nds", "nasbench101", "list", "remove"} <= set(run("--help").out.split())
    assert "architecture" in run("csv", "--help").out
