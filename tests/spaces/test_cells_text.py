"""Spaces of cells: the notations of a genotype, and what is refused."""

import ast
import json
import re

import numpy as np
import pytest

from eproxy_engine import spaces
from eproxy_engine.errors import UserError
from eproxy_engine.spaces.cells.genotype import Genotype
from eproxy_engine.spaces.cells.space import CellSpace

NODE = (("sep_conv_3x3", 0), ("sep_conv_5x5", 1))
DARTS_CELL = "sep_conv_3x3~0+sep_conv_5x5~1"
ENAS_NET = {
    "aux": False,
    "depth": 14,
    "drop_prob": 0.0,
    "genotype": {
        "normal": [
            ["sep_conv_3x3", 0],
            ["avg_pool_3x3", 1],
            ["skip_connect", 2],
            ["sep_conv_5x5", 0],
            ["max_pool_3x3", 3],
            ["sep_conv_3x3", 2],
            ["skip_connect", 3],
            ["sep_conv_5x5", 4],
            ["max_pool_3x3", 5],
            ["sep_conv_5x5", 5],
        ],
        "normal_concat": [6],
        "reduce": [
            ["max_pool_3x3", 1],
            ["avg_pool_3x3", 0],
            ["avg_pool_3x3", 1],
            ["sep_conv_5x5", 0],
            ["sep_conv_5x5", 0],
            ["sep_conv_3x3", 0],
            ["sep_conv_3x3", 2],
            ["sep_conv_5x5", 2],
            ["sep_conv_5x5", 2],
            ["avg_pool_3x3", 3],
        ],
        "reduce_concat": [4, 5, 6],
    },
    "width": 32,
}
"""The first network of ENAS_in."""
ENAS_TEXT = (
    "d14w32;normal=sep_conv_3x3~0+avg_pool_3x3~1|skip_connect~2+sep_conv_5x5~0|max_pool_3x3~3+sep_conv_3x3~2|"
    "skip_connect~3+sep_conv_5x5~4|max_pool_3x3~5+sep_conv_5x5~5;reduce=max_pool_3x3~1+avg_pool_3x3~0|"
    "avg_pool_3x3~1+sep_conv_5x5~0|sep_conv_5x5~0+sep_conv_3x3~0|sep_conv_3x3~2+sep_conv_5x5~2|"
    "sep_conv_5x5~2+avg_pool_3x3~3"
)


def cells(name: str) -> CellSpace:
    space = spaces.get(name)
    assert isinstance(space, CellSpace)
    return space


def text(depth: int, width: int, *nodes: str) -> str:
    """Of a genotype whose cells are both made of ``nodes``."""
    cell = "|".join(nodes)
    return f"d{depth}w{width};normal={cell};reduce={cell}"


def darts(*nodes: str) -> str:
    return text(14, 48, *nodes)


def changed(**changes: object) -> str:
    """The JSON of :data:`ENAS_NET` with something else in it."""
    genotype = ENAS_NET["genotype"]
    assert isinstance(genotype, dict)
    inside = {name: value for name, value in changes.items() if name in genotype}
    outside = {name: value for name, value in changes.items() if name not in genotype}
    return json.dumps({**ENAS_NET, "genotype": {**genotype, **inside}, **outside})


def refusal(space: str, given: str) -> str:
    with pytest.raises(UserError) as caught:
        spaces.get(space).parse(given)
    assert repr(given[:1000]) in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_canonical_text_says_everything() -> None:
    genotype = cells("nds-imagenet-darts").parse(text(11, 34, *[DARTS_CELL] * 4))
    assert genotype == Genotype(11, 34, (NODE,) * 4, (NODE,) * 4)


def test_the_json_object_of_nds() -> None:
    space = cells("nds-imagenet-enas")
    for given in (json.dumps(ENAS_NET), json.dumps(ENAS_NET, indent=2), f" {ENAS_TEXT}\n"):
        assert str(space.parse(given)) == ENAS_TEXT
    assert space.counts(space.parse(ENAS_TEXT)).parameters == 1_752_376


def test_inputs_of_a_node_stay_in_the_published_order() -> None:
    space = cells("nds-imagenet-darts")
    one, other = text(6, 32, *[DARTS_CELL] * 4), text(6, 32, *["sep_conv_5x5~1+sep_conv_3x3~0"] * 4)
    assert str(space.parse(one)) == one
    assert str(space.parse(other)) == other


