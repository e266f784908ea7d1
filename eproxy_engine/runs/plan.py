"""Plans: what a run computes, step by step, independent of who computes it and where outcomes are stored."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

from eproxy_engine.proxy import Evaluation, Outcome

Steps = Generator[list[Evaluation], Mapping[str, Outcome], None]
"""Generator that yields evaluations and receives the outcomes of at least those, by key."""
Outcomes = Mapping[str, Outcome]


class Plan(ABC):
    """Computation of one run.

    A plan depends only on its specification and on outcomes, so a replay with the stored outcomes leads to the same
    state.
    """

    @abstractmethod
    def steps(self) -> Steps:
        """Yield the evaluations that the run needs, in one or several steps."""

    @abstractmethod
    def result(self, outcomes: Outcomes) -> dict[str, Any] | None:
        """Return what the run has found so far, as JSON values.

        Args:
            outcomes: All outcomes computed so far.
        """

    def ahead(self, outcomes: Outcomes) -> list[Evaluation]:
        """Return evaluations that later steps will ask for in any case, as far as ``outcomes`` tell.

        They may be computed while those of the current step are under way. This has no effect on the result.
        """
        return []

    def remaining(self) -> int:
        """Return the maximum number of evaluations that later steps will ask for."""
        return 0

    def progress(self) -> dict[str, Any]:
        """Return what to show beside the counts while the run is under way."""
        return {}

    def history(self) -> list[dict[str, Any]]:
        """Return what was tried, in order, as JSON values; the list only grows."""
        return []


@dataclass
class Replay:
    """State of a plan that known outcomes lead to."""

    asked: dict[str, Evaluation] = field(default_factory=dict)
    """All evaluations that the plan has asked for, by key."""
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    complete: bool = False


def following(steps: Steps, outcomes: Outcomes) -> list[Evaluation] | None:
    """Send ``outcomes`` and return the next evaluations, None at the end."""
    try:
        return steps.send(outcomes)
    except StopIteration:
        return None


def replayed(plan: Plan, known: Callable[[list[Evaluation]], Outcomes]) -> Replay:
    """Drive the plan as far as known outcomes lead.

    Args:
        plan: A new plan.
        known: Returns the known outcomes of the evaluations that it is given.
    """
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
