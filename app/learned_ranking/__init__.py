"""Learned ranking page: a few accuracies and many cheap scores rank all other architectures."""
