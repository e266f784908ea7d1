"""The scoreboard: the paper's Tables 1 to 5 beside the results of this installation."""

from eproxy_engine.scoreboard.board import Entry, entries, launchable
from eproxy_engine.scoreboard.published import Cell, Part, Table, table, tables

__all__ = ["Cell", "Entry", "Part", "Table", "entries", "launchable", "table", "tables"]
