"""``plugins``: manage search spaces and proxies from the user's own modules."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import click

from eproxy_engine import settings, spaces
from eproxy_engine.baselines import Baseline
from eproxy_engine.cli.output import json_option, print_json, print_table, say
from eproxy_engine.errors import UserError, one_of
from eproxy_engine.installation import studio_folder
from eproxy_engine.proxy import Evaluation
from eproxy_engine.settings import Settings
from eproxy_engine.spaces import contract, registry
from eproxy_engine.spaces.contract import Promise
from eproxy_engine.spaces.plugin_modules import is_path, normalised, reason
from eproxy_engine.spaces.plugins import Plugin

LIGHT = "importing and drawing need no torch"
SAID = {"kept": "kept", "broken": "BROKEN", "advice": "advice"}


@dataclass(frozen=True)
class Verdict:
    """Whether a space keeps a promise."""

    check: str
    result: str
    """``kept``, ``broken``, or ``advice`` if the space is usable although it breaks the promise."""
    note: str = ""


@click.group("plugins")
def command() -> None:
    """List, check, add and remove Python modules with search spaces or proxies (docs/your-own-space.md)."""


@command.command("list")
@json_option
def list_plugins(as_json: bool) -> None:
    """List all plug-ins with their search spaces, proxies and problems."""
    found = registry.user_plugins.load()
    problems = registry.plugin_problems()
    if as_json:
        rows = [
            {key: asdict(plugin)[key] for key in ("source", "origin", "spaces", "proxies", "problem")}
            for plugin in found
        ]
        print_json({"plugins": rows, "problems": problems})
        return
    print_table(
        [
            {
                "plug-in": plugin.source,
                "requested by": plugin.origin,
                "provides": ", ".join(plugin.spaces + plugin.proxies) or "nothing: see below",
            }
            for plugin in found
        ]
    )
    for problem in problems:
        say(f"problem: {problem}")


@command.command("check")
@click.argument("module")
@json_option
def check(module: str, as_json: bool) -> None:
    """Check the search spaces and proxies of MODULE, a module name or the path of a .py file."""
    plugin, verdicts = _checked(module)
    if as_json:
        checks = {name: [asdict(each) for each in found] for name, found in verdicts.items()}
        spaces = [{"space": name, "checks": checks[name]} for name in plugin.spaces]
        proxies = [{"proxy": name, "checks": checks[name]} for name in plugin.proxies]
        print_json({"plugin": plugin.source, "kept": not _broken(verdicts), "spaces": spaces, "proxies": proxies})
    else:
        for name, found in verdicts.items():
            say(f"{name} ({plugin.source})")
            for each in found:
                say(f"  {SAID[each.result]:<8}{each.check}" + (f": {each.note}" if each.note else ""))
    if broken := _broken(verdicts):
        raise UserError(f"{len(broken)} of {sum(map(len, verdicts.values()))} promises are broken")


@command.command("add")
@click.argument("module")
@json_option
def add(module: str, as_json: bool) -> None:
    """Check MODULE as `plugins check` does, then add it to the settings."""
    plugin, verdicts = _checked(module)
    if broken := _broken(verdicts):
        raise UserError(
            f"plug-in {plugin.source!r} is not added: {broken[0].check}: {broken[0].note}; "
            f"`plugins check {module}` shows every promise"
        )
    settings.change(lambda old: replace(old, plugins=(*_without(old, plugin.source), plugin.source)))
    if as_json:
        print_json({"plugin": plugin.source, "spaces": list(plugin.spaces), "proxies": list(plugin.proxies)})
    else:
        brought = ", ".join(plugin.spaces + plugin.proxies)
        say(f"added {brought} from {plugin.source}; an open dashboard shows it after a reload")


@command.command("remove")
@click.argument("module")
@json_option
def remove(module: str, as_json: bool) -> None:
    """Remove MODULE from the settings; runs and imported accuracies of its search spaces stay."""
    source = normalised(module, Path.cwd())

    def edit(old: Settings) -> Settings:
        left = _without(old, source)
        if len(left) == len(old.plugins):
            raise UserError(one_of(source, old.plugins or ["none yet"], "plug-in of the settings"))
        return replace(old, plugins=left)

    settings.change(edit)
    if as_json:
        print_json({"plugin": source, "removed": True})
    else:
        say(f"removed {source}; an open dashboard shows its search spaces until it is restarted")


def _without(old: Settings, source: str) -> tuple[str, ...]:
    return tuple(each for each in old.plugins if normalised(each, settings.path().parent) != source)


def _checked(module: str) -> tuple[Plugin, dict[str, list[Verdict]]]:
    """Return the plug-in and the verdicts on each of its search spaces and proxies. Raises UserError if it does not
    load."""
    source = normalised(module, Path.cwd())
    _importable_everywhere(source)
    torch_is_there = "torch" in sys.modules
    registry.user_plugins.load(without=source)
    plugin = registry.user_plugins.load_one(Plugin(source, "command"))
    if plugin.problem:
        raise UserError(plugin.problem)
    verdicts = {}
    for name in plugin.spaces:
        found = [_verdict(promise, name, source) for promise in contract.VALUES]
        if not torch_is_there:
            found.append(_light())
        verdicts[name] = found
    for name, found in verdicts.items():
        known = len(contract.VALUES)
        found += [_verdict(promise, name, source) for promise in contract.promises()[known:]]
    verdicts |= {name: _of_a_proxy(name) for name in plugin.proxies}
    return plugin, verdicts


def _of_a_proxy(name: str) -> list[Verdict]:
    """Test a proxy twice on a small network."""
    from eproxy_engine.baselines.measuring import evaluate

    space = spaces.get("nasbench201")
    wanted = Evaluation.of(space.name, str(space.largest()), Baseline(name, 4, 8), "noise", 1)
    one, two = evaluate(wanted, "cpu"), evaluate(wanted, "cpu")
    return [
        Verdict("it gives a number", "broken" if one.diverged else "kept", one.note or ""),
        Verdict("it gives the same number again", "kept" if one.values == two.values or one.diverged else "broken"),
    ]


def _verdict(promise: Promise, space: str, source: str) -> Verdict:
    try:
        promise.check(registry.get(space))
    except (Exception, SystemExit) as error:
        return Verdict(promise.title, "advice" if promise.advice else "broken", reason(error, source))
    return Verdict(promise.title, "kept")


def _light() -> Verdict:
    if "torch" not in sys.modules:
        return Verdict(LIGHT, "kept")
    note = "torch is imported before a network is built, which takes seconds in every process that only lists spaces"
    return Verdict(LIGHT, "advice", f"{note}; import it inside build")


def _broken(verdicts: dict[str, list[Verdict]]) -> list[Verdict]:
    return [each for found in verdicts.values() for each in found if each.result == "broken"]


def _importable_everywhere(source: str) -> None:
    """Raise UserError for a module that is found only because the command was started in its folder."""
    top = source.partition(".")[0]
    if is_path(source) or not top.isidentifier() or top in sys.modules:
        return
    before = sys.path
    sys.path = [str(studio_folder()), *(folder for folder in before if Path(folder or ".").resolve() != Path.cwd())]
    try:
        elsewhere = find_spec(top) is not None
    finally:
        sys.path = before
    if not elsewhere and find_spec(top) is not None:
        raise UserError(
            f"the module {source!r} is found only in this folder, where the dashboard does not look; "
            "accepted: the path of its .py file, or the name of an installed module"
        )
