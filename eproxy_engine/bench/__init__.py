"""How quick this machine is, each figure measured beside a plain loop in one run."""

from eproxy_engine.bench.evaluations import SEED, Largest, Speed, largest, measure, peak_megabytes
from eproxy_engine.bench.landscapes import SurfaceSpeed, surface

__all__ = ["SEED", "Largest", "Speed", "SurfaceSpeed", "largest", "measure", "peak_megabytes", "surface"]
