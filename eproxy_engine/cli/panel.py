"""``panel``: compute the cheap scores of architectures and write them to a file."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from eproxy_engine import spaces
from eproxy_engine.cli.files import sample as sample_of
from eproxy_engine.cli.options import (
    archs_option,
    draw_option,
    rule_option,
    sample_option,
    space_option,
)
from eproxy_engine.cli.output import print_json, say
from eproxy_engine.cli.running import Running, running_options
from eproxy_engine.errors import UserError
from eproxy_engine.learning.panels import ShippedScores, panel
from eproxy_engine.learning.panels.shipped import IMAGES, SEED, read, score_key, write
from eproxy_engine.runs import ComparisonSpecification, Store
from eproxy_engine.runs.kinds.evaluation.rows import stored_rows
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring.named import NamedProxy


@click.command("panel")
@space_option
@sample_option
@rule_option
@archs_option
@draw_option
@click.option("--panel", "panel_name", default="quick", show_default=True, help="Which scores: quick or full.")
@click.option("--out", required=True, type=click.Path(dir_okay=False), help="Parquet file; what it has is kept.")
@running_options
def command(
    space: str,
    size: int,
    rule: str,
    archs: str | None,
    draw: int | None,
    panel_name: str,
    out: str,
    running: Running,
) -> None:
    """Compute a panel of scores, one row per different network, as `rank` reads them from files that ship."""
    family, task = spaces.get(space), spaces.get(space).tasks[0].name
    drawn = sample_of(space, archs, rule, size, SEED, draw).draw(space, task)["architecture"]
    networks = tuple(dict.fromkeys(str(family.equivalent(family.parse(text))) for text in drawn))
    scores = panel(panel_name).scores
    if not scores:
        raise UserError(f"the panel {panel_name!r} has no computed scores; accepted: quick, full")
    proxies = tuple(NamedProxy(score.name, score.member) for score in scores)
    picked = Sample("picked", len(networks), SEED, networks)
    specification = ComparisonSpecification(space, task, picked, proxies, IMAGES, (SEED,)).checked()
    running.carried_out(specification)
    found = scores_in(running.store, specification)
    path = Path(out)
    write(path, merged(read(path), found) if path.exists() else found)
    summary = {"space": space, "networks": len(networks), "scores": list(found.table.columns), "out": out}
    print_json(summary) if running.as_json else say(
        f"{len(networks)} networks, {', '.join(found.table.columns)}: {out}"
    )


def scores_in(store: Store, specification: ComparisonSpecification) -> ShippedScores:
    """Return the scores of a finished comparison as a panel."""
    columns, about = {}, {}
    for proxy in specification.proxies:
        rows = stored_rows(store, specification.evaluation_run(proxy))
        columns[proxy.name] = rows.set_index("architecture")["score"]
        key = score_key(specification.space, proxy.proxy)  # type: ignore[arg-type]  # panels have no ensembles
        about[proxy.name] = {"key": key, "seconds": round(float(rows["seconds"].mean()), 4)}
    return ShippedScores(pd.DataFrame(columns).rename_axis("architecture"), about)


def merged(kept: ShippedScores, new: ShippedScores) -> ShippedScores:
    """Add new scores to those of a file; a column of another proxy or older code is replaced."""
    same = [name for name in kept.table if kept.about[name]["key"] == new.about.get(name, kept.about[name])["key"]]
    table = new.table.combine_first(kept.table[same])
    return ShippedScores(table.rename_axis("architecture"), {**{name: kept.about[name] for name in same}, **new.about})
