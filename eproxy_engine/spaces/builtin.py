"""The search spaces that come with the product, in the order in which they are listed."""

from eproxy_engine.spaces.anynet.design_spaces import (
    Cifar10ResNet,
    Cifar10ResNeXtA,
    Cifar10ResNeXtB,
    ImageNetResNeXtA,
    ImageNetResNeXtB,
)
from eproxy_engine.spaces.cells.darts import DARTSOpen, SwapDARTS
from eproxy_engine.spaces.cells.nds import (
    Cifar10Amoeba,
    Cifar10DARTS,
    Cifar10ENAS,
    Cifar10FixedDARTS,
    Cifar10FixedENAS,
    Cifar10FixedPNAS,
    Cifar10NASNet,
    Cifar10PNAS,
    ImageNetAmoeba,
    ImageNetDARTS,
    ImageNetENAS,
    ImageNetFixedDARTS,
    ImageNetNASNet,
    ImageNetPNAS,
)
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
    ImageNetDARTS(),
    ImageNetFixedDARTS(),
    ImageNetAmoeba(),
    ImageNetENAS(),
    ImageNetNASNet(),
    ImageNetPNAS(),
    ImageNetResNeXtA(),
    ImageNetResNeXtB(),
    Cifar10DARTS(),
    Cifar10FixedDARTS(),
    Cifar10Amoeba(),
    Cifar10ENAS(),
    Cifar10FixedENAS(),
    Cifar10NASNet(),
    Cifar10PNAS(),
    Cifar10FixedPNAS(),
    Cifar10ResNet(),
    Cifar10ResNeXtA(),
    Cifar10ResNeXtB(),
    DARTSOpen(),
    SwapDARTS(),
)
