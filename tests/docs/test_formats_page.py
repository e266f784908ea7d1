"""docs/formats.md: all its examples are read, and its commands answer."""

from __future__ import annotations

import re
import shlex

import pytest

from eproxy_engine import spaces
from eproxy_engine.benchmarks.importing import csv_file
from eproxy_engine.spaces.formats import several
from tests.cli.test_cli import Call, call
from tests.registry import ROOT

__all__ = ["call"]

PAGE = (ROOT / "docs" / "formats.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## [^\n]*\(`([\w-]+)`\)\n(.*?)(?=^## )", PAGE, re.DOTALL | re.MULTILINE))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("name", SECTIONS)
def test_all_examples_of_a_section_name_the_same_architecture(name: str) -> None:
    space, examples = spaces.get(name), [text for _, text in BLOCK.findall(SECTIONS[name])]
    assert len(examples) > 1
    found = [[each.architecture for each in several(space, example)] for example in examples]
    assert found == [[str(space.parse(examples[0]))]] * len(examples)


def test_its_commands_answer(call: Call) -> None:
    (commands,) = (text for language, text in BLOCK.findall(PAGE) if language == "bash")
    answers = [call(*shlex.split(line)[3:]).out.strip() for line in commands.splitlines()]
    assert answers[:2] == ["(2, 0, 3, 2, 2, 1)", "235"]
    assert answers[2].startswith("ModelSpec(matrix=[[0, 1, 1, 0, 0], ")


def test_its_tables_are_read_whole() -> None:
    tables = [text for language, text in BLOCK.findall(PAGE) if language == "csv"]
    found = [csv_file.check("nasbench201", text.encode(), "mine.csv") for text in tables]
    assert [(len(each.table), each.rejected) for each in found] == [(2, ()), (1, ())]
    assert [each.tasks[0].name for each in found] == ["accuracy of mine", "Genauigkeit"]


def test_there_is_a_section_for_each_benchmark() -> None:
    assert len(SECTIONS) == 7


def test_the_formats_of_its_table_are_those_that_there_are() -> None:
    names = {each.name for name in spaces.names() for each in spaces.get(name).formats()}
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == names
