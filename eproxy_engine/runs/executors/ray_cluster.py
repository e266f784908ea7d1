"""Evaluations as tasks of a Ray cluster, on its current machines (docs/cluster.md)."""

from __future__ import annotations

import math
import platform
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from eproxy_engine import images
from eproxy_engine.errors import UserError, one_of
from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.runs.executors import Cluster
from eproxy_engine.runs.executors.processes import QUEUED_A_WORKER
from eproxy_engine.runs.executors.ray_connecting import connected, said

DEVICES = ("auto", "cpu", "cuda")
RETRIES = 5
"""How often an evaluation is restarted after its machine or process died."""
INTERRUPTIONS, INTERRUPTED_SECONDS = 3, 0.7
LOOK_SECONDS = 2.0
"""Interval at which the size of the cluster is looked up."""


class RayCluster:
    """Executor on a Ray cluster. The first evaluation connects: ``run`` raises UserError if the cluster fails."""

    def __init__(self, cluster: Cluster, device: str) -> None:
        """Check the settings. Raises UserError."""
        if device not in DEVICES:
            raise UserError(one_of(device, DEVICES, "device"))
        if cluster.at_once is not None and cluster.at_once < 1:
            raise UserError(f"{cluster.at_once} workers; accepted: 1 or more")
        if not 0 < cluster.gpu_share <= 1:
            raise UserError(f"{cluster.gpu_share} of a GPU for an evaluation; accepted: more than 0, up to 1")
        self._cluster = cluster
        self._device = device
        self.place = "Ray cluster"
        self._connection: _Connection | None = None

    def run(self, evaluations: Iterable[Evaluation]) -> Iterator[tuple[Evaluation, Outcome]]:
        waiting = iter(evaluations)
        running: dict[Any, Evaluation] = {}
        try:
            while True:
                while len(running) < self._places() and (evaluation := next(waiting, None)):
                    running[self._connected().begin(evaluation)] = evaluation
                if not running:
                    return
                for task in self._connected().finished(list(running)):
                    yield running.pop(task), self._connected().outcome(task)
        finally:
            if self._connection is not None:
                self._connection.cancel(list(running))

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> _Connection:
        if self._connection is None:
            self._connection = _Connection(self._cluster, self._device)
        return self._connection

    def _places(self) -> int:
        """Return how many evaluations to have running now; before the connection, the one that makes it."""
        return 1 if self._connection is None else self._cluster.at_once or self._connection.places()


class _Connection:
    """This process as the driver of a cluster; there can be one at a time."""

    def __init__(self, cluster: Cluster, device: str) -> None:
        """Connect. Raises UserError."""
        self._ray = connected(cluster.address)
        has_gpu = self._ray.cluster_resources().get("GPU", 0) > 0
        if device == "cuda" and not has_gpu:
            self.close()
            raise UserError(f"device 'cuda' is not available on the cluster {cluster.address!r}; accepted: auto, cpu")
        self._device = "cuda" if has_gpu and device != "cpu" else "cpu"
        self._needs = {"CPU": 1.0, "GPU": cluster.gpu_share} if self._device == "cuda" else {"CPU": 1.0}
        needs = {"num_cpus": self._needs["CPU"], "num_gpus": self._needs.get("GPU", 0)}
        self._task = self._ray.remote(max_retries=RETRIES, **needs)(_evaluate)
        self._places, self._looked = 1, -math.inf

    def begin(self, evaluation: Evaluation) -> Any:
        """Start an evaluation and return its task, for the methods below."""
        return self._task.remote(_seen_from_elsewhere(evaluation), self._device)

    def finished(self, tasks: list[Any]) -> list[Any]:
        """Wait for one finished task; return none when it is time to look up the size of the cluster."""
        done, _ = self._ray.wait(tasks, timeout=LOOK_SECONDS)
        return list(done)

    def outcome(self, task: Any) -> Outcome:
        """Return the outcome of a task. Raises what the evaluation raised, or UserError if the cluster gave it up."""
        try:
            outcome: Outcome = self._ray.get(task)
        except self._ray.exceptions.RayTaskError as error:
            raise error.cause from error
        except self._ray.exceptions.RayError as error:
            raise UserError(f"the Ray cluster gave up an evaluation: {said(error)}") from error
        return outcome

    def cancel(self, tasks: list[Any]) -> None:
        """Interrupt tasks, latest first, so that none of those waiting begins; kill the process of one that goes on."""
        tasks = tasks[::-1]
        for attempt in range(INTERRUPTIONS + 1):
            for task in tasks:
                self._ray.cancel(task, force=attempt == INTERRUPTIONS, recursive=False)
            if tasks:
                _, tasks = self._ray.wait(tasks, num_returns=len(tasks), timeout=INTERRUPTED_SECONDS)

    def places(self) -> int:
        """Return the number of evaluations that keeps the cluster's current machines busy."""
        if time.monotonic() - self._looked > LOOK_SECONDS:
            has = self._ray.cluster_resources()
            at_once = int(min(has.get(resource, 0) / needed for resource, needed in self._needs.items()))
            self._places, self._looked = QUEUED_A_WORKER * max(1, at_once), time.monotonic()
        return self._places

    def close(self) -> None:
        self._ray.shutdown()


def _seen_from_elsewhere(evaluation: Evaluation) -> Evaluation:
    """Make the path of the images absolute, because tasks run in another folder."""
    return replace(evaluation, images=images.absolute(evaluation.images))


def _evaluate(evaluation: Evaluation, device: str) -> Outcome:
    """Compute the task. Raises UserError that names the machine."""
    from eproxy_engine.scoring.computing import evaluate

    try:
        if images.identity(evaluation.images) != evaluation.images_identity:
            raise UserError(f"different images in {evaluation.images!r}; accepted: those where the run was launched")
        return evaluate(evaluation, device)
    except UserError as error:
        raise UserError(f"{error} (on {platform.node()!r} of the Ray cluster)") from None
