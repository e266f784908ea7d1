"""The network of an evaluation, initialised as it says."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from functools import lru_cache

from torch import Tensor, nn

from eproxy_engine import spaces
from eproxy_engine.errors import UserError
from eproxy_engine.proxy.choices import STAGES
from eproxy_engine.proxy.configuration import Branch, Configuration, configuration_of
from eproxy_engine.proxy.evaluation import Evaluation
from eproxy_engine.proxy.head import Head, barrier_layer, transform_layer
from eproxy_engine.proxy.initialisation import initialise, seeded
from eproxy_engine.proxy.layers import quick_layers
from eproxy_engine.proxy.network import ProxyNetwork
from eproxy_engine.proxy.spectral import SpectralConvolution, spectrum_of, worthwhile
from eproxy_engine.spaces.backbone import Backbone


def build(evaluation: Evaluation) -> tuple[Backbone, list[Head]]:
    """Build backbone and one head per branch on the CPU, initialised as the evaluation specifies."""
    backbone = initial_backbone(evaluation)
    return backbone, initial_heads(evaluation, backbone.stage_channels)


def initial_backbone(evaluation: Evaluation) -> Backbone:
    """Build the backbone, which depends on architecture, width, initialisation and seed alone."""
    family, configuration = spaces.get(evaluation.space), configuration_of(evaluation)
    assert isinstance(configuration.width, int)
    with seeded(evaluation.seed, "network"), quick_layers():
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


def to_frequencies(network: ProxyNetwork, configuration: Configuration, seed: int) -> None:
    """Replace, in place, the convolutions of the heads that are faster in the frequency domain."""
    for head, branch in zip(network.heads, configuration.branches, strict=True):
        assert isinstance(head, Head)
        transform, barrier = head.transform[0], head.barrier
        if isinstance(transform, nn.Conv2d) and worthwhile(transform):
            head.transform[0] = SpectralConvolution(transform)
        if isinstance(barrier, nn.Conv2d) and worthwhile(barrier):
            head.barrier = SpectralConvolution(barrier, _spectrum(branch, configuration.barrier_init, seed))
