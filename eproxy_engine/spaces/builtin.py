"""Built-in search spaces, in the order in which they are listed."""

from eproxy_engine.spaces.anynet.design_spaces import CIFAR10_ANYNETS, IMAGENET_ANYNETS
from eproxy_engine.spaces.cells.darts import DARTSOpen, SwapDARTS
from eproxy_engine.spaces.cells.nds import CIFAR10_CELLS, IMAGENET_CELLS
from eproxy_engine.spaces.interface import SearchSpace
from eproxy_engine.spaces.nasbench101.space import NASBench101
from eproxy_engine.spaces.nasbench201.space import NASBench201
from eproxy_engine.spaces.nasbenchmr.space import NASBenchMR
from eproxy_engine.spaces.transnas101.macro import TransNASBench101Macro
from eproxy_engine.spaces.transnas101.micro import TransNASBench101Micro

BUILTIN: tuple[SearchSpace, ...] = (
    NASBench101(),
    NASBench201(),
    TransNASBench101Micro(),
    TransNASBench101Macro(),
    NASBenchMR(),
    *IMAGENET_CELLS,
    *IMAGENET_ANYNETS,
    *CIFAR10_CELLS,
    *CIFAR10_ANYNETS,
    DARTSOpen(),
    SwapDARTS(),
)