def test_inputs_of_a_node_of_the_open_space_are_put_in_order() -> None:
    given = darts(
        *["sep_conv_5x5~1+sep_conv_3x3~0"] * 2, "sep_conv_3x3~3+skip_connect~1", "avg_pool_3x3~4+max_pool_3x3~0"
    )
    ordered = darts(*[DARTS_CELL] * 2, "skip_connect~1+sep_conv_3x3~3", "max_pool_3x3~0+avg_pool_3x3~4")
    assert str(cells("darts").parse(given)) == ordered


def elsewhere(written: str) -> list[str]:
    """As the code and the logs of others have a genotype that DARTS would write like that."""
    values = ast.literal_eval(re.sub(r"(\w+)=", r"'\1': ", written).replace("Genotype(", "{")[:-1] + "}")
    by_node = {
        key: list(zip(each[::2], each[1::2], strict=True)) for key, each in values.items() if "concat" not in key
    }
    return [
        f"DARTS_V2 = {written}",
        f"DARTS_V2: Genotype = genotypes.{written}",
        f"{written},",
        f"{written[:-1]},\n)",
        written.replace("('sep_conv_3x3', 1)", "('sep_conv_3x3', np.int64(1),)"),
        re.sub(r", ([0-4])\)", r", np.int64(\1))", written),
        re.sub(r"'(\w+)'", r"numpy.str_('\1')", written),
        re.sub(r"\(('\w+', [0-9])\)", r"[\1]", written),
        written.replace("[2, 3, 4, 5]", "list(range(2, 6))"),
        json.dumps(values),
        json.dumps(list(values.values()), indent=1),
        str(values),
        f"Genotype{tuple(values.values())}",
        f"Genotype({', '.join(f'{key}={each}' for key, each in (values | by_node).items())})",
    ]


@pytest.mark.parametrize("name", ["darts", "darts-cifar10-1000", "nds-imagenet-darts-fix-w-d"])
@pytest.mark.parametrize("seed", range(5))
def test_genotypes_as_darts_writes_them_come_back(name: str, seed: int) -> None:
    space = cells(name)
    genotype = space.sample(np.random.default_rng(seed))
    written = space.genotype_text(genotype)
    assert written.startswith("Genotype(normal=[('")
    assert written.endswith("reduce_concat=[2, 3, 4, 5])")
    for given in (
        written,
        f"\n{written} ",
        written.replace(" ", "\n    "),
        written.replace("'", '"'),
        written.replace("[2, 3, 4, 5]", "range(2, 6)"),
        written.replace(")], ", "),], "),
        *elsewhere(written),
    ):
        assert space.parse(given) == genotype


def test_a_genotype_as_darts_writes_it_by_hand() -> None:
    space = cells("nds-cifar10-enas-fix-w-d")
    cell = "('sep_conv_3x3', 0), ('skip_connect', 1), " + ", ".join(["('avg_pool_3x3', 2), ('max_pool_3x3', 2)"] * 4)
    given = f"Genotype(normal=[{cell}], normal_concat=[3, 4, 5, 6], reduce=[{cell}], reduce_concat=[3, 4, 5, 6])"
    expected = text(20, 16, "sep_conv_3x3~0+skip_connect~1", *["avg_pool_3x3~2+max_pool_3x3~2"] * 4)
    assert str(space.parse(given)) == expected
    assert space.genotype_text(space.parse(given)) == given


@pytest.mark.parametrize("name", ["nds-imagenet-darts", "nds-cifar10-darts"])
def test_a_genotype_without_depth_and_width_is_not_enough(name: str) -> None:
    fixed = cells("nds-imagenet-darts-fix-w-d")
    assert "depth and width are missing" in refusal(name, fixed.genotype_text(fixed.largest()))


@pytest.mark.parametrize(
    "given",
    [
        "Genotype(normal=[__import__('os').system('true')], normal_concat=[2], reduce=[], reduce_concat=[2])",
        "Genotype(normal=[('none', 0)], normal_concat=[2], reduce=[('none', 0)], reduce_concat=[2])",
        "Genotype(normal=[], normal_concat=[], reduce=[], reduce_concat=[])",
        "Genotype(normal=[('none', range(0, 2)), ('none', 0)], normal_concat=[2], reduce=[], reduce_concat=[2])",
        "Genotype(normal=[('none', 0), ('none', np.float64(0.5))], normal_concat=[2], reduce=[], reduce_concat=[2])",
        '"Genotype("',
        "X = ",
        "[[]]",
        "Genotype(normal=[('none', 0.5), ('none', 0)], normal_concat=[2], reduce=[], reduce_concat=[2])",
        "Genotype" + "(" * 900,
        "{" * 900,
        '{"genotype": ' + "[" * 900 + "]" * 900 + "}",
        "{}",
        '{"genotype": null, "depth": 1, "width": 1}',
        "[1]",
        "d14w48",
        "d14w48;normal=;reduce=",
        "d14w48;normal=none~0;reduce=none~0",
        "d14w48;normal=none~0+none~0+none~0;reduce=none~0+none~0",
        "d1444w48;normal=none~0+none~0;reduce=none~0+none~0",
        "d٣w48;normal=none~0+none~0;reduce=none~0+none~0",
        "d14w48;normal=none~0+none~0;reduce=none~0+none~0;",
        "d14w48;normal=none~0+none~0|;reduce=none~0+none~0",
        "d" * 6000,
    ],
)
def test_what_is_none_of_the_notations(given: str) -> None:
    assert "not an architecture of" in refusal("nds-imagenet-darts-fix-w-d", given)
    assert "d22w32;normal=skip_connect~0+sep_conv_3x3~1|…;reduce=…" in refusal("nds-imagenet-darts-fix-w-d", given)


