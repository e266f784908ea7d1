"""Results as data, and the pages that are written from them."""
