"""Everything that version 53ca603 wrote still opens: its store, run files, links and command lines (``data``)."""

from __future__ import annotations

import json
import shlex
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import pytest

from app.shell.choice import from_query
from eproxy_engine.cli import group
from eproxy_engine.runs import Specification, Store
from eproxy_engine.runs.archive import unpack
from eproxy_engine.runs.command_line import PROGRAM, command
from eproxy_engine.runs.executors.serial import Serial
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.worker import work_on

DATA = Path(__file__).parent / "data"
HELD: dict[str, dict[str, Any]] = json.loads((DATA / "what_they_hold.json").read_text("utf-8"))
"""By name: id, kind, specification, title, command and link of a run."""


def plain(specification: Specification) -> dict[str, Any]:
    """As it comes back from JSON."""
    return json.loads(json.dumps(specification.as_dict()))


each_run = pytest.mark.parametrize("held", HELD.values(), ids=HELD)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    shutil.copy(DATA / "store.sqlite3", tmp_path / "store.sqlite3")
    return Store(tmp_path / "store.sqlite3")


@each_run
def test_its_store_opens(store: Store, held: dict[str, Any]) -> None:
    run = store.run(held["run"])
    assert (run.kind, run.status) == (held["kind"], "finished")
    assert plain(run.specification) == held["specification"]
    assert run.specification.title == held["title"]
    assert run.result is not None


@each_run
def test_what_it_evaluated_is_not_computed_again(store: Store, held: dict[str, Any]) -> None:
    before = store.run(held["run"])
    again = store.create(before.specification)
    done = work_on(store, Lease(store, again.id), Serial("cpu"))
    assert done.status == "finished", done.error
    assert done.progress["done"] == done.progress["reused"] > 0 or done.progress["done"] == 0


@pytest.mark.parametrize("name", HELD)
def test_its_run_files_are_taken(tmp_path: Path, name: str) -> None:
    file = DATA / f"{name.replace(' ', '-')}.json.gz"
    with closing(Store(tmp_path / "new.sqlite3")) as store:
        run = unpack(store, file.read_bytes(), "imported")
        assert plain(run.specification) == HELD[name]["specification"]


@each_run
def test_its_links_lead_to_the_same(held: dict[str, Any]) -> None:
    link: dict[str, str | list[str]] = held["link"]
    single = {key: value for key, value in link.items() if isinstance(value, str)}
    lists = {key: value for key, value in link.items() if isinstance(value, list)}
    choice, problems = from_query(single | {key: value[-1] for key, value in lists.items()}, lambda key: lists[key])
    assert problems == []
    assert choice.run == held["run"]
    assert choice.to_query() == link


@each_run
def test_its_command_lines_mean_the_same(store: Store, held: dict[str, Any]) -> None:
    assert command(store.run(held["run"]).specification) == held["command"]
    words = shlex.split(held["command"].removeprefix(PROGRAM))
    with click.Context(group) as context:
        name, found, rest = group.resolve_command(context, words)
        assert name is not None
        assert found is not None
        found.make_context(name, rest, context, resilient_parsing=True)