@pytest.mark.parametrize(
    ("space", "given", "shown"),
    [
        ("darts", darts("conv_9x9~0+skip_connect~1", *[DARTS_CELL] * 3), "'conv_9x9'"),
        ("darts", darts("none~0+skip_connect~1", *[DARTS_CELL] * 3), "'none'; accepted: skip_connect, sep_conv_3x3"),
        ("darts", darts(*[DARTS_CELL] * 3), "has 4 nodes, but one here has 3"),
        ("darts", darts("max_pool_3x3~0+max_pool_3x3~2", *[DARTS_CELL] * 3), "max_pool_3x3~2 cannot lead to node 2"),
        ("darts", darts("max_pool_3x3~1+max_pool_3x3~1", *[DARTS_CELL] * 3), "node 2 takes tensor 1 twice"),
        ("darts", text(13, 48, *[DARTS_CELL] * 4), "a depth of 13 is outside DARTS, open search"),
        ("darts", text(14, 50, *[DARTS_CELL] * 4), "a width of 50 is outside DARTS, open search"),
        ("darts", darts(*[DARTS_CELL] * 4), "million FLOPs are not allowed; accepted: 500 to 600 million"),
        ("nds-imagenet-darts", text(24, 32, *[DARTS_CELL] * 4), "depth of 24 is outside NDS DARTS, ImageNet"),
        ("nds-imagenet-darts", text(6, 33, *[DARTS_CELL] * 4), "a width of 33 is outside"),
        ("nds-imagenet-darts", text(22, 96, *[DARTS_CELL] * 4), "parameters are too many"),
        ("nds-imagenet-darts", text(22, 96, *[DARTS_CELL] * 4), "accepted: up to 6,000,000"),
        (
            "nds-imagenet-nasnet",
            text(6, 32, *["none~0+none~1"] * 5),
            "unknown operation of NDS NASNet, ImageNet 'none'",
        ),
        ("nds-imagenet-enas", changed(normal_concat=[5, 6]), "is made of nodes [6], not [5, 6]"),
        ("nds-imagenet-enas", changed(reduce_concat=[2, 3, 4, 5, 6]), "is made of nodes [4, 5, 6], not [2, 3"),
        ("nds-imagenet-enas", changed(depth=True), "not an architecture of NDS ENAS, ImageNet"),
        ("nds-imagenet-enas", changed(width=32.0), "not an architecture of NDS ENAS, ImageNet"),
        ("nds-imagenet-enas", changed(normal=[["none", 0]] * 9), "not an architecture of NDS ENAS, ImageNet"),
        ("nds-imagenet-enas", changed(normal=[[["none"], 0]] * 10), "unknown operation"),
        (
            "darts-cifar10-1000",
            f"d20w36;normal={'|'.join(['none~0+none~1'] * 4)};reduce={'|'.join([DARTS_CELL] * 4)}",
            "the reduction cell equals the normal cell, but here they differ",
        ),
    ],
)
def test_refusals_say_what_is_accepted(space: str, given: str, shown: str) -> None:
    assert shown in refusal(space, given)


def test_depths_and_widths_between_the_measured_ones_are_accepted() -> None:
    space = cells("nds-cifar10-pnas")
    assert str(space.parse(text(7, 18, *["skip_connect~0+skip_connect~1"] * 5))).startswith("d7w18;")


def test_the_official_table_may_have_other_depths_and_widths_than_those_reported() -> None:
    space = cells("nds-cifar10-darts-fix-w-d")
    assert {str(space.sample(np.random.default_rng(seed)))[:6] for seed in range(20)} == {"d20w16"}
    assert str(space.parse(text(8, 32, *[DARTS_CELL] * 4))).startswith("d8w32;")
