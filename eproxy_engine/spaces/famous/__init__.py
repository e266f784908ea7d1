"""Famous networks: published architectures of the search spaces, by name."""

from eproxy_engine.spaces.famous.catalogue import FamousNetwork, hint, in_space, listed, named

__all__ = ["FamousNetwork", "hint", "in_space", "listed", "named"]
