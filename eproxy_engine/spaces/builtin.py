"""The search spaces that come with the product, in the order in which they are listed."""

from eproxy_engine.spaces.interface import SearchSpace
from eproxy_engine.spaces.nasbench101.space import NASBench101
from eproxy_engine.spaces.nasbench201.space import NASBench201

BUILTIN: tuple[SearchSpace, ...] = (
    NASBench101(),
    NASBench201(),
)
