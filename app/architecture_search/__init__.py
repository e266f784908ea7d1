"""Architecture search page: searches side by side."""
