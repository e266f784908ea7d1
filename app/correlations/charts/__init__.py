"""Figures of the Correlations page."""
