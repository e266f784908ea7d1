"""Settings that all tests share."""

import os

# Two threads a process on two cores that other processes use as well wait for each other: up to 70 times slower.
os.environ.setdefault("OMP_NUM_THREADS", "1")
