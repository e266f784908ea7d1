"""What several pages show: an architecture, the images and targets of a proxy, linked figures."""
