"""Evaluations in this process, with those of one architecture as one computation, for a GPU."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.proxy.together import evaluate_together, likeness
from eproxy_engine.runs.executors import named
from eproxy_engine.scoring.computing import evaluate

DRAWN = 1000
"""Number of waiting evaluations that are searched for similar ones."""
MOST = 64
"""Initial maximum of evaluations trained together; halved for a space whenever its networks do not fit into memory."""


class Together:
    """Executor that trains similar evaluations together in this process."""

    def __init__(self, device: str, most: int = MOST) -> None:
        self._device = device
        self.place = named(device)
        self._at_first = most
        self._most: dict[str, int] = {}
        """Lower maximum by space."""

    def run(self, evaluations: Iterable[Evaluation]) -> Iterator[tuple[Evaluation, Outcome]]:
        waiting, drawn = iter(evaluations), list[Evaluation]()
        while True:
            drawn += islice(waiting, DRAWN - len(drawn))
            if not drawn:
                return
            chosen = self._alike(drawn)
            outcomes = self._computed(chosen)
            if outcomes is not None:
                computed = {evaluation.key for evaluation in chosen}
                drawn = [evaluation for evaluation in drawn if evaluation.key not in computed]
                yield from zip(chosen, outcomes, strict=True)

    def close(self) -> None:
        pass

    def _alike(self, drawn: list[Evaluation]) -> list[Evaluation]:
        """Return the first evaluation, with others that can be trained together with it."""
        like = likeness(drawn[0])
        if like is None:
            return drawn[:1]
        most = self._most.get(drawn[0].space, self._at_first)
        return [evaluation for evaluation in drawn if likeness(evaluation) == like][:most]

    def _computed(self, chosen: list[Evaluation]) -> list[Outcome] | None:
        """Compute the outcomes; return None if the evaluations are too many."""
        if len(chosen) == 1:
            return [evaluate(chosen[0], self._device)]
        try:
            return evaluate_together(chosen, self._device)
        except RuntimeError:  # out of memory is one; a network that cannot be stacked raises others
            self._most[chosen[0].space] = len(chosen) // 2
            return None
