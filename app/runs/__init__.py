"""Runs page: every run in the store."""
