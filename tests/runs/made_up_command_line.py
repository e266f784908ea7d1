"""The command line as a process whose losses are made up: it need not import torch, and takes its time all the same."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from eproxy_engine.cli import main, running
from eproxy_engine.proxy import PRESETS, Evaluation, Outcome
from eproxy_engine.search.proxy_search.proxy_space import PROXY_SPACES
from tests.runs.conftest import TINY, Instant, configuration

SECONDS_AN_EVALUATION = 0.02


class Unhurried(Instant):
    """Gives others the time to look, to interfere and to kill."""

    def run(self, evaluations: Iterable[Evaluation]) -> Iterator[tuple[Evaluation, Outcome]]:
        for computed in super().run(evaluations):
            time.sleep(SECONDS_AN_EVALUATION)
            yield computed


def make(device: str, workers: int | None) -> Unhurried:
    return Unhurried()


if __name__ == "__main__":
    running.make = make  # type: ignore[assignment]
    PROXY_SPACES["tiny"] = TINY
    PRESETS["laptop"] = configuration()
    main()
