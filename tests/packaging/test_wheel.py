"""The wheel is complete: in an environment outside the checkout, command, library and dashboard find all they need."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from eproxy_engine import __version__
from tests.registry import ROOT
from tests.test_port import free_port

pytestmark = pytest.mark.processes
PATIENCE = 60.0
"""Seconds that the dashboard may take to answer on a busy machine."""
SCRIPT = """
print("begun")
import eproxy_engine as ep
tiny = {"width": 4, "iterations": 1, "batch": 2}
found = ep.evaluate("nasbench201", 2, settings=tiny, images="noise", workers=2, progress=False)
print(found.n, found.frame["score"].notna().sum())
"""
START_PAGE = """
from streamlit.testing.v1 import AppTest
shown = AppTest.from_file("app/main.py", default_timeout=60).run()
print(shown.exception, [title.value for title in shown.title])
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as `pip install` builds it, without fetching what builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment with the wheel, which sees the packages of this one."""
    place = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    (libraries,) = place.glob("lib/python*/site-packages")
    others = [folder for folder in sys.path if folder.endswith("site-packages")]
    (libraries / "others.pth").write_text("\n".join(others), "utf-8")
    install = ["-m", "pip", "--python", place / "bin" / "python", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([sys.executable, *install, wheel], check=True)
    return place / "bin"


def said(home: Path, *command: object) -> str:
    """What a command outside the checkout writes to standard output."""
    environment = {**os.environ, "EPROXY_HOME": str(home)}
    command = tuple(map(str, command))
    return subprocess.run(command, cwd=home, env=environment, stdout=subprocess.PIPE, check=True, text=True).stdout


def test_it_has_all_files_in_folders_of_its_own(wheel: Path) -> None:
    names = [Path(name) for name in zipfile.ZipFile(wheel).namelist()]
    ours = f"eproxy_studio-{__version__}.dist-info"
    assert {name.parts[0] for name in names} == {"eproxy_engine", "eproxy_studio", ours}
    for place in ("eproxy_engine", "app", "pages", "assets/lesson", "assets/sample_runs"):
        files = {file.relative_to(ROOT) for file in (ROOT / place).rglob("*") if file.is_file()}
        wanted = {file for file in files if "__pycache__" not in file.parts and file.suffix != ".lock"}
        shipped = {name if place == "eproxy_engine" else name.relative_to(name.parts[0]) for name in names}
        assert wanted - shipped == set()


def test_its_command_knows_the_version(programs: Path, tmp_path: Path) -> None:
    assert said(tmp_path, programs / "eproxy", "--version") == f"eproxy {__version__}\n"


def test_it_evaluates(programs: Path, tmp_path: Path) -> None:
    tiny = ("--workers", "1", "--width", "4", "--set", "iterations=2", "--json")
    answer = said(tmp_path, programs / "eproxy", "evaluate", "--space", "nasbench201", "--sample", "2", *tiny)
    assert json.loads(answer)["n"] == 2


def test_a_script_computes_in_several_processes(programs: Path, tmp_path: Path) -> None:
    """Without the `if __name__ == "__main__"` that processes of Python ask for."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, "utf-8")
    assert said(tmp_path, programs / "python", script) == "begun\n2 2\n"


def test_the_engine_is_installed_and_no_package_has_a_common_name(programs: Path, tmp_path: Path) -> None:
    code = "import importlib.util as u; print(*map(u.find_spec, ('eproxy_engine', 'app', 'pages')), sep='\\n')"
    engine, *others = said(tmp_path, programs / "python", "-c", code).splitlines()
    assert str(programs.parent) in engine
    assert others == ["None", "None"]


def test_the_dashboard_answers_and_its_first_page_is_whole(programs: Path, tmp_path: Path) -> None:
    with dashboard(programs, tmp_path) as port:
        assert answered(port) == "ok"
    studio = next(programs.parent.glob("lib/python*/site-packages/eproxy_studio"))
    started = subprocess.run(
        [programs / "python", "-c", START_PAGE],
        cwd=studio,
        env={**os.environ, "EPROXY_HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert started.stdout == "ElementList() ['Eproxy Studio']\n"


@contextmanager
def dashboard(programs: Path, home: Path) -> Iterator[int]:
    """The installed dashboard, on the port that it is given."""
    port = free_port()
    command = [programs / "eproxy", "studio", "--headless", "--port", str(port)]
    with subprocess.Popen(command, cwd=home, env={**os.environ, "EPROXY_HOME": str(home)}) as process:
        try:
            yield port
        finally:
            process.terminate()


def answered(port: int) -> str:
    """What the dashboard says of its health, as soon as it says something."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health") as answer:
                return str(answer.read().decode())
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
