"""Options that choose the proxy of a command."""

from __future__ import annotations

import click

from eproxy_engine.cli.files import changed
from eproxy_engine.errors import UserError
from eproxy_engine.foreign import read_text
from eproxy_engine.proxy import preset
from eproxy_engine.scoring import Ensemble, Proxy
from eproxy_engine.scoring.named import named
from eproxy_engine.scoring.proxy import from_yaml

proxy_option = click.option("--proxy", "name", help="Proxy other than Eproxy; `proxies` lists them.")
config_option = click.option(
    "--config",
    type=click.Path(dir_okay=False),
    help="YAML or JSON file of a proxy, instead of a preset: a configuration, or an ensemble written by `dps --out`.",
)


def chosen(name: str | None, preset_name: str, config: str | None, settings: list[str]) -> Proxy:
    """Return the proxy that the options choose.

    Args:
        name: Value of ``--proxy``.
        preset_name: Value of ``--preset``.
        config: Value of ``--config``.
        settings: Changes to the proxy, ``KEY=VALUE``.

    Raises:
        UserError: If the options contradict each other or a value is invalid.
    """
    if name and config:
        raise UserError(f"--proxy {name} and --config {config}; accepted: one of them")
    proxy = named(name).proxy if name else from_yaml(read_text(config)) if config else preset(preset_name)
    if not isinstance(proxy, Ensemble):
        return changed(proxy, settings)
    if settings:
        raise UserError("--set and --width change a single proxy; accepted: neither with an ensemble")
    return proxy
