"""Architecture search (§3.5)."""
