"""Evaluations on a Ray cluster of two machines, which are processes of this one; and on a made-up one."""

from __future__ import annotations

import importlib
import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
from click.testing import CliRunner
from packaging.requirements import Requirement
from PIL import Image

from eproxy_engine import images
from eproxy_engine.cli.options import workers_option
from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.runs import Store
from eproxy_engine.runs.executors import Cluster, Executor, make, ray_cluster
from eproxy_engine.runs.executors.serial import Serial
from eproxy_engine.runs.kinds.evaluation.rows import stored_rows
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.worker import work_on
from eproxy_engine.spaces import registry
from eproxy_engine.spaces.plugins import VARIABLE, Plugins
from tests.registry import EXAMPLE, ROOT
from tests.runs.conftest import LONG, lasting, launched, made_up, specification

REQUIREMENT = Requirement((ROOT / "requirements-ray.txt").read_text("utf-8").strip())
assert REQUIREMENT.marker is not None
needs_ray = pytest.mark.skipif(not REQUIREMENT.marker.evaluate(), reason=f"this Python cannot have {REQUIREMENT}")
"""Where the requirement holds, a ray that cannot be imported is a failure."""

WANTED = specification(12)
EVALUATIONS = WANTED.evaluations()
KILLED_AFTER = 3
MACHINE = ["seconds", "peak_bytes"]
"""Columns that tell of the machine, not of the architectures."""
PATIENCE = 60.0


class Machines:
    """The first lasts; more come and go. One processor each."""

    def __init__(self) -> None:
        utils = importlib.import_module("ray.cluster_utils")
        self._each = {"num_cpus": 1, "object_store_memory": 80_000_000, "include_dashboard": False}
        self._cluster: Any = utils.Cluster(initialize_head=True, head_node_args=self._each)
        self.address: str = self._cluster.address
        self.second: Any = None

    def add(self) -> None:
        self.second = self._cluster.add_node(**self._each)

    def kill(self) -> None:
        """The one that was added, as if its plug were pulled."""
        self._cluster.remove_node(self.second, allow_graceful=False)
        self.second = None

    def shutdown(self) -> None:
        self._cluster.shutdown()


@pytest.fixture(scope="module")
def machines() -> Iterator[Machines]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_worker_niceness", "0")  # other tests run at the same time, and would go first
        started = Machines()
        started.add()
    yield started
    started.shutdown()


@pytest.fixture(scope="module")
def cluster(machines: Machines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Executor]:
    """Connected to both machines, with a plug-in that this one has not any more."""
    folder = tmp_path_factory.mktemp("plugin")
    (folder / "beside_my_nets.py").write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    (folder / "my nets.py").write_text("import beside_my_nets", "utf-8")
    with closing(make("cpu", Cluster(machines.address))) as executor:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(VARIABLE, str(folder / "my nets.py"))
            patch.setattr(sys, "path", list(sys.path))
            patch.setattr(registry, "_spaces", dict(registry._spaces))
            patch.setattr(registry, "user_plugins", Plugins(registry._spaces))
            assert len(list(executor.run(EVALUATIONS[:1]))) == 1
            assert registry.plugin_problems() == []
        del sys.modules["beside_my_nets"], sys.modules["my_nets"]
        shutil.rmtree(folder)
        yield executor


def values(executor: Executor, evaluations: Iterable[Evaluation]) -> dict[str, Any]:
    return {evaluation.key: outcome.values for evaluation, outcome in executor.run(evaluations)}


def free_processors() -> float:
    """Of the machines that there are, by what Ray says."""
    return float(importlib.import_module("ray").available_resources().get("CPU", 0))


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@dataclass
class Disturbed:
    """An executor to which something happens after some outcomes."""

    executor: Executor
    happens: Callable[[], None]
    after: int = KILLED_AFTER

    def run(self, evaluations: Iterable[Evaluation]) -> Iterator[tuple[Evaluation, Outcome]]:
        for number, computed in enumerate(self.executor.run(evaluations), 1):
            yield computed
            if number == self.after:
                self.happens()

    def close(self) -> None:
        self.executor.close()


