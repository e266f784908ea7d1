"""Figures of the Learned ranking page."""
