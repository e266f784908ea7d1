"""Standard output has a command's answer and nothing else, in any locale; what cannot be written is told."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from eproxy_engine.cli import group, main
from eproxy_engine.cli.standard_output import taken_over
from tests.cli.test_cli import Answer, Call, call, refused
from tests.registry import EXAMPLE, ROOT

__all__ = ["call"]

NOT_UTF_8 = ("gbk", "iso-8859-1")
FULL = Path("/dev/full")
LOUD = """
import atexit, os
def shout(when):
    print("loud:", when)
    os.write(1, b"loud: C code, " + when.encode() + b"\\n")
shout("imported")
atexit.register(shout, "ended")
"""


def commands(command: click.Command = group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command, groups of them included."""
    yield path
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            below = command.get_command(click.Context(command), name)
            assert below is not None
            yield from commands(below, (*path, name))


def answered(monkeypatch: pytest.MonkeyPatch, file: Path, encoding: str, *arguments: str) -> Answer:
    """What the command line writes, as a process whose standard output is that file, in that encoding."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT)
    errors = io.StringIO()
    with (
        monkeypatch.context() as patched,
        io.TextIOWrapper(io.FileIO(descriptor, "w"), encoding, errors="strict") as stdout,
        open(os.devnull, "w", encoding="utf-8") as where_all_else_goes,
    ):
        patched.setattr(sys, "argv", ["eproxy_engine", *arguments])
        patched.setattr(sys, "stdout", stdout)
        errors.fileno = where_all_else_goes.fileno  # type: ignore[method-assign]
        patched.setattr(sys, "stderr", errors)
        code = 0
        try:
            with taken_over():
                main()
        except SystemExit as end:
            code = int(end.code or 0)
    return Answer(code, "" if file == FULL else file.read_text(encoding), errors.getvalue())


@pytest.mark.parametrize("encoding", NOT_UTF_8)
def test_every_command_has_help_in_any_locale(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, encoding: str) -> None:
    for place, command in enumerate(commands()):
        answer = answered(monkeypatch, tmp_path / str(place), encoding, *command, "--help")
        assert (answer.code, answer.errors) == (0, ""), command
        assert answer.out.startswith("Usage: "), command


@pytest.mark.parametrize("encoding", NOT_UTF_8)
def test_answers_are_printed_in_any_locale(
    call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, encoding: str
) -> None:
    answer = answered(monkeypatch, tmp_path / "answer", encoding, "proxies")
    assert (answer.code, answer.errors) == (0, "")
    assert ("√" if encoding == "gbk" else "?") in answer.out


def test_every_command_answers_as_json() -> None:
    """And keeps standard output for it: both come by one decorator."""
    for path in commands():
        command: click.Command = group
        for name in path:
            assert isinstance(command, click.Group)
            command = command.get_command(click.Context(command), name)  # type: ignore[assignment]
        if not isinstance(command, click.Group):
            assert "as_json" in [parameter.name for parameter in command.params], path


@pytest.mark.processes
def test_a_process_answers_with_json_alone_whatever_a_plugin_prints(tmp_path: Path) -> None:
    """In a locale that is not UTF-8, and with no file opened in the locale's encoding."""
    source = EXAMPLE.read_text("utf-8")
    for method in ("parse", "build"):
        head = next(line for line in source.splitlines() if line.startswith(f"    def {method}("))
        source = source.replace(head, f"{head}\n        shout({method!r})")
    (tmp_path / "loud.py").write_text(LOUD + source, "utf-8")
    strict = ("-X", "warn_default_encoding", "-W", "error::EncodingWarning")
    command = ("evaluate", "--space", "plain-convnets", "--rule", "space", "--sample", "2", "--workers", "2", "--json")
    tiny = ("--images", "noise", "--width", "4", "--proxy", "l2_norm", "--set", "batch=2")
    environment = {"PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0", "EPROXY_PLUGINS": str(tmp_path / "loud.py")}
    found = subprocess.run(
        [sys.executable, *strict, "-m", "eproxy_engine", *command, *tiny],
        cwd=ROOT,
        env={**os.environ, **environment, "EPROXY_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (found.returncode, found.stdout.count("\n")) == (0, 1), found.stdout + found.stderr
    assert len(json.loads(found.stdout)["rows"]) == 2
    assert "2/2" in found.stderr  # progress
    for when in ("imported", "parse", "build", "ended"):
        assert f"loud: {when}" in found.stderr
        assert f"loud: C code, {when}" in found.stderr


@pytest.mark.skipif(not FULL.exists(), reason="a file that is always full is Linux's")
@pytest.mark.parametrize("command", [("--help",), ("spaces",), ("spaces", "--json")])
def test_what_cannot_be_written_is_told_in_one_line(
    call: Call, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    refused(answered(monkeypatch, FULL, "utf-8", *command), "cannot be written", "No space left", "nothing is lost")
