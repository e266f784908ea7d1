"""What every registered search space has to do."""

import pickle
import subprocess
import sys
from itertools import pairwise
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
        assert tuple(stage.shape[1] for stage in stages) == backbone.stage_channels
        sides = [tuple(stage.shape[2:]) for stage in stages]
        assert all(shallow == (2 * deep[0], 2 * deep[1]) for deep, shallow in pairwise(sides))
        assert backbone.classifier(7)(stages[0]).shape == (2, 7)


def test_wider_stem_widens_every_stage(space: SearchSpace) -> None:
    architecture = space.sample(np.random.default_rng(0))
    narrow, wide = (space.build(architecture, width).stage_channels for width in (4, 8))
    assert wide == tuple(2 * channels for channels in narrow)


def test_every_parameter_learns(space: SearchSpace) -> None:
    """Where what is drawn leads from the input to the output, no parameter of the network is idle.

    The exception is what an all-zero node feeds, which only spaces with an operation ``none`` have: its
    weights cannot matter (nasbench201 states which), so such architectures are left out.
    """
    rng, checked = np.random.default_rng(0), 0
    while checked < 6:
        architecture = space.equivalent(space.sample(rng))
        if not _all_on_a_path(space.cell_graph(architecture)):
            continue
        torch.manual_seed(checked)
        backbone = space.build(architecture, 8)
        stages = backbone(torch.randn(4, 3, 32, 32))
        sum((stage - torch.randn_like(stage)).square().mean() for stage in stages).backward()  # type: ignore[union-attr]
        idle = [name for name, p in backbone.named_parameters() if p.grad is None or not p.grad.any()]
        assert idle == [], str(architecture)
        checked += 1


def _all_on_a_path(graph: nx.DiGraph) -> bool:
    """Whether every node that has edges, and the output, lies between input and output."""
    first, last = _node(graph, "input"), _node(graph, "output")
    on_a_path = (nx.descendants(graph, first) | {first}) & (nx.ancestors(graph, last) | {last})
    return {first, last} <= on_a_path and all(node in on_a_path for node in graph if graph.degree(node))


def _node(graph: nx.DiGraph, label: str) -> object:
    (node,) = [node for node, its_label in graph.nodes(data="label") if its_label == label]
    return node


def test_cell_graph_leads_from_one_input_to_one_output(space: SearchSpace) -> None:
    for seed in range(30):
        graph = space.cell_graph(space.sample(np.random.default_rng(seed)))
        assert nx.is_directed_acyclic_graph(graph)
        assert all(isinstance(label, str) and label for _, label in graph.nodes(data="label"))
        assert all(isinstance(label, str) for *_, label in graph.edges(data="label"))
        assert graph.in_degree(_node(graph, "input")) == 0
        assert graph.out_degree(_node(graph, "output")) == 0


def test_largest_flops_are_those_of_the_largest_and_of_no_other(space: SearchSpace) -> None:
    assert count(space, space.largest()).flops == space.largest_flops
    rng = np.random.default_rng(0)
    assert all(count(space, space.sample(rng)).flops <= space.largest_flops for _ in range(10))


def test_count_reports_what_the_built_network_has(space: SearchSpace) -> None:
    architecture = space.sample(np.random.default_rng(1))
    complexity = count(space, architecture, width=8)
    backbone = space.build(architecture, 8)
    stages = backbone(torch.zeros(2, 3, space.input_size, space.input_size))
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


def test_task_by_name_and_default(space: SearchSpace) -> None:
    assert space.task() is space.tasks[0]
    assert [space.task(task.name) for task in space.tasks] == list(space.tasks)
    assert len({task.name for task in space.tasks}) == len(space.tasks)
    with pytest.raises(UserError, match="'weather'") as caught:
        space.task("weather")
    assert all(task.name in str(caught.value) for task in space.tasks)


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
        "    space.cell_graph(space.equivalent(space.mutate(architecture, np.random.default_rng(0))))\n"
        "    space.largest()\n"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
