"""Comparison: several proxies on the same architectures."""
