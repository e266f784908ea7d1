"""Figures of the Loss landscape page."""