@pytest.mark.processes
@needs_ray
def test_a_machine_that_dies_changes_no_result(
    cluster: Executor, machines: Machines, store: Store, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    disturbed = Disturbed(cluster, machines.kill)
    ended = work_on(store, Lease(store, launched(store, WANTED).id), disturbed)
    assert machines.second is None
    assert (ended.status, ended.error) == ("finished", None)
    assert ended.progress["done"] == ended.progress["total"] == store.count_evaluations() == 12

    undisturbed = Store(tmp_path / "undisturbed.sqlite3")
    expected = work_on(undisturbed, Lease(undisturbed, launched(undisturbed, WANTED).id), Serial("cpu"))
    assert lasting(ended.result) == lasting(expected.result)
    rows, expected_rows = stored_rows(store, WANTED), stored_rows(undisturbed, WANTED)
    assert rows.drop(columns=MACHINE).equals(expected_rows.drop(columns=MACHINE))
    assert capfd.readouterr().out == ""  # where answers in JSON go


@pytest.mark.processes
@needs_ray
def test_ending_early_ends_what_is_under_way_and_the_cluster_goes_on(cluster: Executor) -> None:
    computing = cluster.run([EVALUATIONS[0], LONG, LONG, LONG])
    next(computing)
    wait_until(lambda: free_processors() == 0)
    began = time.monotonic()
    computing.close()  # type: ignore[attr-defined]
    assert time.monotonic() - began < 5
    wait_until(lambda: free_processors() > 0)
    assert values(cluster, EVALUATIONS[:2]) == values(Serial("cpu"), EVALUATIONS[:2])
    assert values(cluster, []) == {}


@pytest.mark.processes
@needs_ray
def test_what_an_evaluation_cannot_use_is_told_in_a_line_that_names_the_machine(cluster: Executor) -> None:
    wrong = replace(EVALUATIONS[0], images="folder:/no/such/folder")
    with pytest.raises(UserError, match=r"^no such folder '/no/such/folder'; .* \(on '.+' of the Ray cluster\)$"):
        list(cluster.run([wrong]))
    assert len(values(cluster, EVALUATIONS[:1])) == 1


@pytest.mark.processes
@needs_ray
def test_pictures_have_to_be_the_same_everywhere(
    cluster: Executor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pictures").mkdir()
    for name in "ab":
        Image.new("RGB", (32, 32), "teal").save(tmp_path / "pictures" / f"{name}.png")
    monkeypatch.chdir(tmp_path)
    source = "folder:pictures"
    seen = replace(EVALUATIONS[0], images=source, images_identity=images.identity(source))
    assert list(values(cluster, [seen])) == [seen.key]
    with pytest.raises(UserError, match=r"different images in 'folder:/.*/pictures'; accepted: those where .* \(on "):
        list(cluster.run([replace(seen, images_identity="folder:others")]))


@pytest.mark.processes
@needs_ray
def test_a_plugin_is_sent_with_the_files_beside_it(cluster: Executor) -> None:
    mine = replace(EVALUATIONS[0], space="plain-convnets", architecture="1-1-1/3/batch/relu/half")
    assert "plain-convnets" not in registry._spaces
    ((_, outcome),) = cluster.run([mine])
    assert not outcome.diverged


def nobody_listens() -> int:
    """A port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.mark.processes
@needs_ray
@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("127.0.0.1:{port}", "Connection refused"),
        ("ray://127.0.0.1:{port}", "Connection refused"),
        ("nowhere", "not an address with a port"),
        ("", "not an address with a port"),
    ],
)
def test_a_cluster_that_does_not_answer_is_told_at_once(address: str, why: str) -> None:
    address = address.format(port=nobody_listens())
    began = time.monotonic()
    with pytest.raises(UserError) as told:
        list(make("cpu", Cluster(address)).run(EVALUATIONS))
    assert time.monotonic() - began < 10
    assert str(told.value) == (
        f"the Ray cluster {address!r} cannot be used ({why}); accepted: auto, HOST:6379 or ray://HOST:10001 of one "
        "that was started with `ray start --head`"
    )


def test_without_ray_it_is_said_how_to_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    executor = make("cpu", Cluster("auto"))
    assert list(executor.run([])) == []
    with pytest.raises(UserError, match=r"^ray is not installed; run pip install 'eproxy-studio\[ray\]'"):
        list(executor.run(EVALUATIONS))
    executor.close()


# --- with a made-up cluster ---


class TaskError(Exception):
    pass


class DiedError(Exception):
    pass


@dataclass
class MadeUp:
    """What is used of the module ``ray``; a task is carried out when it is waited for."""

    resources: dict[str, float]
    options: dict[str, Any] = field(default_factory=dict)
    cancelled: list[Any] = field(default_factory=list)
    killed: list[Any] = field(default_factory=list)
    up: bool = True
    lost: bool = False
    deaf: int = 0
    """How many interruptions tasks miss."""
    exceptions = SimpleNamespace(RayTaskError=TaskError, RayError=DiedError)

    def cluster_resources(self) -> dict[str, float]:
        return self.resources

    def remote(self, **options: Any) -> Callable[..., Any]:
        self.options = options
        return lambda function: SimpleNamespace(remote=lambda evaluation, device: (evaluation.key, evaluation))

    def wait(self, tasks: list[Any], timeout: float, num_returns: int = 1) -> tuple[list[Any], list[Any]]:
        ended = 0 if len(self.cancelled) > 0 and self.deaf * len(tasks) >= len(self.cancelled) else num_returns
        return tasks[:ended], tasks[ended:]

    def get(self, task: tuple[str, Evaluation]) -> Outcome:
        if self.lost:
            raise DiedError("it died\n  five times. Look at other files.")
        return made_up(task[1])

    def cancel(self, task: Any, force: bool, recursive: bool) -> None:
        (self.killed if force else self.cancelled).append(task[0])

    def shutdown(self) -> None:
        self.up = False


Connect = Callable[..., MadeUp]


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Connect:
    """Makes the cluster that is found one of these resources."""

    def made(**resources: float) -> MadeUp:
        found = MadeUp(resources)
        monkeypatch.setattr(ray_cluster, "connected", lambda address: found)
        monkeypatch.setattr(ray_cluster, "LOOK_SECONDS", -1)
        return found

    return made


@pytest.mark.parametrize("deaf", [0, 1, 2, 9])
def test_what_misses_interruptions_is_interrupted_again_and_killed_at_last(connect: Connect, deaf: int) -> None:
    found = connect(CPU=2)
    found.deaf = deaf
    computing = make("cpu", Cluster("auto")).run(EVALUATIONS)
    next(computing)
    computing.close()  # type: ignore[attr-defined]
    under_way = set(found.cancelled)
    assert len(found.cancelled) == min(1 + deaf, ray_cluster.INTERRUPTIONS) * len(under_way) > 0
    assert set(found.killed) == (under_way if deaf >= ray_cluster.INTERRUPTIONS else set())


def test_evaluations_are_handed_out_for_the_machines_that_there_are(connect: Connect) -> None:
    found = connect(CPU=2)
    waiting = iter(EVALUATIONS)
    computing = make("cpu", Cluster("auto")).run(waiting)
    first, _ = next(computing)
    assert first == EVALUATIONS[0]
    assert next(waiting) == EVALUATIONS[4]
    found.resources["CPU"] = 0.0  # all died
    assert [next(computing)[0] for _ in range(2)] == EVALUATIONS[1:3]
    assert next(waiting) == EVALUATIONS[5]
    found.resources["CPU"] = 3.0  # some came
    assert next(computing)[0] == EVALUATIONS[3]
    computing.close()  # type: ignore[attr-defined]
    assert found.cancelled == [evaluation.key for evaluation in EVALUATIONS[10:5:-1]]
    assert list(waiting) == EVALUATIONS[11:]


def test_as_many_at_once_as_asked_for(connect: Connect) -> None:
    connect(CPU=100)
    waiting = iter(EVALUATIONS)
    computing = make("cpu", Cluster("auto", at_once=3)).run(waiting)
    next(computing)
    assert next(waiting) == EVALUATIONS[3]


@pytest.mark.parametrize(
    ("device", "resources", "gpus", "places"),
    [
        ("cpu", {"CPU": 2, "GPU": 1}, 0, 4),
        ("auto", {"CPU": 2}, 0, 4),
        ("auto", {"CPU": 8, "GPU": 1}, 0.5, 4),
        ("cuda", {"CPU": 1, "GPU": 1}, 0.5, 2),
    ],
)
def test_a_gpu_is_shared(connect: Connect, device: str, resources: dict[str, float], gpus: float, places: int) -> None:
    found = connect(**resources)
    waiting = iter(EVALUATIONS)
    next(make(device, Cluster("auto", gpu_share=0.5)).run(waiting))
    assert found.options == {"num_cpus": 1, "num_gpus": gpus, "max_retries": ray_cluster.RETRIES}
    assert next(waiting) == EVALUATIONS[places]


def test_a_cluster_without_gpus_is_no_cuda(connect: Connect) -> None:
    found = connect(CPU=2)
    with pytest.raises(UserError, match="'cuda' is not available on the cluster 'auto'; accepted: auto, cpu"):
        list(make("cuda", Cluster("auto")).run(EVALUATIONS))
    assert not found.up


def test_an_evaluation_that_is_given_up_is_told_in_one_line(connect: Connect) -> None:
    found = connect(CPU=1)
    found.lost = True
    with pytest.raises(UserError, match=r"^the Ray cluster gave up an evaluation: it died five times$"):
        list(make("cpu", Cluster("auto")).run(EVALUATIONS))
    assert found.cancelled == [EVALUATIONS[1].key]


# --- choosing it ---


@pytest.mark.parametrize(
    ("given", "device", "told"),
    [
        (Cluster("auto", at_once=0), "cpu", "0 workers; accepted: 1 or more"),
        (Cluster("auto", gpu_share=0), "cuda", "0 of a GPU for an evaluation; accepted: more than 0, up to 1"),
        (Cluster("auto", gpu_share=1.5), "cuda", "1.5 of a GPU for an evaluation; accepted: more than 0, up to 1"),
        (Cluster("auto"), "tpu", "unknown device 'tpu'; accepted: auto, cpu, cuda"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_begins(given: Cluster, device: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        make(device, given)


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ([], {}, None),
        (["--workers", "2"], {}, 2),
        (["--ray", "auto"], {}, Cluster("auto")),
        (["--ray", "a:1", "--workers", "3", "--ray-gpu-share", "0.5"], {}, Cluster("a:1", 3, 0.5)),
        ([], {"EPROXY_RAY": "a:1", "EPROXY_RAY_GPU_SHARE": "1"}, Cluster("a:1", None, 1.0)),
        (["--workers", "2"], {"EPROXY_RAY": ""}, 2),
    ],
)
def test_the_options_together_say_who_computes(
    arguments: list[str], environment: dict[str, str], expected: object
) -> None:
    found = []

    @click.command
    @workers_option
    @click.option("--other")
    def command(workers: object, other: str | None) -> None:
        found.append(workers)

    unset = {"EPROXY_RAY": None, "EPROXY_RAY_GPU_SHARE": None}
    CliRunner(env={**unset, **environment}).invoke(command, arguments, catch_exceptions=False)
    assert found == [expected]
