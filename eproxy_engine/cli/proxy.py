"""The proxy that a command's options name."""

from __future__ import annotations

import click

from eproxy_engine.cli.files import changed
from eproxy_engine.errors import UserError
from eproxy_engine.foreign import read_text
from eproxy_engine.proxy import preset
from eproxy_engine.scoring import Ensemble, Proxy
from eproxy_engine.scoring.named import named
from eproxy_engine.scoring.proxy import from_yaml

proxy_option = click.option("--proxy", "name", help="Another proxy than Eproxy: `proxies` lists them.")
config_option = click.option(
    "--config",
    type=click.Path(dir_okay=False),
    help="A proxy as YAML or JSON, instead of a preset: a configuration, or the ensemble that `dps --out` writes.",
)


def chosen(name: str | None, preset_name: str, config: str | None, settings: list[str]) -> Proxy:
    """The proxy with its values changed. Raises UserError."""
    if name and config:
        raise UserError(f"--proxy {name} and --config {config}; accepted: one of them")
    proxy = named(name).proxy if name else from_yaml(read_text(config)) if config else preset(preset_name)
    if not isinstance(proxy, Ensemble):
        return changed(proxy, settings)
    if settings:
        raise UserError("an ensemble, and --set and --width change one proxy; accepted: neither with an ensemble")
    return proxy
