"""Architectures page: search spaces, samples, imported accuracies."""
