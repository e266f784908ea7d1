"""``ep.landscape``: loss surfaces with and without the barrier."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from eproxy_engine import benchmarks
from eproxy_engine.api.arguments import ProxyLike, proxy_of, settings_of
from eproxy_engine.api.carrying_out import carried_out
from eproxy_engine.api.result import RunResult
from eproxy_engine.counted import counted
from eproxy_engine.errors import UserError, check_named
from eproxy_engine.landscape import View
from eproxy_engine.proxy import Configuration
from eproxy_engine.runs import LandscapeSpecification
from eproxy_engine.runs.kinds.landscape.plan import surface_of
from eproxy_engine.runs.kinds.landscape.specification import BARRIERS
from eproxy_engine.sampling import Sample

if TYPE_CHECKING:
    import plotly.graph_objects as go


@dataclass(frozen=True, eq=False, repr=False)
class Landscapes(RunResult):
    """Loss surfaces and how rugged they are.

    ``frame`` has a row per surface: ``architecture``, ``accuracy``, ``barrier``, ``seed``, the measures of the surface,
    ``centre_loss``, ``top_eigenvalue`` and ``trace`` of the Hessian in the middle, and others.
    """

    x: NDArray[np.float64]
    """Coordinates of the points along a side, ``[steps]``, in lengths of the weights."""
    losses: NDArray[np.float64]
    """Losses, ``[surfaces, steps, steps]``: a row for each y, a column for each x; nan where it is not finite."""

    @property
    def summary(self) -> str:
        return f"{counted(len(self.frame), 'surface')} of {self.losses.shape[1]} x {self.losses.shape[1]} points"

    def plot(self, surface: int = 0) -> go.Figure:
        """Draw a surface.

        Args:
            surface: Its row in ``frame``.
        """
        from eproxy_engine.api.figures import SURFACE, figure, go

        row = self.frame.iloc[surface]
        title = f"{row['architecture']}, {'with' if row['barrier'] else 'without'} barrier"
        drawn = figure(go.Surface(x=self.x, y=self.x, z=self.losses[surface], colorscale=SURFACE), title=title)
        drawn.update_layout(scene={"zaxis_title": "loss"})
        return drawn


def landscape(
    space: str,
    architectures: str | Iterable[str],
    *,
    barrier: str = "both",
    task: str | None = None,
    proxy: ProxyLike = "laptop",
    settings: Mapping[str, Any] | None = None,
    centre: int | None = None,
    seeds: int | Sequence[int] = 1,
    images: str = "bundled",
    device: str = "auto",
    workers: int | str | None = None,
    store: str | os.PathLike[str] | None = None,
    progress: bool = True,
    **view: Any,
) -> Landscapes:
    """Compute loss surfaces of Eproxy around a point of its training (Li et al. 2022, §3.1, A.7).

    Args:
        space: Name of a search space.
        architectures: An architecture as text, or several.
        barrier: ``on``, ``off`` or ``both``.
        task: Whose accuracies ``frame`` shows; by default the space's first.
        proxy: A configuration of Eproxy, as for :func:`evaluate`.
        settings: Changes of it, such as ``{"width": 8}``.
        centre: Updates that lead to the point in the middle; by default all iterations.
        seeds: Seed, or several, of images, weights, targets and directions.
        images: Image source, as for :func:`evaluate`, like the arguments below.
        device: ``auto``, ``cpu`` or ``cuda``.
        workers: Number of processes, or the address of a Ray cluster.
        store: Path of the store.
        progress: Whether to show a progress bar.
        view: Settings of plane and grid, such as ``steps=25, radius=1.0, plane="path"`` (docs/SETTINGS.md).

    Returns:
        The surfaces and their measures.

    Raises:
        UserError: If a value is not accepted.

    Example:
        >>> import eproxy_engine as ep
        >>> cell = "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|"
        >>> tiny = {"width": 4, "iterations": 1, "branches.0.c_mid": 16, "branches.0.c_out": 16}
        >>> found = ep.landscape("nasbench201", cell, barrier="on", settings=tiny, steps=3, workers=1, progress=False)
        >>> found.losses.shape, len(found.frame)
        ((1, 3, 3), 1)
    """
    check_named("barrier", barrier, BARRIERS.values())
    configuration = proxy_of(proxy, settings)
    if not isinstance(configuration, Configuration):
        raise UserError(f"the proxy {proxy!r} has no loss landscape; accepted: a single configuration of Eproxy")
    picked = (architectures,) if isinstance(architectures, str) else tuple(architectures)
    around = configuration.iterations if centre is None else centre
    specification = LandscapeSpecification(
        space,
        benchmarks.task(space, task).name,
        Sample("picked", len(picked), picked=picked),
        replace(configuration, barrier=True),
        replace(settings_of(View, view), centre=around),
        next(barriers for barriers, name in BARRIERS.items() if name == barrier),
        images=images,
        seeds=(seeds,) if isinstance(seeds, int) else tuple(seeds),
    )
    with carried_out(specification, device, workers, store, progress) as (run, opened):
        found, given = run.result or {}, run.specification
        assert isinstance(given, LandscapeSpecification)
        shown = [surface_of(given, each, opened.outcomes(given.evaluations(each))) for each in given.surfaces()]
        losses = np.array([each.loss for each in shown])
        return Landscapes(specification.title, pd.DataFrame(found["surfaces"]), run.id, found, shown[0].x, losses)
