"""``bench``: measure the speed of evaluations on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click
import numpy as np

from eproxy_engine import bench, spaces
from eproxy_engine.cli.files import changed, with_width
from eproxy_engine.cli.options import device_option, preset_option, set_option, width_option
from eproxy_engine.cli.output import json_option, print_json, print_table
from eproxy_engine.proxy import Configuration, preset
from eproxy_engine.search.proxy_search.proxy_space import PROXY_SPACES


@click.command("bench")
@click.option("--space", "names", multiple=True, help="Search space; may be given several times (default: all).")
@click.option("--sample", "size", default=12, show_default=True, help="Architectures per round.")
@click.option("--rounds", default=3, show_default=True, help="Number of rounds; medians are shown.")
@preset_option
@set_option
@click.option(
    "--proxy-space",
    type=click.Choice(list(PROXY_SPACES)),
    help="Use random configurations, one per architecture, as DPS tries them, instead of a preset.",
)
@width_option
@device_option
@click.option(
    "--processor-time",
    "by_processor",
    is_flag=True,
    help="Measure processor time in one process instead: a plain loop, torch the fast way, and compiled kernels. With "
    "--landscape: per point of a loss surface, a row of it per round.",
)
@click.option("--landscape", "steps", type=int, help="Time a loss surface with this number of points per side instead.")
@click.option(
    "--panel",
    "panel_name",
    type=click.Choice(["quick", "full"]),
    help="Measure the processor time of a panel of cheap scores instead: by torch, and by compiled kernels.",
)
@click.option("--largest", is_flag=True, help="Measure time and memory of the largest architecture instead.")
@click.option(
    "--ranking",
    "ways",
    multiple=True,
    type=click.Choice(bench.WAYS),
    help="Compare the ranking of this way of computing with the plain way's instead; may be given several times.",
)
@json_option
def command(
    names: tuple[str, ...],
    size: int,
    rounds: int,
    preset_name: str,
    settings: tuple[str, ...],
    proxy_space: str | None,
    width: str | None,
    device: str,
    by_processor: bool,
    steps: int | None,
    panel_name: str | None,
    largest: bool,
    ways: tuple[str, ...],
    as_json: bool,
) -> None:
    """Measure time, floor and peak memory per architecture, or of a loss surface, and compare with a plain loop.

    The floor is the time of the arithmetic at the speed of a large matrix product; `achieved` is the floor over the
    engine's time. Traffic is the time of reads and writes at the speed of a large copy. `paper` is Table 9, on an
    A6000.
    """
    chosen = names or tuple(spaces.names())
    given = with_width(settings, width)
    drawn = [preset(preset_name)] * size if proxy_space is None else _drawn(proxy_space, size)
    configurations = [_changed(configuration, given) for configuration in drawn]
    what = f"the preset {preset_name}" if proxy_space is None else f"configurations of the proxy space {proxy_space}"
    if largest:
        found: list[Any] = [bench.largest(name) for name in chosen]
        _show(found, "largest", "Largest architectures", as_json)
    elif panel_name is not None:
        found = _figures(bench.panel_time(name, panel_name, size, rounds) for name in chosen)
        _show(found, "panels", f"Processor time of the panel {panel_name}", as_json)
    elif by_processor and steps is not None:
        found = _figures(bench.surface_processor_time(name, configurations[0], steps, rounds) for name in chosen)
        _show(found, "surface_processor_time", f"Processor time of a surface's points with {what}", as_json)
    elif by_processor:
        found = _figures(bench.processor_time(name, configurations, rounds) for name in chosen)
        _show(found, "processor_time", f"Processor time of evaluations with {what}", as_json)
    elif ways:
        found = _figures(bench.rankings(name, configurations[0], size, ways) for name in chosen)
        _show(found, "rankings", f"Rankings with {what}", as_json)
    elif steps is not None:
        found = _figures(bench.surface(name, configurations[0], steps, rounds, device) for name in chosen)
        _show(found, "surfaces", f"Loss surfaces of {steps} × {steps} points with {what}", as_json)
    else:
        found = _figures(bench.measure(name, configurations, rounds, device) for name in chosen)
        _show(found, "speeds", f"Evaluations with {what}", as_json)


def _drawn(proxy_space: str, size: int) -> list[Configuration]:
    rng = np.random.default_rng(bench.SEED)
    return [PROXY_SPACES[proxy_space].sample(rng) for _ in range(size)]


def _changed(configuration: Configuration, settings: list[str]) -> Configuration:
    member = changed(configuration, settings)
    assert isinstance(member, Configuration)
    return member


def _figures(measurements: Iterator[Iterator[Any]]) -> list[Any]:
    """Collect the figures; show lines of progress and each figure at once, so that an interruption loses none."""
    found = []
    for measured in measurements:
        for step in measured:
            if not isinstance(step, str):
                found.append(step)
                step = ", ".join(f"{name} {value}" for name, value in _rounded(asdict(step)).items())
            click.echo(step, err=True)
    return found


def _show(found: list[Any], name: str, title: str, as_json: bool) -> None:
    rows = [asdict(one) for one in found]
    if as_json:
        print_json({name: rows})
        return
    print_table([_rounded(row) for row in rows], title=title)


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in row.items()}
