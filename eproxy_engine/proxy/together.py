"""Several evaluations of one architecture as one computation, to keep a GPU busy.

One evaluation starts thousands of small operations, which take a GPU longer to start than to carry out. Here the
networks of many configurations or seeds are stacked and trained by the same operations (``torch.func.vmap``, which
makes grouped convolutions), and so are heads of the same shape. Each has its own weights, targets, learning rate and
normalisation, so the losses are those of :func:`eproxy_engine.proxy.training.evaluate`, up to rounding.
"""

from __future__ import annotations

import math
import time
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import torch
from torch import Tensor, nn
from torch.func import functional_call, stack_module_state, vmap

from eproxy_engine.proxy.arithmetic import AS_WRITTEN, carried_out
from eproxy_engine.proxy.building import initial_backbone, initial_heads
from eproxy_engine.proxy.choices import STAGES
from eproxy_engine.proxy.configuration import Branch, Configuration, configuration_of
from eproxy_engine.proxy.device import resolve_device
from eproxy_engine.proxy.evaluation import TORCH, Evaluation, Outcome, Values
from eproxy_engine.proxy.head import Head
from eproxy_engine.proxy.inputs import images_of, labels_of
from eproxy_engine.proxy.memory import peak_memory
from eproxy_engine.proxy.network import computing_in
from eproxy_engine.spaces.backbone import Backbone


def likeness(evaluation: Evaluation) -> Hashable | None:
    """Return a value that is equal for evaluations that can be trained together; None if none can."""
    configuration = evaluation.configuration
    if not isinstance(configuration, Configuration) or evaluation.arithmetic != TORCH:
        return None
    shape = configuration.width, configuration.batch, configuration.iterations, configuration.precision
    return evaluation.space, evaluation.architecture, evaluation.images, evaluation.images_identity, *shape


def evaluate_together(evaluations: Sequence[Evaluation], device: str = "auto") -> list[Outcome]:
    """Train several evaluations as one computation.

    Args:
        evaluations: Evaluations with equal :func:`likeness`.
        device: ``auto``, ``cpu`` or ``cuda``.

    Returns:
        One outcome per evaluation, in order.

    Raises:
        UserError: If the device is missing.
        RuntimeError: If the evaluations do not fit into memory together, or their network cannot be stacked.
    """
    place = resolve_device(device)
    started = time.perf_counter()
    with carried_out(AS_WRITTEN), peak_memory(place) as peak:
        stacked = _Stacked.of(evaluations, place)
        history = stacked.train(configuration_of(evaluations[0]).iterations)
    seconds = (time.perf_counter() - started) / len(evaluations)
    branches = [len(configuration_of(evaluation).branches) for evaluation in evaluations]
    return [
        Outcome(_until_not_finite(losses[:count] for losses in rows), seconds, peak())
        for rows, count in zip(zip(*history, strict=True), branches, strict=True)
    ]


@dataclass(frozen=True)
class _Rates:
    """Settings of each optimiser, ``[m]``."""

    learning: Tensor
    momentum: Tensor
    weight_decay: Tensor

    @classmethod
    def of(cls, configurations: list[Configuration], like: Tensor) -> _Rates:
        """Collect the settings on the device and in the precision of ``like``."""
        rows = [(c.learning_rate, c.momentum, c.weight_decay) for c in configurations]
        return cls(*like.new_tensor(rows).T)


@dataclass(frozen=True)
class _Same:
    """Modules of one structure, computed as one."""

    template: nn.Module
    parameters: dict[str, Tensor]
    """Stacked parameters, ``[m, …]``."""
    buffers: dict[str, Tensor]
    rates: _Rates

    @classmethod
    def of(cls, modules: list[nn.Module], configurations: list[Configuration]) -> _Same:
        """Stack copies of modules; the same module may occur several times."""
        parameters, buffers = stack_module_state(modules)
        like = next(iter(parameters.values()))
        return cls(modules[0], parameters, buffers, _Rates.of(configurations, like))

    def __call__(self, x: Tensor) -> Tensor | list[Tensor]:
        """Apply each module: ``[m, b, c, h, w]`` -> outputs of the same layout."""

        def one(parameters: dict[str, Tensor], buffers: dict[str, Tensor], x: Tensor) -> Tensor | list[Tensor]:
            return functional_call(self.template, (parameters, buffers), (x,))

        return vmap(one)(self.parameters, self.buffers, x)


@dataclass(frozen=True)
class _Heads:
    """Heads of one shape, with their targets."""

    stage: int
    members: list[tuple[int, int]]
    """Indices of the evaluation and its branch."""
    heads: _Same
    labels: Tensor
    """Targets ``[m, b, c, 8, 8]``."""

    def losses(self, stages: list[Tensor]) -> Tensor:
        """Return the losses ``[m]``. ``stages``: outputs of all backbones, ``[n, b, c, h, w]`` each."""
        chosen = stages[self.stage][[member for member, _ in self.members]]
        predictions = self.heads(chosen)
        assert isinstance(predictions, Tensor)
        return (predictions - self.labels).square().flatten(1).mean(dim=1)


