"""``bench``: how quick evaluations are on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click
import numpy as np

from eproxy_engine import bench, spaces
from eproxy_engine.cli.options import device_option
from eproxy_engine.cli.output import json_option, print_json, print_table
from eproxy_engine.proxy import Configuration, preset
from eproxy_engine.proxy.presets import DEFAULT
from eproxy_engine.search.proxy_spaces import PROXY_SPACES


@click.command("bench")
@click.option("--space", "names", multiple=True, help="Search space; may be given several times (default: all).")
@click.option("--sample", "size", default=12, show_default=True, help="Architectures in a round.")
@click.option("--rounds", default=3, show_default=True, help="Rounds; medians are given.")
@click.option("--preset", "preset_name", default=DEFAULT, show_default=True, help="Named proxy configuration.")
@click.option(
    "--proxy-space",
    type=click.Choice(list(PROXY_SPACES)),
    help="Instead of a preset: random configurations, one an architecture, as DPS tries them.",
)
@click.option("--width", help="Stem channels: a number, small or published.")
@device_option
@click.option("--landscape", "steps", type=int, help="Instead: a loss surface with so many points a side.")
@click.option("--largest", is_flag=True, help="Instead: the forward pass of the largest architecture, and its memory.")
@json_option
def command(
    names: tuple[str, ...],
    size: int,
    rounds: int,
    preset_name: str,
    proxy_space: str | None,
    width: str | None,
    device: str,
    steps: int | None,
    largest: bool,
    as_json: bool,
) -> None:
    """Time an architecture and peak memory, or a loss surface, beside a plain loop over the same."""
    if largest:
        _show(
            [asdict(bench.largest(name)) for name in names or spaces.names()],
            "largest",
            "Largest architectures",
            as_json,
        )
        return
    found: list[dict[str, Any]] = []
    configurations = [preset(preset_name)] * size if proxy_space is None else _drawn(proxy_space, size)
    if width is not None:
        configurations = [configuration.replace("width", width) for configuration in configurations]
    for name in names or spaces.names():
        if steps is None:
            measured: Iterator[Any] = bench.measure(name, configurations, rounds, device)
        else:
            measured = bench.surface(name, configurations[0], steps, rounds, device)
        for step in measured:
            if isinstance(step, str):
                click.echo(step, err=True)
            else:
                found.append(asdict(step))
    if steps is not None:
        _show(found, "surfaces", f"Loss surfaces of {steps} × {steps} points with the preset {preset_name}", as_json)
        return
    what = f"the preset {preset_name}" if proxy_space is None else f"configurations of the proxy space {proxy_space}"
    _show(found, "speeds", f"Evaluations with {what}", as_json)


def _drawn(proxy_space: str, size: int) -> list[Configuration]:
    rng = np.random.default_rng(bench.SEED)
    return [PROXY_SPACES[proxy_space].sample(rng) for _ in range(size)]


def _show(found: list[dict[str, Any]], name: str, title: str, as_json: bool) -> None:
    if as_json:
        print_json({name: found})
        return
    rounded = [{k: round(v, 2) if isinstance(v, float) else v for k, v in row.items()} for row in found]
    print_table(rounded, title=title)
