"""Notations of other tools: reading plain values, one reader a format, and several architectures in one text."""

from eproxy_engine.spaces.formats.format import Format, find, read_in, titles
from eproxy_engine.spaces.formats.plain_values import plain_values
from eproxy_engine.spaces.formats.several import Found, several

__all__ = ["Format", "Found", "find", "plain_values", "read_in", "several", "titles"]
