"""Other tools' notations on the command line: ``describe`` reads and prints them, files hold them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eproxy_engine.cli.files import architectures
from eproxy_engine.errors import UserError
from tests.cli.test_cli import Call, call, refused
from tests.spaces.test_formats import CELL_101, CELL_201, MATRIX, NUMPY, OPERATIONS, SAME

__all__ = ["call"]


@pytest.mark.parametrize(
    ("space", "texts"),
    [
        ("nasbench101", SAME["nasbench101"][:4]),
        ("nasbench201", [CELL_201, "2631", "(4, 0, 3, 1, 4, 3)"]),
        ("transnas101-micro", ["64-41414-1_02_333", "1_02_333"]),
    ],
)
def test_the_same_architecture_and_parameters(call: Call, space: str, texts: list[str]) -> None:
    found = [call("describe", space, text, "--json").json for text in texts]
    assert [{key: each[key] for key in ("architecture", "parameters", "flops")} for each in found] == [
        {key: found[0][key] for key in ("architecture", "parameters", "flops")}
    ] * len(texts)


def test_the_formats_are_printed(call: Call) -> None:
    text = call("describe", "nasbench101", CELL_101, "--format", "json").out
    assert json.loads(text) == {"matrix": MATRIX, "ops": OPERATIONS}
    assert call("describe", "nasbench201", CELL_201, "--format", "naslib").out == "(4, 0, 3, 1, 4, 3)\n"
    answer = call("describe", "nasbench201", "235", "--format", "nats", "--json").json
    assert (answer["format"], answer["text"]) == ("nats", "235")
    assert answer["architecture"].startswith("|nor_conv_3x3~0|+|skip_connect~0|")


def test_a_format_that_the_space_does_not_have(call: Call) -> None:
    refused(
        call("describe", "nasbench101", CELL_101, "--format", "nats"),
        "NAS-Bench-101 has no format 'nats'; accepted: nasbench, naslib, json",
    )


def test_files_hold_architectures_in_any_notation(tmp_path: Path) -> None:
    path = tmp_path / "some.txt"
    path.write_text(f"# mine\n{NUMPY}\n{OPERATIONS}\n{CELL_101}\n", "utf-8")
    assert architectures("nasbench101", str(path)) == (CELL_101, CELL_101)
    path.write_text(f"{CELL_101}\n\n[[0, 1],\n [0, 0]]\n", "utf-8")
    with pytest.raises(UserError, match=r"some\.txt', line 3: not a NAS-Bench-101 architecture"):
        architectures("nasbench101", str(path))
