"""Images and targets of an evaluation, made once for all architectures."""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor

from eproxy_engine import images
from eproxy_engine.proxy.configuration import Configuration, configuration_of
from eproxy_engine.proxy.evaluation import Evaluation
from eproxy_engine.proxy.initialisation import stream
from eproxy_engine.proxy.targets import target


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


def make_targets(configuration: Configuration, seed: int, batch: Tensor) -> list[Tensor]:
    """Make one target per branch, ``[b, c, 8, 8]``, for the images ``batch`` ``[b, 3, h, w]``."""
    labels = []
    for branch in configuration.branches:
        channels = branch.c_out if configuration.barrier else branch.c_mid
        generator = torch.Generator().manual_seed(stream(seed, f"target/{branch.stage}"))
        labels.append(target(branch, channels, batch, generator))
    return labels
