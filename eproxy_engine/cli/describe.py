"""``describe``: show one architecture."""

from __future__ import annotations

from typing import Any

import click
import pandas as pd

from eproxy_engine import benchmarks, spaces
from eproxy_engine.cli.files import write
from eproxy_engine.cli.output import json_option, print_json, print_table, say
from eproxy_engine.runs.kinds.evaluation.famous import imagenet_error
from eproxy_engine.spaces import famous
from eproxy_engine.spaces.cells.space import CellSpace
from eproxy_engine.spaces.famous import FamousNetwork
from eproxy_engine.spaces.formats import find
from eproxy_engine.spaces.interface import SearchSpace

FORMATS = "nasbench, naslib, nats, genotype or json, where the search space has it"


@click.command("describe")
@click.argument("space")
@click.argument("architecture", required=False)
@click.option("--famous", "list_famous", is_flag=True, help="List the famous networks of SPACE, by name.")
@click.option(
    "--module",
    type=click.Path(dir_okay=False),
    help="Write the network of a built-in space as a Python file that needs only torch, ready to train.",
)
@click.option(
    "--onnx",
    type=click.Path(dir_okay=False),
    help="Write the network with random weights as an ONNX file; needs the extra onnx, and half a minute.",
)
@click.option("--format", "format_name", help=f"Print the architecture for other tools and nothing else: {FORMATS}.")
@json_option
def command(
    space: str,
    architecture: str | None,
    list_famous: bool,
    module: str | None,
    onnx: str | None,
    format_name: str | None,
    as_json: bool,
) -> None:
    """Show parameters, FLOPs, stage shapes and known accuracies of ARCHITECTURE in SPACE.

    ARCHITECTURE is written as in the tables or as other tools print it (docs/formats.md), or it is the name of a famous
    network, such as PC-DARTS in darts.
    """
    from eproxy_engine.spaces.onnx_file import write_onnx
    from eproxy_engine.spaces.standalone import module_source

    family = spaces.get(space)
    if list_famous:
        _list_famous(space, as_json)
        return
    if architecture is None:
        raise click.UsageError("ARCHITECTURE is missing; --famous lists the famous networks of SPACE")
    point = family.parse(architecture)
    if module is not None:
        write(module, module_source(family, point))
    if onnx is not None:
        write_onnx(family, point, onnx)
    if format_name is not None:
        _show_format(family, point, format_name, as_json)
        return
    complexity = family.complexity(point)
    table = benchmarks.load(space)
    row = table[table["architecture"] == str(point)]
    accuracies = {
        task.name: float(row[task.name].iloc[0])
        for task in benchmarks.tasks(space)
        if task.name in row and len(row) and pd.notna(row[task.name].iloc[0])
    }
    answer: dict[str, Any] = {
        "space": space,
        "architecture": str(point),
        "equivalent": str(family.equivalent(point)),
        "parameters": complexity.parameters,
        "flops": complexity.flops,
        "activations": complexity.activations,
        "stages": [list(stage) for stage in complexity.stages],
        "accuracies": accuracies,
    }
    if isinstance(family, CellSpace):
        answer["genotype"] = family.genotype_text(point)
    network = famous.in_space(space).get(str(point))
    if network is not None:
        answer["famous"] = _plain(network)
    if module is not None:
        answer["module"] = module
    if onnx is not None:
        answer["onnx"] = onnx
    if as_json:
        print_json(answer)
        return
    answer |= answer.pop("famous", {})
    print_table([{"": key, "value": value} for key, value in answer.items()])


def _show_format(family: SearchSpace, point: Any, name: str, as_json: bool) -> None:
    """Print an architecture in one of its space's formats."""
    text = find(family.formats(), name, family.title).write(point)
    if as_json:
        print_json({"space": family.name, "architecture": str(point), "format": name, "text": text})
    else:
        say(text)


def _list_famous(space: str, as_json: bool) -> None:
    family, networks = spaces.get(space), famous.listed(space)
    rows = []
    for text, network in networks.items():
        counts = family.counts(family.parse(text))
        rows.append({**_plain(network), "architecture": text, "parameters": counts.parameters, "flops": counts.flops})
    if as_json:
        print_json({"space": space, "famous": rows})
        return
    shown = [
        {
            "network": row["name"],
            "parameters (M)": f"{row['parameters'] / 1e6:.2f}",
            "FLOPs (M)": f"{row['flops'] / 1e6:.0f}",
            "ImageNet top-1 error": "" if row["top1"] is None else f"{row['top1']:.1f}%",
            "from": row["paper"],
            "note": row["note"],
        }
        for row in rows
    ]
    print_table(shown, title=f"Famous networks of {family.title}")


def _plain(network: FamousNetwork) -> dict[str, Any]:
    return {
        "name": network.name,
        "paper": network.paper,
        "searched_on": network.searched_on,
        "top1": imagenet_error(network),
        "note": network.note,
        "sources": list(network.sources),
    }
