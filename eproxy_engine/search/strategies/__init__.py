"""Strategies: choose the next candidate from the fitness of earlier ones.

A strategy is a generator. It yields the candidates to judge (several if they are independent), is sent the fitness of
all candidates yielded so far, higher is better, and returns when its budget is spent. A strategy whose model weighs
scores yields :class:`Needed` where it lacks some. Evolution and TPE may be asked for their next candidate earlier: see
:func:`regularized_evolution` and :func:`tpe`. A strategy depends only on its arguments and the fitness it is sent, so a
search can be replayed from stored evaluations.
"""

from eproxy_engine.search.strategies.bayesian import ACQUISITIONS, Modelled, bayesian
from eproxy_engine.search.strategies.candidate import (
    Candidate,
    Decided,
    Domain,
    ModelledStrategy,
    Needed,
    Neighbourhood,
    Strategy,
)
from eproxy_engine.search.strategies.evolution import regularized_evolution
from eproxy_engine.search.strategies.lanas import lanas
from eproxy_engine.search.strategies.local_search import local_search
from eproxy_engine.search.strategies.mcts import mcts
from eproxy_engine.search.strategies.nao import nao
from eproxy_engine.search.strategies.random_search import random_search
from eproxy_engine.search.strategies.semi_nas import semi_nas
from eproxy_engine.search.strategies.tpe import tpe
from eproxy_engine.search.strategies.weaknas import weaknas

__all__ = [
    "ACQUISITIONS",
    "Candidate",
    "Decided",
    "Domain",
    "Modelled",
    "ModelledStrategy",
    "Needed",
    "Neighbourhood",
    "Strategy",
    "bayesian",
    "lanas",
    "local_search",
    "mcts",
    "nao",
    "random_search",
    "regularized_evolution",
    "semi_nas",
    "tpe",
    "weaknas",
]
