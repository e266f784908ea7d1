"""Results that ship for the scoreboard: where they are from, and that a run of one's own goes before them.

That they are those of docs/results is tested with the pages (tests/docs/test_results.py).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from eproxy_engine.proxy import preset
from eproxy_engine.runs import Store
from eproxy_engine.scoreboard import Entry, entries, table
from eproxy_engine.scoreboard.recipes import recipe
from eproxy_engine.scoreboard.shipped import figures, left_out
from tests.scoreboard.test_measured import done, evaluation_run, said
from tests.scoreboard.test_published import cell

WITH = cell(1, "NAS-Bench-101", "10 iterations", "barrier, lr 1")


def test_figures_come_with_how_they_were_measured() -> None:
    wide, narrow = figures(WITH)
    assert (wide.width, narrow.width, narrow.n, narrow.estimates["rho"]) == (64, 16, 200, 0.32)
    assert wide.estimates["rho_low"] < wide.estimates["rho"] < wide.estimates["rho_high"]
    assert "--width 64 --set barrier=on" in wide.command
    assert "--preset paper --width small --set barrier=on --set learning_rate=1" in narrow.command
    transferred = figures(cell(3, "ImageNet", "Eproxy+DPS", "ENAS"))[0]
    assert (transferred.estimates["rho"], transferred.estimates["top10"], transferred.n) == (0.87, 0.75, 40)
    assert transferred.found_on == "NDS DARTS, ImageNet"
    naswot = figures(cell(3, "ImageNet", "NASWOT", "ENAS"))[0]
    assert (naswot.estimates, naswot.n, naswot.width) == ({"rho": 0.67}, 117, 8)


def test_every_cell_that_could_be_measured_is_or_says_why() -> None:
    for number in (1, 2, 3, 4, 5):
        for each in table(number).cells:
            if recipe(each).specification is not None and not each.ours:
                assert bool(figures(each)) != bool(left_out(each)), each.title


def test_a_run_goes_before_what_ships_and_in_table_1_at_any_width(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.sqlite3")
    assert measured(store, WITH).width == 64
    done(store, evaluation_run(proxy=replace(preset("paper"), width="small")), said(0.1))
    assert measured(store, WITH).width == 16
    wider = done(store, evaluation_run(proxy=replace(preset("paper"), width=32)), said(0.2, 50))
    found = measured(store, WITH)
    assert (found.run, found.rho, found.width, found.study) == (wider.id, 0.2, 32, None)
    store.close()


def measured(store: Store, wanted: object) -> Entry:
    return next(each.measured for each in entries(table(1), store.runs()) if each.cell == wanted)  # type: ignore[return-value]
