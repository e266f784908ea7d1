"""The command line that does again what a specification says."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

from eproxy_engine.baselines import Baseline
from eproxy_engine.errors import UserError
from eproxy_engine.landscape import View
from eproxy_engine.proxy import PRESETS, Configuration
from eproxy_engine.runs.kinds.architecture_search.specification import ArchitectureSearchSpecification
from eproxy_engine.runs.kinds.comparison.specification import ComparisonSpecification
from eproxy_engine.runs.kinds.evaluation.specification import EvaluationSpecification
from eproxy_engine.runs.kinds.landscape.specification import BARRIERS, LandscapeSpecification
from eproxy_engine.runs.kinds.proxy_search.specification import ProxySearchSpecification
from eproxy_engine.runs.specification import Specification
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring import Ensemble, Member
from eproxy_engine.scoring.named import NamedProxy, named
from eproxy_engine.search.architecture_search.settings import ArchitectureSearchSettings
from eproxy_engine.search.proxy_search.settings import SETTINGS, ProxySearchSettings

PROGRAM = "python -m eproxy_engine"
ARCHITECTURES, PROXY = "architectures.txt", "proxy.yaml"
"""Files that have to be written first: what is picked by hand, and an ensemble, have no name."""
LANDSCAPE_OPTIONS = {"draw": "directions"}
"""Options of `landscape` with another name than the part of the view: `--draw` is the sample's."""
SEARCH_SWITCHES = {"stop_at_optimum": "--stop-at-optimum", "measured": "--whole-space"}
"""Settings of an architecture search that are on or off, with what changes them."""
SWITCHES = ("racing", "flops", "prior")
"""Settings of a search that are on or off."""


def command(specification: Specification) -> str:
    """One line for a shell. Raises TypeError for a specification that no command makes."""
    if isinstance(specification, EvaluationSpecification):
        words = _evaluate(specification)
    elif isinstance(specification, ComparisonSpecification):
        words = _compare(specification)
    elif isinstance(specification, ProxySearchSpecification):
        words = _dps(specification)
    elif isinstance(specification, LandscapeSpecification):
        words = _landscape(specification)
    elif isinstance(specification, ArchitectureSearchSpecification):
        words = _search(specification)
    else:
        raise TypeError(f"no command makes a {specification.kind}")
    return _line([*words, "--images", specification.images])


def transfer_command(run_id: str, space: str, task: str, count: int) -> str:
    """The line that judges what a search has found elsewhere."""
    return _line(["transfer", run_id, "--space", space, "--task", task, "--archs", count])


def scoreboard_command(table: int) -> str:
    """The line that prints a table of the scoreboard."""
    return _line(["scoreboard", "--table", table])


def _line(words: list[Any]) -> str:
    return f"{PROGRAM} {shlex.join(map(str, words))}"


def _evaluate(given: EvaluationSpecification) -> list[Any]:
    words = ["evaluate", *_place(given), *_sample(given.sample, given.seed, "--sample", "--archs")]
    return [*words, *_proxy(given.configuration, given.ensemble)]


def _compare(given: ComparisonSpecification) -> list[Any]:
    words = ["compare", *_place(given), *_sample(given.sample, given.seed, "--sample", "--archs")]
    if len(given.seeds) > 1:
        words += ["--seeds", len(given.seeds)]
    shown = given.measured_on
    for proxy in given.proxies:
        by_name = _is_named(proxy, shown)
        words += ["--proxy", proxy.name] if by_name else ["--config", f"{proxy.name}.yaml"]
    for name in _changed(shown, Baseline(shown.name)):
        words += [f"--{name}", getattr(shown, name)]
    return words


def _is_named(proxy: NamedProxy, shown: Baseline) -> bool:
    try:
        return named(proxy.name, shown.batch, shown.width) == proxy
    except UserError:
        return False


def _dps(given: ProxySearchSpecification) -> list[Any]:
    words = ["dps", *_place(given), *_sample(given.sample, given.seed, "--archs", "--archs-file")]
    start = _nearest(given.settings, SETTINGS)
    words += ["--preset", start]
    for name in _changed(given.settings, SETTINGS[start]):
        value, option = getattr(given.settings, name), name.removesuffix("_rate").replace("_", "-")
        words += [f"--{option}" if value else f"--no-{option}"] if name in SWITCHES else [f"--{option}", value]
    return [*words, "--holdout", given.held_out, "--out", PROXY]


