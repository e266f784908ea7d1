"""Few-shot training of one evaluation (§2.1, A.1, A.5)."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor, nn

from eproxy_engine import images, spaces
from eproxy_engine.errors import UserError
from eproxy_engine.proxy.choices import STAGES
from eproxy_engine.proxy.configuration import Branch, Configuration, configuration_of
from eproxy_engine.proxy.descent import Descent
from eproxy_engine.proxy.evaluation import Evaluation, Outcome
from eproxy_engine.proxy.head import Head, barrier_layer, transform_layer
from eproxy_engine.proxy.initialisation import initialise, seeded, stream
from eproxy_engine.proxy.memory import peak_memory
from eproxy_engine.proxy.network import ProxyNetwork
from eproxy_engine.proxy.spectral import SpectralConvolution, spectrum_of, worthwhile
from eproxy_engine.proxy.targets import target
from eproxy_engine.spaces.backbone import Backbone
from eproxy_engine.spaces.layout import to_channels_last


@dataclass(frozen=True)
class Arithmetic:
    """How to carry out the same mathematics; the defaults are the fast way on a CPU."""

    channels_last: bool = True
    frequencies: bool = True
    """Whether to apply large kernels of the heads in the frequency domain (on a CPU)."""
    threads: int = 1
    """One thread makes the floats independent of the machine's load and leaves the cores to other evaluations."""
    flush_denormals: bool = True
    fused_optimiser: bool = True
    last_update: bool = False
    """Whether to carry out the update after the last loss (as A.5 does), which changes no result."""


AS_WRITTEN = Arithmetic(channels_last=False, frequencies=False)
"""Networks as built, with their own layout and convolutions."""


def evaluate(evaluation: Evaluation, device: str = "auto", arithmetic: Arithmetic = Arithmetic()) -> Outcome:
    """Train Eproxy on one architecture and return the losses.

    Args:
        evaluation: Evaluation whose configuration is an Eproxy configuration.
        device: ``auto``, ``cpu`` or ``cuda``.
        arithmetic: How to compute; the default is the fast way.

    Returns:
        The loss of each branch before every update.

    Raises:
        UserError: If the device is missing or the images cannot be read.

    Example:
        >>> from eproxy_engine.proxy import Evaluation, preset
        >>> cell = "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|"
        >>> outcome = evaluate(Evaluation.of("nasbench201", cell, preset("laptop"), "noise", seed=1), "cpu")
        >>> len(outcome.values) == preset("laptop").iterations
        True
    """
    place = resolve_device(device)
    configuration = configuration_of(evaluation)
    images_of(evaluation)  # reads them before the clock starts
    started = time.perf_counter()
    with carried_out(arithmetic), peak_memory(place) as peak:
        losses = _train(Training.of(evaluation, place, arithmetic), configuration.iterations, arithmetic.last_update)
    return Outcome(losses, time.perf_counter() - started, peak())


@dataclass(frozen=True)
class Training:
    """Network, inputs, targets and optimiser of one evaluation."""

    network: ProxyNetwork
    x: Tensor
    """Images ``[b, 3, h, w]``."""
    labels: list[Tensor]
    """One target per branch, ``[b, c, 8, 8]``."""
    optimiser: Descent

    @classmethod
    def of(cls, evaluation: Evaluation, place: str, arithmetic: Arithmetic = Arithmetic()) -> Training:
        """Prepare a training before its first update. ``place``: cpu or cuda. Raises UserError."""
        configuration = configuration_of(evaluation)
        network = ProxyNetwork(*build(evaluation), configuration).to(place)
        if arithmetic.frequencies and place == "cpu" and configuration.precision == "float32":
            _to_frequencies(network, configuration, evaluation.seed)
        x = images_of(evaluation).to(place)
        if arithmetic.channels_last:
            to_channels_last(network)
            x = x.to(memory_format=torch.channels_last)
        labels = [label.to(place) for label in labels_of(evaluation)]
        return cls(network, x, labels, Descent.on(network, configuration, arithmetic.fused_optimiser))

    def losses(self) -> list[Tensor]:
        """Return one loss per branch, with gradients."""
        return losses(self.network(self.x), self.labels)

    def update(self, losses: list[Tensor]) -> None:
        """Take one step of the optimiser on the sum of the losses."""
        torch.stack(losses).sum().backward()
        self.optimiser.step()


def images_of(evaluation: Evaluation) -> Tensor:
    """Return the images of an evaluation, ``[b, 3, h, w]``."""
    batch = configuration_of(evaluation).batch
    return batch_of(evaluation.images, evaluation.images_identity, batch, evaluation.seed)


def labels_of(evaluation: Evaluation) -> list[Tensor]:
    """Return the targets of an evaluation, one per branch, ``[b, c, 8, 8]``."""
    seen = evaluation.images, evaluation.images_identity
    return _labels(configuration_of(evaluation), *seen, evaluation.seed)


@lru_cache(maxsize=4)
def batch_of(source: str, identity: str, count: int, seed: int) -> Tensor:
    """Read the images, once for all evaluations that share them; ``identity`` distinguishes changed files."""
    return torch.from_numpy(images.load_batch(source, count, seed=seed))


