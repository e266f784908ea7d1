"""Runs as files: what is exported comes back the same, and nothing unsound gets in."""

from __future__ import annotations

import copy
import gzip
import json
import math
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eproxy_engine.errors import UserError
from eproxy_engine.runs import Store, archive, bundled
from eproxy_engine.runs.archive import pack, unpack
from eproxy_engine.runs.kinds.evaluation.rows import stored_rows
from tests.precision import alike
from tests.runs.conftest import Instant, fill_disk, finished, launched, made_up, specification

Edit = Callable[[dict[str, Any]], object]


@pytest.fixture
def other(tmp_path: Path) -> Store:
    return Store(tmp_path / "other.sqlite3")


@pytest.fixture
def packed(store: Store) -> bytes:
    return pack(store, finished(store, specification(6), Instant(diverging=1)).id)


def edited(packed: bytes, edit: Edit) -> bytes:
    """The file with its content changed in place."""
    content = json.loads(gzip.decompress(packed))
    before = copy.deepcopy(content)
    edit(content)
    assert content != before or any(value != value for value in _leaves(content))
    return gzip.compress(json.dumps(content).encode())


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict | list):
        return [leaf for part in (value.values() if isinstance(value, dict) else value) for leaf in _leaves(part)]
    return [value]


def counts(store: Store) -> tuple[int, int]:
    return len(store.runs()), store.count_evaluations()


def refuse(store: Store, content: bytes, match: str) -> None:
    """It is refused in one line, and nothing of it is in the store."""
    before = counts(store)
    with pytest.raises(UserError, match=match) as caught:
        unpack(store, content, "imported")
    assert "\n" not in str(caught.value)
    assert counts(store) == before


# --- round trips ---


def test_a_run_comes_back_in_another_store(store: Store, other: Store, packed: bytes) -> None:
    original = store.runs()[0]
    run = unpack(other, packed, "imported")
    assert (run.status, run.origin, run.created) == ("finished", "imported", original.created)
    assert run.specification == original.specification
    assert run.result == original.result
    ours, theirs = stored_rows(store, run.specification), stored_rows(other, run.specification)
    assert repr(ours.to_dict("records")) == repr(theirs.to_dict("records"))  # NaN equals itself in this form
    assert theirs["score"][0] == -math.inf


def test_an_imported_run_gives_the_very_same_file(store: Store, other: Store, packed: bytes) -> None:
    assert pack(other, unpack(other, packed, "imported").id) == packed
    assert pack(store, store.runs()[0].id) == packed


def test_a_run_comes_back_after_it_was_deleted(store: Store, packed: bytes) -> None:
    store.delete(store.runs()[0].id)
    run = unpack(store, packed, "imported")
    assert run.status == "finished"
    assert counts(store) == (1, 6)


def test_a_run_imported_twice_is_one_run(other: Store, packed: bytes) -> None:
    assert unpack(other, packed, "imported").id == unpack(other, packed, "imported").id
    assert counts(other) == (1, 6)


def test_an_incomplete_run_comes_back_as_stopped_and_can_be_resumed(store: Store, other: Store) -> None:
    started = launched(store, specification(6))
    for evaluation in started.specification.evaluations()[:4]:
        store.put(evaluation, made_up(evaluation))
    run = unpack(other, pack(store, started.id), "imported")
    assert run.status == "stopped"
    assert run.result is not None
    assert (run.result["n"], run.result["architectures"]) == (4, 6)
    assert other.resume(run.id).status == "queued"


def test_what_is_stored_already_stays(store: Store, packed: bytes) -> None:
    evaluations = store.runs()[0].specification.evaluations()
    before = repr(store.outcomes(evaluations))
    unpack(store, edited(packed, lambda content: _first(content).update(seconds=99.0)), "imported")
    assert repr(store.outcomes(evaluations)) == before


def test_an_unknown_run_is_not_packed(store: Store) -> None:
    with pytest.raises(UserError, match="unknown run 'nix'"):
        pack(store, "nix")


# --- what is refused ---


def _zipped(text: str) -> bytes:
    return gzip.compress(text.encode())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no gzip at all",
        b"\x1f\x8b\x08\x00 but then something else",
        _zipped("no json"),
        _zipped("[1, 2, 3]"),
        _zipped('{"format": "something-else"}'),
        _zipped("[" * 200_000),
        gzip.compress(b"\xff\xfe\xfd"),
        gzip.compress(pickle.dumps({"format": archive.FORMAT})),
        pickle.dumps({"format": archive.FORMAT}),
    ],
    ids=["empty", "text", "damaged", "no json", "list", "format", "deep", "no text", "pickle in gzip", "pickle"],
)
def test_what_is_no_run_file_is_refused(store: Store, content: bytes) -> None:
    refuse(store, content, "run file( cannot be read: .*)?; accepted: a file that Eproxy Studio exported")


