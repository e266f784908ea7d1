"""What the top bar and the title of the tab say about runs."""

from __future__ import annotations

from dataclasses import replace

from app.shell.status import of_active, of_ended, tab_title
from eproxy_engine.runs import Store


def test_what_runs_how_far_it_is_and_how_long_it_takes_yet(store: Store) -> None:
    shipped = next(run for run in store.runs() if run.kind == "dps")
    running = replace(shipped, status="running", progress={"done": 42, "total": 100, "seconds_left": 200.0})
    waiting = replace(shipped, id="other", status="queued", progress={})
    told = of_active([waiting, running])
    assert told.run == running
    assert told.text.endswith(" Proxy search · 42% · 3 min left · 1 waiting")
    assert tab_title("Runs", told) == "42% · Runs · Eproxy Studio"
    assert of_active([waiting]).text.endswith(" Proxy search · queued")


def test_how_it_ended(store: Store) -> None:
    shipped = next(run for run in store.runs() if run.kind == "evaluate")
    assert tab_title("Proxy", of_ended(shipped)) == "✓ done – Proxy · Eproxy Studio"
    assert of_ended(replace(shipped, status="failed")).text == "✗ Proxy · failed"
    assert tab_title("Proxy", None) == "Proxy · Eproxy Studio"
