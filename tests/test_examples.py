"""The examples in docstrings give what they show."""

import doctest
import importlib
from pathlib import Path

import pytest

import app
import eproxy_engine

MODULES = [
    ".".join(file.with_suffix("").relative_to(folder.parent).parts).removesuffix(".__init__")
    for folder in (Path(str(package.__file__)).parent for package in (eproxy_engine, app))
    for file in sorted(folder.rglob("*.py"))
    if ">>> " in file.read_text("utf-8")
]


@pytest.mark.parametrize("module", MODULES)
def test_examples(module: str) -> None:
    tried = doctest.testmod(importlib.import_module(module))
    assert tried.attempted
    assert not tried.failed
