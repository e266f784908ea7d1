"""Search for proxy configurations (DPS, §2.2) and for architectures (§3.5) with shared strategies."""
