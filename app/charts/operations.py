"""Names and colours of operations in drawings, the same for all benchmarks."""

from __future__ import annotations

import re

from app.charts import palette

COLOURS = (
    (r"skip", palette.MUTED),
    (r"pool", palette.ORANGE),
    (r"dil", palette.YELLOW),
    (r"conv_?1x1$", palette.SKY_BLUE),
    (r"conv", palette.GREEN),
)
"""Colours by the first pattern found in an operation's name; blue and vermillion are reserved for the barrier."""


def colour(operation: str) -> str:
    """Return the fill of an operation's box; muted for an unknown kind."""
    return next((fill for pattern, fill in COLOURS if re.search(pattern, operation)), palette.MUTED)


def title(operation: str) -> str:
    """Return the kernel, then the kind; a name without kernel stays as it is.

    >>> title("nor_conv_3x3"), title("maxpool3x3"), title("dil_sep_conv_3x3"), title("conv_7x1_1x7")
    ('3x3 conv', '3x3 max pool', '3x3 dil sep conv', '7x1 1x7 conv')
    >>> title("skip_connect"), title("stem, 64 channels")
    ('skip', 'stem, 64 channels')
    """
    if operation == "skip_connect":
        return "skip"
    match = re.fullmatch(r"([a-z_]+?)_?((?:_?\d+x\d+)+)", operation)
    if match is None:
        return operation
    kind = match[1].replace("_", " ").removeprefix("nor ")
    return f"{match[2].strip('_').replace('_', ' ')} {'max pool' if kind == 'maxpool' else kind}"
