"""Published results of architecture searches: Tables 6 to 8 of the paper, read from ``published.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from eproxy_engine.documents import read_yaml

PUBLISHED = Path(__file__).with_name("published.yaml")


@dataclass(frozen=True)
class FoundAccuracy:
    """Row of Table 6: test accuracy on CIFAR-10, in per cent, of the architecture found in NAS-Bench-101."""

    method: str
    queries: int
    accuracy: float


@dataclass(frozen=True)
class QueriesToOptimum:
    """Row of Table 7: mean number of queries until the best architecture of NAS-Bench-201 on ``task``."""

    method: str
    task: str
    queries: float
    spent: int = 0
    """Queries of the proxy's design, which ``queries`` does not include."""
    transferred: bool = False
    """Whether the proxy was found on another task, so that its design cost nothing on this one."""


@dataclass(frozen=True)
class FoundNetwork:
    """Row of Table 8: a network for ImageNet."""

    method: str
    top1: float
    """Test error in per cent, likewise ``top5``."""
    top5: float
    parameters: float
    """Millions, likewise ``flops``."""
    flops: float | None
    """None where the paper gives none."""
    gpu_days: float
    by: str
    searched_on: str
    note: str = ""


def nasbench101() -> tuple[FoundAccuracy, ...]:
    """Return Table 6."""
    return tuple(FoundAccuracy(**row) for row in _tables()["nasbench101"])


def nasbench201(task: str) -> tuple[QueriesToOptimum, ...]:
    """Return Table 7 for a task of the space ``nasbench201``; empty if the table lacks the task.

    The task ``imagenet16-120`` is TinyImageNet in the paper.
    """
    rows = [row for row in _tables()["nasbench201"] if task in row]
    return tuple(_queries(row, task) for row in rows)


def imagenet() -> tuple[FoundNetwork, ...]:
    """Return Table 8."""
    return tuple(FoundNetwork(**row) for row in _tables()["imagenet"])


def imagenet_row(method: str, searched_on: str) -> FoundNetwork:
    """Return the row of Table 8 for a method and the data set of its search. Raises KeyError."""
    return {(row.method, row.searched_on): row for row in imagenet()}[method, searched_on]


def _queries(row: dict[str, Any], task: str) -> QueriesToOptimum:
    transferred = row.get("found_on", task) != task
    return QueriesToOptimum(row["method"], task, row[task], 0 if transferred else row.get("spent", 0), transferred)


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    tables: dict[str, Any] = read_yaml(PUBLISHED.read_text("utf-8"))
    return tables
