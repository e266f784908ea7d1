"""Options that several commands take."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from eproxy_engine.cli.fields import setting_option
from eproxy_engine.proxy import Configuration
from eproxy_engine.proxy.presets import DEFAULT
from eproxy_engine.runs.executors import Cluster
from eproxy_engine.sampling import RULES

space_option = click.option("--space", required=True, help="Search space; `spaces` lists them.")
task_option = click.option("--task", help="Task whose accuracies judge the ranking (default: the space's first).")
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
width_option = setting_option(Configuration, "width")
archs_option = click.option(
    "--archs",
    type=click.Path(dir_okay=False),
    help="File with architectures, one per line or with brackets over several, instead of a sample.",
)
draw_option = click.option("--draw", type=int, help="Seed of the sample, if it differs from --seed.")
images_option = click.option(
    "--images", default="bundled", show_default=True, help="bundled, noise, cifar10, cifar10:PATH or folder:PATH."
)
device_option = click.option("--device", default="auto", show_default=True, help="auto, cpu or cuda.")


def workers_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Where to compute; together they are the command's argument ``workers``, for ``executors.make``."""

    @wraps(command)
    def with_workers(ray: str | None, ray_gpu_share: float, workers: int | None, **others: Any) -> Any:
        return command(workers=workers if ray is None else Cluster(ray, workers, ray_gpu_share), **others)

    for option in (_ray_gpu_share, _ray, _workers):
        with_workers = option(with_workers)
    return with_workers


_workers = click.option(
    "--workers",
    type=int,
    help="Number of evaluations at the same time (default: one per core on a CPU, or a whole cluster).",
)
_ray = click.option(
    "--ray",
    metavar="ADDRESS",
    envvar="EPROXY_RAY",
    help="Compute on a Ray cluster: auto, HOST:6379 or ray://HOST:10001 (docs/cluster.md; default: $EPROXY_RAY).",
)
_ray_gpu_share = click.option(
    "--ray-gpu-share",
    default=Cluster.gpu_share,
    show_default=True,
    envvar="EPROXY_RAY_GPU_SHARE",
    help="Fraction of a cluster GPU that an evaluation takes.",
)
