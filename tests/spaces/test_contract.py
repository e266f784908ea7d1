"""What every registered search space has to do."""

import pickle
import subprocess
import sys
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from eproxy_engine import spaces
from eproxy_engine.errors import UserError
from eproxy_engine.spaces import SearchSpace
from eproxy_engine.spaces.complexity import count
from eproxy_engine.spaces.interface import CIFAR_SIZE

ROOT = Path(__file__).parents[2]
SEEDS = st.integers(0, 2**32 - 1)
QUICK = settings(deadline=None, max_examples=60)


@pytest.fixture(params=spaces.names(), scope="module")
def space(request: pytest.FixtureRequest) -> SearchSpace:
    return spaces.get(request.param)


every_space = pytest.mark.parametrize("name", spaces.names())


@every_space
@QUICK
@given(seed=SEEDS)
def test_text_names_the_sampled_architecture(name: str, seed: int) -> None:
    space = spaces.get(name)
    architecture = space.sample(np.random.default_rng(seed))
    assert space.parse(str(architecture)) == architecture
    assert str(space.parse(str(architecture))) == str(architecture)
    assert str(space.parse(f"  {architecture}\n")) == str(architecture)


@every_space
@QUICK
@given(seed=SEEDS)
def test_mutation_is_another_architecture_of_the_space(name: str, seed: int) -> None:
    space, rng = spaces.get(name), np.random.default_rng(seed)
    architecture = space.sample(rng)
    for _ in range(3):
        mutant = space.mutate(architecture, rng)
        assert mutant != architecture
        assert str(mutant) != str(architecture)
        assert space.parse(str(mutant)) == mutant
        architecture = mutant


@every_space
@QUICK
@given(seed=SEEDS)
def test_sample_and_mutate_depend_on_the_generator_alone(name: str, seed: int) -> None:
    def walk() -> list[str]:
        space, rng = spaces.get(name), np.random.default_rng(seed)
        architecture = space.sample(rng)
        return [str(architecture), *(str(space.mutate(architecture, rng)) for _ in range(3))]

    before = walk()
    np.random.seed(seed % 1000)
    assert walk() == before


@every_space
@QUICK
@given(seed=SEEDS)
def test_equivalent_is_a_fixed_representative_in_the_space(name: str, seed: int) -> None:
    space = spaces.get(name)
    representative = space.equivalent(space.sample(np.random.default_rng(seed)))
    assert space.equivalent(representative) == representative
    assert space.parse(str(representative)) == representative


def test_samples_and_mutants_are_diverse(space: SearchSpace) -> None:
    rng = np.random.default_rng(0)
    start = space.sample(rng)
    assert len({space.sample(rng) for _ in range(50)}) > 40
    assert len({space.mutate(start, rng) for _ in range(50)}) > 10


def test_architectures_are_hashable_and_picklable_values(space: SearchSpace) -> None:
    architectures = [space.sample(np.random.default_rng(seed)) for seed in range(20)]
    copies = pickle.loads(pickle.dumps(architectures))
    assert copies == architectures
    assert set(copies) == set(architectures)
    assert [str(copy) for copy in copies] == [str(architecture) for architecture in architectures]


@pytest.mark.parametrize("width", [4, 8])
def test_stage_outputs_come_deepest_first(space: SearchSpace, width: int) -> None:
    for seed in range(3):
        backbone = space.build(space.sample(np.random.default_rng(seed)), width)
        stages = backbone(torch.zeros(2, 3, 32, 32))
        assert len(stages) == 3
        assert tuple(stage.shape[1] for stage in stages) == backbone.stage_channels
        sides = [tuple(stage.shape[2:]) for stage in stages]
        assert all(height == width and 1 <= height <= 32 for height, width in sides)
        assert sides == sorted(sides)
        assert backbone.classifier(7)(stages[0]).shape == (2, 7)


def test_twice_the_width_is_twice_the_channels(space: SearchSpace) -> None:
    architecture, published = space.sample(np.random.default_rng(0)), space.published_width
    narrow, wide = (space.build(architecture, width).stage_channels for width in (published, 2 * published))
    assert wide == tuple(2 * channels for channels in narrow)


def test_parameters_do_not_depend_on_the_size_of_the_images(space: SearchSpace) -> None:
    architecture = space.sample(np.random.default_rng(2))
    shapes = [
        {name: tuple(p.shape) for name, p in space.build(architecture, 8, size).named_parameters()}
        for size in (CIFAR_SIZE, space.input_size)
    ]
    assert shapes[0] == shapes[1]


def test_every_parameter_learns(space: SearchSpace) -> None:
    """Where everything drawn lies between what comes in and what goes out, no parameter of the network is idle.

    What an all-zero node feeds cannot matter (only spaces with an operation ``none`` have such), nor can what
    prepares an input that nothing uses: architectures with such parts are left out.
    """
    rng, checked = np.random.default_rng(0), 0
    while checked < 4:
        architecture = space.equivalent(space.sample(rng))
        if not all(_all_on_a_path(graph) for graph in space.drawings(architecture).values()):
            continue
        torch.manual_seed(checked)
        backbone = space.build(architecture, 8)
        stages = backbone(torch.randn(4, 3, 32, 32))
        sum((stage - torch.randn_like(stage)).square().mean() for stage in stages).backward()  # type: ignore[union-attr]
        idle = [name for name, p in backbone.named_parameters() if p.grad is None or not p.grad.any()]
        assert idle == [], str(architecture)
        checked += 1


