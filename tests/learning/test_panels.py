"""Panels, and the scores that ship with them: each is what its proxy would give today."""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from eproxy_engine import benchmarks, spaces
from eproxy_engine.baselines import Baseline
from eproxy_engine.errors import UserError
from eproxy_engine.learning.panels import PANELS, Panel, ShippedScores, panel, shipped
from eproxy_engine.learning.panels.shipped import FOLDER, IMAGES, SEED, read, score_key, write
from eproxy_engine.proxy import Evaluation
from eproxy_engine.scoring import Ensemble
from eproxy_engine.scoring.computing import evaluate
from eproxy_engine.scoring.named import NamedProxy, named
from eproxy_engine.scoring.proxy import Member
from tests.runs.conftest import configuration

MEMBERS = {score.name: score.member for each in PANELS.values() for score in each.scores}
"""Of all panels, by the name of the score."""
TABLES = sorted(path.stem for path in FOLDER.glob("*.parquet"))
MOST_BYTES = 8_000_000
OTHERWISE_ROUNDED = 0.15
"""Of the usual size of a score."""
FEW = 250
"""Architectures of a table that are looked at."""
each_table = pytest.mark.parametrize("space", TABLES)


# --- panels ---


def test_presets_grow_from_what_costs_nothing() -> None:
    assert list(PANELS) == ["instant", "quick", "full"]
    instant, quick, full = (set(PANELS[name].names) for name in PANELS)
    assert instant == {"parameters", "flops"}
    assert instant < quick < full
    assert full - quick == {"eproxy_laptop", "eproxy_laptop@3", "eproxy_laptop@6"}


@pytest.mark.parametrize("name", PANELS)
def test_a_preset_has_each_name_once_and_comes_back_from_plain_values(name: str) -> None:
    preset = panel(name)
    assert len(set(preset.names)) == len(preset.names) == len(preset.scores) + 2
    assert Panel.from_dict(preset.as_dict()) == preset


def test_the_prior_is_that_of_az_nas_only_where_all_its_parts_are() -> None:
    quick = panel("quick")
    assert set(quick.prior_of) == {"az_expressivity", "az_progressivity", "az_trainability", "flops"}
    assert panel("instant").prior_of == ()
    assert replace(quick, scores=quick.scores[1:]).prior_of == ()


def test_members_of_an_ensemble_become_scores() -> None:
    ensemble = NamedProxy("both", Ensemble((configuration(), Baseline("snip"))))
    found = panel("quick").with_proxies([ensemble, named("naswot")])
    assert found.names == (*panel("quick").names, "both 1", "both 2", "naswot")
    assert [each.member for each in found.scores[-3:]] == [configuration(), Baseline("snip"), Baseline("naswot")]
    assert Panel.from_dict(found.as_dict()) == found


@pytest.mark.parametrize("name", ["meco", "flops", "parameters"])
def test_a_name_that_a_panel_has_already_is_told(name: str) -> None:
    with pytest.raises(UserError, match=f"two scores of the panel are named '{name}'; accepted: names that differ"):
        panel("quick").with_proxies([NamedProxy(name, Baseline("snip"))])


def test_too_many_scores_and_unknown_panels_are_told() -> None:
    with pytest.raises(UserError, match="41 scores; accepted: up to 40"):
        panel("instant").with_proxies(NamedProxy(f"score {place}", Baseline("snip")) for place in range(41))
    with pytest.raises(UserError, match="unknown panel 'fast'; accepted: instant, quick, full"):
        panel("fast")


# --- files ---


def scores_of(key: str, name: str = "snip") -> ShippedScores:
    index = pd.Index(["a", "b", "c", "d"], name="architecture")
    table = pd.DataFrame({name: [1.25, -math.inf, math.nan, 1 / 3]}, index=index)
    return ShippedScores(table, {name: {"key": key, "seconds": 0.125}})


def test_a_file_gives_back_what_was_written_in_single_precision(tmp_path: Path) -> None:
    written = scores_of("some key")
    write(tmp_path / "folder" / "space.parquet", written)
    found = read(tmp_path / "folder" / "space.parquet")
    assert found.about == written.about
    assert found.table.equals(written.table.astype("float32").astype("float64"))
    assert found.table.index.tolist() == ["a", "b", "c", "d"]
    assert (found.seconds("snip"), math.isnan(found.seconds("other"))) == (0.125, True)


