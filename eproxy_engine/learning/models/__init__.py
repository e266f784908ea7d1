"""Rank models: what turns a few known accuracies into a ranking of all candidates. One file each."""

from eproxy_engine.learning.models.best_single import BestSingle
from eproxy_engine.learning.models.gaussian_process import GaussianProcess
from eproxy_engine.learning.models.mean_of_best import MeanOfBest
from eproxy_engine.learning.models.model import Prediction, RankModel
from eproxy_engine.learning.models.prior import Prior
from eproxy_engine.learning.models.ridge import Ridge

MODELS: dict[str, RankModel] = {
    "gp": GaussianProcess(),
    "ridge": Ridge(),
    "best": BestSingle(),
    "mean4": MeanOfBest(),
    "prior": Prior(),
}
"""Models by name."""

__all__ = ["MODELS", "BestSingle", "GaussianProcess", "MeanOfBest", "Prediction", "Prior", "RankModel", "Ridge"]
