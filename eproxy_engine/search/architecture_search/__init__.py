"""Architecture search (§3.5): by measured accuracies, by a proxy, or by both, with every query counted."""
