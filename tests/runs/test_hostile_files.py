"""Run files and stores that somebody else made, damaged, or built to do harm: read, or refused in one line."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from eproxy_engine.landscape import View
from eproxy_engine.learning.panels import panel
from eproxy_engine.learning.settings import RankingSettings
from eproxy_engine.runs import (
    ArchitectureSearchSpecification,
    ComparisonSpecification,
    LandscapeSpecification,
    RankingSpecification,
    Specification,
    Store,
    archive,
)
from eproxy_engine.runs.kinds.evaluation.rows import stored_rows
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring.named import NamedProxy, named
from eproxy_engine.search.architecture_search.settings import ArchitectureSearchSettings
from tests.properties import altered, damaged, damaged_text, examples, taken_or_refused
from tests.runs.conftest import Instant, configuration, finished, proxy_search_settings, specification
from tests.runs.conftest import ProxySearchSpecification as Dps

PICKED = Sample("picked", 1, 1, ("|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|",))
OWN = {"skip_connect": 1.0, "nor_conv_1x1": 2.5, "nor_conv_3x3": 4.0}
"""Accuracies by the one operation of a cell."""
OF_EACH_KIND: list[Specification] = [
    specification(2),
    Dps("nasbench201", "cifar10", Sample(size=5), proxy_search_settings(proxy_space="paper"), "noise", held_out=2),
    ComparisonSpecification("nasbench201", "cifar10", PICKED, (named("flops"), named("az_nas", 2, 4)), "noise"),
    LandscapeSpecification("nasbench201", "cifar10", PICKED, configuration(), View(centre=2, steps=5), images="noise"),
    ArchitectureSearchSpecification(
        "nasbench201", "cifar10", ArchitectureSearchSettings("seeded-evolution", 9, 2, 2, 2, 4), configuration()
    ),
    RankingSpecification(
        *("nasbench201", "cifar10", Sample(size=9)),
        panel("instant").with_proxies([named("snip", 2, 4), NamedProxy("own", configuration())]),
        RankingSettings(labels=3, draws=2),
        tuple((PICKED.picked[0].replace("nor_conv_3x3", each), value) for each, value in OWN.items()),
        "noise",
    ),
]


@contextmanager
def passing_store() -> Iterator[Store]:
    """For the while of a with block: fixtures are not there where examples are made."""
    with TemporaryDirectory() as folder, closing(Store(Path(folder) / "store.sqlite3")) as store:
        yield store


@cache
def content_of(given: Specification) -> dict[str, Any]:
    """Of the file of a run that has only begun."""
    with passing_store() as store:
        return json.loads(gzip.decompress(archive.pack(store, store.create(given).id)))


@cache
def complete() -> dict[str, Any]:
    """Of the file of a finished run."""
    with passing_store() as store:
        return json.loads(gzip.decompress(archive.pack(store, finished(store, specification(2), Instant(1)).id)))


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with closing(Store(tmp_path_factory.mktemp("store") / "store.sqlite3")) as store:
        yield store


def imported(store: Store, content: bytes) -> None:
    """What is taken can be listed and written again."""
    run = taken_or_refused(lambda: archive.unpack(store, content, "imported"))
    if run is not None:
        assert run.specification.title
        assert archive.read(archive.pack(store, run.id)).specification == run.specification
        store.delete(run.id)


@given(data=st.data())
def test_a_damaged_run_file_is_taken_or_refused(opened: Store, data: st.DataObject) -> None:
    text = json.dumps(complete())
    imported(opened, data.draw(damaged(gzip.compress(text.encode(), mtime=0))))
    imported(opened, gzip.compress(data.draw(damaged_text(text)).encode(errors="surrogatepass")))


@examples(2)
@given(data=st.data())
def test_an_altered_run_is_taken_or_refused(opened: Store, data: st.DataObject) -> None:
    content = complete()
    part = data.draw(st.sampled_from(["evaluations", "created", "kind", "version"]))
    imported(opened, gzip.compress(json.dumps(content | {part: data.draw(altered(content[part]))}).encode()))


@pytest.mark.parametrize("kind", range(len(OF_EACH_KIND)), ids=[each.kind for each in OF_EACH_KIND])
@given(data=st.data())
def test_an_altered_specification_is_taken_or_refused(opened: Store, kind: int, data: st.DataObject) -> None:
    content = content_of(OF_EACH_KIND[kind])
    changed = content | {"specification": data.draw(altered(content["specification"]))}
    imported(opened, gzip.compress(json.dumps(changed).encode()))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A store with a finished run."""
    path = tmp_path_factory.mktemp("written") / "store.sqlite3"
    with closing(Store(path)) as store:
        finished(store, specification(2))
        store.database.query("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()


CHANGES = st.lists(st.tuples(st.integers(0, 70_000), st.integers(0, 255)), min_size=1, max_size=5)


@given(changes=CHANGES, length=st.none() | st.integers(0, 70_000))
def test_a_damaged_store_is_read_or_refused(
    tmp_path: Path, written: bytes, changes: list[tuple[int, int]], length: int | None
) -> None:
    content = bytearray(written)
    for place, value in changes:
        content[place % len(content)] = value
    path = tmp_path / "store.sqlite3"
    for each in tmp_path.iterdir():
        each.unlink()
    path.write_bytes(content[:length])
    taken_or_refused(lambda: look_around(path))


COLUMNS = ("kind", "specification", "status", "progress", "result", "created", "started")


@given(column=st.sampled_from(COLUMNS), value=st.none() | st.text() | st.integers(-(2**63), 2**63 - 1) | st.binary())
def test_an_altered_row_is_read_or_refused(tmp_path: Path, written: bytes, column: str, value: object) -> None:
    path = tmp_path / "store.sqlite3"
    path.write_bytes(written)
    with closing(sqlite3.connect(path)) as connection:
        assume(value is not None or column in ("result", "started"))
        connection.execute(f"UPDATE runs SET {column} = ?", (value,))
        connection.commit()
    taken_or_refused(lambda: look_around(path))


def look_around(path: Path) -> None:
    with closing(Store(path)) as store:
        for run in store.runs():
            store.history(run.id)
            if run.specification == specification(2):
                stored_rows(store, specification(2))
