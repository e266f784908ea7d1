"""``spaces``: list the search spaces."""

import click

from eproxy_engine import benchmarks, spaces
from eproxy_engine.cli.output import json_option, print_json, print_table


@click.command("spaces")
@json_option
def command(as_json: bool) -> None:
    """List search spaces, their tasks and the number of known accuracies."""
    rows = [
        {"space": name, "task": task.name, "known": len(benchmarks.known(name, task.name)), "measured": task.title}
        for name in spaces.names()
        for task in benchmarks.tasks(name)
    ]
    if not as_json:
        print_table(rows)
        return
    print_json(
        {
            "spaces": [
                {
                    "name": name,
                    "title": spaces.get(name).title,
                    "family": spaces.get(name).family,
                    "architectures": len(benchmarks.load(name)),
                    "subsets": benchmarks.subsets(name),
                    "tasks": [
                        {k: row[k] for k in ("task", "known", "measured")} for row in rows if row["space"] == name
                    ],
                }
                for name in spaces.names()
            ]
        }
    )
