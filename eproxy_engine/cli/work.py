"""``work``: carry out waiting runs."""

from __future__ import annotations

import logging

import click

from eproxy_engine.cli.output import print_json
from eproxy_engine.cli.running import Running, running_options
from eproxy_engine.runs.worker import LINGER_SECONDS, work


@click.command("work")
@click.option(
    "--linger", default=LINGER_SECONDS, show_default=True, help="Seconds to wait for more runs before ending."
)
@running_options
def command(linger: float, running: Running) -> None:
    """Start a worker, which carries out waiting runs. The dashboard starts one by itself; you may start more."""
    logging.basicConfig(format="%(asctime)s %(name)s: %(message)s", level=logging.WARNING)
    count = work(running.store, running.executor, linger, lambda line: click.echo(line, err=True))
    if running.as_json:
        print_json({"runs": count})
