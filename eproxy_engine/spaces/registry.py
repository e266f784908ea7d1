"""Search spaces by name: those that come with the product, and those of plug-ins."""

from eproxy_engine.errors import UserError, one_of
from eproxy_engine.spaces.builtin import BUILTIN
from eproxy_engine.spaces.contract import check_quickly
from eproxy_engine.spaces.interface import SearchSpace
from eproxy_engine.spaces.plugins import Plugins

_spaces: dict[str, SearchSpace] = {}
user_plugins = Plugins(_spaces)
"""Loaded when somebody first asks for a name that does not come with the product, or for all names."""


def register(space: SearchSpace) -> None:
    """Make ``space`` known under its name.

    Raises ValueError if the name is taken, or if the space does not keep the simplest of its promises
    (:func:`eproxy_engine.spaces.contract.check_quickly`).
    """
    check_quickly(space)
    if space.name in _spaces:
        raise ValueError(f"a search space named {space.name!r} is registered already")
    _spaces[space.name] = space


def get(name: str) -> SearchSpace:
    """The search space of that name. Raises UserError."""
    if name not in _spaces:
        failed = len(user_plugins.problems())
        if name not in _spaces:
            hint = f" (plug-ins that cannot be used: {failed}; `plugins list` says why)" if failed else ""
            raise UserError(one_of(name, _spaces, "search space") + hint)
    return _spaces[name]


def names() -> list[str]:
    """All registered names, in order of registration."""
    user_plugins.load()
    return list(_spaces)


def plugin_problems() -> list[str]:
    """What is wrong with the plug-ins, one line each, naming the plug-in and the line of its code."""
    return user_plugins.problems()


for _space in BUILTIN:
    if _space.name in _spaces:
        raise ValueError(f"two search spaces that come with the product are named {_space.name!r}")
    _spaces[_space.name] = _space
