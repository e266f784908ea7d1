"""Options of commands that carry out runs: where to compute, in which store, and how to answer."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, TypeVar

from eproxy_engine.cli.options import device_option, workers_option
from eproxy_engine.cli.output import json_option, store_option
from eproxy_engine.runs import Run, Specification, Store
from eproxy_engine.runs.arithmetic import faster
from eproxy_engine.runs.cost import work
from eproxy_engine.runs.executors import Cluster, Executor, Workers, make
from eproxy_engine.runs.foreground import carried_out_here

S = TypeVar("S", bound=Specification)


@dataclass(frozen=True)
class Running:
    """What the options say."""

    device: str
    workers: Workers
    store_path: str | None
    as_json: bool

    @cached_property
    def store(self) -> Store:
        """The store, opened when it is first needed."""
        return Store(self.store_path)

    def executor(self) -> Executor:
        """Return a new executor. Raises UserError."""
        return make(self.device, self.workers)

    def faster(self, specification: S) -> S:
        """Return the specification with the arithmetic by which it is done sooner. Raises UserError."""
        if isinstance(self.workers, Cluster):
            return specification
        return faster(specification, self.store.runs(), lambda each: work(self.store, [each]).missing)

    def carried_out(self, specification: Specification) -> Run:
        """Create a run and work on it here until it ends. Raises UserError unless it finishes."""
        with closing(self.executor()) as executor:
            return carried_out_here(self.store, specification, executor)


def running_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options; the command gets them as one argument ``running``."""

    @wraps(command)
    def with_running(device: str, workers: Workers, store_path: str | None, as_json: bool, **others: Any) -> Any:
        return command(running=Running(device, workers, store_path, as_json), **others)

    return device_option(workers_option(store_option(json_option(with_running))))
