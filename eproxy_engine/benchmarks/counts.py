"""Columns of a table besides its accuracies."""

COUNTS = ("parameters", "flops", "activations")
"""Columns counted on the network (:mod:`eproxy_engine.spaces.complexity`), in order."""
