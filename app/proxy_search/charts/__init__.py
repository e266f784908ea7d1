"""Figures of the Proxy search page."""
