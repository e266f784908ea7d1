"""What stands at the top of a module: definitions and imports, read from its text."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.util import resolve_name
from pathlib import Path

from eproxy_engine.errors import UserError


@dataclass(frozen=True, order=True)
class Import:
    """``import module``, or ``from module import name``; ``known_as`` is the name that it defines."""

    module: str
    name: str | None
    known_as: str

    def __str__(self) -> str:
        """As a statement."""
        plain = self.module.partition(".")[0] if self.name is None else self.name
        renamed = "" if self.known_as == plain else f" as {self.known_as}"
        return (f"import {self.module}" if self.name is None else f"from {self.module} import {self.name}") + renamed

    @property
    def meaning(self) -> str:
        """What the name stands for."""
        if self.name is not None:
            return f"{self.module}.{self.name}"
        top = self.module.partition(".")[0]
        return top if self.known_as == top else self.module


class Source:
    """The text of a module that has been imported."""

    def __init__(self, module: str) -> None:
        """Raises UserError if there is no text."""
        self.module = sys.modules[module]
        try:
            self.lines = Path(str(self.module.__file__)).read_text(encoding="utf-8").splitlines()
        except OSError as error:
            raise UserError(f"the source of {module} cannot be read: {error.strerror}") from error
        self.tree = ast.parse("\n".join(self.lines))

    @cached_property
    def definitions(self) -> dict[str, list[ast.stmt]]:
        """By name, the statements that define it."""
        found: dict[str, list[ast.stmt]] = {}
        for name, statement in defined(self.tree.body):
            found.setdefault(name, []).append(statement)
        return found

    @cached_property
    def imports(self) -> dict[str, Import]:
        """By the name that they define."""
        return {each.known_as: each for statement in self.tree.body for each in self.imported(statement)}

    def imported(self, node: ast.AST) -> list[Import]:
        """What an import statement of this module imports; nothing if it is no such statement."""
        if isinstance(node, ast.Import):
            return [Import(each.name, None, each.asname or each.name.partition(".")[0]) for each in node.names]
        if not isinstance(node, ast.ImportFrom) or node.module == "__future__":
            return []
        relative = "." * node.level + (node.module or "")
        module = resolve_name(relative, self.module.__package__)
        return [Import(module, each.name, each.asname or each.name) for each in node.names]

    def text(self, statement: ast.stmt, without: Iterable[ast.stmt] = ()) -> str:
        """The lines of a statement, less those of the statements ``without`` in it and the blank ones before them."""
        dropped: set[int] = set()
        for each in without:
            start = first_line(each)
            while not self.lines[start - 2].strip():
                start -= 1
            dropped.update(range(start, _last_line(each) + 1))
        kept = (n for n in range(first_line(statement), _last_line(statement) + 1) if n not in dropped)
        return "\n".join(self.lines[n - 1] for n in kept)


def defined(body: Iterable[ast.stmt]) -> Iterator[tuple[str, ast.stmt]]:
    """Names, each with a statement that defines it, or the text behind an assignment that says what it is."""
    names: list[str] = []
    for statement in body:
        if not _is_text(statement):
            names = _names(statement)
        yield from ((name, statement) for name in names)


def first_line(statement: ast.stmt) -> int:
    """Number of its first line, decorators included; lines count from 1."""
    return min([statement.lineno, *(each.lineno for each in getattr(statement, "decorator_list", []))])


def _last_line(statement: ast.stmt) -> int:
    assert statement.end_lineno is not None
    return statement.end_lineno


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _names(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return [statement.name]
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return [node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)]
    return []
