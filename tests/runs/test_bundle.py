"""Several runs in one zip file: they come back with their labels, once, and nothing else comes in with them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from eproxy_engine.errors import UserError
from eproxy_engine.runs import Run, Store
from eproxy_engine.runs.archive import pack
from eproxy_engine.runs.bundle import pack_all, take
from eproxy_engine.runs.headline import headline
from eproxy_engine.runs.labels import Labels
from tests.runs.conftest import finished, specification

LABELS = Labels("With <b>barrier</b>", ("paper", "wide"), "The first try.\nSee the second.")


@pytest.fixture
def runs(store: Store) -> list[Run]:
    first, second = finished(store, specification(5)), finished(store, specification(6))
    return [store.label(first.id, LABELS), second]


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(tmp_path / "other.sqlite3")) as opened:
        yield opened


def zipped(**members: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
    return written.getvalue()


def test_runs_come_back_from_one_file_with_all_that_is_said_of_them(
    store: Store, other: Store, runs: list[Run]
) -> None:
    taken = take(other, pack_all(store, [run.id for run in runs]))
    assert [each.is_new for each in taken] == [True, True]
    for original, (run, _) in zip(runs, taken, strict=True):
        assert (run.labels, run.result, run.started, run.finished) == (
            original.labels,
            original.result,
            original.started,
            original.finished,
        )
        assert run.size == original.size
        assert headline(run) == headline(original)
    assert pack(other, taken[0].run.id) == pack(store, runs[0].id)


def test_a_file_is_taken_once(store: Store, other: Store, runs: list[Run]) -> None:
    content = pack_all(store, [run.id for run in runs])
    first, again = take(other, content), take(other, content)
    assert [each.run.id for each in again] == [each.run.id for each in first]
    assert [each.is_new for each in take(other, pack(store, runs[0].id)) + again] == [False] * 3
    assert len(other.runs()) == 2


@pytest.mark.parametrize("name", ["../x.json.gz", "/x.json.gz", "a/x.json.gz", "..\\x.json.gz", "x.pkl", ".json.gz"])
def test_a_zip_file_with_anything_but_run_files_is_refused(
    store: Store, other: Store, runs: list[Run], name: str
) -> None:
    run = pack(store, runs[0].id)
    with pytest.raises(UserError, match=r"the zip file has a member .*; accepted: a zip file of up to 200 run files"):
        take(other, zipped(**{"run-1.json.gz": run, name: run}))
    assert other.runs() == []


def test_a_zip_file_is_taken_as_a_whole_or_not_at_all(
    store: Store, other: Store, runs: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = pack(store, runs[0].id)
    with pytest.raises(UserError, match=r"bad\.json\.gz: the run file cannot be read"):
        take(other, zipped(**{"good.json.gz": run, "bad.json.gz": b"no gzip"}))
    with pytest.raises(UserError, match="a zip file of 0 files; accepted"):
        take(other, zipped())
    with pytest.raises(UserError, match="the zip file cannot be read"):
        take(other, zipped(**{"good.json.gz": run})[:-30])
    monkeypatch.setattr("eproxy_engine.runs.bundle.LARGEST_BYTES", 2 * len(run) - 1)
    with pytest.raises(UserError, match="the zip file unpacks to more than"):
        take(other, zipped(**{"one.json.gz": run, "two.json.gz": run}))
    assert other.runs() == []


@pytest.mark.parametrize(
    "labels",
    [Labels("n" * 121), Labels(tags=("t" * 31,)), Labels(note="n" * 5001), Labels(tags=tuple("abcdefghijklm"))],
)
def test_labels_that_are_too_long_are_refused(store: Store, runs: list[Run], labels: Labels) -> None:
    with pytest.raises(UserError, match="accepted: up to"):
        store.label(runs[0].id, labels)
    assert store.run(runs[0].id).labels == LABELS


def test_labels_are_plain_text_on_one_line_each(store: Store, runs: list[Run]) -> None:
    found = store.label(runs[1].id, Labels(" a\n\x1b[31mb ", ("one", " one", ""), "x\r\ny\x00 \n")).labels
    assert found == Labels("a [31mb", ("one",), "x\ny")
    with pytest.raises(UserError, match="accepted: a name and a note as texts"):
        Labels.from_dict({"name": 3})
