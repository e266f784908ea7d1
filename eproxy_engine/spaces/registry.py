"""Registry of search spaces: the built-in ones and those of plug-ins."""

from collections.abc import Iterator
from contextlib import contextmanager

from eproxy_engine.errors import UserError, one_of
from eproxy_engine.spaces.builtin import BUILTIN
from eproxy_engine.spaces.contract import check_quickly
from eproxy_engine.spaces.interface import SearchSpace
from eproxy_engine.spaces.plugins import Plugins

LISTED = "`eproxy spaces` and the page Architectures list them"
_spaces: dict[str, SearchSpace] = {}
user_plugins = Plugins(_spaces)
"""Loaded at the first request for all names or for a name that is not built in."""


def register(space: SearchSpace) -> None:
    """Register a search space under its name.

    Args:
        space: An instance of a subclass of :class:`~eproxy_engine.spaces.interface.SearchSpace`.

    Raises:
        ValueError: If the name is taken, or if the space breaks one of the promises of
            :func:`eproxy_engine.spaces.contract.check_quickly`.
    """
    check_quickly(space)
    if space.name in _spaces:
        raise ValueError(f"a search space named {space.name!r} is already registered")
    _spaces[space.name] = space


def get(name: str) -> SearchSpace:
    """Return the search space called ``name``, loading plug-ins if it is not built in.

    Args:
        name: Name of a built-in search space or of one that a plug-in registers.

    Raises:
        UserError: If no search space has that name. The message lists the accepted names.

    Example:
        >>> get("nasbench201").title
        'NAS-Bench-201'
    """
    if name not in _spaces:
        failed = len(user_plugins.problems())
        if name not in _spaces:
            hint = f" (plug-ins that failed: {failed}; `plugins list` says why)" if failed else ""
            raise UserError(one_of(name, _spaces, "search space", LISTED) + hint)
    return _spaces[name]


def names() -> list[str]:
    """Return all registered names in order of registration, after loading the plug-ins."""
    user_plugins.load()
    return list(_spaces)


def plugin_problems() -> list[str]:
    """Return one line for each plug-in that failed, with the plug-in and the line of its code."""
    return user_plugins.problems()


@contextmanager
def lent(space: SearchSpace) -> Iterator[None]:
    """Make a space known by its name within the block alone, for networks that other processes cannot build."""
    _spaces[space.name] = space
    try:
        yield
    finally:
        del _spaces[space.name]


for _space in BUILTIN:
    if _space.name in _spaces:
        raise ValueError(f"two built-in search spaces are named {_space.name!r}")
    _spaces[_space.name] = _space
