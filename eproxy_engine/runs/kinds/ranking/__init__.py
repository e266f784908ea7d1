"""Learned ranking: a few accuracies and a panel of cheap scores rank all other architectures."""
