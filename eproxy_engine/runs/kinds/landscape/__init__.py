"""Landscape: surfaces of the proxy's loss (§2.1, Fig. 2)."""
