"""docs/library.md: its Python runs, on less, and shows what it says."""

from __future__ import annotations

import re
from typing import Any

import eproxy_engine as ep
from tests.registry import ROOT

PAGE = (ROOT / "docs" / "library.md").read_text("utf-8")
TINY = '{"width": 4, "iterations": 1, "batch": 2, "branches.0.c_mid": 16, "branches.0.c_out": 16}'
SMALLER = {
    '20, "laptop", seed=1': f'5, "laptop", settings={TINY}, images="noise", workers=1, progress=False',
    "draw=7": "draw=7, progress=False",
    'panel="instant"': 'panel="instant", draws=1, progress=False',
    '["eproxy_laptop", "synflow", "swap", "parameters"]': '["synflow", "swap", "parameters"], progress=False',
}


def test_its_python_runs() -> None:
    code = "\n".join(re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE))
    for shown, smaller in SMALLER.items():
        assert shown in code
        code = code.replace(shown, smaller)
    names: dict[str, Any] = {}
    exec(compile(code, "library.md", "exec"), names)
    assert names["found"].n == 5
    assert len(names["ranked"].frame) >= 100
    assert names["scored"].frame.index.tolist() == ["narrow", "wide"]
    assert names["scored"].notes.empty


def test_it_names_every_function() -> None:
    assert set(re.findall(r"^\| `ep\.(\w+)\(", PAGE, re.MULTILINE)) == set(ep.__all__)
