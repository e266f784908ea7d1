"""The scoreboard: what the paper published in its Tables 1 to 5, beside what this installation has measured."""

from eproxy_engine.scoreboard.board import Entry, entries, launchable
from eproxy_engine.scoreboard.published import Cell, Part, Table, table, tables

__all__ = ["Cell", "Entry", "Part", "Table", "entries", "launchable", "table", "tables"]
