"""Loss surfaces as one NumPy file."""

from __future__ import annotations

import io
import json

import numpy as np

from eproxy_engine.runs.kinds.landscape.plan import measured, surface_of
from eproxy_engine.runs.kinds.landscape.specification import LandscapeSpecification
from eproxy_engine.runs.store import Store

LINES = ("x", "y", "loss", "path", "slice_x", "slices", "interpolation_x", "interpolation")


def npz(store: Store, specification: LandscapeSpecification) -> bytes:
    """Return the surfaces of a run as a NumPy archive without pickles.

    ``x``, ``y``, ``loss`` and the other fields of :class:`eproxy_engine.landscape.Landscape` are those of the first
    surface; ``losses``, shape (surfaces, steps, steps), has all surfaces. ``recipes`` and ``measures`` are JSON texts
    with one entry per surface. A point without a finite loss is nan.
    """
    surfaces = specification.surfaces()
    outcomes = store.outcomes(each for surface in surfaces for each in specification.evaluations(surface))
    shown = [surface_of(specification, surface, outcomes) for surface in surfaces]
    arrays = {name: getattr(shown[0], name) for name in LINES}
    texts = {
        "recipes": json.dumps([specification.recipe(surface) for surface in surfaces]),
        "measures": json.dumps(measured(specification, outcomes)),
    }
    file = io.BytesIO()
    np.savez_compressed(file, **arrays, losses=np.array([each.loss for each in shown]), **texts)  # type: ignore[arg-type]
    return file.getvalue()
