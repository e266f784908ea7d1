"""Search spaces by name."""

from eproxy_engine.errors import UserError, one_of
from eproxy_engine.spaces.builtin import BUILTIN
from eproxy_engine.spaces.interface import SearchSpace

_spaces: dict[str, SearchSpace] = {}


def register(space: SearchSpace) -> None:
    """Make ``space`` known under its name. Raises ValueError if the name is taken."""
    if space.name in _spaces:
        raise ValueError(f"a search space named {space.name!r} is registered already")
    _spaces[space.name] = space


def get(name: str) -> SearchSpace:
    """The search space of that name. Raises UserError."""
    if name not in _spaces:
        raise UserError(one_of(name, names(), "search space"))
    return _spaces[name]


def names() -> list[str]:
    """All registered names, in order of registration."""
    return list(_spaces)


for _space in BUILTIN:
    register(_space)
