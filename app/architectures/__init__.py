"""Architectures page: search spaces, samples, accuracies of one's own."""
