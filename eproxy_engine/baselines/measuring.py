"""Evaluation of a zero-cost proxy."""

from __future__ import annotations

import logging
import math
import time
from contextlib import AbstractContextManager, nullcontext
from ctypes import CDLL
from functools import partial

import torch
from torch import Tensor

from eproxy_engine import images, spaces
from eproxy_engine.baselines import classifier, registry
from eproxy_engine.baselines.baseline import SMALLEST_BATCH, Baseline
from eproxy_engine.baselines.classifier import Classifier
from eproxy_engine.baselines.compiled import CompiledClassifier
from eproxy_engine.baselines.networks import as_built
from eproxy_engine.errors import UserError
from eproxy_engine.native.library import library, missing
from eproxy_engine.native.operations import Untraceable
from eproxy_engine.proxy.arithmetic import Arithmetic, carried_out
from eproxy_engine.proxy.device import resolve_device
from eproxy_engine.proxy.evaluation import LONGEST_NOTE, NATIVE, Evaluation, Outcome
from eproxy_engine.proxy.garbage import without_collecting
from eproxy_engine.proxy.initialisation import seeded, stream
from eproxy_engine.proxy.inputs import batch_of
from eproxy_engine.proxy.memory import peak_memory
from eproxy_engine.spaces.layout import to_channels_last
from eproxy_engine.spaces.own.space import OwnNetworks

LOG = logging.getLogger(__name__)
MOST_CLASSES = 10
"""Maximum number of classes, so that some occur twice in a batch: some proxies compare images of one class."""
NO_MEMORY = ("can't allocate memory", "not enough memory", "out of memory")
"""PyTorch's messages when the memory of a CPU or GPU is used up."""


def evaluate(evaluation: Evaluation, device: str = "auto") -> Outcome:
    """Measure a zero-cost proxy on one architecture.

    If memory runs out, the number of images is halved until they fit, and the outcome's note says so.

    Args:
        evaluation: Evaluation whose configuration is a :class:`Baseline`.
        device: ``auto``, ``cpu`` or ``cuda``.

    Returns:
        The value; nan, and a note that says why, if the proxy fails or gives no finite number.

    Raises:
        UserError: If the device or the library of kernels is missing, or the proxy or architecture is unknown.
    """
    native, baseline = evaluation.arithmetic == NATIVE, evaluation.configuration
    assert isinstance(baseline, Baseline)
    registry.get(baseline.name)
    place, kernels = "cpu" if native else resolve_device(device), library() if native else None
    if native and kernels is None:
        raise UserError(f"this run is computed by compiled kernels, but {missing()}")
    batch = batch_of(evaluation.images, evaluation.images_identity, baseline.batch, evaluation.seed)
    started = time.perf_counter()
    with carried_out(Arithmetic()), without_collecting(), peak_memory(place) as peak:
        value, note = _with_memory_there_is(evaluation, baseline, batch, place, kernels)
        return Outcome(((value,),), time.perf_counter() - started, peak(), note)


def _with_memory_there_is(
    evaluation: Evaluation, baseline: Baseline, batch: Tensor, device: str, kernels: CDLL | None
) -> tuple[float, str | None]:
    count, refused = len(batch), None
    while True:
        try:
            value = _measured(evaluation, baseline, batch[:count], device, kernels)
        except Untraceable as reason:  # depends on the network alone
            kernels, refused = None, f"computed by torch, as the kernels cannot compute the network: it {reason}"
            continue
        except Exception as error:  # one proxy's failure does not stop the others
            if _out_of_memory(error) and count >= 2 * SMALLEST_BATCH:
                count //= 2
                LOG.info(
                    "memory ran out for %s of %s; %d images are used", baseline.name, evaluation.architecture, count
                )
                continue
            LOG.info("%s of %s failed", baseline.name, evaluation.architecture, exc_info=True)
            return math.nan, f"{type(error).__name__}: {' '.join(str(error).split())}"[:LONGEST_NOTE]
        if not math.isfinite(value):
            return math.nan, f"gave {value}{_told_of_repeated(batch[:count])}"
        fewer = None if count == len(batch) else f"memory ran out with {len(batch)} images; {count} were used"
        return value, "; ".join(filter(None, (fewer, refused)))[:LONGEST_NOTE] or None


def _told_of_repeated(batch: Tensor) -> str:
    """Say how many images repeat, the usual reason why a proxy that compares images gives no number."""
    repeated = images.repeated(batch.numpy())
    return f"; {repeated} of the {len(batch)} images repeat an earlier one" if repeated else ""


def _measured(evaluation: Evaluation, baseline: Baseline, batch: Tensor, device: str, kernels: CDLL | None) -> float:
    """Measure once, on a network as it is built. Raises Untraceable if ``kernels`` shall compute it, but cannot."""
    space, proxy = spaces.get(evaluation.space), registry.get(baseline.name)
    seen = batch if kernels else batch.to(device, memory_format=torch.channels_last)
    classes = labels(len(batch), min(space.classes, MOST_CLASSES), evaluation.seed).to(device)
    of_network, chance = _network(evaluation, baseline, proxy.keeps_modules, device, kernels), f"proxy/{baseline.name}"
    with of_network as network, seeded(evaluation.seed, chance):
        return float(proxy.measure(network, seen, classes))


def _network(
    evaluation: Evaluation, baseline: Baseline, shared: bool, device: str, kernels: CDLL | None
) -> AbstractContextManager[Classifier]:
    """Return a network of its own for a proxy that may change it, else the one that such proxies share."""
    space, width, seed = spaces.get(evaluation.space), baseline.width, evaluation.seed

    def build() -> Classifier:
        assert isinstance(width, int)
        architecture = space.parse(evaluation.architecture)
        if kernels is not None:
            return classifier.build(space, architecture, width, seed, partial(CompiledClassifier, kernels=kernels))
        network = classifier.build(space, architecture, width, seed)
        to_channels_last(network.to(device))
        return network

    if not shared or isinstance(space, OwnNetworks):  # names of one's own networks may come to mean others
        return nullcontext(build())
    return as_built((space, evaluation.architecture, width, seed, device, kernels is None), build)


def labels(count: int, classes: int, seed: int) -> Tensor:
    """Draw random classes ``[count]``, because the images have no labels."""
    generator = torch.Generator().manual_seed(stream(seed, "labels"))
    return torch.randint(classes, (count,), generator=generator)


def _out_of_memory(error: Exception) -> bool:
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or (
        isinstance(error, RuntimeError) and any(said in str(error).lower() for said in NO_MEMORY)
    )
