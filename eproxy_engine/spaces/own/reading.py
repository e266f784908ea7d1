"""Networks by what a person calls them: a Python file, or the name of a model of torchvision or timm."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from torch import nn

from eproxy_engine.errors import UserError, shown
from eproxy_engine.spaces.plugin_modules import imported, normalised, reason

LIBRARIES = {"torchvision": "torchvision.models", "timm": "timm"}
"""Modules of libraries whose models have names."""
Given = nn.Module | Callable[[], nn.Module]


def by_name(networks: Any) -> dict[str, Any]:
    """Return networks by name.

    Args:
        networks: A network, several, or a mapping of names to them. A text means what :func:`networks_of` says; what is
            neither a text nor a ``torch.nn.Module`` nor a function is left for others to refuse.

    Raises:
        UserError: If a text means no network, or in a mapping several.
    """
    if isinstance(networks, Mapping):
        return {str(name): _only(each) if isinstance(each, str) else each for name, each in networks.items()}
    found: dict[str, Any] = {}
    for each in (
        networks if isinstance(networks, Iterable) and not isinstance(networks, str | nn.Module) else [networks]
    ):
        named = networks_of(each) if isinstance(each, str) else {_name(each): each}
        for name, network in named.items():
            found[name if name not in found else f"{name} ({len(found) + 1})"] = network
    return found


def _only(source: str) -> Any:
    named = networks_of(source)
    if len(named) > 1:
        raise UserError(f"{shown(source)} means {len(named)} networks; accepted: one, as it has a name already")
    return next(iter(named.values()))


def _name(network: Any) -> str:
    return getattr(network, "__name__", None) or type(network).__name__


def networks_of(source: str) -> dict[str, Given]:
    """Return the networks that a text means, by name.

    Args:
        source: ``FILE.py`` or ``FILE.py:NAME``, where NAME is a network, a class or function that makes one, or a
            mapping or list of these; without NAME, the only such thing in the file. Otherwise the name of a model of
            torchvision or timm, if they are installed: ``resnet18``, ``timm:resnet18``.

    Raises:
        UserError: If there is no such network.
    """
    file = re.fullmatch(r"(.+\.py)(?::(\w+))?", source)
    if file is None:
        return {source: _model(source)}
    path, name = file.groups()
    module = _module(path)
    known = _in_module(module)
    if name is None:
        if len(known) != 1:
            raise UserError(f"{path!r} has {len(known)} networks; accepted: {_choices(path, known)}")
        name = next(iter(known))
    found = getattr(module, name, None)
    if found is None:
        raise UserError(f"{path!r} has no {name!r}; accepted: {_choices(path, known)}")
    if isinstance(found, dict):
        return {str(key): value for key, value in found.items()}
    if isinstance(found, list | tuple):
        return {f"{name}[{place}]": value for place, value in enumerate(found)}
    return {name: found}


def _choices(path: str, known: Iterable[str]) -> str:
    return ", ".join(f"{path}:{each}" for each in known) or "a file that defines a torch.nn.Module"


def _module(path: str) -> ModuleType:
    place = normalised(path, Path.cwd())
    try:
        return imported(place)
    except Exception as error:
        raise UserError(f"{path!r} cannot be used: {reason(error, place)}") from error


def _in_module(module: ModuleType) -> list[str]:
    """List the networks of a module, and its own classes of networks that can be made without arguments."""
    return [name for name, value in vars(module).items() if not name.startswith("_") and _is_network(value, module)]


def _is_network(value: Any, module: ModuleType) -> bool:
    if isinstance(value, nn.Module):
        return True
    own = inspect.isclass(value) and issubclass(value, nn.Module) and value.__module__ == module.__name__
    if not own or inspect.isabstract(value):
        return False
    needed = list(inspect.signature(value).parameters.values())
    return all(
        each.default is not each.empty or each.kind in (each.VAR_POSITIONAL, each.VAR_KEYWORD) for each in needed
    )


def _model(source: str) -> Given:
    """Return what makes a model of a library, with random weights."""
    library, _, name = source.rpartition(":")
    if library and library not in LIBRARIES:
        raise UserError(f"unknown network {shown(source)}; accepted: FILE.py:NAME, torchvision:NAME or timm:NAME")
    installed = []
    for each in [library] if library else LIBRARIES:
        try:
            models = importlib.import_module(LIBRARIES[each])
        except ImportError:
            continue
        installed.append(each)
        if name in models.list_models():
            if each == "timm":
                return lambda models=models: models.create_model(name, pretrained=False)  # type: ignore[misc]
            return lambda models=models: models.get_model(name, weights=None)  # type: ignore[misc]
    where = (
        f"a model of {' or '.join(installed)}" if installed else "a model's name once torchvision or timm is installed"
    )
    raise UserError(f"unknown network {shown(source)}; accepted: FILE.py:NAME, or {where}")
