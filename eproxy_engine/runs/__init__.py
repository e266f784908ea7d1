"""Runs: what somebody launched, the store that keeps its evaluations, and the workers that carry it out."""

from eproxy_engine.runs.specification import Specification
from eproxy_engine.runs.store import Run, Store

__all__ = ["Run", "Specification", "Store"]
