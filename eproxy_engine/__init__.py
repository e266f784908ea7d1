"""The engine of Eproxy Studio: an extensible training-free proxy for architecture search (Li et al. 2022)."""

__version__ = "0.2.0"
