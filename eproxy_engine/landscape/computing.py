"""Computing one part of a landscape."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor
from torch.func import functional_call

from eproxy_engine.landscape.curvature import hessian_product, top_eigenvalue, trace
from eproxy_engine.landscape.directions import Weights, cosine, explained, projected
from eproxy_engine.landscape.part import Part, interpolation_coordinates, path_iterations, slice_coordinates
from eproxy_engine.landscape.scene import Scene, scene
from eproxy_engine.native.operations import Untraceable
from eproxy_engine.proxy.arithmetic import Arithmetic, carried_out
from eproxy_engine.proxy.device import resolve_device
from eproxy_engine.proxy.evaluation import LONGEST_NOTE, TORCH, Evaluation, Outcome, Values
from eproxy_engine.proxy.initialisation import stream
from eproxy_engine.proxy.memory import peak_memory
from eproxy_engine.proxy.training import total_loss

SHORT_PATH = 16
"""Iterations of a path that is kept whole also for pieces that do not look at it: those that do need not train anew."""
Losses = Callable[[Weights, tuple[Weights, Weights], Tensor], list[float]]
"""Losses at points ``[n, 2]`` of the plane through a centre, along two directions."""


def evaluate(evaluation: Evaluation, device: str = "auto") -> Outcome:
    """Compute one part of a landscape.

    Args:
        evaluation: Evaluation whose configuration is a :class:`~eproxy_engine.landscape.part.Part`.
        device: ``auto``, ``cpu`` or ``cuda``; a native evaluation is always computed on the CPU.

    Returns:
        The values. The note of a native evaluation says why torch computed it, if the kernels cannot compute its
        network.

    Raises:
        UserError: If the device or the library of kernels is missing.
    """
    part, native = evaluation.configuration, evaluation.by_kernels
    assert isinstance(part, Part)
    place = "cpu" if native else resolve_device(device)
    started = time.perf_counter()
    with carried_out(Arithmetic()), peak_memory(place) as peak:
        given = _scene_of(evaluation, part, place)
        losses, refused = _by_kernels(given) if native else (given.losses, None)
        values = MAKERS[part.piece](part, given, losses)
    return Outcome(values, time.perf_counter() - started, peak(), _note(part, values, refused))


def _scene_of(evaluation: Evaluation, part: Part, place: str) -> Scene:
    """Return the scene of a part, the same for as many parts as possible. Torch trains, whoever computes the losses."""
    iterations = part.configuration.iterations
    looks_at_path = part.piece in ("frame", "interpolation") or part.view.plane == "path"
    centre = iterations if part.piece == "interpolation" else part.view.centre  # an interpolation has none of its own
    training = replace(evaluation, configuration=part.configuration, arithmetic=TORCH)
    return scene(training, centre, looks_at_path or iterations <= SHORT_PATH, place)


def _by_kernels(given: Scene) -> tuple[Losses, str | None]:
    """Return how to compute losses, and a note if torch has to, which depends on the network alone."""
    try:
        return given.compiled.along, None
    except Untraceable as reason:
        return given.losses, f"computed by torch, as the kernels cannot compute the network: it {reason}"


def _note(part: Part, values: Values, refused: str | None) -> str | None:
    """Note losses or curvatures that are not finite; angles and errors may be undefined for other reasons."""
    if part.piece == "frame":
        numbers = [row[-1] for row in values]
    else:
        numbers = list(values[0][::2] if part.piece == "curvature" else values[0])
    holes = None if all(map(math.isfinite, numbers)) else "some points are not finite"
    return "; ".join(filter(None, (holes, refused)))[:LONGEST_NOTE] or None


def _frame(part: Part, given: Scene, losses: Losses) -> Values:
    directions = given.directions(part.view)
    points = [given.path[iteration] for iteration in path_iterations(part.configuration.iterations)]
    head = (cosine(*directions), explained(points, given.centre, directions), _loss_at(given.centre, losses))
    return (head, *((*projected(each, given.centre, directions), _loss_at(each, losses)) for each in points))


def _row(part: Part, given: Scene, losses: Losses) -> Values:
    coordinates = torch.tensor(part.view.coordinates(), dtype=torch.float32)
    points = torch.stack([coordinates, coordinates[part.index].expand(len(coordinates))], dim=1)
    return (tuple(losses(given.centre, given.directions(part.view), points)),)


def _slice(part: Part, given: Scene, losses: Losses) -> Values:
    coordinates = torch.tensor(slice_coordinates(part.view), dtype=torch.float32)
    points = torch.zeros(len(coordinates), 2)
    points[:, part.index] = coordinates
    return (tuple(losses(given.centre, given.directions(part.view), points)),)


def _interpolation(part: Part, given: Scene, losses: Losses) -> Values:
    first, last = given.path[0], given.path[part.configuration.iterations]
    towards = {name: last[name] - weight for name, weight in first.items()}
    coordinates = torch.tensor(interpolation_coordinates(), dtype=torch.float32)
    points = torch.stack([coordinates, torch.zeros(len(coordinates))], dim=1)
    return (tuple(losses(first, (towards, towards), points)),)


def _curvature(part: Part, given: Scene, losses: Losses) -> Values:
    at = {name: weight.clone().requires_grad_() for name, weight in given.centre.items()}
    buffers = {name: buffer.clone() for name, buffer in given.network.named_buffers()}
    predictions = functional_call(given.network, {**at, **buffers}, (given.x,))
    product = hessian_product(total_loss(predictions, given.labels), list(at.values()))
    generator = torch.Generator().manual_seed(stream(given.training.seed, "curvature"))
    like = list(at.values())
    return ((*top_eigenvalue(product, like, generator), *trace(product, like, generator)),)


MAKERS = {"frame": _frame, "row": _row, "slice": _slice, "interpolation": _interpolation, "curvature": _curvature}


def _loss_at(point: Weights, losses: Losses) -> float:
    return losses(point, (point, point), torch.zeros(1, 2))[0]
