"""Words of a command line that several kinds of runs need."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from eproxy_engine.baselines import Baseline
from eproxy_engine.fields import Settings, changed
from eproxy_engine.proxy import PRESETS, Configuration
from eproxy_engine.runs.specification import Specification
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring import Ensemble, Proxy

ARCHITECTURES, PROXY = "architectures.txt", "proxy.yaml"
"""Files that have to be written first: what is picked by hand, and an ensemble, have no name."""


def place_words(given: Specification) -> list[Any]:
    """Its search space and task."""
    return ["--space", given.space, "--task", given.task]


def sample_words(sample: Sample, seed: int, size: str, file: str) -> list[Any]:
    """The sample with the seed. ``size``, ``file``: the options that the command has for them."""
    if sample.rule == "picked":
        return [file, ARCHITECTURES, "--seed", seed]
    rule = [] if sample.rule == "random" else ["--rule", sample.rule]
    draw = [] if sample.seed == seed else ["--draw", sample.seed]
    return [*rule, size, sample.size, "--seed", seed, *draw]


def proxy_words(proxy: Proxy) -> list[Any]:
    """A proxy: a file for an ensemble, else a name or preset with what differs."""
    if isinstance(proxy, Ensemble):
        return ["--config", PROXY]
    if isinstance(proxy, Baseline):
        return ["--proxy", proxy.name, *_set_words(proxy, Baseline(proxy.name))]
    return configuration_words(proxy)


def configuration_words(given: Configuration) -> list[Any]:
    """The nearest preset of Eproxy, and what differs."""
    start = nearest(given, PRESETS)
    return ["--preset", start, *_set_words(given, PRESETS[start])]


def repeated(option: str, values: Iterable[Any]) -> list[Any]:
    """An option for each value."""
    return [word for value in values for word in (option, value)]


def nearest(value: Any, presets: dict[str, Any]) -> str:
    """The preset with the same branches, if there is one, and the fewest differences."""

    def distance(name: str) -> tuple[bool, int]:
        different = changed(value, presets[name])
        return "branches" in different, len(different)

    return min(presets, key=distance)


def _set_words(value: Settings, start: Settings) -> list[Any]:
    return repeated("--set", (f"{name}={_flow(now)}" for name, now in changed(value, start).items()))


def _flow(value: Any) -> str:
    """YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(part)}" for key, part in value.items()) + "}"
    return "[" + ", ".join(map(_flow, value)) + "]" if isinstance(value, list) else _word(value)


def _word(value: Any) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else str(value)
