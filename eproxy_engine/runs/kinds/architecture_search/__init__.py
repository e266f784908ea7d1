"""Architecture search (§3.5), one search for each seed."""
