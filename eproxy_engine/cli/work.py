"""``work``: carry out waiting runs."""

from __future__ import annotations

import click

from eproxy_engine.cli.options import device_option, workers_option
from eproxy_engine.cli.output import json_option, print_json, store_option
from eproxy_engine.runs import Store
from eproxy_engine.runs.executors import Workers, make
from eproxy_engine.runs.worker import LINGER_SECONDS, work


@click.command("work")
@click.option(
    "--linger", default=LINGER_SECONDS, show_default=True, help="Seconds to wait for more runs before ending."
)
@device_option
@workers_option
@store_option
@json_option
def command(linger: float, device: str, workers: Workers, store_path: str | None, as_json: bool) -> None:
    """Start a worker, which carries out waiting runs. The dashboard starts one by itself; you may start more."""
    count = work(Store(store_path), lambda: make(device, workers), linger, lambda line: click.echo(line, err=True))
    if as_json:
        print_json({"runs": count})
