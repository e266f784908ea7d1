"""Options that several commands take."""

from __future__ import annotations

import click

from eproxy_engine.proxy.presets import DEFAULT
from eproxy_engine.sampling import RULES

space_option = click.option("--space", required=True, help="Search space; `spaces` lists them.")
task_option = click.option("--task", help="What the accuracies were measured on (default: the space's first).")
sample_option = click.option("--sample", "size", default=200, show_default=True, help="Number of architectures.")
rule_option = click.option(
    "--rule", default="random", show_default=True, help=f"{', '.join(RULES)} or the name of a marked subset."
)
preset_option = click.option(
    "--preset", "preset_name", default=DEFAULT, show_default=True, help="Named proxy configuration to start from."
)
set_option = click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change one value, such as branches.0.c_mid=512."
)
width_option = click.option("--width", help="Stem channels: a number, small or published.")
archs_option = click.option(
    "--archs", type=click.Path(dir_okay=False), help="A file with one architecture a line, instead of a sample."
)
draw_option = click.option("--draw", type=int, help="Seed of the sample alone, if it is to be another one.")
images_option = click.option(
    "--images", default="bundled", show_default=True, help="bundled, noise, cifar10, cifar10:PATH or folder:PATH."
)
device_option = click.option("--device", default="auto", show_default=True, help="auto, cpu or cuda.")
workers_option = click.option("--workers", type=int, help="Processes (default: one a core on a CPU).")
