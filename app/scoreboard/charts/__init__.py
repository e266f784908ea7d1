"""Figures of the Scoreboard page."""
