"""A dashboard of its own for the browser tests, and a real Chromium to drive it."""

from __future__ import annotations

import os
import socket
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

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 150_000


@dataclass(frozen=True)
class Dashboard:
    """A running dashboard."""

    url: str
    home: Path


@pytest.fixture(scope="session")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    home = tmp_path_factory.mktemp("home")
    yield from serve(home)


def serve(home: Path) -> Iterator[Dashboard]:
    """Start a dashboard on the data directory ``home``, end it and its workers afterwards."""
    for dashboard in started(home):
        _wait_until_up(f"{dashboard.url}/_stcore/health")
        yield dashboard


def started(home: Path) -> Iterator[Dashboard]:
    """The same at once, before it answers."""
    port = _free_port()
    environment = {**os.environ, "EPROXY_HOME": str(home)}
    command = [sys.executable, "-m", "app", "--headless", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield Dashboard(f"http://127.0.0.1:{port}", home)
    finally:
        process.terminate()
        process.wait(20)
        _end_workers(home)


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


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1280, "height": 720})
    opened.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    yield opened
    opened.close()


def settle(page: Page) -> None:
    """Wait until the page's script has run to its end, also one that a click has yet to start."""
    page.wait_for_timeout(300)
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    page.wait_for_timeout(300)


def tab(page: Page, name: str) -> None:
    """Open the tab of that name."""
    page.get_by_role("tab", name=name).click()
    settle(page)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(url: str) -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(url, timeout=1)
            return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError(f"the dashboard did not come up at {url}")
