"""NAS-Bench-MR: published parameters and FLOPs of every row, the benchmark's JSON, and how branches meet."""

import json
import math
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given

from eproxy_engine import benchmarks, spaces
from eproxy_engine.benchmarks.convert.nasbenchmr import nasbenchmr
from eproxy_engine.errors import UserError
from eproxy_engine.spaces.nasbenchmr.code import Code, Stage
from eproxy_engine.spaces.nasbenchmr.network import Fusion
from eproxy_engine.spaces.nasbenchmr.reading import CHOICES
from tests.properties import altered, taken_or_refused

SPACE = spaces.get("nasbench-mr")
PUBLISHED = pd.read_csv(Path(__file__).parent / "data/nasbenchmr_published.csv")
"""Published parameters and FLOPs of all 2,507 rows, in the order of the table (sorted by architecture)."""
TABLE = benchmarks.load("nasbench-mr")
SMALLEST = "8,8|1*1x8|1*1x8,1x8|1*1x8,1x8,1x8|1*1x8,1x8,1x8,1x8|8"
EXAMPLE = "16,64|1*3x128|3*3x32,3x48|2*2x16,3x32,2x16|1*2x96,4x112,1x48,1x80|112"
EXAMPLE_JSON = {
    "input_channel": [16, 64],
    "inverted_residual_setting": [
        [1, [3], [128]],
        *[[2, [3, 3], [32, 48]]] * 3,
        *[[3, [2, 3, 2], [16, 32, 16]]] * 2,
        [4, [2, 4, 1, 1], [96, 112, 48, 80]],
    ],
    "last_channel": 112,
}


def code(text: str) -> Code:
    parsed = SPACE.parse(text)
    assert isinstance(parsed, Code)
    return parsed


def counted_by_the_benchmark(rows: pd.DataFrame) -> list[int]:
    """FLOPs by the benchmark's rule: two more for every normalised element, and the 50 biases of the classifier.

    A normalisation follows every convolution, so activations are twice the normalised elements. They are counted
    at CIFAR size, where all grids are those of the benchmark's 128 pixels but the first convolution's: 32, not 64.
    """
    first = np.array([code(text).stem[0] for text in rows["architecture"]])
    normalised_twice = rows["activations"] + 2 * first * (64**2 - 32**2)
    return (rows["flops"] + normalised_twice + SPACE.classes).tolist()


def test_table_has_the_published_parameters_and_flops() -> None:
    """Every row, through the shipped table, whose figures the converter counted on built networks."""
    assert len(TABLE) == len(PUBLISHED) == 2507
    assert TABLE["parameters"].tolist() == PUBLISHED["parameters"].tolist()
    assert counted_by_the_benchmark(TABLE) == PUBLISHED["flops"].tolist()


def test_counting_gives_the_published_parameters_and_flops() -> None:
    places = np.random.default_rng(0).permutation(len(TABLE))[:4]
    texts = TABLE["architecture"].iloc[places]
    counted = [vars(SPACE.complexity(SPACE.parse(text))) for text in texts]
    rows = pd.DataFrame(counted).assign(architecture=texts.tolist())
    assert rows["parameters"].tolist() == PUBLISHED["parameters"].iloc[places].tolist()
    assert counted_by_the_benchmark(rows) == PUBLISHED["flops"].iloc[places].tolist()


def test_smallest_by_hand() -> None:
    """34 convolutions of 3x3 from 8 to 8 channels, 3 of 1x1 from coarser branches, the first, and the head's."""
    by_kernel = 34 * 9 * 64 + 3 * 64 + 3 * 9 * 8 + 32 * 8
    normalisations = (34 + 3 + 1 + 1) * 2 * 8
    assert SPACE.complexity(code(SMALLEST)).parameters == by_kernel + normalisations + (8 * 50 + 50)


