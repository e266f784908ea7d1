"""A search space of one's own: 192 plain convolutional networks (docs/your-own-space.md explains every part)."""

from dataclasses import dataclass, replace

import networkx as nx

from eproxy_engine import spaces
from eproxy_engine.errors import UserError
from eproxy_engine.spaces import SearchSpace, Task

CHOICES = {
    "depths": ("1-1-1", "1-1-2", "1-2-1", "1-2-2", "2-1-1", "2-1-2", "2-2-1", "2-2-2"),
    "kernel": ("1", "3", "5"),
    "norm": ("batch", "none"),
    "activation": ("relu", "tanh"),
    "channels": ("half", "full"),
}


@dataclass(frozen=True)
class ConvNet:
    """One architecture: a choice for each of the above."""

    depths: str
    kernel: str
    norm: str
    activation: str
    channels: str

    def __str__(self):
        return f"{self.depths}/{self.kernel}/{self.norm}/{self.activation}/{self.channels}"


def layer(net, c_in, c_out, stride):
    """Convolution, normalisation and activation, as an ordinary PyTorch module."""
    from torch import nn

    kernel = int(net.kernel)
    normed = net.norm == "batch"
    parts = [nn.Conv2d(c_in, c_out, kernel, stride, kernel // 2, bias=not normed)]
    if normed:
        parts.append(nn.BatchNorm2d(c_out))
    parts.append(nn.ReLU() if net.activation == "relu" else nn.Tanh())
    return nn.Sequential(*parts)


def stages(net, width):
    """The three stages, and how many channels come out of each. Stages two and three halve the image."""
    from torch import nn

    first = max(1, width // 2) if net.channels == "half" else width
    channels = (first, 2 * first, 4 * first)
    modules, c_in = [], 3
    for stage, (depth, c_out) in enumerate(zip(net.depths.split("-"), channels, strict=True)):
        layers = []
        for place in range(int(depth)):
            stride = 2 if stage > 0 and place == 0 else 1
            layers.append(layer(net, c_in, c_out, stride))
            c_in = c_out
        modules.append(nn.Sequential(*layers))
    return modules, channels


def head(channels, classes):
    """What turns the last stage into one number a class."""
    from torch import nn

    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes))


class PlainConvNets(SearchSpace):
    """The search space."""

    name = "plain-convnets"
    title = "Plain convnets"
    tasks = (Task("patches", "Which of ten photographs a patch comes from"),)
    published_width = 16
    small_width = 16

    def parse(self, text):
        words = text.strip().split("/")
        if len(words) != len(CHOICES) or any(w not in c for w, c in zip(words, CHOICES.values(), strict=True)):
            raise UserError(f"not a plain convnet: {text!r}; accepted: such as {self.largest()}")
        return ConvNet(*words)

    def sample(self, rng):
        return ConvNet(*(str(rng.choice(choices)) for choices in CHOICES.values()))

    def mutate(self, architecture, rng):
        field = str(rng.choice(list(CHOICES)))
        others = [choice for choice in CHOICES[field] if choice != getattr(architecture, field)]
        return replace(architecture, **{field: str(rng.choice(others))})

    def largest(self):
        return ConvNet("2-2-2", "5", "batch", "relu", "full")

    def build(self, architecture, width, size=32):
        from eproxy_engine.spaces.stages import Stages

        modules, channels = stages(architecture, width)
        return Stages(modules, channels, lambda classes: head(channels[-1], classes))

    def drawings(self, architecture):
        size = f"{architecture.kernel}x{architecture.kernel}"
        labels = ["input"]
        for stage, depth in enumerate(architecture.depths.split("-")):
            for place in range(int(depth)):
                halves = stage > 0 and place == 0
                labels.append(f"conv {size}, stride 2" if halves else f"conv {size}")
        labels.append("output")
        graph = nx.DiGraph()
        for node, label in enumerate(labels):
            graph.add_node(node, label=label)
        for node in range(len(labels) - 1):
            graph.add_edge(node, node + 1, label="")
        return {"network": graph}


spaces.register(PlainConvNets())
