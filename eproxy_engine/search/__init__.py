"""Search: one implementation of every strategy, for proxy configurations (DPS, §2.2) and for architectures (§3.5)."""
