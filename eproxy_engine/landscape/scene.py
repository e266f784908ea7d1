"""The network at the centre of a landscape, with the path to it and the plane through it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from torch import Tensor

from eproxy_engine.errors import UserError
from eproxy_engine.landscape.compiled import CompiledLosses
from eproxy_engine.landscape.directions import Weights, path_directions, random_directions
from eproxy_engine.landscape.part import path_iterations
from eproxy_engine.landscape.surface import losses_along, points_at_once, weights
from eproxy_engine.landscape.view import View
from eproxy_engine.native.library import library, missing
from eproxy_engine.proxy.building import build, to_frequencies
from eproxy_engine.proxy.configuration import configuration_of
from eproxy_engine.proxy.evaluation import Evaluation
from eproxy_engine.proxy.inputs import images_of, labels_of
from eproxy_engine.proxy.network import ProxyNetwork
from eproxy_engine.proxy.training import Training


@dataclass(frozen=True, eq=False)
class Scene:
    """Network, inputs and targets shared by all points of a landscape."""

    training: Evaluation
    network: ProxyNetwork
    """The network at its initial point; it stays unchanged."""
    x: Tensor
    labels: list[Tensor]
    centre: Weights
    path: dict[int, Weights]
    """Weights by number of updates, for the requested numbers."""
    at_once: int

    def losses(self, centre: Weights, directions: tuple[Weights, Weights], points: Tensor) -> list[float]:
        """Return the losses at the points ``[n, 2]`` of the plane through ``centre``, by torch."""
        points = points.to(self.x.device)
        return losses_along(self.network, self.x, self.labels, centre, directions, points, self.at_once)

    @cached_property
    def compiled(self) -> CompiledLosses:
        """The same by compiled kernels.

        Raises:
            Untraceable: If the kernels cannot compute the network.
            UserError: If there are none.
        """
        kernels = library()
        if kernels is None:
            raise UserError(f"this run is computed by compiled kernels, but {missing()}")
        configuration = configuration_of(self.training)
        network = ProxyNetwork(*build(self.training), configuration)  # one in its own layout
        to_frequencies(network, configuration, self.training.seed)
        return CompiledLosses(network, images_of(self.training), labels_of(self.training), kernels)

    def directions(self, view: View) -> tuple[Weights, Weights]:
        """Return the directions of the plane; the plane of the path needs all its points."""
        return _directions(self, view)


@lru_cache(maxsize=1)
def _directions(given: Scene, view: View) -> tuple[Weights, Weights]:
    """Make the directions, which all rows share."""
    if view.plane == "path":
        return path_directions(given.centre, list(given.path.values()))
    return random_directions(given.centre, view, given.training.seed)


@lru_cache(maxsize=1)
def scene(training: Evaluation, centre: int, whole_path: bool, device: str) -> Scene:
    """Train from the initial point to the centre, and along the whole path if ``whole_path``.

    ``training``: the evaluation of the configuration. The result is cached for the next piece of the landscape.
    """
    configuration = configuration_of(training)
    trained = Training.of(training, device)
    kept = {centre, *(path_iterations(configuration.iterations) if whole_path else ())}
    path: dict[int, Weights] = {}
    initial = {name: value.clone() for name, value in trained.network.state_dict().items()}
    for iteration in range(max(kept) + 1):
        if iteration in kept:
            path[iteration] = weights(trained.network)
        if iteration < max(kept):
            trained.update(trained.losses())
    trained.network.load_state_dict(initial)
    at_once = points_at_once(path[centre], device)
    return Scene(training, trained.network, trained.x, trained.labels, path[centre], path, at_once)