def test_the_space_has_two_to_the_eighty_architectures_and_all_measured_ones() -> None:
    assert len(CHOICES) == 27
    assert math.prod(map(len, CHOICES)) == 2**80
    assert [text for text in TABLE["architecture"] if str(code(text)) != text] == []
    assert TABLE["architecture"].is_unique


def test_detections_of_failed_trainings_are_unknown() -> None:
    tasks = [task.name for task in SPACE.tasks]
    assert TABLE[tasks].isna().sum().to_dict() == {**dict.fromkeys(tasks, 0), "3ddet": 3}
    assert TABLE["3ddet"].min() > 10


def test_converter_reads_the_published_file(tmp_path: Path) -> None:
    columns = ["cls_50_1000", "cls_50_100", "cls_10_1000", "cls_10c", "seg", "seg_4x", "3ddet", "video", "video_p"]
    rows = [[EXAMPLE_JSON, *range(11, 20)], [_changed(last_channel=8), *range(21, 27), 0.07, 28, 29]]
    raw = pd.DataFrame(rows, columns=["arch_json", *columns])
    raw["arch_json"] = raw["arch_json"].map(json.dumps)
    raw.to_csv(tmp_path / "nasbench_mr.csv", index=False)
    table = nasbenchmr(tmp_path)
    assert table["architecture"].tolist() == [EXAMPLE, EXAMPLE.replace("|112", "|8")]
    assert list(table) == ["architecture", *(task.name for task in SPACE.tasks)]
    assert table.iloc[0, 1:].tolist() == list(range(11, 20))
    assert table.columns[table.iloc[1].isna()].tolist() == ["3ddet"]


def _changed(**fields: object) -> dict[str, object]:
    return {**EXAMPLE_JSON, **fields}


def test_stages_of_a_code() -> None:
    example = code(EXAMPLE)
    assert (example.stem, example.last) == ((16, 64), 112)
    assert example.stages == [
        Stage(1, (3,), (128,)),
        Stage(3, (3, 3), (32, 48)),
        Stage(2, (2, 3, 2), (16, 32, 16)),
        Stage(1, (2, 4, 1, 1), (96, 112, 48, 80)),
    ]


@pytest.mark.parametrize("indent", [None, 2])
def test_the_json_of_the_benchmark_is_read(indent: int | None) -> None:
    assert str(SPACE.parse(f"\n {json.dumps(EXAMPLE_JSON, indent=indent)} ")) == EXAMPLE


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(_changed(last_channel="112|8"), id="too many fields"),
        pytest.param(_changed(last_channel=112.0), id="not an integer"),
        pytest.param(_changed(input_channel=[16]), id="one stem convolution"),
        pytest.param(_changed(input_channel=16), id="no list"),
        pytest.param({"input_channel": [16, 64], "last_channel": 112}, id="no modules"),
        pytest.param(_changed(inverted_residual_setting=[[1, [3]]]), id="half a module"),
        pytest.param(
            _changed(inverted_residual_setting=[*EXAMPLE_JSON["inverted_residual_setting"], [4, [1] * 4, [8] * 4]]),
            id="modules of a stage that differ",
        ),
        pytest.param(
            _changed(inverted_residual_setting=EXAMPLE_JSON["inverted_residual_setting"][::-1]), id="stages reversed"
        ),
        pytest.param(
            _changed(inverted_residual_setting=[[2, [3], [128]], *EXAMPLE_JSON["inverted_residual_setting"][1:]]),
            id="branches that are not there",
        ),
    ],
)
def test_other_json_is_refused(given: object) -> None:
    _assert_refused(json.dumps(given), "with equal modules within each stage")


@pytest.mark.parametrize("given", ["{", "{}", '{"a": ' + "[" * 100_000, '{"input_channel": null}'])
def test_broken_json_is_refused(given: str) -> None:
    _assert_refused(given, "with equal modules within each stage")


