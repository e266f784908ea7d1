"""What a table says of a network besides its accuracies."""

COUNTS = ("parameters", "flops", "activations")
"""What is counted on the network (:mod:`eproxy_engine.spaces.complexity`), in the order of its columns."""
