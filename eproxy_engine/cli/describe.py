"""``describe``: one architecture."""

import click
import pandas as pd

from eproxy_engine import benchmarks, spaces
from eproxy_engine.cli.output import json_option, print_json, print_table


@click.command("describe")
@click.argument("space")
@click.argument("architecture")
@json_option
def command(space: str, architecture: str, as_json: bool) -> None:
    """Parameters, FLOPs, stage shapes and known accuracies of ARCHITECTURE in SPACE."""
    from eproxy_engine.spaces.complexity import count

    family = spaces.get(space)
    point = family.parse(architecture)
    complexity = count(family, point)
    table = benchmarks.load(space)
    row = table[table["architecture"] == str(point)]
    accuracies = {
        task.name: float(row[task.name].iloc[0])
        for task in benchmarks.tasks(space)
        if task.name in row and len(row) and pd.notna(row[task.name].iloc[0])
    }
    answer = {
        "space": space,
        "architecture": str(point),
        "equivalent": str(family.equivalent(point)),
        "parameters": complexity.parameters,
        "flops": complexity.flops,
        "activations": complexity.activations,
        "stages": [list(stage) for stage in complexity.stages],
        "accuracies": accuracies,
    }
    if as_json:
        print_json(answer)
        return
    print_table([{"": key, "value": value} for key, value in answer.items()])
