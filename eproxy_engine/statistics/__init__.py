"""Statistics of how well scores rank architectures, and how scores relate to each other and to size.

Most functions take two 1-D arrays of equal length n, with one entry per architecture: ``score`` (predicted by a
proxy) and ``accuracy`` (ground truth). Higher is better in both.

Policy, the same everywhere:

- A non-finite score means that the evaluation diverged. It ranks below every finite score, and all
  diverged architectures tie.
- A non-finite accuracy, arrays that are not 1-D, and different lengths raise ValueError.
- Ties get average ranks (Spearman, partial or not), the τ-b correction (Kendall), expectation over random tie
  breaking (top-k, precision, nDCG).
- A correlation is undefined for n < 2 or when either array is constant, a partial one also when the given arrays
  fully explain either, nDCG when all accuracies are equal: the value is nan, without a warning.
  Resamples for which a statistic is undefined do not count in its interval; if all are, the interval is nan.
- Below n = 5 there is no interval, because resampling so few architectures says nothing about others.

Every statistic also has a weighted form over a matrix of ``weights``, shape (resamples, n): how often each
architecture occurs in each bootstrap resample. It sorts once for all resamples.
"""

from eproxy_engine.statistics.bootstrap import SMALLEST_FOR_INTERVAL, Estimate, Statistic, bootstrap_interval, or_none
from eproxy_engine.statistics.correlation import correlation_matrix, kendall, spearman
from eproxy_engine.statistics.gain import ndcg
from eproxy_engine.statistics.paired import Difference, Resampled, paired_difference, resampled_together
from eproxy_engine.statistics.partial import partial_spearman
from eproxy_engine.statistics.ranking import ranks
from eproxy_engine.statistics.retrieval import precision_at, top_retrieval
from eproxy_engine.statistics.separation import separation
from eproxy_engine.statistics.summary import Correlation, correlate

__all__ = [
    "SMALLEST_FOR_INTERVAL",
    "Correlation",
    "Difference",
    "Estimate",
    "Resampled",
    "Statistic",
    "bootstrap_interval",
    "correlate",
    "correlation_matrix",
    "kendall",
    "ndcg",
    "or_none",
    "paired_difference",
    "partial_spearman",
    "precision_at",
    "ranks",
    "resampled_together",
    "separation",
    "spearman",
    "top_retrieval",
]
