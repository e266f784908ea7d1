"""What tells one kind of run from the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from eproxy_engine.proxy import Evaluation
from eproxy_engine.runs.plan import Plan
from eproxy_engine.runs.specification import Specification

S = TypeVar("S", bound=Specification)


@dataclass(frozen=True)
class Cost:
    """Work that a run would take if nothing were stored, in multiply–accumulates."""

    evaluations: dict[Evaluation, float] = field(default_factory=dict)
    """Evaluations that it is known to ask for, each with its own."""
    search: float = 0.0
    """Of evaluations that depend on what earlier ones give, at most."""


@dataclass(frozen=True)
class Kind(Generic[S]):
    """A kind of run. Its name in the store and in run files is that of its specification."""

    specification: type[S]
    plan: Callable[[S], Plan]
    cost: Callable[[S], Cost]
    """Raises UserError."""
    command: Callable[[S], list[Any]]
    """Words of the command that launches the same run, without the program and ``--images``."""

    @property
    def name(self) -> str:
        """Its name in the store and in run files."""
        return self.specification.kind
