"""The library: one function for each thing that Eproxy Studio does, from strings and numbers to frames and figures.

``import eproxy_engine as ep`` has them all; they carry out the same runs as the command line and the dashboard, in the
same store, and compute nothing that is stored.
"""

from eproxy_engine.api.compare import Compared, compare
from eproxy_engine.api.evaluate import Evaluated, evaluate
from eproxy_engine.api.landscape import Landscapes, landscape
from eproxy_engine.api.rank import Ranked, rank
from eproxy_engine.api.score import Scored, score
from eproxy_engine.api.search_architecture import FoundArchitecture, search_architecture
from eproxy_engine.api.search_proxy import FoundProxy, search_proxy

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