@dataclass(frozen=True)
class _Stacked:
    """All trainings as one computation."""

    x: Tensor
    """Images ``[n, b, 3, h, w]``."""
    backbones: _Same
    heads: list[_Heads]
    precision: str
    velocities: dict[int, Tensor] = field(default_factory=dict)

    @classmethod
    def of(cls, evaluations: Sequence[Evaluation], place: str) -> _Stacked:
        configurations = [configuration_of(evaluation) for evaluation in evaluations]
        backbones: dict[tuple[str, int], Backbone] = {}
        starts = [(c.network_init, e.seed) for c, e in zip(configurations, evaluations, strict=True)]
        for start, evaluation in zip(starts, evaluations, strict=True):
            if start not in backbones:
                backbones[start] = initial_backbone(evaluation).to(place)
        channels = backbones[starts[0]].stage_channels
        heads = _alike(evaluations, [initial_heads(evaluation, channels) for evaluation in evaluations], place)
        x = torch.stack([images_of(evaluation) for evaluation in evaluations]).to(place)
        stacked = _Same.of([backbones[start] for start in starts], configurations)
        return cls(x, stacked, heads, configurations[0].precision)

    def train(self, iterations: int) -> list[list[list[float]]]:
        """Return the losses of every iteration before its update by evaluation and branch; nan for missing branches."""
        history = []
        for iteration in range(1, iterations + 1):
            losses = self.losses()
            history.append(losses.detach())
            if iteration < iterations:
                losses.nansum().backward()
                self.update()
        return torch.stack(history).tolist()

    def losses(self) -> Tensor:
        """Return the losses ``[n, 3]``, nan for missing branches."""
        found = self.x.new_full((len(self.x), len(STAGES)), math.nan)
        with computing_in(self.precision, self.x.device.type):
            stages = self.backbones(self.x)
            assert isinstance(stages, list)
            for heads in self.heads:
                rows, columns = zip(*heads.members, strict=True)
                found[list(rows), list(columns)] = heads.losses(stages)
        return found

    @torch.no_grad()
    def update(self) -> None:
        """Take one step of SGD, each evaluation with its own learning rate, momentum and weight decay (A.1)."""
        for same in (self.backbones, *(group.heads for group in self.heads)):
            for parameter in same.parameters.values():
                if parameter.requires_grad:
                    self._step(parameter, same.rates)

    def _step(self, parameter: Tensor, rates: _Rates) -> None:
        def each(rate: Tensor) -> Tensor:
            return rate.view(-1, *[1] * (parameter.ndim - 1))

        gradient = parameter.grad
        if gradient is None:  # an unused layer
            return
        if parameter.ndim > 2:  # a weight, stacked
            gradient = gradient + each(rates.weight_decay) * parameter
        velocity = self.velocities.get(id(parameter))
        if velocity is not None:
            gradient = each(rates.momentum) * velocity + gradient
        self.velocities[id(parameter)] = gradient
        parameter -= each(rates.learning) * gradient
        parameter.grad = None


def _alike(evaluations: Sequence[Evaluation], heads: list[list[Head]], place: str) -> list[_Heads]:
    """Group all heads, given by evaluation and branch, by shape."""
    configurations = [configuration_of(evaluation) for evaluation in evaluations]
    places = [(n, k) for n, configuration in enumerate(configurations) for k in range(len(configuration.branches))]

    def shape(place: tuple[int, int]) -> tuple[int | str | bool, ...]:
        return _shape(configurations[place[0]], configurations[place[0]].branches[place[1]])

    groups = []
    for (stage, *_), group in groupby(sorted(places, key=shape), key=shape):
        members = list(group)
        same = _Same.of([heads[n][k].to(place) for n, k in members], [configurations[n] for n, _ in members])
        labels = torch.stack([labels_of(evaluations[n])[k] for n, k in members]).to(place)
        groups.append(_Heads(STAGES.index(str(stage)), members, same, labels))
    return groups


def _shape(configuration: Configuration, branch: Branch) -> tuple[int | str | bool, ...]:
    """Return a value that is equal for heads of the same structure."""
    kernels = branch.transform_kernel, branch.barrier_kernel
    return branch.stage, *kernels, branch.c_mid, branch.c_out, configuration.barrier


def _until_not_finite(rows: Iterable[list[float]]) -> Values:
    """Keep the rows up to and including the first that is not finite, where a single training ends."""
    kept: list[tuple[float, ...]] = []
    for row in rows:
        kept.append(tuple(row))
        if not all(map(math.isfinite, row)):
            break
    return tuple(kept)
