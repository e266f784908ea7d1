"""The promises of search spaces, on spaces that break them one at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
import pytest
import torch
from torch import Tensor, nn

from eproxy_engine import spaces
from eproxy_engine.errors import UserError
from eproxy_engine.spaces import SearchSpace, contract
from eproxy_engine.spaces.backbone import Backbone
from eproxy_engine.spaces.contract import Broken
from eproxy_engine.spaces.stages import Stages
from tests.registry import EXAMPLE, fresh_registry

__all__ = ["fresh_registry"]
NET = "2-2-2/3/batch/relu/half"


@pytest.fixture
def example(fresh_registry: object, monkeypatch: pytest.MonkeyPatch) -> SearchSpace:
    monkeypatch.setenv("EPROXY_PLUGINS", str(EXAMPLE))
    return spaces.get("plain-convnets")


def promise(title: str) -> contract.Promise:
    (found,) = [each for each in contract.promises() if each.title == title]
    return found


def broken(title: str, space: SearchSpace, *parts: str) -> None:
    with pytest.raises(Broken) as caught:
        promise(title).check(space)
    assert "\n" not in str(caught.value)
    for part in parts:
        assert part in str(caught.value)


def changed(space: SearchSpace, **members: Any) -> SearchSpace:
    """A space like ``space`` with other members."""
    return type("Changed", (type(space),), members)()


def building(space: SearchSpace, change: Callable[[Backbone, int], object]) -> SearchSpace:
    """A space whose networks are those of ``space``, changed (or replaced by what ``change`` returns)."""

    def build(self: SearchSpace, architecture: object, width: int, size: int = 32) -> Any:
        backbone = space.build(architecture, width, size)
        return change(backbone, size) or backbone

    return changed(space, build=build)


def test_the_example_keeps_them_all(example: SearchSpace) -> None:
    titles = [each.title for each in contract.promises()]
    assert len(set(titles)) == len(titles)
    for each in contract.promises():
        each.check(example)


# --- values ---


def test_chance_from_elsewhere(example: SearchSpace) -> None:
    elsewhere = changed(example, sample=lambda self, rng: example.sample(np.random))
    broken("chance comes from the generator alone", elsewhere, "sample or mutate uses randomness other")


def test_global_generators_are_left_as_they_were(example: SearchSpace) -> None:
    np.random.seed(3)
    expected = np.random.rand()
    np.random.seed(3)
    promise("chance comes from the generator alone").check(example)
    assert np.random.rand() == expected


def test_one_architecture_only(example: SearchSpace) -> None:
    broken("samples and mutants differ", changed(example, sample=lambda self, rng: example.largest()), "fifty samples")
    first = changed(example, mutate=lambda self, net, rng: example.mutate(net, np.random.default_rng(0)))
    broken("samples and mutants differ", first, "fifty mutants of '")


def test_a_representative_that_is_none(example: SearchSpace) -> None:
    rng = np.random.default_rng(0)
    wandering = changed(example, equivalent=lambda self, net: example.mutate(net, rng))
    broken("representatives are in the space", wandering, "is another architecture")


class Named:
    """An architecture without equality."""

    def __str__(self) -> str:
        return NET


def test_values_without_equality(example: SearchSpace) -> None:
    unequal = changed(example, sample=lambda self, rng: Named())
    broken("architectures can be copied", unequal, f"a pickled copy of {NET!r} is not equal to it")
    plain = changed(example, sample=lambda self, rng: object())
    broken("text names the architecture", plain, "sample gives a object without a method __str__")


def test_values_that_cannot_be_pickled(example: SearchSpace) -> None:
    class Local(Named):
        pass

    local = changed(example, sample=lambda self, rng: Local())
    broken("architectures can be copied", local, f"{NET!r} cannot be pickled (", "Local", "; accepted: an instance of")


@pytest.mark.parametrize(
    ("parse", "part"),
    [
        (lambda self, text: {}[text], "parse raises KeyError for ''; accepted: UserError"),
        (lambda self, text: self.largest(), "parse reads '' as '2-2-2/5/batch/relu/full'"),
    ],
)
def test_nonsense_that_is_not_refused(example: SearchSpace, parse: Any, part: str) -> None:
    broken("nonsense is refused in one line", changed(example, parse=parse), part)


def test_a_refusal_that_does_not_show_the_text(example: SearchSpace) -> None:
    def parse(self: SearchSpace, text: str) -> None:
        raise UserError("no")

    broken("nonsense is refused in one line", changed(example, parse=parse), "error of parse for '' is not one line")


@pytest.mark.parametrize(
    ("edges", "labels", "part"),
    [
        ([(0, 1), (1, 0)], ["input", "output"], "not an acyclic"),
        ([(0, 1), (1, 2)], ["input", "output", "more"], "an edge of the drawing 'cell' begins at the output"),
        ([(1, 0), (0, 2)], ["input", "more", "output"], "an edge of the drawing 'cell' ends at an input"),
        ([(0, 1)], ["some", "output"], "begins with 'input'"),
        ([(0, 1)], ["input", ""], "node 1 of the drawing 'cell' has no label"),
    ],
)
def test_a_drawing_that_leads_nowhere(
    example: SearchSpace, edges: list[tuple[int, int]], labels: list[str], part: str
) -> None:
    graph = nx.DiGraph()
    for node, label in enumerate(labels):
        graph.add_node(node, label=label)
    graph.add_edges_from(edges, label="conv")
    drawing = changed(example, drawings=lambda self, net: {"cell": graph})
    broken("drawings lead from inputs to one output", drawing, part)


# --- networks ---

STAGES = "three stage outputs come deepest first"


class Other(Backbone):
    """A network whose outputs, channels, head or parameters are others than those of ``inner``."""

    def __init__(
        self, inner: Backbone, outputs: Callable[[list[Tensor]], list[Tensor]] = list, classes: int = 0
    ) -> None:
        super().__init__()
        self.inner, self.outputs, self.more_classes = inner, outputs, classes
        self.stage_channels = inner.stage_channels

    def forward(self, x: Tensor) -> list[Tensor]:
        return self.outputs(self.inner(x))

    def classifier(self, classes: int) -> nn.Module:
        return self.inner.classifier(classes + self.more_classes)


@pytest.mark.parametrize(
    ("outputs", "part"),
    [
        (lambda stages: stages[:2], "gives 2 outputs; accepted: three"),
        (lambda stages: [stages[0].flatten(1), *stages[1:]], "accepted: [2, channels, height, width]"),
        (lambda stages: [stages[0][:, :5], *stages[1:]], "but the outputs have (5, "),
        (lambda stages: [stages[0].repeat(1, 1, 4, 4), *stages[1:]], "the deepest, with the least, first"),
    ],
)
def test_stage_outputs_of_another_form(example: SearchSpace, outputs: Any, part: str) -> None:
    broken(STAGES, building(example, lambda inner, size: Other(inner, outputs)), part)


def test_a_classifier_of_another_form(example: SearchSpace) -> None:
    more = building(example, lambda inner, size: Other(inner, classes=1))
    broken(STAGES, more, "classifier(7) of '", "gives (2, 8) for two images")


def test_what_is_no_backbone(example: SearchSpace) -> None:
    broken(STAGES, building(example, lambda inner, size: nn.Identity()), "build gives a Identity; accepted: a Backbone")


def test_weights_from_elsewhere(example: SearchSpace) -> None:
    own = torch.Generator().manual_seed(0)

    def drawn(inner: Backbone, size: int) -> None:
        for parameter in inner.parameters():
            parameter.data = torch.rand(parameter.shape, generator=own)

    broken("a network's weights depend on the seed alone", building(example, drawn), "different weights for the same")


def test_an_idle_parameter(example: SearchSpace) -> None:
    def with_idle(inner: Backbone, size: int) -> None:
        inner.idle = nn.Parameter(torch.ones(1))

    broken("every parameter learns", building(example, with_idle), "no gradient reaches idle of '")
    frozen = building(example, lambda inner, size: inner.requires_grad_(False) and None)
    broken("every parameter learns", frozen, "has no trainable parameters")


def test_counts_of_another_network(example: SearchSpace) -> None:
    def heavier_in_earnest(inner: Backbone, size: int) -> None:
        if next(inner.parameters()).device.type == "cpu":
            inner.more = nn.Parameter(torch.ones(1))

    broken("counts are those of the network", building(example, heavier_in_earnest), "parameters, counted ")


def test_one_larger_than_the_largest(example: SearchSpace) -> None:
    smaller = changed(example, largest=lambda self: self.parse("1-1-1/1/none/relu/half"))
    broken("none has more FLOPs than the largest", smaller, "more than the largest with ")
    misstated = changed(example, largest_flops=5)
    broken("none has more FLOPs than the largest", misstated, "largest_flops is 5, but '2-2-2/5/batch/relu/full' has")


def test_parameters_of_the_size_of_the_images(example: SearchSpace) -> None:
    def positions(inner: Backbone, size: int) -> None:
        inner.positions = nn.Parameter(torch.ones(size))

    broken("parameters do not depend on the size of the images", building(example, positions), "depend on the size")


def test_a_width_that_has_no_say_is_advice(example: SearchSpace) -> None:
    fixed = changed(example, build=lambda self, net, width, size=32: example.build(net, 16, size))
    title = "twice the width is twice the channels"
    broken(title, fixed, "at width 16 stages of '", "channels do not follow the width")
    assert [each.title for each in contract.promises() if each.advice] == [title]


def test_checking_leaves_torch_as_it_was(example: SearchSpace) -> None:
    state = torch.get_rng_state()
    for each in contract.promises():
        each.check(example)
    assert torch.equal(torch.get_rng_state(), state)


# --- the backbone for plug-ins ---


def test_stages_give_the_outputs_of_their_modules_deepest_first() -> None:
    parts = [nn.Conv2d(3, 4, 1), nn.Conv2d(4, 6, 2, stride=2), nn.Conv2d(6, 8, 2, stride=2)]
    network = Stages(parts, (4, 6, 8), lambda classes: nn.Flatten(1, classes))
    x = torch.randn(2, 3, 8, 8)
    first = parts[0](x)
    second = parts[1](first)
    expected = [parts[2](second), second, first]
    for output, wanted, channels in zip(network(x), expected, network.stage_channels, strict=True):
        assert torch.equal(output, wanted)
        assert output.shape[1] == channels
    assert network.classifier(2).end_dim == 2
    assert len(list(network.parameters())) == 6


@pytest.mark.parametrize(("modules", "channels"), [(2, 3), (3, 2), (4, 4)])
def test_stages_are_three(modules: int, channels: int) -> None:
    with pytest.raises(ValueError, match=f"{modules} modules with {channels} numbers of channels; accepted: three"):
        Stages([nn.Identity()] * modules, [3] * channels, nn.Linear)  # type: ignore[arg-type]
