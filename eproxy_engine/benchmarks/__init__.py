"""What is known: measured accuracies of architectures, one table a search space (PROVENANCE.md)."""

from eproxy_engine.benchmarks.table import RULES, Sample, known, load, subsets

__all__ = ["RULES", "Sample", "known", "load", "subsets"]
