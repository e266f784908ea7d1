"""Discrete Proxy Search: a proxy configuration found with the accuracies of a few architectures (§2.2)."""
