"""Other tools' notations of architectures: examples made by hand, round trips, what is refused."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eproxy_engine import spaces
from eproxy_engine.errors import UserError
from eproxy_engine.spaces.builtin import BUILTIN
from eproxy_engine.spaces.cells.space import CellSpace
from eproxy_engine.spaces.formats import plain_values, several
from eproxy_engine.spaces.nasbench201.formats import by_index
from tests.properties import taken_or_refused

CELL_101 = "1100001101:conv1x1,conv3x3,maxpool3x3"
MATRIX = [[0, 1, 1, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [0, 0, 0, 0, 0]]
OPERATIONS = ["input", "conv1x1-bn-relu", "conv3x3-bn-relu", "maxpool3x3", "output"]
NUMPY = "[[0 1 1 0 0]\n [0 0 0 0 1]\n [0 0 0 1 0]\n [0 0 0 0 1]\n [0 0 0 0 0]]"
UNPRUNED = [
    [0, 1, 1, 0, 1, 0, 0],
    [0, 0, 0, 0, 0, 0, 1],
    [0, 0, 0, 1, 0, 1, 0],
    [0, 0, 0, 0, 0, 0, 1],
    [0, 0, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0],
]
"""As :data:`MATRIX` in seven vertices, of which the fifth and the sixth lead nowhere."""
UNPRUNED_OPERATIONS = [*OPERATIONS[:4], "conv3x3-bn-relu", "maxpool3x3", "output"]
CELL_201 = "|avg_pool_3x3~0|+|skip_connect~0|none~1|+|nor_conv_1x1~0|avg_pool_3x3~1|nor_conv_1x1~2|"
STRUCTURE = (
    (("avg_pool_3x3", 0),),
    (("skip_connect", 0), ("none", 1)),
    (("nor_conv_1x1", 0), ("avg_pool_3x3", 1), ("nor_conv_1x1", 2)),
)

SAME = {
    "nasbench101": [
        CELL_101,
        json.dumps({"matrix": MATRIX, "ops": OPERATIONS}),
        json.dumps([MATRIX, OPERATIONS]),
        str({"matrix": MATRIX, "ops": OPERATIONS}),
        f"({MATRIX}, {OPERATIONS})",
        str({"module_adjacency": MATRIX, "module_operations": OPERATIONS, "trainable_parameters": 1}),
        f"matrix = {MATRIX}\nops = {OPERATIONS}",
        f"matrix = {MATRIX} ops = {OPERATIONS}",
        f"api.ModelSpec(matrix={MATRIX}, ops={OPERATIONS})",
        f"model_spec = ModelSpec({MATRIX}, {OPERATIONS})",
        f"ModelSpec(matrix={MATRIX},  # a comment\n ops=[INPUT, CONV1X1, CONV3X3, MAXPOOL3X3, OUTPUT])",
        f"{NUMPY}\n['input' 'conv1x1-bn-relu' 'conv3x3-bn-relu' 'maxpool3x3' 'output']",
        f"{NUMPY}\n{OPERATIONS}",
        NUMPY.replace("0", "0.").replace("1", "1.") + f"\n{OPERATIONS[1:-1]}",
        f"{{'matrix': array({MATRIX}, dtype=int8), 'ops': {OPERATIONS}}}",
        str([[[bool(entry) for entry in row] for row in MATRIX], OPERATIONS]),
        str({"matrix": UNPRUNED, "ops": UNPRUNED_OPERATIONS}),
        "(0,1,1,0,0, 0,0,0,0,1, 0,0,0,1,0, 0,0,0,0,1, 0,0,0,0,0, 0,3,4,2,1)",
    ],
    "nasbench201": [
        CELL_201,
        "(4, 0, 3, 1, 4, 3)",
        "[4, 0, 3, 1, 4, 3]",
        str(list(STRUCTURE)),
        json.dumps(STRUCTURE),
        f"Structure(4 nodes with {CELL_201})",
        str({"name": "infer.tiny", "C": 16, "N": 5, "arch_str": CELL_201, "num_classes": 10}),
    ],
    "transnas101-micro": ["64-41414-1_02_333", "1_02_333", "(1, 0, 2, 3, 3, 3)", " [1,0,2,3,3,3] "],
    "transnas101-macro": ["64-2311-basic", "2311", "(2, 3, 1, 1, 0, 0)", "array([2, 3, 1, 1, 0, 0])"],
    "nds-cifar10-resnet": [
        "d1w16|d2w24|d3w32",
        '{"block_type": "res_basic_block", "bot_muls": [], "ds": [1, 1, 2, 3], "num_gs": [], "ss": [1, 1, 2, 2], '
        '"ws": [16, 16, 24, 32]}',
        "{'ds': [1, 2, 3], 'ws': [16, 24, 32]}",
        "{'net': {'ds': [1, 1, 2, 3], 'ws': [16, 16, 24, 32], 'bot_muls': [], 'num_gs': []}, 'params': 1}",
    ],
    "nds-cifar10-resnext-a": [
        "d1w16b0.5g2|d2w32b1g1|d4w64b0.25g4",
        "{'ds': [1, 2, 4], 'ws': [16, 32, 64], 'bot_muls': [0.5, 1.0, 0.25], 'num_gs': [2, 1, 4]}",
    ],
}
"""The same architecture in several notations, for each search space; the benchmark's own text comes first."""


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in SAME.items() for text in texts[1:]])
def test_all_notations_name_the_same_architecture(name: str, text: str) -> None:
    assert spaces.get(name).parse(text) == spaces.get(name).parse(SAME[name][0])


