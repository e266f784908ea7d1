"""Benchmarks of this machine's speed, each measured next to a plain loop in one run."""

from eproxy_engine.bench.evaluations import SEED, Largest, Speed, largest, measure, peak_megabytes
from eproxy_engine.bench.landscapes import SurfaceSpeed, surface
from eproxy_engine.bench.rankings import WAYS, Ranking, rankings

__all__ = [
    "SEED",
    "WAYS",
    "Largest",
    "Ranking",
    "Speed",
    "SurfaceSpeed",
    "largest",
    "measure",
    "peak_megabytes",
    "rankings",
    "surface",
]
