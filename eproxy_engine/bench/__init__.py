"""Benchmarks of this machine's speed, each measured next to a plain loop in one run."""

from eproxy_engine.bench.evaluations import SEED, Largest, Speed, largest, measure, peak_megabytes
from eproxy_engine.bench.landscapes import SurfaceSpeed, surface
from eproxy_engine.bench.panels import PanelTime, panel_time
from eproxy_engine.bench.processor_time import ProcessorTime, processor_time
from eproxy_engine.bench.rankings import WAYS, Ranking, rankings
from eproxy_engine.bench.surface_processor_time import SurfaceProcessorTime, surface_processor_time

__all__ = [
    "SEED",
    "WAYS",
    "Largest",
    "PanelTime",
    "ProcessorTime",
    "Ranking",
    "Speed",
    "SurfaceProcessorTime",
    "SurfaceSpeed",
    "largest",
    "measure",
    "panel_time",
    "peak_megabytes",
    "processor_time",
    "rankings",
    "surface",
    "surface_processor_time",
]
