"""Computing one part of a landscape."""

from __future__ import annotations

import math
import time
from dataclasses import replace

import torch
from torch import Tensor
from torch.func import functional_call

from eproxy_engine.landscape.curvature import hessian_product, top_eigenvalue, trace
from eproxy_engine.landscape.directions import Weights, cosine, explained, projected
from eproxy_engine.landscape.part import Part, interpolation_coordinates, path_iterations, slice_coordinates
from eproxy_engine.landscape.scene import Scene, scene
from eproxy_engine.proxy.arithmetic import Arithmetic, carried_out
from eproxy_engine.proxy.device import resolve_device
from eproxy_engine.proxy.evaluation import Evaluation, Outcome, Values
from eproxy_engine.proxy.initialisation import stream
from eproxy_engine.proxy.memory import peak_memory
from eproxy_engine.proxy.training import total_loss


def evaluate(evaluation: Evaluation, device: str = "auto") -> Outcome:
    """Compute one part of a landscape.

    Args:
        evaluation: Evaluation whose configuration is a :class:`~eproxy_engine.landscape.part.Part`.
        device: ``auto``, ``cpu`` or ``cuda``.

    Raises:
        UserError: If the device is missing.
    """
    part, place = evaluation.configuration, resolve_device(device)
    assert isinstance(part, Part)
    training = replace(evaluation, configuration=part.configuration)
    whole_path = part.piece in ("frame", "interpolation") or part.view.plane == "path"
    started = time.perf_counter()
    with carried_out(Arithmetic()), peak_memory(place) as peak:
        values = MAKERS[part.piece](part, scene(training, part.view.centre, whole_path, place))
    return Outcome(values, time.perf_counter() - started, peak(), _note(part, values))


def _note(part: Part, values: Values) -> str | None:
    """Note losses or curvatures that are not finite; angles and errors may be undefined for other reasons."""
    if part.piece == "frame":
        numbers = [row[-1] for row in values]
    else:
        numbers = list(values[0][::2] if part.piece == "curvature" else values[0])
    return None if all(map(math.isfinite, numbers)) else "some points are not finite"


def _frame(part: Part, given: Scene) -> Values:
    directions = given.directions(part.view)
    points = [given.path[iteration] for iteration in path_iterations(part.configuration.iterations)]
    head = (cosine(*directions), explained(points, given.centre, directions), _loss_at(given, given.centre))
    return (head, *((*projected(each, given.centre, directions), _loss_at(given, each)) for each in points))


def _row(part: Part, given: Scene) -> Values:
    coordinates = torch.tensor(part.view.coordinates(), dtype=torch.float32)
    points = torch.stack([coordinates, coordinates[part.index].expand(len(coordinates))], dim=1)
    return (_losses(given, given.directions(part.view), points),)


def _slice(part: Part, given: Scene) -> Values:
    coordinates = torch.tensor(slice_coordinates(part.view), dtype=torch.float32)
    points = torch.zeros(len(coordinates), 2)
    points[:, part.index] = coordinates
    return (_losses(given, given.directions(part.view), points),)


def _interpolation(part: Part, given: Scene) -> Values:
    first, last = given.path[0], given.path[part.configuration.iterations]
    towards = {name: last[name] - weight for name, weight in first.items()}
    coordinates = torch.tensor(interpolation_coordinates(), dtype=torch.float32)
    points = torch.stack([coordinates, torch.zeros(len(coordinates))], dim=1)
    return (_losses(replace(given, centre=first), (towards, towards), points),)


def _curvature(part: Part, given: Scene) -> Values:
    at = {name: weight.clone().requires_grad_() for name, weight in given.centre.items()}
    buffers = {name: buffer.clone() for name, buffer in given.network.named_buffers()}
    predictions = functional_call(given.network, {**at, **buffers}, (given.x,))
    product = hessian_product(total_loss(predictions, given.labels), list(at.values()))
    generator = torch.Generator().manual_seed(stream(given.seed, "curvature"))
    like = list(at.values())
    return ((*top_eigenvalue(product, like, generator), *trace(product, like, generator)),)


MAKERS = {"frame": _frame, "row": _row, "slice": _slice, "interpolation": _interpolation, "curvature": _curvature}


def _losses(given: Scene, directions: tuple[Weights, Weights], points: Tensor) -> tuple[float, ...]:
    return tuple(given.losses(directions, points.to(given.x.device)))


def _loss_at(given: Scene, point: Weights) -> float:
    return replace(given, centre=point).losses((point, point), torch.zeros(1, 2, device=given.x.device))[0]
