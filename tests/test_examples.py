"""The examples in the engine's docstrings give what they show."""

import doctest
import importlib
from pathlib import Path

import pytest

import eproxy_engine

ENGINE = Path(eproxy_engine.__file__).parent
MODULES = [
    ".".join(file.with_suffix("").relative_to(ENGINE.parent).parts).removesuffix(".__init__")
    for file in sorted(ENGINE.rglob("*.py"))
    if ">>> " in file.read_text("utf-8")
]


@pytest.mark.parametrize("module", MODULES)
def test_examples(module: str) -> None:
    tried = doctest.testmod(importlib.import_module(module))
    assert tried.attempted
    assert not tried.failed
