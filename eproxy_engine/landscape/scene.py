"""The network at the centre of a landscape, with the path to it and the plane through it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from torch import Tensor

from eproxy_engine.landscape.directions import Weights, path_directions, random_directions
from eproxy_engine.landscape.part import path_iterations
from eproxy_engine.landscape.surface import losses_along, points_at_once, weights
from eproxy_engine.landscape.view import View
from eproxy_engine.proxy.configuration import configuration_of
from eproxy_engine.proxy.evaluation import Evaluation
from eproxy_engine.proxy.network import ProxyNetwork
from eproxy_engine.proxy.training import Training


@dataclass(frozen=True)
class Scene:
    """Network, inputs and targets shared by all points of a landscape."""

    network: ProxyNetwork
    """The network at its initial point; it stays unchanged."""
    x: Tensor
    labels: list[Tensor]
    centre: Weights
    path: dict[int, Weights]
    """Weights by number of updates, for the requested numbers."""
    seed: int
    at_once: int

    def losses(self, directions: tuple[Weights, Weights], points: Tensor) -> list[float]:
        """Return the losses at the points ``[n, 2]`` of the plane through the centre."""
        return losses_along(self.network, self.x, self.labels, self.centre, directions, points, self.at_once)

    def directions(self, view: View) -> tuple[Weights, Weights]:
        """Return the directions of the plane; the plane of the path needs all its points."""
        if view.plane == "path":
            return path_directions(self.centre, list(self.path.values()))
        return random_directions(self.centre, view, self.seed)


@lru_cache(maxsize=1)
def scene(training: Evaluation, centre: int, whole_path: bool, device: str) -> Scene:
    """Train from the initial point to the centre, and along the whole path if ``whole_path``.

    ``training``: the evaluation of the configuration. The result is cached for the next row of the landscape.
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
    return Scene(trained.network, trained.x, trained.labels, path[centre], path, training.seed, at_once)
