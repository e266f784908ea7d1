"""Carrying out a run for the caller."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager

from eproxy_engine.runs import Run, Specification, Store
from eproxy_engine.runs.arithmetic import faster
from eproxy_engine.runs.cost import work
from eproxy_engine.runs.executors import Cluster, Workers, make
from eproxy_engine.runs.foreground import carried_out_here


@contextmanager
def carried_out(
    specification: Specification,
    device: str,
    workers: int | str | None,
    store: str | os.PathLike[str] | None,
    progress: bool,
) -> Iterator[tuple[Run, Store]]:
    """Carry out a run here; the store is open within the block.

    Args:
        specification: What to run.
        device: ``auto``, ``cpu`` or ``cuda``.
        workers: Number of processes, None for the best one, or the address of a Ray cluster.
        store: Path of the store, None for the one in the data directory.
        progress: Whether to show a progress bar on standard error.

    Raises:
        UserError: If the run is not possible, or does not finish.
    """
    places: Workers = Cluster(workers) if isinstance(workers, str) else workers
    checked = specification.checked()
    with (
        closing(Store(None if store is None else os.fspath(store))) as opened,
        closing(make(device, places)) as executor,
    ):
        if not isinstance(places, Cluster):
            checked = faster(checked, opened.runs(), lambda each: work(opened, [each]).missing)
        yield carried_out_here(opened, checked, executor, progress), opened