@pytest.mark.parametrize("name", [space.name for space in BUILTIN])
def test_what_is_written_is_read_back(name: str) -> None:
    space, rng = spaces.get(name), np.random.default_rng(0)
    assert space.formats()
    for architecture in [space.sample(rng) for _ in range(3)]:
        for each in space.formats():
            if says_everything(space, each.name) and not (each.name == "naslib" and "none~" in str(architecture)):
                text = each.write(architecture)
                assert "\n" not in text
                assert space.parse(text) == architecture


def says_everything(space: spaces.SearchSpace, name: str) -> bool:
    """Genotypes alone have neither depth nor width."""
    sizes_differ = isinstance(space, CellSpace) and len(space.depths) * len(space.widths) > 1
    return name == "json" or not sizes_differ


def test_what_naslib_has_no_number_for_is_not_written() -> None:
    space = spaces.get("nds-cifar10-darts-fix-w-d")
    node = "|".join(["none~0+skip_connect~1"] * 4)
    (naslib,) = (each for each in space.formats() if each.name == "naslib")
    with pytest.raises(UserError, match="unknown operation of NASLib's 'none'; accepted: max_pool_3x3"):
        naslib.write(space.parse(f"d20w16;normal={node};reduce={node}"))


# NAS-Bench-201 and NASLib


@pytest.mark.parametrize(
    ("index", "text"),
    [  # 0, 9 and 123: the benchmark's own code asserts them; 6111, 9930, 10676: best on the three data sets
        (0, "|avg_pool_3x3~0|+|nor_conv_1x1~0|skip_connect~1|+|nor_conv_1x1~0|skip_connect~1|skip_connect~2|"),
        (9, "|avg_pool_3x3~0|+|none~0|none~1|+|skip_connect~0|none~1|nor_conv_3x3~2|"),
        (123, "|avg_pool_3x3~0|+|avg_pool_3x3~0|nor_conv_1x1~1|+|none~0|avg_pool_3x3~1|nor_conv_3x3~2|"),
        (235, "|nor_conv_3x3~0|+|skip_connect~0|nor_conv_3x3~1|+|nor_conv_1x1~0|nor_conv_3x3~1|none~2|"),
        (6111, "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|"),
        (15624, "|nor_conv_1x1~0|+|none~0|nor_conv_1x1~1|+|none~0|nor_conv_1x1~1|nor_conv_1x1~2|"),
    ],
)
def test_the_index_is_that_of_the_benchmark(index: int, text: str) -> None:
    space = spaces.get("nasbench201")
    assert str(space.parse(str(index))) == text
    assert {each.name: each.write(space.parse(text)) for each in space.formats()}["nats"] == str(index)


