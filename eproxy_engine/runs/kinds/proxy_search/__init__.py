"""Proxy search: Discrete Proxy Search (DPS, §2.2), and its judgement on held-out architectures."""
