"""Figures of the Proxy page."""
