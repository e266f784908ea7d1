"""What each part of a proxy configuration may be (§2.2)."""

STAGES = ("deepest", "before_second", "before_first")
"""Which output a branch learns: the last one, or what comes before the second or first downsampling (§2.2, 4)."""
GRID = 8
"""Pixels of a side of every target; stage outputs are resized to it."""
FEATURE_TITLES = {
    "net": "untrained network",
    "wave_low": "waves, low",
    "wave_mid": "waves, mid",
    "wave_high": "waves, high",
    "dot": "dots ±1",
}
FEATURES = tuple(FEATURE_TITLES)
COEFFICIENTS = (0.5, 1.0, 1.5, 2.0)
KERNELS = (1, 3, 7)
CHANNELS = (16, 32, 64, 128, 256, 512)
INIT_TITLES = {
    "default": "PyTorch's default",
    "kaiming_normal": "Kaiming, normal",
    "kaiming_uniform": "Kaiming, uniform",
    "xavier_normal": "Xavier, normal",
    "xavier_uniform": "Xavier, uniform",
}
INITIALISATIONS = tuple(INIT_TITLES)
"""``default`` is PyTorch's own; the others are those of §2.2, item 3."""
WIDTHS = ("small", "published")
PRECISIONS = ("float32", "bfloat16")
"""In which convolutions and matrix products are carried out; sums, normalisation and weights are always float32."""
BRANCH_WEIGHTS = ("equal", "halving")
LAST = "last"
"""Read-out: the loss of the last iteration."""
FLOPS_NORMS = {
    "possible": "of the largest possible",
    "measured": "of the largest measured",
}
"""FLOPs that those of an architecture are divided by in α's term."""
