"""Settings that all tests share."""

import os

from hypothesis import settings

# Two threads a process on two cores that other processes use as well wait for each other: up to 70 times slower.
os.environ.setdefault("OMP_NUM_THREADS", "1")

settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")