@lru_cache(maxsize=4)
def _labels(configuration: Configuration, source: str, identity: str, seed: int) -> list[Tensor]:
    """Make the targets, which all architectures share."""
    return make_targets(configuration, seed, batch_of(source, identity, configuration.batch, seed))


def resolve_device(device: str) -> str:
    """Replace ``auto`` by ``cuda`` or ``cpu``. Raises UserError if the device is unknown or missing."""
    if device not in ("auto", "cpu", "cuda"):
        raise UserError(f"unknown device {device!r}; accepted: auto, cpu, cuda")
    if device == "cuda" and not torch.cuda.is_available():
        raise UserError("device 'cuda' is not available on this machine; accepted: auto, cpu")
    return ("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device


def build(evaluation: Evaluation) -> tuple[Backbone, list[Head]]:
    """Build backbone and one head per branch on the CPU, initialised as the evaluation specifies."""
    backbone = initial_backbone(evaluation)
    return backbone, initial_heads(evaluation, backbone.stage_channels)


def initial_backbone(evaluation: Evaluation) -> Backbone:
    """Build the backbone, which depends on architecture, width, initialisation and seed alone."""
    family, configuration = spaces.get(evaluation.space), configuration_of(evaluation)
    assert isinstance(configuration.width, int)
    with seeded(evaluation.seed, "network"):
        backbone = family.build(family.parse(evaluation.architecture), configuration.width)
        initialise(backbone, configuration.network_init)
    return backbone


def initial_heads(evaluation: Evaluation, stage_channels: Sequence[int]) -> list[Head]:
    """Build one head per branch for a backbone with ``stage_channels``."""
    configuration = configuration_of(evaluation)
    heads: list[Head] = []
    for branch in configuration.branches:
        place = STAGES.index(branch.stage)
        if place >= len(stage_channels):
            raise UserError(f"{evaluation.space} has no stage {branch.stage!r}; accepted: {', '.join(STAGES[:place])}")
        with seeded(evaluation.seed, f"transform/{branch.stage}"):
            transform = transform_layer(branch, stage_channels[place])
            initialise(transform, configuration.network_init)
        of_barrier = branch, configuration.barrier_init, evaluation.seed
        heads.append(Head(transform, deepcopy(_barrier(*of_barrier)) if configuration.barrier else nn.Identity()))
    return heads


@lru_cache(maxsize=len(STAGES))
def _barrier(branch: Branch, scheme: str, seed: int) -> nn.Conv2d:
    """Make the frozen layer, which all architectures share."""
    with seeded(seed, f"barrier/{branch.stage}"):
        barrier = barrier_layer(branch)
        initialise(barrier, scheme)
    return barrier


@lru_cache(maxsize=len(STAGES))
def _spectrum(branch: Branch, scheme: str, seed: int) -> Tensor:
    return spectrum_of(_barrier(branch, scheme, seed).weight)


def _to_frequencies(network: ProxyNetwork, configuration: Configuration, seed: int) -> None:
    """Replace, in place, the convolutions of the heads that are faster in the frequency domain."""
    for head, branch in zip(network.heads, configuration.branches, strict=True):
        assert isinstance(head, Head)
        transform, barrier = head.transform[0], head.barrier
        if isinstance(transform, nn.Conv2d) and worthwhile(transform):
            head.transform[0] = SpectralConvolution(transform)
        if isinstance(barrier, nn.Conv2d) and worthwhile(barrier):
            head.barrier = SpectralConvolution(barrier, _spectrum(branch, configuration.barrier_init, seed))


def make_targets(configuration: Configuration, seed: int, batch: Tensor) -> list[Tensor]:
    """Make one target per branch, ``[b, c, 8, 8]``, for the images ``batch`` ``[b, 3, h, w]``."""
    labels = []
    for branch in configuration.branches:
        channels = branch.c_out if configuration.barrier else branch.c_mid
        generator = torch.Generator().manual_seed(stream(seed, f"target/{branch.stage}"))
        labels.append(target(branch, channels, batch, generator))
    return labels


def losses(predictions: list[Tensor], labels: list[Tensor]) -> list[Tensor]:
    """Return the mean squared error of each branch."""
    return [nn.functional.mse_loss(*pair) for pair in zip(predictions, labels, strict=True)]


def total_loss(predictions: list[Tensor], labels: list[Tensor]) -> Tensor:
    """Return the loss that training minimises: the sum over the branches, a scalar."""
    return torch.stack(losses(predictions, labels)).sum()


def _train(training: Training, iterations: int, last_update: bool) -> tuple[tuple[float, ...], ...]:
    """Return the losses of every iteration before its update, one per branch, up to the first that is not finite."""
    history: list[tuple[float, ...]] = []
    for iteration in range(1, iterations + 1):
        losses = training.losses()
        history.append(tuple(loss.item() for loss in losses))
        if (iteration == iterations and not last_update) or not all(map(math.isfinite, history[-1])):
            break
        training.update(losses)
    return tuple(history)


@contextmanager
def carried_out(arithmetic: Arithmetic) -> Iterator[None]:
    """Apply the settings of ``arithmetic`` to this process within the block."""
    threads = torch.get_num_threads()
    torch.set_num_threads(arithmetic.threads)
    torch.set_flush_denormal(arithmetic.flush_denormals)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)
        torch.set_num_threads(threads)
