"""Separation: how well a number tells two groups apart."""

from __future__ import annotations

import math

import scipy

from eproxy_engine.statistics.bootstrap import or_none
from eproxy_engine.statistics.ranking import Floats

SMALLEST_FOR_SPREAD = 2


def separation(good: Floats, bad: Floats) -> dict[str, float | None]:
    """Compare two samples of one number by mean, spread and area under the ROC curve.

    Args:
        good: Values of the first group, 1-D.
        bad: Values of the second group, 1-D.

    Returns:
        JSON values, None where undefined. ``auc`` is the probability that one of ``good`` has a higher value than one
        of ``bad``, ties counted half: 0.5 where the number says nothing, 0 or 1 where it separates the groups. ``p`` is
        that of the two-sided Mann–Whitney test, exact for small samples without ties.
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
    """Compute the standard deviation of the sample."""
    return float(values.std(ddof=1)) if len(values) >= SMALLEST_FOR_SPREAD else math.nan
