"""Figures of the Architectures page."""
