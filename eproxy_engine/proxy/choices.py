"""What each part of a proxy configuration may be (§2.2), and the checks that say so."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from eproxy_engine.errors import UserError, check_named, shown

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

STAGES = ("deepest", "before_second", "before_first")
"""Which output a branch learns: the last one, or what comes before the second or first downsampling (§2.2, 4)."""
GRID = 8
"""Pixels of a side of every target; stage outputs are resized to it."""
FEATURES = ("net", "wave_low", "wave_mid", "wave_high", "dot")
COEFFICIENTS = (0.5, 1.0, 1.5, 2.0)
KERNELS = (1, 3, 7)
CHANNELS = (16, 32, 64, 128, 256, 512)
INITIALISATIONS = ("default", "kaiming_normal", "kaiming_uniform", "xavier_normal", "xavier_uniform")
"""``default`` is PyTorch's own; the others are those of §2.2, item 3."""
WIDTHS = ("small", "published")
PRECISIONS = ("float32", "bfloat16")
"""In which convolutions and matrix products are carried out; sums, normalisation and weights are always float32."""
BRANCH_WEIGHTS = ("equal", "halving")

CHOICES: dict[str, tuple[Any, ...]] = {
    "stage": STAGES,
    "coefficient": COEFFICIENTS,
    "transform_kernel": KERNELS,
    "barrier_kernel": KERNELS,
    "c_mid": CHANNELS,
    "c_out": CHANNELS,
    "network_init": INITIALISATIONS,
    "barrier_init": INITIALISATIONS,
    "branch_weights": BRANCH_WEIGHTS,
    "precision": PRECISIONS,
}
RANGES: dict[str, tuple[float, float]] = {
    "learning_rate": (1e-4, 10.0),
    "flops_weight": (-0.5, 0.5),
    "iterations": (1, 1000),
    "batch": (1, 256),
    "momentum": (0.0, 0.999),
    "weight_decay": (0.0, 0.1),
}


def check_features(features: tuple[str, ...]) -> None:
    """At least one feature, each known and named once. Raises UserError."""
    if not features:
        raise UserError(f"features is empty; accepted: at least one of {', '.join(FEATURES)}")
    for feature in features:
        check_named("feature", feature, FEATURES)
    if len(set(features)) < len(features):
        raise UserError(f"features {list(features)} names one twice; accepted: each at most once")


def check_choices(part: DataclassInstance) -> None:
    """Every value with a set is in it; 2 is taken for 2.0. Raises UserError."""
    for field in fields(part):
        if field.name not in CHOICES:
            continue
        value, accepted = getattr(part, field.name), CHOICES[field.name]
        matches = [a for a in accepted if a == value and not isinstance(value, bool)]
        if not matches:
            raise UserError(f"{field.name} is {shown(value)}; accepted: {', '.join(map(str, accepted))}")
        object.__setattr__(part, field.name, matches[0])


def check_ranges(part: DataclassInstance) -> None:
    """Every number with a range is in it and of its kind; 1 is taken for 1.0. Raises UserError."""
    for name, (low, high) in RANGES.items():
        value, whole = getattr(part, name), isinstance(low, int)
        number = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        if not number or not low <= value <= high:
            kind = "a whole number" if whole else "a number"
            raise UserError(f"{name} is {shown(value)}; accepted: {kind} from {low} to {high}")
        object.__setattr__(part, name, value if whole else float(value) + 0.0)  # no -0.0: equal values, one digest


def check_width(width: object) -> None:
    """A number of stem channels, or one of :data:`WIDTHS`. Raises UserError."""
    if width not in WIDTHS and not (isinstance(width, int) and 4 <= width <= 512):
        raise UserError(f"width {shown(width)}; accepted: {', '.join(WIDTHS)} or a whole number from 4 to 512")
