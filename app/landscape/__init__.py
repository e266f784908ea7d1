"""Loss landscape page: surfaces with and without the barrier."""
