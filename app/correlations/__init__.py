"""Correlations page: several proxies on the same architectures."""