def test_the_order_of_the_indices_is_that_of_the_published_table() -> None:
    """The digest is that of the column arch_str of the published figures, sorted by idx, one a line."""
    digest = hashlib.sha256("\n".join(map(str, by_index())).encode()).hexdigest()
    assert digest == "83abc799e45cf34e9d2163654668ab998b9a54d01c39e72ca1f71f2cdf356d84"


def test_naslib_orders_edges_by_source_and_has_its_own_operations() -> None:
    """By hand: edges 0-1, 0-2, 0-3, 1-2, 1-3, 2-3; operations skip, none, 3x3, 1x1, pool."""
    expected = "|nor_conv_3x3~0|+|none~0|nor_conv_1x1~1|+|skip_connect~0|avg_pool_3x3~1|nor_conv_3x3~2|"
    assert str(spaces.get("nasbench201").parse("(2, 1, 0, 3, 4, 2)")) == expected


def test_naslibs_pairs_of_a_darts_genotype() -> None:
    """By hand: pairs of a source and the number of an operation, 3 the first and 2 the second of these."""
    space = spaces.get("nds-cifar10-darts-fix-w-d")
    cell = ((0, 3), (1, 2), (0, 3), (1, 2), (0, 3), (1, 2), (0, 3), (1, 2))
    node = "|".join(["sep_conv_3x3~0+skip_connect~1"] * 4)
    assert str(space.parse(str((cell, cell)))) == f"d20w16;normal={node};reduce={node}"


# What is refused


@pytest.mark.parametrize(
    ("name", "text", "parts"),
    [
        ("nasbench101", str([MATRIX, ["input", "conv5x5-bn-relu", *OPERATIONS[2:]]]), ["'conv5x5'", "maxpool3x3"]),
        ("nasbench101", str([MATRIX[:4], OPERATIONS]), ["accepted: 5 x 5"]),
        ("nasbench101", str([[row[::-1] for row in MATRIX], OPERATIONS]), ["backwards"]),
        ("nasbench101", str([[[2, *row[1:]] for row in MATRIX], OPERATIONS]), ["0 and 1"]),
        ("nasbench101", str([[[0] * 9] * 9, ["input", *["maxpool3x3"] * 7, "output"]]), ["9 vertices", "up to 7"]),
        ("nasbench101", str({"matrix": MATRIX, "ops": 3}), ["operations 3"]),
        ("nasbench101", str([[[0] * 3] * 3, ["input", "maxpool3x3", "output"]]), ["no path"]),
        ("nasbench101", "(1, 2, 3)", ["not a NAS-Bench-101", "matrix and operations", "NASLib's tuple"]),
        ("nasbench101", "import os", ["not a NAS-Bench-101"]),
        ("nasbench201", "15625", ["15625", "accepted: 0 to 15624"]),
        ("nasbench201", "-1", ["accepted: 0 to 15624"]),
        ("nasbench201", "(5, 0, 3, 1, 4, 3)", ["operation 5", "accepted: 0 to 4"]),
        ("nasbench201", "(4, 0, 3, 1, 4)", ["NASLib's tuple of six", "the index of NAS-Bench-201", "a Structure"]),
        ("nasbench201", str(list(STRUCTURE)).replace("none", "zero"), ["'zero'", "skip_connect"]),
        ("nasbench201", str(list(STRUCTURE[:2])), ["not a NAS-Bench-201"]),
        ("nasbench201", str([*STRUCTURE[:2], [("none", 0)] * 3]), ["not a NAS-Bench-201"]),
        ("nasbench201", "True", ["not a NAS-Bench-201"]),
        ("transnas101-micro", "4_02_333", ["may be left out", "0 none, 1 skip_connect", "NASLib's tuple"]),
        ("transnas101-micro", "(4, 0, 2, 3, 3, 3)", ["not a TransNAS-Bench-101 Micro"]),
        ("transnas101-micro", "(1, -1, 2, 3, 3)", ["not a TransNAS-Bench-101 Micro"]),
        ("transnas101-macro", "(2, 0, 3, 1, 1, 0)", ["not a TransNAS-Bench-101 Macro", "NASLib's tuple"]),
        ("transnas101-macro", "(2, 1, 1, 1, 0, 0)", ["outside"]),
        ("nds-cifar10-darts-fix-w-d", str((((0, 7),) * 8,) * 2), ["not an architecture", "NASLib's pairs"]),
        ("nds-cifar10-resnet", "{'ds': [1, 2, 3], 'ws': [16, 24]}", ["not an architecture of NDS ResNet"]),
    ],
)
def test_refusals_say_what_is_wrong_or_was_tried(name: str, text: str, parts: list[str]) -> None:
    with pytest.raises(UserError) as caught:
        spaces.get(name).parse(text)
    assert [part for part in parts if part not in str(caught.value)] == []
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "open('x')",
        "[x for x in (1, 2)]",
        "f'{1}'",
        "lambda: 1",
        "1 + 1",
        "Genotype(*[1])",
        "Genotype(**{'normal': 1})",
        "{**{}}",
        "{1: 2}",
        "range(10**9)",
        "range(1000000)",
        "range(0, 5, 0)",
        "b'x'",
        "...",
        "a = 1; 2",
        "import os",
        "[" * 5000,
        "-" * 5000 + "1",
        "9" * 5000,
        "[1, 2" + ", 3" * 10_000,
        "'\\x00'",
        "\0",
        "",
    ],
)
def test_what_is_not_plain_is_not_read(text: str) -> None:
    assert plain_values(text) is None


