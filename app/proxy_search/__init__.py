"""Proxy search page: Discrete Proxy Search and what it found."""
