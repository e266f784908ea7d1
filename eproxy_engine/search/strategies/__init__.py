"""Strategies: which candidate to try next, given how good the earlier ones were.

A strategy is a generator: it yields the candidates that it wants judged (several where none depends on another),
is sent the fitness of all that it has yielded so far, higher is better, and returns when its budget is spent (evolution
may be asked for its next child sooner: :func:`regularized_evolution`). It is a function of its arguments and of the
fitness it is sent, so a search can be replayed from stored evaluations.
"""

from eproxy_engine.search.strategies.candidate import Candidate, Domain, Neighbourhood, Strategy
from eproxy_engine.search.strategies.evolution import regularized_evolution
from eproxy_engine.search.strategies.local_search import local_search
from eproxy_engine.search.strategies.random_search import random_search
from eproxy_engine.search.strategies.tpe import tpe

__all__ = [
    "Candidate",
    "Domain",
    "Neighbourhood",
    "Strategy",
    "local_search",
    "random_search",
    "regularized_evolution",
    "tpe",
]
