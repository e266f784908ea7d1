"""Removing normalisations from networks."""

from __future__ import annotations

from torch import nn

NORMALISATIONS = (nn.modules.batchnorm._NormBase, nn.GroupNorm, nn.LayerNorm)
"""Batch, instance, group and layer normalisation."""


def without_normalisation(network: nn.Module) -> None:
    """Replace every normalisation of ``network`` by the identity, in place."""
    for module in list(network.modules()):
        for name, part in module.named_children():
            if isinstance(part, NORMALISATIONS):
                setattr(module, name, nn.Identity())
