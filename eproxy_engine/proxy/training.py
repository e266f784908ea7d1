"""Few-shot training of one evaluation (§2.1, A.1, A.5)."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from eproxy_engine.errors import UserError
from eproxy_engine.native.library import library, missing
from eproxy_engine.native.operations import Untraceable
from eproxy_engine.proxy import compiled
from eproxy_engine.proxy.arithmetic import FAST, Arithmetic, carried_out
from eproxy_engine.proxy.building import build, to_frequencies
from eproxy_engine.proxy.configuration import configuration_of
from eproxy_engine.proxy.descent import Descent
from eproxy_engine.proxy.device import resolve_device
from eproxy_engine.proxy.evaluation import LONGEST_NOTE, Evaluation, Outcome, Values
from eproxy_engine.proxy.inputs import images_of, labels_of
from eproxy_engine.proxy.memory import peak_memory
from eproxy_engine.proxy.network import ProxyNetwork
from eproxy_engine.spaces.layout import to_channels_last


def evaluate(evaluation: Evaluation, device: str = "auto", arithmetic: Arithmetic = FAST) -> Outcome:
    """Train Eproxy on one architecture and return the losses.

    Args:
        evaluation: Evaluation whose configuration is an Eproxy configuration.
        device: ``auto``, ``cpu`` or ``cuda``; a native evaluation is always computed on the CPU.
        arithmetic: How torch computes; the default is the fast way.

    Returns:
        The loss of each branch before every update. The note of a native evaluation says why torch computed it, if the
        kernels cannot compute its network.

    Raises:
        UserError: If the device or the library of kernels is missing, or the images cannot be read.

    Example:
        >>> from eproxy_engine.proxy import Evaluation, preset
        >>> cell = "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|"
        >>> outcome = evaluate(Evaluation.of("nasbench201", cell, preset("laptop"), "noise", seed=1), "cpu")
        >>> len(outcome.values) == preset("laptop").iterations
        True
    """
    native = evaluation.by_kernels
    place = "cpu" if native else resolve_device(device)
    images_of(evaluation)  # reads them before the clock starts
    started = time.perf_counter()
    with carried_out(arithmetic), peak_memory(place) as peak:
        losses, note = _by_kernels(evaluation) if native else (_by_torch(evaluation, place, arithmetic), None)
    return Outcome(losses, time.perf_counter() - started, peak(), note)


def _by_torch(evaluation: Evaluation, place: str, arithmetic: Arithmetic) -> Values:
    iterations = configuration_of(evaluation).iterations
    return _train(Training.of(evaluation, place, arithmetic), iterations, arithmetic.last_update)


def _by_kernels(evaluation: Evaluation) -> tuple[Values, str | None]:
    """Return the losses, and a note if torch had to compute them, which depends on the network alone."""
    kernels = library()
    if kernels is None:
        raise UserError(f"this run is computed by compiled kernels, but {missing()}")
    try:
        return compiled.train(evaluation, kernels), None
    except Untraceable as reason:
        note = f"computed by torch, as the kernels cannot compute the network: it {reason}"
        return _by_torch(evaluation, "cpu", FAST), note[:LONGEST_NOTE]


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
    def of(cls, evaluation: Evaluation, place: str, arithmetic: Arithmetic = FAST) -> Training:
        """Prepare a training before its first update. ``place``: cpu or cuda. Raises UserError."""
        configuration = configuration_of(evaluation)
        network = ProxyNetwork(*build(evaluation), configuration).to(place)
        if arithmetic.frequencies and place == "cpu" and configuration.precision == "float32":
            to_frequencies(network, configuration, evaluation.seed)
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
