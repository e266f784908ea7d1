"""What is known: measured accuracies of architectures, one table a search space (PROVENANCE.md)."""

from eproxy_engine.benchmarks.table import RULES, Sample, drawable, known, load, subsets

__all__ = ["RULES", "Sample", "drawable", "known", "load", "subsets"]
