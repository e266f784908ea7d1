"""Descriptors: numbers that describe an architecture without running it, for learned rankings."""

from eproxy_engine.spaces.descriptors.cell import Edge, cell_descriptors

__all__ = ["Edge", "cell_descriptors"]
