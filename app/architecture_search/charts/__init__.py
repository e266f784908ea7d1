"""Figures of the Architecture search page."""