def _all_on_a_path(graph: nx.DiGraph) -> bool:
    """Whether every input is used, and every node that has edges and the output lie behind some input."""
    inputs, output = _ends(graph)
    behind = set().union(*(nx.descendants(graph, node) | {node} for node in inputs))
    on_a_path = behind & (nx.ancestors(graph, output) | {output})
    return {*inputs, output} <= on_a_path and all(node in on_a_path for node in graph if graph.degree(node))


def _ends(graph: nx.DiGraph) -> tuple[list[object], object]:
    """The nodes that come in and the one that goes out."""
    labels = dict(graph.nodes(data="label"))
    (output,) = [node for node, label in labels.items() if label == "output"]
    return [node for node, label in labels.items() if label.startswith("input")], output


def test_drawings_lead_from_inputs_to_one_output(space: SearchSpace) -> None:
    for seed in range(20):
        drawings = space.drawings(space.sample(np.random.default_rng(seed)))
        assert drawings
        for title, graph in drawings.items():
            assert title
            assert nx.is_directed_acyclic_graph(graph)
            assert all(isinstance(label, str) and label for _, label in graph.nodes(data="label"))
            assert all(isinstance(label, str) for *_, label in graph.edges(data="label"))
            inputs, output = _ends(graph)
            assert inputs
            assert all(graph.in_degree(node) == 0 for node in inputs)
            assert graph.out_degree(output) == 0


def test_largest_flops_are_those_of_the_largest_and_of_no_other(space: SearchSpace) -> None:
    assert count(space, space.largest()).flops == space.largest_flops
    rng = np.random.default_rng(0)
    assert all(count(space, space.sample(rng)).flops <= space.largest_flops for _ in range(10))


def test_count_reports_what_the_built_network_has(space: SearchSpace) -> None:
    architecture = space.sample(np.random.default_rng(1))
    complexity = count(space, architecture, width=8)
    backbone = space.build(architecture, 8)
    stages = backbone(torch.zeros(2, 3, CIFAR_SIZE, CIFAR_SIZE))
    assert complexity.stages == tuple(tuple(stage.shape[1:]) for stage in stages)
    parameters = [*backbone.parameters(), *backbone.classifier(space.classes).parameters()]
    assert complexity.parameters == sum(p.numel() for p in parameters)


def test_counting_leaves_torch_as_it_was(space: SearchSpace) -> None:
    state = torch.get_rng_state()
    count(space, space.largest(), width=4)
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.zeros(1).device.type == "cpu"
    assert torch.is_grad_enabled()


NONSENSE = ["", " ", "nonsense", ":", "|", "~", "1" * 21, "None", "../../etc/passwd", "архитектура 🙂", "a\nb", "\0"]


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_is_refused_in_one_line_that_shows_it(space: SearchSpace, text: str) -> None:
    with pytest.raises(UserError) as caught:
        space.parse(text)
    assert repr(text) in str(caught.value)
    assert "\n" not in str(caught.value)


@every_space
@QUICK
@given(seed=SEEDS, place=st.integers(0, 200), char=st.characters(codec="utf-8"), text=st.none() | st.text(max_size=30))
def test_a_text_is_an_architecture_or_a_user_error(name: str, seed: int, place: int, char: str, text: str) -> None:
    space = spaces.get(name)
    if text is None:  # one character of a valid text replaced
        valid = str(space.sample(np.random.default_rng(seed)))
        text = valid[: place % len(valid)] + char + valid[place % len(valid) + 1 :]
    try:
        architecture, refusal = space.parse(text), ""
    except UserError as error:
        architecture, refusal = None, str(error)
    assert repr(text) in refusal if refusal else space.parse(str(architecture)) == architecture


def test_unknown_space_lists_the_known() -> None:
    with pytest.raises(UserError, match="'nowhere'") as caught:
        spaces.get("nowhere")
    assert all(name in str(caught.value) for name in spaces.names())


def test_a_taken_name_cannot_be_registered(space: SearchSpace) -> None:
    before = spaces.names()
    with pytest.raises(ValueError, match=repr(space.name)):
        spaces.register(type(space)())
    assert spaces.names() == before


def test_sampling_and_drawing_need_no_torch() -> None:
    code = (
        "import sys, numpy as np\n"
        "from eproxy_engine import spaces\n"
        "for space in map(spaces.get, spaces.names()):\n"
        "    architecture = space.sample(np.random.default_rng(0))\n"
        "    space.drawings(space.equivalent(space.mutate(architecture, np.random.default_rng(0))))\n"
        "    space.largest()\n"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