def _landscape(given: LandscapeSpecification) -> list[Any]:
    words = ["landscape", *_place(given)]
    if given.sample.rule == "picked":
        words += [*_each("--arch", given.sample.picked), "--seed", given.seed]
    else:
        words += _sample(given.sample, given.seed, "--sample", "--archs")
    words += ["--barrier", BARRIERS[given.barriers]]
    view, start = given.view, replace(View(), centre=given.configuration.iterations)
    words += _each("--centre", given.centres or [view.centre] * (view.centre != start.centre))
    for name in _changed(replace(view, centre=start.centre), start):
        words += ["--biases"] if name == "biases" else [f"--{LANDSCAPE_OPTIONS.get(name, name)}", getattr(view, name)]
    for name, count in (("draws", given.draws), ("seeds", len(given.seeds))):
        words += [f"--{name}", count] if count > 1 else []
    return [*words, *_configuration(replace(given.configuration, barrier=True))]


def _search(given: ArchitectureSearchSpecification) -> list[Any]:
    words = ["search", *_place(given)]
    for name in _changed(given.settings, ArchitectureSearchSettings()):
        value, option = getattr(given.settings, name), f"--{name.replace('_', '-')}"
        if name == "constraints":
            words += _each_option(value.as_dict())
        elif name in SEARCH_SWITCHES:
            words += [SEARCH_SWITCHES[name]]
        else:
            words += [option, value]
    words += ["--seed", given.seed, *(["--seeds", len(given.seeds)] if len(given.seeds) > 1 else [])]
    if not given.settings.needs_proxy:
        return words
    words += [*_proxy(given.configuration, given.ensemble), "--proxy-seed", given.proxy_seed]
    return [*words, *(_spent(given.spent) if given.spent else [])]


def _spent(sample: Sample) -> list[Any]:
    if sample.rule == "picked":
        return ["--spent-file", ARCHITECTURES]
    return ["--spent", sample.size, "--spent-rule", sample.rule, "--spent-draw", sample.seed]


def _each_option(values: dict[str, int]) -> list[Any]:
    return [word for name, value in values.items() for word in (f"--{name.replace('_', '-')}", value)]


def _proxy(member: Member, ensemble: Ensemble | None) -> list[Any]:
    if ensemble is not None:
        return ["--config", PROXY]
    if isinstance(member, Baseline):
        settings = [f"{name}={getattr(member, name)}" for name in _changed(member, Baseline(member.name))]
        return ["--proxy", member.name, *_each("--set", settings)]
    return _configuration(member)


def _configuration(given: Configuration) -> list[Any]:
    start = _nearest(given, PRESETS)
    return ["--preset", start, *_each("--set", _settings(given, PRESETS[start]))]


def _place(given: Specification) -> list[Any]:
    return ["--space", given.space, "--task", given.task]


def _sample(sample: Sample, seed: int, size: str, file: str) -> list[Any]:
    """With the seed; ``size``, ``file``: the options that the command has for them."""
    if sample.rule == "picked":
        return [file, ARCHITECTURES, "--seed", seed]
    rule = [] if sample.rule == "random" else ["--rule", sample.rule]
    draw = [] if sample.seed == seed else ["--draw", sample.seed]
    return [*rule, size, sample.size, "--seed", seed, *draw]


def _each(option: str, values: Iterable[Any]) -> list[Any]:
    return [word for value in values for word in (option, value)]


def _nearest(value: Configuration | ProxySearchSettings, presets: dict[str, Any]) -> str:
    """The preset with the same branches, if there is one, and the fewest differences."""

    def distance(name: str) -> tuple[bool, int]:
        changed = _changed(value, presets[name])
        return "branches" in changed, len(changed)

    return min(presets, key=distance)


def _changed(value: Any, start: Any) -> list[str]:
    return [each.name for each in fields(value) if getattr(value, each.name) != getattr(start, each.name)]


def _settings(configuration: Configuration, start: Configuration) -> Iterator[str]:
    """``KEY=VALUE`` for all that differs."""
    for name in _changed(configuration, start):
        value = configuration.as_dict()[name]
        if name == "branches":
            yield f"branches={_flow(value)}"
        else:
            yield f"{name}={_word(value)}"


def _flow(value: Any) -> str:
    """YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(part)}" for key, part in value.items()) + "}"
    return "[" + ", ".join(map(_flow, value)) + "]" if isinstance(value, list) else _word(value)


def _word(value: Any) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else str(value)
