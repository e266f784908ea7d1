"""Reading hand-written documents: safe YAML (and so JSON), with every common form of a number."""

from __future__ import annotations

import re
from typing import Any

import yaml

from eproxy_engine.errors import UserError, shortened, shown
from eproxy_engine.foreign import reading

LONGEST = 200_000
"""Maximum length of a document, in characters."""
DEEPEST = 20
LARGEST_INTEGER = 2**63


class _Loader(yaml.SafeLoader):
    """YAML loader that reads ``1e-05`` as a number, as in JSON; in YAML 1.1, which PyYAML follows, it is a word.

    Refuses what lets a few lines grow to any size: aliases, deep nesting, and numbers of thousands of digits.
    """

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise ValueError(f"it has the alias {'*' + self.peek_event().anchor!r}; write out what it stands for")
        self.depth += 1
        if self.depth > DEEPEST:
            raise ValueError(f"it is nested more than {DEEPEST} levels deep")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_integer(self, node: yaml.ScalarNode) -> int:
        number = self.construct_yaml_int(node)
        if abs(number) >= LARGEST_INTEGER:
            raise ValueError(f"its number {shortened(node.value, 40)} is too large")
        return int(number)


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[-+]?(\d+\.?\d*|\.\d+)[eE][-+]?\d+$"), list("-+.0123456789")
)
_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_integer)


def read_yaml(text: str) -> Any:
    """Read the plain values of a YAML or JSON document.

    Args:
        text: The document, of up to :data:`LONGEST` characters.

    Raises:
        UserError: If the document is too long, not YAML, or has aliases, deep nesting or huge numbers.

    Example:
        >>> read_yaml("{learning_rate: 1e-05, seeds: [1, 2]}")
        {'learning_rate': 1e-05, 'seeds': [1, 2]}
    """
    if len(text) > LONGEST:
        raise UserError(f"a document of {len(text):,} characters; accepted: YAML of up to {LONGEST:,}")
    with reading(shown(text, 60), "YAML or JSON"):
        return yaml.load(text, _Loader)
