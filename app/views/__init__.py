"""Views shared by several pages: an architecture, images and targets of a proxy, linked figures."""
