"""Figures of the lesson."""