@given(changed=altered(EXAMPLE_JSON))
def test_altered_json_is_read_or_refused(changed: object) -> None:
    taken_or_refused(lambda: spaces.get("nasbench-mr").parse(json.dumps(changed)))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (EXAMPLE.replace("|112", "|20"), "20 channels"),
        (EXAMPLE.replace("|112", "|20"), "8, 16, 24, …, 128"),
        (EXAMPLE.replace("|112", "|136"), "136 channels"),
        (EXAMPLE.replace("1*3x128", "5*3x128"), "5 repeats"),
        (EXAMPLE.replace("1*3x128", "1*7x128"), "7 repeats"),
        (EXAMPLE.replace("1*3x128", "1*7x128"), "1 to 4"),
        (EXAMPLE.replace("1*3x128", "0*3x128"), "four stages of"),
        (EXAMPLE.replace("|112", "|0112"), "four stages of"),
        (EXAMPLE.replace("|112", "|１１２"), "four stages of"),
        (EXAMPLE.replace("|112", "|" + "9" * 5000), "four stages of"),
        (EXAMPLE + "|8", "four stages of"),
        (EXAMPLE.replace(",1x80", ""), "four stages of"),
    ],
)
def test_refusals_say_what_is_accepted(given: str, shown: str) -> None:
    _assert_refused(given, shown)


def _assert_refused(given: str, shown: str) -> None:
    with pytest.raises(UserError) as caught:
        SPACE.parse(given)
    assert shown in str(caught.value)
    assert repr(given[:200]) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_mutant_differs_in_one_number() -> None:
    rng = np.random.default_rng(0)
    original = code(EXAMPLE)
    places = set()
    for _ in range(400):
        mutant = SPACE.mutate(original, rng)
        assert isinstance(mutant, Code)
        differ = [i for i, (a, b) in enumerate(zip(original.numbers, mutant.numbers, strict=True)) if a != b]
        assert len(differ) == 1
        places.update(differ)
    assert places == set(range(27))


@pytest.mark.parametrize("size", [32, 128])
def test_grids_at_cifar_size_are_those_of_the_benchmark(size: int) -> None:
    stages = SPACE.build(code(EXAMPLE), 8, size)(torch.zeros(2, 3, size, size))
    assert [tuple(s.shape[1:]) for s in stages] == [(12 + 14 + 6 + 10, 4, 4), (4 + 6, 16, 16), (16, 32, 32)]


def test_a_fused_branch_depends_on_itself_and_its_neighbours() -> None:
    fusion = Fusion([2, 3, 4], [5, 6, 7, 8])
    branches = [torch.randn(2, c, side, side, requires_grad=True) for c, side in ((2, 16), (3, 8), (4, 4))]
    outputs = fusion(branches)
    assert [tuple(x.shape[1:]) for x in outputs] == [(5, 16, 16), (6, 8, 8), (7, 4, 4), (8, 2, 2)]
    reached = [
        [g is not None for g in torch.autograd.grad(x.sum(), branches, retain_graph=True, allow_unused=True)]
        for x in outputs
    ]
    assert reached == [[True, True, False], [True, True, True], [False, True, True], [False, True, True]]


def test_the_drawing_has_every_branch_and_the_edges_of_the_fusions() -> None:
    graph = SPACE.drawings(code(EXAMPLE))["network"]
    labels = dict(graph.nodes(data="label"))
    assert len(graph) == 4 + (1 * 1 + 3 * 2 + 2 * 3 + 1 * 4)
    assert labels["8/3"] == "1 unit, 80 ch, 1/32"
    assert set(graph.predecessors("8/0")) == {"7/0", "7/1"}
    assert set(graph.predecessors("8/1")) == {"7/0", "7/1", "7/2"}
    assert set(graph.predecessors("8/3")) == set(graph.predecessors("8/2")) == {"7/1", "7/2"}
    assert set(graph.predecessors("head")) == {"8/0", "8/1", "8/2", "8/3"}
    ranks = nx.get_node_attributes(graph, "rank")
    assert all(ranks[target] == ranks[source] + 1 for source, target in graph.edges)
