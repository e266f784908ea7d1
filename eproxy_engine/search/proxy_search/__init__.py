"""Proxy search (DPS, §2.2): find a proxy configuration with the accuracies of a few architectures."""
