"""What is traced, how it is simplified, and what is refused."""

from collections.abc import Callable
from ctypes import CDLL

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from eproxy_engine.native.operations import Graph, Untraceable
from eproxy_engine.native.program import compiled
from eproxy_engine.native.simplify import simplified
from eproxy_engine.native.trace import trace
from tests.native.comparing import by_kernels, by_torch, differences, images
from tests.native.test_operations import GRADIENTS, OUTPUTS

SHAPE = (16, 3, 6, 6)


class Small(nn.Module):
    """Two convolutions, and whatever ``then`` makes of their outputs ``[b, 4, h, w]``."""

    def __init__(self, then: Callable[..., Tensor | list[Tensor]]) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.first, self.second = nn.Conv2d(3, 4, 1), nn.Conv2d(3, 4, 3, padding=1)
        self.third = nn.Conv2d(4, 4, 1, bias=False)
        self.norm, self.idle = nn.BatchNorm2d(4), nn.Conv2d(4, 4, 1)
        nn.init.constant_(self.norm.bias, 4.0)
        self.then = then

    def forward(self, x: Tensor) -> list[Tensor]:
        found = self.then(self, self.first(x), self.second(x))
        return found if isinstance(found, list) else [found]


def in_place(net: Small, a: Tensor, b: Tensor) -> Tensor:
    """Rectify ``a`` where it lies; what is then called ``a`` is the rectified one."""
    return functional.relu(a, inplace=True) + net.third(a) + a


def added_in_place(net: Small, a: Tensor, b: Tensor) -> Tensor:
    c = a
    c += b
    return net.third(a)


WIRINGS: dict[str, Callable[..., Tensor | list[Tensor]]] = {
    "a sum of three": lambda net, a, b: a + net.norm(net.third(b)) + b,
    "a sum of rectified": lambda net, a, b: functional.relu(a) + functional.relu(net.norm(net.third(a))),
    "twice the same": lambda net, a, b: net.third(a + a),
    "one tensor in many sums": lambda net, a, b: net.third(a + b) + (a + b) + a,
    "in place": in_place,
    "added in place": added_in_place,
    "concatenated": lambda net, a, b: torch.cat([a, b, a], dim=1),
    "concatenated again": lambda net, a, b: torch.cat([torch.cat([a, b], 1), net.third(a), b], 1),
    "cut": lambda net, a, b: net.third(a)[:, :3] + b[:, 1:],
    "cut and unread": lambda net, a, b: torch.cat([a, b], 1)[:, 2:6],
    "cut unevenly": lambda net, a, b: torch.cat([a[:, :3] + b[:, :3], net.third(a)], 1),
    "images again": lambda net, a, b: torch.cat([a, functional.interpolate(a, (6, 6))], 1),
    "one output twice": lambda net, a, b: [a, net.third(a), a],
    "an output that is read on": lambda net, a, b: [a[:, :2], net.third(a)],
    "nothing comes in": lambda net, a, b: net.third(torch.zeros_like(a)) + a,
    "zeros in sums": lambda net, a, b: torch.zeros_like(a) + (net.third(a) + torch.zeros_like(a)) + b,
    "zeros alone": lambda net, a, b: net.third(torch.zeros_like(a) + torch.zeros_like(a)) + b,
    "nothing added to an output": lambda net, a, b: [a, a + torch.zeros_like(a), net.third(b)],
    "a frozen layer": lambda net, a, b: net.third.requires_grad_(False)(functional.relu(a)),
    "an idle layer": lambda net, a, b: [a, net.idle(b)][:1],
}


@pytest.mark.parametrize("wiring", WIRINGS)
def test_whatever_the_wiring(kernels: CDLL, wiring: str) -> None:
    network, x = Small(WIRINGS[wiring]), images(16, 6)
    outputs, gradients = differences(by_kernels(network, x, kernels), by_torch(network, x))
    assert outputs < OUTPUTS
    assert gradients < GRADIENTS


def test_an_unread_layer_has_no_gradient() -> None:
    network = Small(WIRINGS["an idle layer"])
    trained = {id(p) for p in compiled(network, SHAPE).plan.trained}
    assert trained == {id(p) for p in network.first.parameters()}


def kinds(graph: Graph) -> list[str]:
    return [node.kind for node in graph.nodes]


def test_operations_are_merged() -> None:
    network = Small(lambda net, a, b: functional.relu(net.norm(net.third(functional.relu(a)))) + b)
    graph = trace(network, SHAPE)
    assert kinds(graph) == [
        "convolution",
        "convolution",
        "rectifier",
        "convolution",
        "normalisation",
        "rectifier",
        "sum",
    ]
    graph = simplified(graph)
    assert kinds(graph) == ["convolution", "convolution", "convolution", "copy"]
    third = graph.nodes[2]
    assert (third.rectified_input, third.rectified_output, third.normalisation is not None) == (True, True, True)
    assert (third.adds, graph.nodes[3].adds) == (False, True)


def test_zeros_are_not_added() -> None:
    graph = simplified(trace(Small(WIRINGS["zeros in sums"]), SHAPE))
    assert kinds(graph) == ["convolution", "convolution", "convolution", "copy", "copy"]


REFUSED: dict[str, tuple[Callable[..., Tensor | list[Tensor]], str]] = {
    "another function": (lambda net, a, b: torch.tanh(a), "calls tanh"),
    "a method": (lambda net, a, b: a.mean(), "uses tensor.mean"),
    "a product": (lambda net, a, b: a * b, "TypeError"),
    "a number": (lambda net, a, b: a + 1, "adds something else than a tensor of the same shape"),
    "broadcasting": (lambda net, a, b: a + b[:, :1], "adds something else than a tensor of the same shape"),
    "a layer twice": (lambda net, a, b: net.third(net.third(a)), "uses a layer twice"),
    "made weights": (lambda net, a, b: functional.conv2d(a, net.third.weight * 2), "computes weights from others"),
    "chance": (lambda net, a, b: a if torch.rand(1) < 0.5 else b, "draws random numbers"),
    "dropout": (lambda net, a, b: functional.dropout(a), "calls dropout"),
    "an image": (lambda net, a, b: a[0], "takes elements of a tensor"),
    "in place of a part": (lambda net, a, b: [functional.relu(a[:, :2], inplace=True), a], "changes a tensor in place"),
    "means of padding": (lambda net, a, b: functional.avg_pool2d(a, 3, 1, 1), "takes means that count the padding"),
    "a factor": (lambda net, a, b: functional.interpolate(a, scale_factor=2.0), "resizes by a factor"),
    "along rows": (lambda net, a, b: torch.cat([a, b], 2), "concatenates along another axis"),
    "a large kernel": (lambda net, a, b: nn.Conv2d(4, 4, 9, padding=4)(a), r"convolves with a kernel of \(9, 9\)"),
    "no statistics": (lambda net, a, b: net.norm.eval()(a), "normalises without the statistics of the batch"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_the_kernels_cannot_is_refused(what: str) -> None:
    then, reason = REFUSED[what]
    with pytest.raises(Untraceable, match=reason):
        compiled(Small(then), SHAPE)


def test_other_numbers_of_images_are_refused() -> None:
    with pytest.raises(Untraceable, match="20 images are no multiple of 16"):
        compiled(Small(lambda net, a, b: a), (20, 3, 6, 6))
