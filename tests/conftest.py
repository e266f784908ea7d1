"""Settings that all tests share, and what several of them need and one makes."""

import gc
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

# Two threads a process on two cores that other processes use as well wait for each other: up to 70 times slower.
os.environ.setdefault("OMP_NUM_THREADS", "1")

gc.disable()  # until all tests are collected: what has been imported by then stays anyway

# What this machine's user has installed, imported or computed has no say in the tests.
_home = tempfile.TemporaryDirectory(prefix="eproxy-studio-tests-")
os.environ["EPROXY_HOME"] = _home.name
os.environ["EPROXY_NATIVE"] = "off"  # tests of the kernels take them by themselves
for variable in ("EPROXY_PLUGINS", "EPROXY_RAY", "EPROXY_RAY_GPU_SHARE"):
    os.environ.pop(variable, None)

# The same examples every time, few of them; `make fuzz` looks for others (tests/fuzzing.py).
settings.register_profile(
    "quick",
    derandomize=True,
    database=None,
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("quick")


class BrowserTestsFirst(LoadFileScheduling):
    """A file is run by one process, for its fixtures; each browser test counts as a file, as a process needs only one
    dashboard for all of them.

    One process begins with the browser tests, as they take longest and often wait, and the others with the rest.
    """

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if _drives_a_browser(nodeid) else str(super()._split_scope(nodeid))

    def _assign_work_unit(self, node: WorkerController) -> None:
        mine = node is self.nodes[0]
        preferred = next((scope for scope in self.workqueue if _drives_a_browser(scope) == mine), None)
        if preferred is not None:
            self.workqueue.move_to_end(preferred, last=False)
        super()._assign_work_unit(node)


def _drives_a_browser(nodeid: str) -> bool:
    return nodeid.startswith("tests/browser/")


@pytest.hookimpl(optionalhook=True)  # there is none where xdist is switched off
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> BrowserTestsFirst:
    return BrowserTestsFirst(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that drive a browser, start processes or go through everything come first: they take longest, and no
    process is to be left with one when the others are done."""
    slow = {item.path for item in items if any(map(item.get_closest_marker, ("browser", "processes", "thorough")))}
    items.sort(key=lambda item: item.path not in slow)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What all tests have imported stays; to look through it for garbage takes a third of a second each time."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """A test that starts processes has to be marked: `make quick` leaves it out."""
    with pytest.MonkeyPatch.context() as patch:
        if not any(map(item.get_closest_marker, ("browser", "processes"))):
            patch.setattr(subprocess.Popen, "_execute_child", _start_unmarked)
            patch.setattr(BaseProcess, "start", _start_unmarked)
        return (yield)


def _start_unmarked(*_: object) -> None:
    pytest.fail("it starts a process; mark it with @pytest.mark.processes")


@pytest.fixture(scope="session")
def store_with_samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of a data directory that has been opened before, with the shipped runs in it; to be copied.

    Working out what they found takes seconds: one process makes it for all.
    """
    from eproxy_engine.runs import Store, bundled  # here, as the settings above have to come before

    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    made = folder / "store-with-samples.sqlite3"
    with FileLock(f"{made}.lock"):
        if not made.exists():
            half_made = folder / "half-made.sqlite3"
            with closing(Store(half_made)) as store:
                bundled.add_samples(store)
                store.database.query("PRAGMA wal_checkpoint(TRUNCATE)")
            half_made.rename(made)
    return made
