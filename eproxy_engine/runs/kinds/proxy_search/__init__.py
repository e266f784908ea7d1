"""Proxy search: Discrete Proxy Search (DPS, §2.2)."""
