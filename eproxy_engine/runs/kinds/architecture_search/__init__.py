"""Architecture search (§3.5), one search per seed."""
