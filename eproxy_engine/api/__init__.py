"""The library: one function for each thing that Eproxy Studio does, from strings and numbers to frames and figures.

``import eproxy_engine as ep`` has them all; they carry out the same runs as the command line and the dashboard, in the
same store, and compute nothing that is stored.
"""

from eproxy_engine.api.architecture_search import FoundArchitecture, search_architecture
from eproxy_engine.api.comparison import Compared, compare
from eproxy_engine.api.evaluation import Evaluated, evaluate
from eproxy_engine.api.landscapes import Landscapes, landscape
from eproxy_engine.api.proxy_search import FoundProxy, search_proxy
from eproxy_engine.api.ranking import Ranked, rank
from eproxy_engine.api.scores import Scored, score

__all__ = [
    "Compared",
    "Evaluated",
    "FoundArchitecture",
    "FoundProxy",
    "Landscapes",
    "Ranked",
    "Scored",
    "compare",
    "evaluate",
    "landscape",
    "rank",
    "score",
    "search_architecture",
    "search_proxy",
]
