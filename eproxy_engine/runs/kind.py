"""Interface of a kind of run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from eproxy_engine.proxy import Evaluation
from eproxy_engine.runs.plan import Plan
from eproxy_engine.runs.specification import Specification

S = TypeVar("S", bound=Specification)


@dataclass(frozen=True)
class Cost:
    """Work of a run if nothing were stored, in multiply–accumulates."""

    evaluations: dict[Evaluation, float] = field(default_factory=dict)
    """Evaluations known in advance, with the cost of each."""
    search: float = 0.0
    """Maximum cost of evaluations that depend on earlier outcomes."""


@dataclass(frozen=True)
class Kind(Generic[S]):
    """A kind of run."""

    specification: type[S]
    plan: Callable[[S], Plan]
    cost: Callable[[S], Cost]
    """Computes the cost of a run. Raises UserError."""
    command: Callable[[S], list[Any]]
    """Words of the command that launches the same run, without the program and ``--images``."""

    headline: Callable[[S, Mapping[str, Any]], str]
    """Says the result in one line."""

    @property
    def name(self) -> str:
        """Name in the store and in run files, which its specification defines."""
        return self.specification.kind
