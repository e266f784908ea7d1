"""Scoreboard page: the paper's tables beside what was measured here."""
