"""No file is read or written in the locale's encoding: not every locale is UTF-8."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted(
    file for folder in ("app", "pages", "eproxy_engine", "docs", "tests") for file in (ROOT / folder).rglob("*.py")
)
PLACE_OF_ENCODING = {"read_text": 0, "write_text": 1}


def names_no_encoding(call: ast.Call) -> bool:
    """Whether the call reads or writes text without saying how; beyond what ruff finds, which has to know the type."""
    if any(keyword.arg == "encoding" for keyword in call.keywords):
        return False
    if isinstance(call.func, ast.Attribute) and call.func.attr in PLACE_OF_ENCODING:
        return len(call.args) <= PLACE_OF_ENCODING[call.func.attr]
    if isinstance(call.func, ast.Attribute) and call.func.attr == "open":
        modes = call.args or ([] if call.keywords else [ast.Constant("r")])  # of Path.open; others take a path first
    elif isinstance(call.func, ast.Name) and call.func.id == "open":
        modes = call.args[1:] or [ast.Constant("r")]
    else:
        return False
    mode = modes[0].value if modes and isinstance(modes[0], ast.Constant) else ""
    return isinstance(mode, str) and mode != "" and set(mode) <= set("rwxat+")


def in_no_encoding(source: str) -> list[int]:
    return [
        each.lineno for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Call) and names_no_encoding(each)
    ]


def test_every_text_file_is_opened_in_an_encoding() -> None:
    assert len(FILES) > 400
    found = {str(file.relative_to(ROOT)): in_no_encoding(file.read_text("utf-8")) for file in FILES}
    assert {file: lines for file, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("path.read_text()", True),
        ("path.read_text('utf-8')", False),
        ("path.write_text(text)", True),
        ("path.write_text(text, encoding='utf-8')", False),
        ("open(path)", True),
        ("open(path, 'a')", True),
        ("open(path, 'rb')", False),
        ("path.open()", True),
        ("path.open('w')", True),
        ("Image.open(path)", False),
        ("read_text(path)", False),
    ],
)
def test_what_names_none_is_found(source: str, found: bool) -> None:
    assert in_no_encoding(source) == ([1] if found else [])
