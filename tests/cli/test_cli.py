"""The command line as scripts use it: one JSON object on standard output, one line for what is wrong, exit codes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from eproxy_engine import benchmarks
from eproxy_engine.cli import main
from eproxy_engine.runs import Run, Store, archive
from eproxy_engine.runs.database import Database
from tests.runs.conftest import Instant, configuration, finished, launched, made_up, put_in, specification

ROOT = Path(__file__).parents[2]
CELL = "|nor_conv_3x3~0|+|nor_conv_1x1~0|skip_connect~1|+|skip_connect~0|avg_pool_3x3~1|nor_conv_3x3~2|"
TINY = (
    *("--space", "nasbench201", "--images", "noise", "--width", "4", "--workers", "1"),
    *("--set", "iterations=2", "--set", "batch=2", "--set", "branches.0.c_mid=16", "--set", "branches.0.c_out=16"),
)


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    errors: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on standard output."""
        assert self.code == 0, self.errors
        assert self.out.count("\n") == 1
        found = json.loads(self.out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
        assert isinstance(found, dict)
        return found


Call = Callable[..., Answer]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs the command line in this process, on a data directory of its own."""
    monkeypatch.setenv("EPROXY_HOME", str(tmp_path / "home"))

    def run(*arguments: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["eproxy_engine", *map(str, arguments)])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return run


@pytest.fixture
def store(call: Call) -> Store:
    """The one that commands use when none is named."""
    return Store()


@pytest.fixture
def run(store: Store) -> Run:
    return finished(store, specification(6))


def refused(answer: Answer, *parts: str) -> None:
    """Exit 2, nothing on standard output, and one line that says what is wrong."""
    assert answer.code == 2
    assert answer.out == ""
    assert answer.errors.startswith("error: ")
    assert answer.errors.count("\n") == 1
    for part in parts:
        assert part in answer.errors


# --- looking things up ---


def test_spaces(call: Call) -> None:
    found = {space["name"]: space for space in call("spaces", "--json").json["spaces"]}
    assert set(found) >= {"nasbench101", "nasbench201"}
    tasks = {task["task"]: task["known"] for task in found["nasbench201"]["tasks"]}
    assert tasks["cifar10"] == found["nasbench201"]["architectures"] == 15_625
    assert "paper-dps-20" in found["nasbench101"]["subsets"]
    assert "nasbench201" in call("spaces").out


def test_describe(call: Call) -> None:
    found = call("describe", "nasbench201", CELL, "--json").json
    row = benchmarks.load("nasbench201").set_index("architecture").loc[CELL]
    assert (found["space"], found["architecture"]) == ("nasbench201", CELL)
    assert found["parameters"] == row["parameters"]
    assert found["accuracies"]["cifar10"] == row["cifar10"]
    assert len(found["stages"]) == 3
    assert CELL in call("describe", "nasbench201", CELL).out


# --- evaluate ---


def test_evaluate_answers_with_correlations_and_rows(call: Call) -> None:
    found = call("evaluate", *TINY, "--sample", 6, "--seed", 3, "--json").json
    assert set(found) >= {"run", "rho", "tau", "top10", "n", "diverged", "seconds_per_architecture", "rows"}
    assert (found["n"], found["diverged"]) == (6, 0)
    assert -1 <= found["rho"] <= 1
    assert found["seconds_per_architecture"] > 0
    assert len(found["rows"]) == 6
    for row in found["rows"]:
        assert set(row) == {"arch", "accuracy", "score", "losses"}
        assert len(row["losses"]) == 2
        assert row["score"] == -row["losses"][-1]
    assert Store().run(found["run"]).status == "finished"


def test_the_same_seed_gives_the_same_rows_in_any_store_and_another_one_others(call: Call, tmp_path: Path) -> None:
    def rows(seed: int, store: str) -> Any:
        return call("evaluate", *TINY, "--sample", 3, "--seed", seed, "--store", tmp_path / store, "--json").json[
            "rows"
        ]

    assert rows(1, "one") == rows(1, "two")
    assert rows(1, "one") != rows(2, "one")


def test_architectures_from_a_file(call: Call, tmp_path: Path) -> None:
    wanted = list(specification(3).architectures()["architecture"])
    (tmp_path / "some.txt").write_text(f"\ufeff# three\n{wanted[0]}\n\n  {wanted[1]}  \n{wanted[2]}\n", "utf-8")
    found = call("evaluate", *TINY, "--archs", tmp_path / "some.txt", "--json").json
    assert [row["arch"] for row in found["rows"]] == wanted


def test_configuration_from_a_file_and_settings_on_top(call: Call, store: Store, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(configuration(momentum=0.5).to_yaml(), "utf-8")
    options = ("--space", "nasbench201", "--images", "noise", "--workers", 1, "--sample", 2, "--json")
    found = call("evaluate", *options, "--config", tmp_path / "mine.yaml", "--set", "barrier=off").json
    assert store.run(found["run"]).specification.proxy == configuration(momentum=0.5, barrier=False)


@pytest.mark.parametrize("size", [1, 3, 6])
def test_evaluate_for_people(call: Call, size: int) -> None:
    """Of one architecture there is no correlation, of fewer than five no interval."""
    answer = call("evaluate", *TINY, "--sample", size)
    assert answer.code == 0
    assert f"n = {size}, diverged 0" in answer.out
    line = next(line for line in answer.out.splitlines() if "Spearman ρ" in line)
    assert ("undefined" in line) == (size == 1)
    assert ("[" in line) == (size == 6)


# --- runs ---


def test_runs_list_and_show(call: Call, store: Store, run: Run) -> None:
    waiting = launched(store)
    assert [row["id"] for row in call("runs", "list", "--json").json["runs"]] == [waiting.id, run.id]
    shown = call("runs", "show", run.id, "--json").json
    assert (shown["n"], len(shown["rows"])) == (6, 6)
    shown = call("runs", "show", waiting.id, "--json").json
    assert (shown["status"], shown["specification"]["space"]) == ("queued", "nasbench201")
    assert run.id in call("runs", "list").out
    assert waiting.id in call("runs", "show", waiting.id).out


def test_diverged_ones_have_no_score_in_json(call: Call, store: Store) -> None:
    run = finished(store, specification(6), Instant(diverging=2))
    found = call("runs", "show", run.id, "--json").json
    assert found["diverged"] == 2
    assert [row["score"] is None for row in found["rows"]] == [True, True, False, False, False, False]
    assert found["rows"][0]["losses"][-1] is None


@pytest.mark.parametrize(("request_", "status"), [("pause", "paused"), ("stop", "stopped")])
def test_runs_pause_and_stop(call: Call, store: Store, request_: str, status: str) -> None:
    waiting, working = launched(store), launched(store)
    put_in(store, working.id, "running")
    assert call("runs", request_, waiting.id, "--json").json["status"] == status
    found = call("runs", request_, working.id, "--json").json
    assert (found["status"], found["request"]) == ("running", request_)
    assert f"({request_} requested)" in call("runs", request_, working.id).out


@pytest.mark.parametrize("status", ["queued", "paused", "stopped", "failed", "interrupted"])
def test_runs_resume_goes_on_from_what_is_stored(call: Call, store: Store, status: str) -> None:
    waiting = launched(store, specification(3))
    for evaluation in waiting.specification.evaluations()[:2]:
        store.put(evaluation, made_up(evaluation))
    put_in(store, waiting.id, status)
    found = call("runs", "resume", waiting.id, "--workers", 1, "--json").json
    assert (found["run"], found["n"]) == (waiting.id, 3)
    assert store.run(waiting.id).progress["reused"] == 2


def test_runs_resume_leaves_a_run_whose_images_are_gone(call: Call, store: Store, tmp_path: Path) -> None:
    (tmp_path / "pics").mkdir()
    for place in range(2):
        Image.new("L", (40, 40), 100 * place).save(tmp_path / "pics" / f"{place}.png")
    stopped = launched(store, specification(3, images=f"folder:{tmp_path / 'pics'}"))
    put_in(store, stopped.id, "stopped")
    shutil.rmtree(tmp_path / "pics")
    refused(call("runs", "resume", stopped.id, "--workers", 1), f"run {stopped.id} stays stopped: no such folder")
    assert store.run(stopped.id).status == "stopped"


def test_runs_delete(call: Call, store: Store, run: Run) -> None:
    assert call("runs", "delete", run.id, "--json").json["status"] == "deleted"
    assert store.runs() == []
    assert store.count_evaluations() == 6


def test_runs_export_and_import(call: Call, store: Store, run: Run, tmp_path: Path) -> None:
    file, elsewhere = tmp_path / "run.json.gz", tmp_path / "elsewhere.sqlite3"
    assert call("runs", "export", run.id, "--out", file, "--json").json == {"run": run.id, "file": str(file)}
    found = call("runs", "import", file, "--store", elsewhere, "--json").json
    assert (found["status"], found["origin"]) == ("finished", "imported")
    assert Store(elsewhere).run(found["id"]).result == run.result


def test_runs_label_and_export_together(call: Call, store: Store, run: Run, tmp_path: Path) -> None:
    file, elsewhere, second = tmp_path / "all.zip", tmp_path / "elsewhere.sqlite3", launched(store)
    assert call("runs", "label", run.id, "--name", "first", "--tag", "a", "--tag", "b", "--json").json["tags"] == "a, b"
    assert call("runs", "label", run.id, "--note", "why", "--json").json["name"] == "first"
    call("runs", "export", run.id, second.id, "--out", file)
    found = call("runs", "import", file, "--store", elsewhere, "--json").json["runs"]
    assert (found[0]["name"], found[0]["note"]) == ("first", "why")
    assert "which is here already" in call("runs", "import", file, "--store", elsewhere).out
    refused(call("runs", "label", run.id), "no label is given; accepted: --name, --tag or --note")
    refused(call("runs", "export", run.id, second.id, "--parquet", file), "2 runs; accepted: one for")


def test_work_carries_out_what_waits(call: Call, store: Store) -> None:
    waiting = launched(store, specification(2))
    assert call("work", "--linger", 0, "--workers", 1, "--json").json == {"runs": 1}
    assert store.run(waiting.id).status == "finished"
    assert call("work", "--linger", 0, "--workers", 1, "--json").json == {"runs": 0}


# --- what is refused ---


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (
            ("describe", "nasbench999", CELL),
            ("unknown search space 'nasbench999'; did you mean nasbench201? accepted: nasbench101, nasbench201",),
        ),
        (("describe", "nasbench201", "|conv~0|"), ("'|conv~0|'",)),
        (
            ("evaluate", *TINY, "--space", "weather"),
            ("unknown search space 'weather'; accepted:", "more: `eproxy spaces`"),
        ),
        (("evaluate", *TINY, "--task", "mnist"), ("unknown task of nasbench201 'mnist'", "accepted: cifar10")),
        (("evaluate", *TINY, "--sample", 20_000), ("a sample of 20000 is not possible", "accepted: 1 to 15625")),
        (("evaluate", *TINY, "--sample", 0), ("a sample of 0 is not possible",)),
        (("evaluate", *TINY, "--rule", "luckiest"), ("unknown sampling rule 'luckiest'", "accepted: random")),
        (("evaluate", *TINY, "--set", "depth=3"), ("'depth'", "accepted: branches, barrier")),
        (("evaluate", *TINY, "--set", "branches.7.c_mid=16"), ("'7'", "accepted: 0")),
        (("evaluate", *TINY, "--set", "branches.0.c_mid=17"), ("c_mid is 17", "accepted: 16, 32")),
        (("evaluate", *TINY, "--set", "momentum=2"), ("momentum is 2", "accepted: a number from 0.0 to 0.999")),
        (("evaluate", *TINY, "--set", "momentum"), ("'momentum'", "accepted: KEY=VALUE")),
        (("evaluate", *TINY, "--set", "iterations=["), ("'['", "accepted:")),
        (("evaluate", *TINY, "--width", "wide"), ("width 'wide'", "accepted: small, published")),
        (("evaluate", *TINY, "--preset", "best"), ("unknown preset 'best'", "accepted: laptop, paper")),
        (("evaluate", *TINY, "--config", "/no/such.yaml"), ("'/no/such.yaml' cannot be read", "No such file")),
        (("evaluate", *TINY, "--archs", "/no/such.txt"), ("'/no/such.txt' cannot be read", "No such file")),
        (("evaluate", *TINY, "--images", "folder:/no/such"), ("no such folder '/no/such'", "accepted:")),
        (("evaluate", *TINY, "--images", "imagenet"), ("unknown image source 'imagenet'", "accepted: bundled")),
        (("evaluate", *TINY, "--device", "tpu"), ("unknown device 'tpu'", "accepted: auto, cpu, cuda")),
        (("evaluate", *TINY, "--workers", 0), ("0 workers", "accepted: 1 or more")),
        (("evaluate", *TINY, "--seed", -1), ("seed is -1", "accepted: a whole number from 0")),
        (("evaluate", *TINY, "--draw", -1), ("seed of the sample is -1", "accepted: a whole number from 0")),
        (("evaluate", *TINY, "--sample", "many"), ("'many'",)),
        (("evaluate",), ("--space",)),
        (("train",), ("'train'",)),
        (("spaces", "--yaml"), ("--yaml",)),
        (("runs", "show"), ("RUN_ID",)),
        *(
            ((*("runs", name, "nix"),), ("unknown run 'nix'", "none yet"))
            for name in ("show", "stop", "pause", "resume")
        ),
        (("runs", "delete", "nix"), ("unknown run 'nix'",)),
        (("runs", "export", "nix", "--out", "/tmp/never-written"), ("unknown run 'nix'",)),
        (("runs", "import", "/no/such.json.gz"), ("'/no/such.json.gz' cannot be read", "No such file")),
        (("runs", "import", __file__), ("the run file cannot be read", "accepted:")),
        (("work", "--device", "tpu"), ("unknown device 'tpu'",)),
    ],
    ids=lambda value: " ".join(map(str, value))[-40:] if isinstance(value, tuple) else "",
)
def test_bad_input_is_told_in_one_line(call: Call, arguments: tuple[object, ...], parts: tuple[str, ...]) -> None:
    """And leaves nothing behind that a worker would take."""
    refused(call(*arguments), *parts)
    assert Store().runs() == []


def test_an_architecture_in_a_file_that_is_none(call: Call, tmp_path: Path) -> None:
    (tmp_path / "some.txt").write_text(f"{CELL}\nresnet50\n", "utf-8")
    refused(call("evaluate", *TINY, "--archs", tmp_path / "some.txt"), "'resnet50'")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("depth: 3", "unknown configuration key 'depth'"),
        ("[1, 2", "cannot be read"),
        ("momentum: high", "momentum is 'high'"),
    ],
)
def test_a_configuration_file_that_is_none(call: Call, tmp_path: Path, text: str, part: str) -> None:
    (tmp_path / "mine.yaml").write_text(text, "utf-8")
    refused(call("evaluate", *TINY, "--config", tmp_path / "mine.yaml"), part)


def test_an_image_folder_without_pictures(call: Call, tmp_path: Path) -> None:
    refused(call("evaluate", *TINY, "--images", f"folder:{tmp_path}"), f"no pictures in the folder '{tmp_path}'")


def test_an_image_folder_with_a_damaged_picture(call: Call, tmp_path: Path) -> None:
    """Found when the first evaluation reads it: the run is there, failed, and says why."""
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(b"not a picture")
    answer = call("evaluate", *TINY, "--sample", 1, "--images", f"folder:{tmp_path}")
    assert answer.code == 2
    assert answer.errors.splitlines()[-1].startswith("error: the picture ")
    assert [(run.status, "the picture " in str(run.error)) for run in Store().runs()] == [("failed", True)]


def test_a_store_that_is_no_database(call: Call, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("remember the milk\n" * 100, "utf-8")
    for arguments in (("runs", "list"), ("work",), ("evaluate", *TINY, "--sample", 1)):
        refused(call(*arguments, "--store", tmp_path / "notes.txt"), "notes.txt", "it is not a database; accepted:")
    refused(call("runs", "list", "--store", tmp_path), str(tmp_path), "is a directory")


def test_a_data_directory_that_cannot_be_written(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("EPROXY_HOME", str(tmp_path / "file" / "home"))
    for arguments in (("runs", "list"), ("work",), ("evaluate", *TINY, "--sample", 1)):
        refused(call(*arguments), f"the data directory {tmp_path}/file/home cannot be created")
    if os.geteuid() != 0:  # permissions do not bind root
        (tmp_path / "closed").mkdir(mode=0o500)
        monkeypatch.setenv("EPROXY_HOME", str(tmp_path / "closed"))
        refused(call("runs", "list"), "it cannot be written; accepted: a path in a writable directory")


def test_a_full_disk(call: Call, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run.json.gz").write_bytes(archive.pack(store, finished(store, specification(200)).id))
    opening = Database._prepare

    def on_a_full_disk(database: Database) -> None:
        opening(database)
        database._connection.execute(f"PRAGMA max_page_count = {database._pragma('page_count')}")

    monkeypatch.setattr(Database, "_prepare", on_a_full_disk)
    answer = call("runs", "import", tmp_path / "run.json.gz", "--store", tmp_path / "other.sqlite3")
    refused(answer, "the disk is full; free some space")
    assert Store(tmp_path / "other.sqlite3").count_evaluations() == 0


def test_a_file_that_cannot_be_written(call: Call, run: Run) -> None:
    refused(call("runs", "export", run.id, "--out", "/no/such/run.json.gz"), "'/no/such/run.json.gz' cannot be written")


def test_two_workers_on_one_run(call: Call, store: Store) -> None:
    working = launched(store)
    put_in(store, working.id, "running")
    refused(call("runs", "resume", working.id, "--workers", 1), f"run {working.id} is running by ")
    refused(call("runs", "delete", working.id), f"run {working.id} is running; stop it before deleting it")


@pytest.mark.parametrize("request_", ["stop", "pause", "resume"])
def test_a_finished_run_takes_no_request(call: Call, run: Run, request_: str) -> None:
    refused(call("runs", request_, run.id), f"run {run.id} is finished")


# --- as processes ---


def process(home: Path, *arguments: object) -> Answer:
    command = [sys.executable, "-m", "eproxy_engine", *map(str, arguments)]
    environment = {**os.environ, "EPROXY_HOME": str(home)}
    found = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    return Answer(found.returncode, found.stdout, found.stderr)


@pytest.mark.processes
def test_a_process_refuses_in_one_line(tmp_path: Path) -> None:
    refused(process(tmp_path, "runs", "show", "nix"), "unknown run 'nix'")


@pytest.mark.parametrize("arguments", [("--help",), ("evaluate", "--help"), ("runs", "--help"), ("work", "--help")])
def test_help(call: Call, arguments: tuple[str, ...]) -> None:
    answer = call(*arguments)
    assert (answer.code, answer.errors) == (0, "")
    assert answer.out.startswith("Usage: python -m eproxy_engine")


@pytest.mark.parametrize("arguments", [(), ("runs",)])
def test_without_a_command_help_is_shown(call: Call, arguments: tuple[str, ...]) -> None:
    answer = call(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert "\nCommands:\n" in answer.errors
