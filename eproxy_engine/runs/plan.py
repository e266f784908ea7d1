"""What a run computes, step by step, apart from who computes it and where outcomes are kept."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

from eproxy_engine.proxy import Evaluation, Outcome

Steps = Generator[list[Evaluation], Mapping[str, Outcome], None]
"""Yields evaluations, and is sent the outcomes of at least those, by key."""
Outcomes = Mapping[str, Outcome]


class Plan(ABC):
    """A run of one kind. What it asks for depends on its specification and on outcomes alone, so driving it again
    with the stored outcomes leads to the same place."""

    @abstractmethod
    def steps(self) -> Steps:
        """The evaluations it needs, in one or several goes."""

    @abstractmethod
    def result(self, outcomes: Outcomes) -> dict[str, Any] | None:
        """What has been found, as JSON values; also before the last step. ``outcomes``: all that were computed."""

    def ahead(self, outcomes: Outcomes) -> list[Evaluation]:
        """Evaluations that later steps will ask for in any case, as far as ``outcomes`` tell; may be computed while
        those of this step are under way. Of no effect on what is found."""
        return []

    def remaining(self) -> int:
        """Evaluations that later steps will ask for beyond those, at most."""
        return 0

    def progress(self) -> dict[str, Any]:
        """What to show beside the counts while it goes on."""
        return {}

    def history(self) -> list[dict[str, Any]]:
        """What was tried, in order, as JSON values; it only ever grows."""
        return []


@dataclass
class Replay:
    """How far known outcomes lead."""

    asked: dict[str, Evaluation] = field(default_factory=dict)
    """By key, all that the plan came to ask for."""
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    complete: bool = False


def following(steps: Steps, outcomes: Outcomes) -> list[Evaluation] | None:
    """What they ask for next; None at their end."""
    try:
        return steps.send(outcomes)
    except StopIteration:
        return None


def replayed(plan: Plan, known: Callable[[list[Evaluation]], Outcomes]) -> Replay:
    """Drive the plan as far as the outcomes go that ``known`` has of the evaluations it is given."""
    replay = Replay()
    steps = plan.steps()
    wanted = next(steps, None)
    while wanted is not None:
        new = [evaluation for evaluation in wanted if evaluation.key not in replay.outcomes]
        replay.asked |= {evaluation.key: evaluation for evaluation in new}
        replay.outcomes |= known(new)
        if any(evaluation.key not in replay.outcomes for evaluation in new):
            return replay
        wanted = following(steps, replay.outcomes)
    replay.complete = True
    return replay
