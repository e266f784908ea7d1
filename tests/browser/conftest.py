"""A dashboard of its own for the browser tests, and a real Chromium to drive it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.install_chromium import system_chromium
from tests.test_port import free_port

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--webgl-antialiasing-mode=none",  # surfaces are drawn by the processor, and smooth edges cost it a quarter more
]
PATIENCE_MS = 150_000
SCRIPT_RUNS = Path(__file__).with_name("script_runs.js")
QUIET_MS, QUIET_IN_DOUBT_MS = 100, 1000
NOT_DRAWN_MS = 1000
POLLING_MS = 50
SENT = f"""async () => {{  // what was clicked is sent by then, also where nothing is drawn for a while
    const drawn = (told) => {{ requestAnimationFrame(told); setTimeout(told, {NOT_DRAWN_MS}); }};
    const idle = (told) => requestIdleCallback(told, {{ timeout: {NOT_DRAWN_MS} }});
    for (const happens of [drawn, drawn, idle, idle]) await new Promise(happens);
}}"""
SETTLED = f"""() => {{  // no promise: Playwright takes that for true
    const app = document.querySelector("[data-testid=stApp]"), runs = window.scriptRuns;
    const owed = runs.asked > 0 || runs.running || runs.follows;
    const quiet = performance.now() - runs.changed > (runs.inOne ? {QUIET_MS} : {QUIET_IN_DOUBT_MS});
    const gone = !document.querySelector('[data-stale="true"]');  // what the script no longer says
    return quiet && gone && !owed && app?.dataset.testScriptState === "notRunning";
}}"""


@dataclass(frozen=True)
class Dashboard:
    """A running dashboard."""

    url: str
    home: Path

    @property
    def log(self) -> Path:
        """What the server prints."""
        return self.home / "server.log"

    def printed(self) -> str:
        """By the server and its workers."""
        logs = self.log, self.home / "worker.log"
        return "".join(log.read_text("utf-8") for log in logs if log.exists())


@pytest.fixture(scope="session")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    home = tmp_path_factory.mktemp("home")
    yield from serve(home)


@pytest.fixture(autouse=True)
def no_traceback(dashboard: Dashboard) -> Iterator[None]:
    """Nothing fails behind a page, whatever the page itself says."""
    before = dashboard.printed().count("Traceback")
    yield
    printed = dashboard.printed()
    assert printed.count("Traceback") == before, printed[-5000:]


AS_DOCUMENTED = ("-m", "app", "--port")
AS_STREAMLIT_USERS_DO = ("-m", "streamlit.web.cli", "run", str(ROOT / "app" / "main.py"), "--server.port")


def serve(home: Path, command: tuple[str, ...] = AS_DOCUMENTED, folder: Path = ROOT) -> Iterator[Dashboard]:
    """Start a dashboard on the data directory ``home``, end it and its workers afterwards.

    ``command``: Python's arguments, to which the port is added. ``folder``: where it is given.
    """
    for dashboard in started(home, command, folder):
        _wait_until_up(f"{dashboard.url}/_stcore/health")
        yield dashboard


def started(home: Path, command: tuple[str, ...] = AS_DOCUMENTED, folder: Path = ROOT) -> Iterator[Dashboard]:
    """The same at once, before it answers."""
    port = free_port()
    dashboard = Dashboard(f"http://127.0.0.1:{port}", home)
    environment = {**os.environ, **_as_a_new_user(home), "EPROXY_HOME": str(home)}
    with dashboard.log.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *command, str(port)], cwd=folder, env=environment, stdout=log, stderr=log
        )
    try:
        yield dashboard
    finally:
        process.terminate()
        process.wait(20)
        _end_workers(home)


def _as_a_new_user(home: Path) -> dict[str, str]:
    """Variables of somebody who has never started Streamlit, and has coding agents, which Streamlit has an eye on.

    The browser that the dashboard opens for him only notes the address.
    """
    user, commands = home / "user", home / "commands"
    (user / ".agents").mkdir(parents=True, exist_ok=True)
    commands.mkdir(exist_ok=True)
    for name in ("xdg-open", "open"):
        (commands / name).write_text(f'#!/bin/sh\necho "$1" > "{home}/opened"\n', "utf-8")
        (commands / name).chmod(0o755)
    return {"HOME": str(user), "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}"}


def _end_workers(home: Path) -> None:
    """They outlive the dashboard, and would compute beside the tests that follow."""
    for process in psutil.process_iter(["cmdline"]):
        if str(home / "store.sqlite3") in (process.info["cmdline"] or ()):
            process.kill()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=system_chromium(), args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def shared_page(browser: Browser) -> Iterator[Page]:
    """One for all tests: it keeps the dashboard's scripts, which take seconds to load and to compile."""
    with browser.new_context() as context:
        context.add_init_script(path=SCRIPT_RUNS)
        yield context.new_page()


@pytest.fixture
def page(shared_page: Page) -> Iterator[Page]:
    shared_page.set_viewport_size({"width": 1280, "height": 720})
    shared_page.emulate_media(color_scheme="light")
    shared_page.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    yield shared_page
    shared_page.goto("about:blank")  # ends the session


def settle(page: Page) -> None:
    """Wait until the page has shown all that its script says, also where a click has yet to start it."""
    page.evaluate(SENT)
    page.wait_for_function(SETTLED, polling=POLLING_MS)


def tab(page: Page, name: str) -> None:
    """Open the tab of that name."""
    page.get_by_role("tab", name=name).click()
    settle(page)


def _wait_until_up(url: str) -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(url, timeout=1)
            return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError(f"the dashboard did not come up at {url}")
