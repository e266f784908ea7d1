"""Evaluation run: one proxy on a sample of architectures."""
