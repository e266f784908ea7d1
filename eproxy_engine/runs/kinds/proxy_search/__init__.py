"""Proxy search: Discrete Proxy Search (DPS, §2.2), judged on held-out architectures."""
