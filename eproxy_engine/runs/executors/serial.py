"""Evaluations one by one in this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.runs.executors import named
from eproxy_engine.scoring.computing import evaluate


class Serial:
    """Executor that computes one by one in this process."""

    def __init__(self, device: str) -> None:
        self._device = device
        self.place = named(device)

    def run(self, evaluations: Iterable[Evaluation]) -> Iterator[tuple[Evaluation, Outcome]]:
        for evaluation in evaluations:
            yield evaluation, evaluate(evaluation, self._device)

    def close(self) -> None:
        pass