def test_a_column_is_that_of_the_proxy_with_its_key_whatever_its_name() -> None:
    """Failed ones are −inf, those that were not computed are missing."""
    found = scores_of(score_key("nasbench201", Baseline("snip")), "any").column(
        "nasbench201", Baseline("snip"), IMAGES, SEED
    )
    assert found is not None
    assert found.to_dict() == {"a": 1.25, "b": -math.inf, "d": 1 / 3}


@pytest.mark.parametrize(
    ("space", "member", "images", "seed"),
    [
        ("nasbench201", Baseline("snip", batch=32), IMAGES, SEED),
        ("nasbench201", Baseline("snip", width=4), IMAGES, SEED),
        ("nasbench201", Baseline("naswot"), IMAGES, SEED),
        ("nasbench201", configuration(), IMAGES, SEED),
        ("nasbench101", Baseline("snip"), IMAGES, SEED),
        ("nasbench201", Baseline("snip"), "noise", SEED),
        ("nasbench201", Baseline("snip"), IMAGES, SEED + 1),
    ],
)
def test_a_column_of_anything_else_is_not_used(space: str, member: Member, images: str, seed: int) -> None:
    assert scores_of(score_key("nasbench201", Baseline("snip"))).column(space, member, images, seed) is None


def test_a_column_of_older_code_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = scores_of(score_key("nasbench201", Baseline("snip")))
    monkeypatch.setattr(Baseline, "digest", lambda self: "changed")
    assert kept.column("nasbench201", Baseline("snip"), IMAGES, SEED) is None


def test_a_width_by_name_is_the_width_that_it_stands_for() -> None:
    family = spaces.get("nasbench201")
    assert score_key(family.name, Baseline("snip", width="small")) == score_key(
        family.name, Baseline("snip", width=family.small_width)
    )


# --- the files that ship ---


def of(space: str) -> ShippedScores:
    found = shipped(space)
    assert found is not None
    return found


def test_tables_ship_and_are_small() -> None:
    assert "nasbench101" in TABLES
    assert set(TABLES) <= set(spaces.names())
    assert sum((FOLDER / f"{name}.parquet").stat().st_size for name in TABLES) <= MOST_BYTES
    assert all(shipped(name) is None for name in set(spaces.names()) - set(TABLES))


@each_table
def test_its_columns_are_those_of_the_proxies_as_they_are_now(space: str) -> None:
    """Whoever changes the code of a proxy has to compute its column again: ``python -m eproxy_engine panel``."""
    table, about = of(space).table, of(space).about
    assert list(about) == list(table)
    assert set(PANELS["quick"].names) <= {"parameters", "flops", *table}
    keys = {name: score_key(space, MEMBERS[name]) for name in about if name in MEMBERS}
    assert {name: about[name]["key"] for name in keys} == keys
    assert all(0 < each["seconds"] < 100 for each in about.values())


@each_table
def test_its_rows_are_representatives_each_once_with_scores_that_differ(space: str) -> None:
    family, table = spaces.get(space), of(space).table
    assert table.index.is_unique
    drawn = table.index[np.random.default_rng(0).permutation(len(table))[:FEW]]
    assert [str(family.equivalent(family.parse(text))) for text in drawn] == list(drawn)
    assert (table.nunique() > 10).all()
    assert (np.isneginf(table).mean() < 0.1).all()
    assert not np.isposinf(table).any(axis=None)


@each_table
def test_its_values_are_computed_again(space: str) -> None:
    """A small network, all zero-cost proxies: their keys do not tell of a change in their code.

    Other instructions round otherwise, a ReLU near zero passes a gradient or does not, and norms of gradients add up
    what follows: 4% was seen between instruction sets. Other code changes a score by far more.
    """
    known = benchmarks.known(space, benchmarks.task(space).name).set_index("architecture")["flops"]
    small = known[known.index.isin(of(space).table.index)].idxmin()
    for name, member in MEMBERS.items():
        column = of(space).column(space, member, IMAGES, SEED)
        if column is not None and isinstance(member, Baseline):
            evaluation = Evaluation.of(space, small, member, IMAGES, SEED)
            found = evaluate(evaluation, "cpu").score(member, 1.0)
            usual = max(abs(found), column[np.isfinite(column)].abs().median())
            assert found == pytest.approx(column[small], abs=OTHERWISE_ROUNDED * usual), name


def test_a_column_of_another_engine_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    before = score_key("nasbench201", Baseline("snip"))
    monkeypatch.setattr(sys.modules[score_key.__module__], "ENGINE_VERSION", 999)
    assert score_key("nasbench201", Baseline("snip")) != before