TOKENS = (
    *"[](){},:=#-.*0127 \n",
    *("235", "0.5", "None", "true", "matrix", "ops", "ds", "normal=", "64-", "1_02_333", "range(", "np.array(", "ws"),
    *("[[0, 1], [0, 0]]", "['input', 'output']", "'none', 0", "[1, 2, 3]", "ModelSpec(", "Genotype(", "'ds'", "'ws'"),
    *("'input'", "'output'", "'conv3x3-bn-relu'", "'matrix'", "'ops'"),
)


@given(texts=st.lists(st.sampled_from(TOKENS), max_size=12))
@pytest.mark.parametrize("name", SAME)
def test_any_text_is_read_or_refused(name: str, texts: list[str]) -> None:
    space = spaces.get(name)
    found = taken_or_refused(lambda: space.parse("".join(texts)))
    assert found is None or space.parse(str(found)) == found


# Several in one text


def test_several_architectures_of_one_or_many_lines() -> None:
    text = f"# two that are equal\n{CELL_201}\n[\n  4, 0, 3,\n  1, 4, 3\n]\n\nnonsense\n235  \n(1,\n"
    found = list(several(spaces.get("nasbench201"), text))
    assert [(each.line, each.architecture) for each in found] == [
        (2, CELL_201),
        (3, CELL_201),
        (8, None),
        (9, str(by_index()[235])),
        (10, None),
    ]
    assert [each.line for each in found if each.error is not None and "not a NAS-Bench-201" in str(each.error)] == [
        8,
        10,
    ]


def test_a_matrix_and_its_operations_may_be_two_parts() -> None:
    space, text = spaces.get("nasbench101"), f"{NUMPY}\n{OPERATIONS}\nmatrix = {MATRIX}\nops = {OPERATIONS}\n"
    found = list(several(space, text + f"{NUMPY}\n\n{OPERATIONS}"))
    expected = str(space.parse(CELL_101))
    assert [(each.line, each.architecture) for each in found] == [(1, expected), (7, expected), (9, None), (15, None)]


def test_an_open_bracket_hides_nothing_that_follows() -> None:
    found = list(several(spaces.get("nasbench201"), "\n".join(["(1, 2", *["235"] * 200])))
    assert [each.error is None for each in found] == [False, *[True] * 200]
