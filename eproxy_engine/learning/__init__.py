"""Learned ranking: what a few measured architectures and many cheap scores say about all others."""
