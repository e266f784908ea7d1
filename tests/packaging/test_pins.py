"""The versions that ``make`` installs are those that the package accepts, and no package is forgotten."""

from __future__ import annotations

import ast
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.packaging.pins import FILES, pinned, ranges
from tests.registry import ROOT

CHOSEN_BY_THE_USER = {"ray", "onnx", "onnxscript", "timm", "torchvision"}
"""Packages that are imported where they are installed."""


def pins(file: str) -> dict[str, str]:
    """The version of each package that a requirements file pins."""
    lines = [line for line in (ROOT / file).read_text("utf-8").splitlines() if not line.startswith("-r ")]
    return {required.name: str(required.specifier).removeprefix("==") for required in map(Requirement, lines)}


@pytest.mark.parametrize("file", FILES)
def test_each_file_is_what_the_command_writes(file: str) -> None:
    assert pinned(file, pins(file).__getitem__) == (ROOT / file).read_text("utf-8")


@pytest.mark.parametrize(("file", "extra"), FILES.items())
def test_each_pin_lies_in_its_range(file: str, extra: str | None) -> None:
    found = pins(file)
    assert {each.name for each in ranges(extra) if not each.specifier.contains(found[each.name])} == set()


def test_a_pin_keeps_extras_and_markers() -> None:
    assert pinned("requirements-ray.txt", lambda name: "2.50.1") == 'ray[client]==2.50.1; python_version < "3.15"\n'


def test_a_local_version_is_no_pin() -> None:
    """A CPU build of torch is called 2.13.0+cpu."""
    assert pinned("requirements.txt", lambda name: "2.13.0+cpu").startswith("torch==2.13.0\n")


def test_all_that_is_imported_is_required() -> None:
    ours = {"eproxy_engine", "app", "pages"}
    imported = {name for package in ours for file in (ROOT / package).rglob("*.py") for name in packages(file)}
    provided = metadata.packages_distributions()
    needed = {provided[name][0].lower() for name in imported - ours - CHOSEN_BY_THE_USER - sys.stdlib_module_names}
    required = {each.name.lower() for each in ranges(None)}
    assert needed - required == set()


def packages(file: Path) -> set[str]:
    """The first names of all that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found - {"_typeshed"}
