"""Plain values in texts that Python, JSON or numpy wrote, read from the syntax tree; nothing is ever evaluated."""

from __future__ import annotations

import ast
import re
import warnings
from typing import Any

LONGEST = 20_000
"""Maximum length of a text, in characters."""
LONGEST_RANGE = 100
_FILE = "<an architecture>"
warnings.filterwarnings("ignore", module=re.escape(_FILE))  # what Python thinks of texts such as 1if is not of interest
_WORDS = {"true": True, "false": False, "null": None}
"""JSON's words that are none of Python's."""
_NUMPY = ("np", "numpy", "torch")
_ARRAYS = ("array", "tensor", "list", "tuple")
"""Functions that stand for their first argument; so does each function of the modules above."""
_COMMENT = re.compile(r"#[^\n]*")
_BEFORE_A_NAME = re.compile(r"(?<=[\w\])}'\"])\s+(?=[A-Za-z_]\w*\s*=(?!=))")
"""Between two assignments, which may have got into one line."""
_WITHOUT_COMMA = re.compile(r"(?<=[\w.\])}'\"])\s+(?=[\w\['\"])(?![A-Za-z_]\w*\s*=(?!=))")
"""Between two elements of an array, as numpy prints it."""


def plain_values(text: str) -> Any:
    """Read lists, texts, numbers and dicts.

    Accepts JSON, Python's literals, arrays as numpy prints them (``[[0 1] [0 0]]``), calls of ``np.array``, ``list``
    and ``range``, and calls of classes: ``Genotype(normal=…)`` becomes a dict, ``ModelSpec(matrix, ops)`` a list.
    Assignments become a dict of the names, or the value if there is only one. A bare name becomes a text. Tuples become
    lists.

    Args:
        text: The text, of up to :data:`LONGEST` characters.

    Returns:
        The values; None if the text is something else.

    Example:
        >>> plain_values("matrix = [[0 1] [0 0]]  # as numpy prints it\\nops = ('input', 'output')")
        {'matrix': [[0, 1], [0, 0]], 'ops': ['input', 'output']}
    """
    if len(text) > LONGEST or "\\" in text:
        return None
    given = _COMMENT.sub("", text).strip().rstrip(",;")
    given = _WITHOUT_COMMA.sub(", ", _BEFORE_A_NAME.sub("\n", given))
    try:
        return _of_statements(ast.parse(given, _FILE).body)
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return None


def _of_statements(statements: list[ast.stmt]) -> Any:
    if len(statements) == 1 and isinstance(statements[0], ast.Expr | ast.Assign | ast.AnnAssign):
        return _value(statements[0].value)
    named = {}
    for statement in statements:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            raise ValueError(ast.dump(statement))
        named[statement.targets[0].id] = _value(statement.value)
    return named or None


def _value(node: ast.expr | None) -> Any:
    match node:
        case ast.Constant(value=bool() | int() | float() | str() | None as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return [_value(element) for element in elements]
        case ast.Dict(keys=keys, values=values):
            return {_text(key): _value(value) for key, value in zip(keys, values, strict=True)}
        case ast.Name(id=name):
            return _WORDS.get(name, name)
        case ast.Call(func=called, args=arguments, keywords=keywords):
            return _of_call(_path(called), arguments, keywords)
        case _:
            raise ValueError(node)


def _text(key: ast.expr | None) -> str:
    value = _value(key)
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _path(called: ast.expr) -> tuple[str, ...]:
    """Return the parts of a dotted name."""
    parts: list[str] = []
    while isinstance(called, ast.Attribute):
        parts.append(called.attr)
        called = called.value
    if not isinstance(called, ast.Name):
        raise ValueError(called)
    return (called.id, *reversed(parts))


def _of_call(path: tuple[str, ...], arguments: list[ast.expr], keywords: list[ast.keyword]) -> Any:
    values, name = [_value(argument) for argument in arguments], path[-1]
    if path == ("range",):
        if not all(type(value) is int and abs(value) <= LONGEST_RANGE for value in values):
            raise ValueError(values)
        return list(range(*values))
    if values and (path[0] in _NUMPY or path in [(each,) for each in _ARRAYS]):
        return values[0]
    if not name[:1].isupper():
        raise ValueError(name)
    if any(keyword.arg is None for keyword in keywords):  # two stars
        raise ValueError(name)
    return values or {str(keyword.arg): _value(keyword.value) for keyword in keywords}
