"""The official records of NAS-Bench-101, written here as the benchmark's authors published them."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eproxy_engine import benchmarks, spaces
from eproxy_engine.baselines import Baseline
from eproxy_engine.benchmarks import imported
from eproxy_engine.benchmarks.importing import nasbench101_records as importer
from eproxy_engine.benchmarks.importing import tfrecords
from eproxy_engine.benchmarks.importing.crc32c import crc32c, crc32c_of_many
from eproxy_engine.benchmarks.importing.model_metrics import Metrics, decode
from eproxy_engine.errors import UserError
from eproxy_engine.sampling import Sample
from eproxy_engine.search.architecture_search.constraints import Constraints
from eproxy_engine.search.architecture_search.domain import Domain
from eproxy_engine.search.architecture_search.proxy_fitness import ProxyFitness
from eproxy_engine.search.architecture_search.search import ArchitectureSearch
from eproxy_engine.search.architecture_search.settings import ArchitectureSearchSettings
from eproxy_engine.spaces.nasbench101.cell import Cell
from tests.properties import damaged, taken_or_refused

CONV, POINT, POOL = "conv3x3-bn-relu", "conv1x1-bn-relu", "maxpool3x3"
CHAIN = ("a1" * 16, "010001000", f"input,{CONV},output")
SQUARE = ("b2" * 16, "0110000100010000", f"input,{POINT},{POOL},output")
EMPTY = ("c3" * 16, "0100", "input,output")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EPROXY_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


# --- a small writer of the official schema ---


def varint(value: int) -> bytes:
    value %= 2**64  # a negative int32 takes ten bytes
    groups = []
    while True:
        groups.append(value & 0x7F | (0x80 if value > 0x7F else 0))
        value >>= 7
        if not value:
            return bytes(groups)


def double(number: int, value: float) -> bytes:
    return varint(number << 3 | 1) + struct.pack("<d", value)


def lengthened(number: int, content: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(content)) + content


def evaluation(epoch: float, validation: float, test: float) -> bytes:
    values = (epoch, 10 * epoch, 0.99, validation, test)
    doubles = b"".join(double(number, value) for number, value in enumerate(values, 1))
    return doubles + lengthened(6, b"/path/model.ckpt-1234")


def metrics(epochs: int, validation: float, test: float, parameters: int = 8_555_530) -> bytes:
    """At the beginning, half way and at the end of a training."""
    points = [(0.0, 0.1, 0.1), (epochs / 2, 0.5, 0.5), (float(epochs), validation, test)]
    return (
        b"".join(lengthened(1, evaluation(*point)) for point in points)
        + varint(2 << 3)
        + varint(parameters)
        + double(3, 1157.7)
    )


def record(
    cell: tuple[str, str, str], validation: float, test: float, epochs: int = 108, parameters: int = 8_555_530
) -> bytes:
    encoded = base64.b64encode(metrics(epochs, validation, test, parameters)).decode()
    return json.dumps([cell[0], epochs, cell[1], cell[2], encoded]).encode()


def masked(content: bytes) -> bytes:
    checksum = crc32c(content)
    return struct.pack("<I", ((checksum >> 15 | checksum << 17 & 0xFFFFFFFF) + 0xA282EAD8) % 2**32)


def framed(content: bytes) -> bytes:
    length = struct.pack("<Q", len(content))
    return length + masked(length) + content + masked(content)


def written(path: Path, contents: Iterable[bytes]) -> Path:
    path.write_bytes(b"".join(map(framed, contents)))
    return path


def small(path: Path) -> Path:
    """Two cells with three trainings each, not in order, and one with two."""
    trainings = [(CHAIN, 0.90, 0.80), (SQUARE, 0.5, 0.4), (CHAIN, 0.92, 0.83), (EMPTY, 0.7, 0.6)]
    trainings += [(SQUARE, 0.5, 0.4), (CHAIN, 0.94, 0.86), (SQUARE, 0.53, 0.43), (EMPTY, 0.8, 0.7)]
    return written(path, [record(*training) for training in trainings])


# --- what is found ---


def test_the_means_of_the_trainings_are_taken(tmp_path: Path) -> None:
    found = importer.check(small(tmp_path / "nasbench_only108.tfrecord"))
    assert found.table.to_dict("list") == {
        "architecture": ["101:conv3x3", "110011:conv1x1,maxpool3x3", "1:"],
        "parameters": [8_555_530] * 3,
        "cifar10-valid-mean": [92, 51, 75],
        "cifar10-test-mean": [83, 41, 65],
    }
    assert [task.name for task in found.tasks] == ["cifar10-valid-mean", "cifar10-test-mean"]
    assert found.notes == (
        "The file has 3 of the benchmark's 423,624 cells.",
        "1 cells do not have 3 trainings of 108 epochs.",
    )
    assert (found.source, found.rejected) == ("nasbench_only108.tfrecord", ())


def test_the_full_file_has_early_stopping(tmp_path: Path) -> None:
    trainings = [(CHAIN, epochs, epochs / 200 + more) for epochs in (4, 12, 36, 108) for more in (0, 0.01, 0.02)]
    trainings += [(SQUARE, 108, 0.5)] * 3
    contents = [record(cell, value, value / 2, epochs) for cell, epochs, value in trainings]
    found = importer.check(written(tmp_path / "nasbench_full.tfrecord", contents)).table.set_index("architecture")
    expected = {108: 55, 4: 3, 12: 7, 36: 19}
    for epochs, value in expected.items():
        suffix = "" if epochs == 108 else f"@{epochs}"
        assert found.loc["101:conv3x3", f"cifar10-valid-mean{suffix}"] == value
        assert found.loc["101:conv3x3", f"cifar10-test-mean{suffix}"] == value / 2
        assert found.loc["110011:conv1x1,maxpool3x3", [f"cifar10-test-mean{suffix}"]].isna().all() == bool(suffix)


def test_isomorphic_cells_are_one_architecture(tmp_path: Path) -> None:
    turned = ("d4" * 16, "0110000100010000", f"input,{POOL},{POINT},output")
    found = importer.check(written(tmp_path / "file", [record(SQUARE, 0.5, 0.5), record(turned, 0.7, 0.7)]))
    assert found.table["cifar10-valid-mean"].tolist() == [60]


def test_what_is_kept_behaves_as_any_other_task(tmp_path: Path) -> None:
    kept = importer.check(small(tmp_path / "nasbench_only108.tfrecord")).keep()
    assert (kept.space, kept.name, kept.rows) == ("nasbench101", "nasbench101-records", 3)
    known = benchmarks.known("nasbench101", "cifar10-valid-mean").set_index("architecture")
    assert known["accuracy"].to_dict() == {"101:conv3x3": 92, "110011:conv1x1,maxpool3x3": 51, "1:": 75}
    drawn = Sample("best", 3).draw("nasbench101", "cifar10-test-mean")
    assert drawn["architecture"].tolist() == ["101:conv3x3", "1:", "110011:conv1x1,maxpool3x3"]
    assert (drawn[["parameters", "flops"]] > 0).all(axis=None)


def as_published(cell: Cell, number: int) -> tuple[str, str, str]:
    matrix = "".join(str(int((a, b) in cell.edges)) for a in range(cell.vertices) for b in range(cell.vertices))
    names = {"conv3x3": CONV, "conv1x1": POINT, "maxpool3x3": POOL}
    return f"{number:032x}", matrix, ",".join(["input", *(names[each] for each in cell.operations), "output"])


def test_architecture_searches_go_through_imported_records(tmp_path: Path) -> None:
    """Sizes, which the records lack, are counted; the mutants that are not in the file are jumped over."""
    family, rng = spaces.get("nasbench101"), np.random.default_rng(1)
    cells = list(dict.fromkeys(family.sample(rng) for _ in range(60)))
    values = rng.uniform(0.8, 0.9, len(cells)).tolist()
    contents = [
        record(as_published(cell, place), value, value)
        for place, (cell, value) in enumerate(zip(cells, values, strict=True))
    ]
    importer.check(written(tmp_path / "nasbench_only108.tfrecord", contents)).keep()
    task, limits = "cifar10-test-mean", Constraints(max_flops=1_500_000_000)
    expected = {str(cell) for cell in cells if family.counts(cell).flops <= 1_500_000_000}
    assert 12 < len(expected) < len(cells)
    for strategy in ("evolution", "local", "proxy-evolution"):
        given = ArchitectureSearchSettings(strategy, 12, population=6, tournament=3, cycles=60, constraints=limits)
        domain = Domain("nasbench101", task, True, limits)
        proxy = ProxyFitness("nasbench101", task, Baseline("flops"), "bundled", 1) if given.needs_proxy else None
        search = ArchitectureSearch(domain, given, 1, proxy)
        assert not any(search.steps())
        assert set(search.asked) <= expected
        assert len(search.asked) == 12
        assert any(trial.jumped for trial in search.trials)


def test_the_full_file_takes_the_place_of_the_other_one(tmp_path: Path) -> None:
    importer.check(small(tmp_path / "nasbench_only108.tfrecord")).keep()
    again = importer.check(written(tmp_path / "nasbench_full.tfrecord", [record(CHAIN, 0.5, 0.5)] * 3))
    assert again.replaces is not None
    assert again.replaces.source == "nasbench_only108.tfrecord"
    again.keep()
    assert [(each.source, each.rows) for each in imported.imports("nasbench101")] == [("nasbench_full.tfrecord", 1)]


def test_progress_is_told_in_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tfrecords, "_AT_ONCE", 3)
    path, told = small(tmp_path / "file"), list[tuple[int, int]]()
    importer.check(path, lambda *each: told.append(each))
    size = path.stat().st_size
    assert len(told) == 3
    assert told[-1] == (size, size)
    assert told == sorted(told)


# --- what is damaged ---


def refused(path: Path, *parts: str) -> None:
    with pytest.raises(UserError) as caught:
        importer.check(path)
    message = str(caught.value)
    assert repr(str(path)) in message
    assert "\n" not in message
    for part in parts:
        assert part in message


GOOD = record(CHAIN, 0.9, 0.8)


def changed(place: int, value: object) -> bytes:
    """The record of a cell that has not been met, with one value changed."""
    values = ["ee" * 16, *json.loads(GOOD)[1:]]
    values[place] = value
    return json.dumps(values).encode()


def with_metrics(message: bytes) -> bytes:
    return changed(4, base64.b64encode(message).decode())


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"not JSON", "not a record of NAS-Bench-101"),
        (b"\xff\xfe\x00\x00", "not a record"),
        (b"[" * 15_000, "not a record"),
        (b'{"a": 1}', "not a list of hash"),
        (json.dumps(json.loads(GOOD)[:4]).encode(), "not a list of hash"),
        (changed(0, 7), "not a list of hash"),
        (changed(1, "108"), "not a list of hash"),
        (changed(1, True), "not a list of hash"),
        (changed(1, 200), "a training of 200 epochs; accepted: 4, 12, 36, 108"),
        (changed(2, "01000100"), "not a cell"),
        (changed(2, "010101000"), "not a cell"),
        (changed(2, "020001000"), "not a NAS-Bench-101 architecture"),
        (changed(2, "010000000"), "no path from input to output"),
        (changed(2, ""), "not a cell"),
        (changed(3, ""), "not a cell"),
        (changed(3, "input,conv5x5-bn-relu,output"), "'conv5x5'"),
        (changed(3, f"output,{CONV},input"), "not a cell"),
        (changed(4, "a"), "not a record"),
        (changed(4, "ü"), "not a record"),
        (changed(4, ""), "accuracies are nan and nan"),
        (with_metrics(metrics(108, 1.5, 0.5)), "accuracies are 1.5 and 0.5; accepted: 0 to 1"),
        (with_metrics(metrics(108, 0.5, float("nan"))), "accuracies are 0.5 and nan"),
        (with_metrics(metrics(108, 0.5, 0.5, parameters=-1)), "trainable parameters are 18446744073709551615"),
        (with_metrics(metrics(108, 0.5, 0.5)[:-3]), "not a record"),
        (with_metrics(metrics(108, 0.5, 0.5) + b"\x80" * 11), "end within a number"),
        (with_metrics(metrics(108, 0.5, 0.5) + b"\x0b"), "a field of the unknown kind 3"),
        (with_metrics(b"\x12\x05ab"), "end within a field"),
    ],
)
def test_a_record_that_is_none_is_told_with_its_place(tmp_path: Path, content: bytes, part: str) -> None:
    offset = len(framed(GOOD))
    refused(written(tmp_path / "file", [GOOD, content]), f"damaged at byte {offset:,}: ", part, "accepted: an intact")


@pytest.mark.parametrize("place", [3, 9, 20, -30, -2], ids=["length", "its checksum", "start", "end", "checksum"])
def test_a_flipped_bit_is_noticed(tmp_path: Path, place: int) -> None:
    content = bytearray(framed(GOOD) * 3)
    offset = 2 * len(framed(GOOD))
    content[place + (offset if place > 0 else 0)] ^= 0x10
    (tmp_path / "file").write_bytes(content)
    refused(tmp_path / "file", f"damaged at byte {offset:,}: ", "checksum")


@pytest.mark.parametrize("missing", [1, 4, 5, 200])
def test_a_file_that_was_cut(tmp_path: Path, missing: int) -> None:
    (tmp_path / "file").write_bytes((framed(GOOD) * 2)[:-missing])
    refused(tmp_path / "file", f"damaged at byte {len(framed(GOOD)):,}: it ends within a record")


def test_files_that_are_something_else(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("architecture,mine\n101:conv3x3,1\n", "utf-8")
    refused(tmp_path / "text", "damaged at byte 0: no record begins here")
    (tmp_path / "empty").touch()
    refused(tmp_path / "empty", "has no training of 108 epochs")
    refused(written(tmp_path / "early", [record(CHAIN, 0.5, 0.5, 4)]), "has no training of 108 epochs")
    refused(tmp_path / "nothing", "cannot be read", "No such file")
    refused(tmp_path, "cannot be read")


def test_a_record_too_long_to_be_one_is_not_read(tmp_path: Path) -> None:
    length = struct.pack("<Q", 2**60)
    (tmp_path / "file").write_bytes(length + masked(length))
    refused(tmp_path / "file", "a record of 1,152,921,504,606,846,976 bytes")
    length = struct.pack("<Q", 0)
    (tmp_path / "file").write_bytes(length + masked(length) + masked(b""))
    refused(tmp_path / "file", "a record of 0 bytes")


def test_a_damaged_file_leaves_nothing_behind(tmp_path: Path, home: Path) -> None:
    (tmp_path / "file").write_bytes(framed(GOOD) + b"x")
    refused(tmp_path / "file")
    assert not home.exists()


@given(contents=st.lists(st.sampled_from([GOOD]) | st.binary(min_size=4, max_size=200), max_size=3), rest=st.binary())
def test_any_content_is_refused_in_one_line_or_checked(tmp_path: Path, contents: list[bytes], rest: bytes) -> None:
    path = written(tmp_path / "file", contents)
    path.write_bytes(path.read_bytes() + rest)
    sound = set(contents) == {GOOD} and not rest
    try:
        rows, message = len(importer.check(path).table), ""
    except UserError as error:
        rows, message = 0, str(error)
    assert rows == sound
    assert bool(message) != sound
    assert "\n" not in message


@given(content=damaged(GOOD), whole=damaged(framed(GOOD) * 2), metrics_of=damaged(metrics(108, 0.5, 0.5)))
def test_a_damaged_record_is_read_or_refused(tmp_path: Path, content: bytes, whole: bytes, metrics_of: bytes) -> None:
    for each in (whole, framed(content), framed(with_metrics(metrics_of))):
        (tmp_path / "file").write_bytes(each)
        taken_or_refused(lambda: importer.check(tmp_path / "file"))


# --- its parts ---


def test_known_checksums() -> None:
    """RFC 3720, B.4."""
    assert crc32c(b"") == 0
    assert crc32c(bytes(32)) == 0x8A9136AA
    assert crc32c(b"\xff" * 32) == 0x62A8AB43
    assert crc32c(bytes(range(32))) == 0x46DD794E


@given(texts=st.lists(st.binary(min_size=4, max_size=60), max_size=8))
def test_many_checksums_at_once_are_those_of_each(texts: list[bytes]) -> None:
    assert crc32c_of_many(texts).tolist() == [crc32c(text) for text in texts]


def test_metrics_are_those_of_the_last_evaluation() -> None:
    assert decode(metrics(108, 0.94, 0.93, 2_000_000_000)) == Metrics(2_000_000_000, 0.94, 0.93)


def test_fields_of_other_kinds_and_numbers_are_skipped() -> None:
    more = varint(9 << 3 | 5) + b"abcd" + varint(300 << 3) + varint(2**60) + lengthened(17, b"new")
    assert decode(more + metrics(108, 0.5, 0.25) + more) == Metrics(8_555_530, 0.5, 0.25)


def test_base64_in_lines_is_read(tmp_path: Path) -> None:
    """As some encoders write it."""
    values = json.loads(GOOD)
    values[4] = base64.encodebytes(base64.b64decode(values[4])).decode()
    found = importer.check(written(tmp_path / "file", [json.dumps(values).encode()])).table
    np.testing.assert_allclose(found["cifar10-valid-mean"], [90])
