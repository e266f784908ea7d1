"""``proxies``: list the proxies that Eproxy can be compared with."""

from __future__ import annotations

import click

from eproxy_engine import baselines
from eproxy_engine.baselines import ZeroCostProxy, tabulated
from eproxy_engine.cli.output import json_option, print_json, print_table, say

SHOWN = ("name", "title", "source", "cost", "assumes", "higher_is_better")


@click.command("proxies")
@json_option
def command(as_json: bool) -> None:
    """List the zero-cost proxies with paper, cost, assumptions and direction."""
    rows = [{key: getattr(proxy, key) for key in SHOWN} for proxy in map(baselines.get, baselines.names())]
    if as_json:
        print_json({"proxies": rows, "tabulated": [*tabulated.SIZES, "early_stopping@EPOCHS"]})
        return
    print_table([_line(baselines.get(name)) for name in baselines.names()])
    say(f"from the tables: {', '.join(tabulated.SIZES)}, early_stopping@EPOCHS; aggregated: az_nas")


def _line(proxy: ZeroCostProxy) -> dict[str, str]:
    better = "higher is better" if proxy.higher_is_better else "lower is better"
    shown = {key: getattr(proxy, key) for key in ("name", "source", "cost")}
    return {**shown, "direction": better, "assumes": proxy.assumes}
