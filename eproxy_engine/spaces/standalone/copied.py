"""The definitions that a class needs, copied out of the modules in which they stand into one.

They are copied from the engine's modules and from those of a plug-in: what something copied names, of a network the
whole class, of any other class the methods that are called. What other packages define is imported.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from eproxy_engine.errors import UserError
from eproxy_engine.spaces.plugin_modules import own_modules
from eproxy_engine.spaces.standalone.source import Import, Source, defined, first_line

ENGINE = "eproxy_engine"
LEFT_OUT = {(f"{ENGINE}.spaces.backbone", name) for name in ("__new__", "made_with")}
"""How a backbone remembers what it was made with; a file that makes it has no use for that."""
HERE = "the file itself"
RULE = "-" * 20
"""Begins the comment above a part of the file."""


@dataclass(frozen=True)
class Definition:
    """``name`` at the top of ``module``."""

    module: str
    name: str


class Copied:
    """The definitions that a class and the others in ``mentioned`` need, with them, and the imports."""

    def __init__(
        self, network: type, mentioned: Iterable[Any], names: set[str], accessed: set[str], imports: set[Import]
    ) -> None:
        """``names`` and ``imports``: of the code behind what is copied; ``accessed``: attributes that it uses.

        Raises UserError where names would not mean in one module what they mean in their own.
        """
        self.imports = set(imports)
        self.packages = {each.module.partition(".")[0] for each in imports}
        """Names of the packages that are imported from, also within functions."""
        self._package = network.__module__.partition(".")[0]
        self._home = str(Path(str(sys.modules[network.__module__].__file__)).resolve())
        self._source = lru_cache(maxsize=None)(Source)
        self._definitions: set[Definition] = set()
        self._accessed = set(accessed)
        self._needs: dict[str, dict[str, None]] = {}
        for each in mentioned:
            self._add(each.__module__, each.__name__)
        size = -1
        while size != (size := len(self._definitions) + len(self._accessed)):
            for definition in sorted(self._definitions, key=str):
                self._follow(definition)
        self._refuse_two_meanings(names)

    def sections(self) -> Iterator[str]:
        """The definitions, a text for each module: a module comes after those that it needs."""
        for module in self._order():
            source = self._source(module)
            statements = {
                first_line(statement): statement
                for each in self._definitions
                if each.module == module
                for statement in source.definitions[each.name]
            }
            if statements:
                yield self._section(source, [statements[line] for line in sorted(statements)])

    def _own(self, module: str) -> bool:
        """Whether definitions are copied from it."""
        return module.partition(".")[0] in (ENGINE, self._package) or bool(own_modules(self._home, {module}))

    def _add(self, module: str, name: str) -> bool:
        """Whether the name is one of the module's; what it stands for is needed then."""
        if not self._own(module):
            self._add_import(module, Import(module, name, name))
            return True
        source = self._source(module)
        if name in source.definitions:
            self._definitions.add(Definition(module, name))
            self._needs.setdefault(module, {})
        elif name in source.imports:
            self._add_import(module, source.imports[name])
        else:
            return False
        return True

    def _add_import(self, module: str, each: Import) -> None:
        """What a module imports."""
        if not self._own(each.module):
            self.imports.add(each)
            self.packages.add(each.module.partition(".")[0])
            return
        self._needs.setdefault(module, {})[each.module] = None
        if each.name != each.known_as or not self._add(each.module, each.name):
            raise UserError(
                f"{module} has `{each}`, which cannot be copied into one file; accepted: "
                f"`from {each.module} import` and the names of classes, functions or constants"
            )

    def _follow(self, definition: Definition) -> None:
        """Add what a definition needs."""
        source = self._source(definition.module)
        for statement in source.definitions[definition.name]:
            left_out = self._left_out(definition.module, statement)
            for node in _walk(statement, left_out):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                    self._add(definition.module, node.id)
                elif isinstance(node, ast.Attribute):
                    self._accessed.add(node.attr)
                for each in source.imported(node):
                    self._allow_within(definition, each)

    def _allow_within(self, definition: Definition, each: Import) -> None:
        """An import within a function stays where it is."""
        if self._own(each.module):
            raise UserError(
                f"{definition.name} in {definition.module} has `{each}` in it, which cannot be copied into one file; "
                f"accepted: imports of your own modules at the top"
            )
        self.packages.add(each.module.partition(".")[0])

    def _left_out(self, module: str, statement: ast.stmt) -> list[ast.stmt]:
        """The members of a class that are not copied."""
        from torch import nn

        if not isinstance(statement, ast.ClassDef):
            return []
        whole = issubclass(getattr(sys.modules[module], statement.name), nn.Module)
        return [
            member
            for name, member in defined(statement.body)
            if (module, name) in LEFT_OUT
            or not (whole or not isinstance(member, ast.FunctionDef) or name[:2] == "__" or name in self._accessed)
        ]

    def _refuse_two_meanings(self, names: set[str]) -> None:
        found = [(each.name, each.module) for each in self._definitions]
        found += [(each.known_as, each.meaning) for each in self.imports]
        found += [(name, HERE) for name in names]
        found += [(name, "builtins") for name, _ in found if hasattr(builtins, name)]
        meanings: dict[str, set[str]] = {}
        for name, meaning in sorted(found):
            meanings.setdefault(name, set()).add(meaning)
            if len(meanings[name]) > 1:
                raise UserError(
                    f"{name!r} would mean several things in one file ({', '.join(sorted(meanings[name]))}); "
                    f"accepted: names that differ"
                )

    def _order(self) -> list[str]:
        try:
            return list(TopologicalSorter(self._needs).static_order())
        except CycleError as error:
            raise UserError(f"modules that import each other: {', '.join(error.args[1])}; accepted: others") from error

    def _section(self, source: Source, statements: list[ast.stmt]) -> str:
        """Definitions of one module, behind its name and, where one of them does something, its docstring."""
        module = source.module.__name__
        about = ast.get_docstring(source.tree) if any(map(_is_block, statements)) else None
        lines = [f"{RULE} from {module}", *(about or "").splitlines()]
        text = "\n".join(f"# {line}".rstrip() for line in lines) + "\n"
        for before, statement in zip([None, *statements], statements, strict=False):
            apart = before is not None and (_is_block(before) or _is_block(statement))
            text += "\n\n\n" if apart else "\n"
            text += source.text(statement, self._left_out(module, statement))
        return text


def _walk(statement: ast.stmt, left_out: list[ast.stmt]) -> Iterator[ast.AST]:
    """All nodes of a statement outside of ``left_out``."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if node not in left_out:
            yield node
            waiting += ast.iter_child_nodes(node)


def _is_block(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
