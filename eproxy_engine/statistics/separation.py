"""How well a number tells two groups apart."""

from __future__ import annotations

import math

import scipy

from eproxy_engine.statistics.bootstrap import or_none
from eproxy_engine.statistics.ranking import Floats

SMALLEST_FOR_SPREAD = 2


def separation(good: Floats, bad: Floats) -> dict[str, float | None]:
    """Means, spreads and the area under the ROC curve of two samples of one number, 1-D; JSON values.

    ``auc``: the probability that one of ``good`` has a higher value than one of ``bad``, ties counted half: 0.5 where
    the number says nothing, 0 or 1 where it tells them apart. ``p``: of the two-sided Mann–Whitney test, exact for
    small samples without ties. None where undefined.
    """
    auc = p = math.nan
    if len(good) and len(bad):
        test = scipy.stats.mannwhitneyu(good, bad, alternative="two-sided")
        auc, p = test.statistic / (len(good) * len(bad)), test.pvalue
    values = {
        "good": _mean(good),
        "good_sd": _spread(good),
        "bad": _mean(bad),
        "bad_sd": _spread(bad),
        "auc": auc,
        "p": p,
    }
    return {name: or_none(value) for name, value in values.items()} | {"n_good": len(good), "n_bad": len(bad)}


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else math.nan


def _spread(values: Floats) -> float:
    """Standard deviation over the sample."""
    return float(values.std(ddof=1)) if len(values) >= SMALLEST_FOR_SPREAD else math.nan