def test_a_pickle_is_not_executed(store: Store, tmp_path: Path) -> None:
    class Malice:
        def __reduce__(self) -> tuple[object, ...]:
            return Path.touch, (tmp_path / "executed",)

    for content in (pickle.dumps(Malice()), gzip.compress(pickle.dumps(Malice()))):
        refuse(store, content, "the run file cannot be read")
    assert not (tmp_path / "executed").exists()


def test_half_a_file_is_refused(store: Store, packed: bytes) -> None:
    refuse(store, packed[: len(packed) // 2], "the run file cannot be read")


@pytest.mark.parametrize("text", [b"0", b" ", b"[0,"], ids=["digits", "spaces", "list"])
def test_a_file_that_unpacks_to_very_much_is_refused(
    store: Store, monkeypatch: pytest.MonkeyPatch, text: bytes
) -> None:
    monkeypatch.setattr(archive, "LARGEST_BYTES", 10_000)
    refuse(store, gzip.compress(text * 1_000_000), "larger than 10,000 bytes; accepted: smaller ones")


def test_a_file_as_large_as_allowed_is_taken(other: Store, packed: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST_BYTES", len(gzip.decompress(packed)))
    assert unpack(other, packed, "imported").status == "finished"


@pytest.mark.parametrize("part", ["version", "engine"])
def test_another_version_is_refused(other: Store, packed: bytes, part: str) -> None:
    refuse(other, edited(packed, lambda content: content.update({part: 99})), r"run file of version .*99.*; accepted")


def _key(content: dict[str, Any]) -> str:
    """Of an evaluation that has not diverged."""
    return next(key for key, one in content["evaluations"].items() if None not in one["values"][-1])


def _first(content: dict[str, Any]) -> dict[str, Any]:
    evaluation: dict[str, Any] = content["evaluations"][_key(content)]
    return evaluation


UNSOUND: dict[str, tuple[Edit, str]] = {
    "foreign evaluation": (
        lambda c: c["evaluations"].update({"0" * 32: _first(c)}),
        f"evaluation '{'0' * 32}' does not belong",
    ),
    "foreign specification": (lambda c: c["specification"].update(seed=2), "does not belong"),
    "too short": (lambda c: _first(c)["values"].pop(), "does not end where its training does"),
    "too long": (lambda c: _first(c)["values"].append([0.1]), "does not end where its training does"),
    "too long and diverged": (
        lambda c: _first(c)["values"].extend([[0.1], [None]]),
        "does not end where its training does",
    ),
    "goes on after it diverged": (
        lambda c: _first(c)["values"].__setitem__(0, [None]),
        "does not end where its training does",
    ),
    "no losses": (lambda c: _first(c).update(values=[]), "losses of another shape"),
    "two branches": (lambda c: _first(c).update(values=[[0.1, 0.2], [0.1, 0.2]]), "losses of another shape"),
    "no branch": (lambda c: _first(c).update(values=[[], []]), "losses of another shape"),
    "ragged": (lambda c: _first(c)["values"][0].append(0.1), "losses of another shape"),
    "huge loss": (lambda c: _first(c).update(values=[[10**400], [0.1]]), "the run file cannot be read"),
    "text for a loss": (lambda c: _first(c).update(values=[["low"], [0.1]]), "the run file cannot be read"),
    "number for losses": (lambda c: _first(c).update(values=7), "the run file cannot be read"),
    "list for evaluations": (lambda c: c.update(evaluations=[1]), "the run file cannot be read"),
    "no evaluations": (lambda c: c.pop("evaluations"), "the run file cannot be read"),
    "seconds nan": (lambda c: _first(c).update(seconds=math.nan), "took nan seconds"),
    "seconds negative": (lambda c: _first(c).update(seconds=-1), "took -1.0 seconds"),
    "seconds infinite": (lambda c: _first(c).update(seconds=math.inf), "took inf seconds"),
    "no seconds": (lambda c: _first(c).pop("seconds"), "the run file cannot be read"),
    "no specification": (lambda c: c.pop("specification"), "the run file cannot be read"),
    "text for a specification": (lambda c: c.update(specification="all"), "not"),
    "unknown space": (lambda c: c["specification"].update(space="nasbench999"), "unknown search space"),
    "list for a space": (lambda c: c["specification"].update(space=["nasbench201"]), "the run file cannot be read"),
    "unknown task": (lambda c: c["specification"].update(task="mnist"), "unknown task"),
    "unknown key": (lambda c: c["specification"].update(code="import os"), "the specification of a run cannot be read"),
    "huge sample": (lambda c: c["specification"]["sample"].update(size=10**12), "a sample of 1000000000000"),
    "text for a sample": (lambda c: c["specification"]["sample"].update(size="many"), "size of the sample is 'many'"),
    "negative seed of the sample": (lambda c: c["specification"]["sample"].update(seed=-1), "seed of the sample is -1"),
    "huge seed": (lambda c: c["specification"].update(seed=10**30), "seed is 1000"),
    "huge number of iterations": (
        lambda c: c["specification"]["configuration"].update(iterations=10**9),
        "iterations is 1000000000; accepted",
    ),
    "missing folder": (lambda c: c["specification"].update(images="folder:/no/such"), "no such folder '/no/such'"),
    "created in the far future": (lambda c: c.update(created=1e300), "the run file cannot be read"),
    "created at no time": (lambda c: c.update(created=math.nan), "the run file cannot be read"),
    "created never": (lambda c: c.pop("created"), "the run file cannot be read"),
    "created huge": (lambda c: c.update(created=10**400), "the run file cannot be read"),
}


@pytest.mark.parametrize("name", UNSOUND)
def test_an_unsound_file_adds_nothing(other: Store, packed: bytes, name: str) -> None:
    edit, match = UNSOUND[name]
    refuse(other, edited(packed, edit), match)


def test_nothing_is_added_on_a_full_disk(store: Store, other: Store) -> None:
    packed = pack(store, finished(store, specification(200)).id)
    fill_disk(other)
    refuse(other, packed, "the disk is full")


# --- the runs that ship with the product ---


def test_samples_are_added_once_and_stay_away_when_deleted(
    store: Store, other: Store, packed: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundled, "SAMPLES_FOLDER", tmp_path / "samples")
    bundled.add_samples(other)
    assert other.runs() == []
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "one.json.gz").write_bytes(packed)
    assert bundled.bundled_keys() == {row[0] for row in stored(store)}
    bundled.add_samples(other)
    bundled.add_samples(other)
    assert [run.origin for run in other.runs()] == ["sample"]
    other.delete(other.runs()[0].id)
    bundled.add_samples(other)
    assert other.runs() == []


@pytest.mark.thorough
def test_every_run_that_ships_is_sound_and_complete_and_what_it_says_was_found_follows(
    store: Store, store_with_samples: Path, tmp_path: Path
) -> None:
    """On this machine; the one that wrote it may have added in another order."""
    shipped = sorted(bundled.SAMPLES_FOLDER.glob("*.json.gz"))
    other = Store(shutil.copy(store_with_samples, tmp_path / "shipped.sqlite3"))
    taken = {run.created: run for run in other.runs()}
    for path in shipped:
        run = unpack(store, path.read_bytes(), "sample")
        as_it_is = taken.pop(run.created)
        assert run.status == as_it_is.status == "finished"
        alike(run.result, as_it_is.result)
        alike(store.history(run.id), other.history(as_it_is.id))
    assert taken == {}
    assert stored(store) == stored(other)


def stored(store: Store) -> list[tuple[Any, ...]]:
    """All evaluations, without when they were put there."""
    return [
        tuple(row)
        for row in store.database.query(
            "SELECT key, space, architecture, configuration, images, seed, parts, measured, seconds, peak_bytes, note "
            "FROM evaluations ORDER BY key"
        )
    ]


def test_what_an_imported_file_says_was_found_is_not_believed(store: Store, packed: bytes) -> None:
    expected = store.runs()[0].result
    lying = edited(packed, lambda c: (c["result"].update(rho=1.0), c["history"].append({})))
    run = unpack(store, lying, "imported")
    assert (run.result, store.history(run.id)) == (expected, [])


def test_renewed_samples_say_what_follows_from_their_evaluations(
    store: Store, other: Store, packed: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundled, "SAMPLES_FOLDER", tmp_path)
    sample = tmp_path / "one.json.gz"
    sample.write_bytes(edited(packed, lambda c: c["result"].update(rho=1.0)))
    bundled.renew_samples()
    assert sample.read_bytes() == packed
