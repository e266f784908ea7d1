"""``score``: proxies on networks of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pandas as pd

from eproxy_engine.baselines import Baseline
from eproxy_engine.cli.options import device_option, images_option
from eproxy_engine.cli.output import json_option, print_json, print_table, say
from eproxy_engine.foreign import read_text
from eproxy_engine.runs.foreground import counting
from eproxy_engine.scoring.named import SLOW, NamedProxy, named, names
from eproxy_engine.scoring.proxy import from_yaml

SIZES = ("parameters", "flops", "size")
"""Columns that are no proxies."""


@click.command("score")
@click.argument("networks", nargs=-1, required=True, metavar="NETWORK…")
@click.option(
    "--proxy",
    "chosen",
    multiple=True,
    help="Proxy (`proxies` lists them; also eproxy_laptop); repeatable; default: all.",
)
@click.option(
    "--config", "files", multiple=True, type=click.Path(dir_okay=False), help="YAML file with a proxy; repeatable."
)
@click.option(
    "--size",
    type=click.IntRange(1, 1024),
    help="Side of the images in pixels (default: the smallest of 32, 64, 128, 224, 299 that leaves a grid of 4 x 4).",
)
@click.option("--batch", default=Baseline.batch, show_default=True, help="Images that proxies other than Eproxy see.")
@click.option("--seed", default=1, show_default=True, help="Seed of weights, images, targets and all else.")
@images_option
@device_option
@json_option
def command(
    networks: tuple[str, ...],
    chosen: tuple[str, ...],
    files: tuple[str, ...],
    size: int | None,
    batch: int,
    seed: int,
    images: str,
    device: str,
    as_json: bool,
) -> None:
    """Score networks of your own: FILE.py, FILE.py:NAME, or the name of a model of torchvision or timm.

    NAME is a torch.nn.Module from images [b, 3, h, h] to logits [b, classes], a class or function that makes one, or a
    mapping or list of these. Nothing is stored.
    """
    from eproxy_engine.scoring.own import evaluations_of, scores_of_networks
    from eproxy_engine.spaces.own.reading import by_name
    from eproxy_engine.spaces.own.space import OwnNetworks

    space = OwnNetworks(by_name(networks), size)
    wanted = chosen or ([] if files else [name for name in names() if name not in (*SLOW, *SIZES)])
    proxies = [named(name, batch) for name in wanted]
    proxies += [NamedProxy(Path(file).stem, from_yaml(read_text(file))) for file in files]
    with counting("scores", evaluations_of(space, proxies)) as told:
        scores, notes = scores_of_networks(space, proxies, images, seed, device, told)
    if as_json:
        print_json({"networks": [_plain(row) for row in scores.reset_index().to_dict("records")], **_notes(notes)})
        return
    print_table([{"": column, **_shown(scores[column])} for column in scores])
    for note in notes.to_dict("records"):
        say(f"{note['network']}, {note['proxy']}: {note['note']}")


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    scores = {name: value for name, value in row.items() if name not in ("network", *SIZES)}
    return {**{name: row[name] for name in ("network", *SIZES)}, "scores": scores}


def _notes(notes: pd.DataFrame) -> dict[str, Any]:
    return {"notes": notes.to_dict("records")}


def _shown(values: pd.Series) -> dict[str, str]:
    whole = values.name in SIZES
    return {
        str(name): "–" if pd.isna(value) else f"{value:,.0f}" if whole else f"{value:.4g}"
        for name, value in values.items()
    }
