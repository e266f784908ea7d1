"""Measured accuracies of architectures, one table per search space (PROVENANCE.md)."""

from eproxy_engine.benchmarks.table import known, load, subsets, version
from eproxy_engine.benchmarks.tasks import task, tasks

__all__ = ["known", "load", "subsets", "task", "tasks", "version"]
