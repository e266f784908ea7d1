"""What each part of a proxy configuration may be (§2.2)."""

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
