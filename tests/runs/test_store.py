"""The store: outcomes to the last bit, runs and what may be asked of them, and files that cannot be a store."""

from __future__ import annotations

import math
import multiprocessing
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from multiprocessing.synchronize import Barrier
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from PIL import Image

from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Branch, Evaluation, Outcome
from eproxy_engine.runs import Store, bundled
from eproxy_engine.runs import store as store_module
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.store import STATUSES
from eproxy_engine.runs.worker import work_on
from tests.runs.conftest import Instant, configuration, fill_disk, finished, launched, made_up, put_in, specification

NOBODY = 65534
OPENERS, ROUNDS = 3, 30


def put_all(store: Store, evaluations: list[Evaluation]) -> None:
    for evaluation in evaluations:
        store.put(evaluation, made_up(evaluation))


# --- evaluations ---


@pytest.mark.parametrize(
    "losses",
    [
        ((0.1,), (1 / 3,)),
        ((-0.0,), (5e-324,)),
        ((1.5,), (math.nan,)),
        ((math.inf,),),
        ((0.1, 0.2, 0.3), (0.4, -math.inf, 1e308)),
    ],
    ids=["finite", "smallest", "nan", "inf", "branches"],
)
def test_an_outcome_comes_back_to_the_last_bit(store: Store, losses: tuple[tuple[float, ...], ...]) -> None:
    stages = ("deepest", "before_second", "before_first")[: len(losses[0])]
    branches = tuple(Branch(stage, ("net",), c_mid=16, c_out=16) for stage in stages)
    evaluation = specification(1, proxy=configuration(branches=branches)).evaluations()[0]
    store.put(evaluation, Outcome(losses, 0.125))
    found = store.outcomes([evaluation])[evaluation.key]
    assert np.asarray(found.values).shape == (len(losses), len(stages))
    assert np.asarray(found.values).tobytes() == np.asarray(losses).tobytes()
    assert found.seconds == 0.125


def test_the_first_outcome_of_a_key_stays(store: Store) -> None:
    evaluation = specification(1).evaluations()[0]
    store.put(evaluation, Outcome(((1.0,), (2.0,)), 1.0))
    store.put(evaluation, Outcome(((3.0,), (4.0,)), 2.0))
    assert store.outcomes([evaluation]) == {evaluation.key: Outcome(((1.0,), (2.0,)), 1.0)}
    assert store.count_evaluations() == 1


def test_an_outcome_that_cannot_be_kept_is_told(store: Store) -> None:
    """SQLite has no NaN; a silently dropped evaluation would be computed again and again."""
    evaluation = specification(1).evaluations()[0]
    with pytest.raises(UserError, match="seconds"):
        store.put(evaluation, Outcome(((1.0,), (2.0,)), math.nan))


def test_only_stored_ones_are_found_however_many_are_asked_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "KEYS_A_QUERY", 3)
    evaluations = specification(20).evaluations()
    kept = evaluations[::2]
    put_all(store, kept)
    assert store.outcomes(evaluations + evaluations) == {e.key: made_up(e) for e in kept}
    assert store.outcomes([]) == {}


# --- runs ---


def test_a_new_run_waits_and_keeps_its_specification(store: Store) -> None:
    run = store.create(specification(5, seed=3))
    assert (run.status, run.origin, run.progress, run.result) == ("queued", "local", {}, None)
    assert store.run(run.id).specification == specification(5, seed=3)


def test_an_unsound_specification_makes_no_run(store: Store) -> None:
    with pytest.raises(UserError, match="a sample of 20000 is not possible"):
        launched(store, specification(20_000))
    assert store.runs() == []


def test_runs_are_listed_newest_first_and_worked_on_oldest_first(store: Store) -> None:
    runs = [launched(store) for _ in range(4)]
    assert [run.id for run in store.runs()] == [run.id for run in reversed(runs)]
    assert store.next_queued() == runs[0].id
    for status in set(STATUSES) - {"queued"}:
        put_in(store, runs[0].id, status)
        assert store.next_queued() == runs[1].id


def test_an_empty_store_has_nothing_to_do(store: Store) -> None:
    assert store.runs() == []
    assert store.next_queued() is None


def test_an_unknown_run_is_told_with_the_known_ones(store: Store) -> None:
    with pytest.raises(UserError, match="unknown run 'nix'; accepted: none yet, launch one first"):
        store.run("nix")
    runs = [launched(store), launched(store)]
    with pytest.raises(UserError, match=f"unknown run 'nix'; accepted: {runs[1].id}, {runs[0].id}"):
        store.run("nix")
    for method in (store.resume, store.delete):
        with pytest.raises(UserError, match="unknown run 'nix'"):
            method("nix")
    with pytest.raises(UserError, match="unknown run 'nix'"):
        store.ask("nix", "stop")


REFUSED = "refused"
TRANSITIONS = {  # status: what it is after (pause, stop, resume, delete)
    "queued": ("paused", "stopped", REFUSED, "gone"),
    "running": ("running", "running", REFUSED, REFUSED),
    "paused": ("paused", "stopped", "queued", "gone"),
    "stopped": (REFUSED, REFUSED, "queued", "gone"),
    "finished": (REFUSED, REFUSED, REFUSED, "gone"),
    "failed": (REFUSED, REFUSED, "queued", "gone"),
    "interrupted": ("paused", "stopped", "queued", "gone"),
}


@pytest.mark.parametrize("position", range(4), ids=["pause", "stop", "resume", "delete"])
@pytest.mark.parametrize("status", STATUSES)
def test_what_may_be_asked_of_a_run(store: Store, status: str, position: int) -> None:
    run = launched(store)
    put_in(store, run.id, status)
    assert store.run(run.id).status == status
    actions = [
        lambda: store.ask(run.id, "pause"),
        lambda: store.ask(run.id, "stop"),
        lambda: store.resume(run.id),
        lambda: store.delete(run.id),
    ]
    expected = TRANSITIONS[status][position]
    if expected == REFUSED:
        with pytest.raises(UserError, match=f"run {run.id} is {status}"):
            actions[position]()
        assert store.run(run.id).status == status
        return
    actions[position]()
    assert [found.status for found in store.runs()] == ([] if expected == "gone" else [expected])
    if status == "running":
        assert store.run(run.id).request == ("pause", "stop")[position]


def test_a_resumed_run_has_forgotten_its_worker_and_error(store: Store) -> None:
    run = launched(store)
    put_in(store, run.id, "interrupted")
    store.database.change("UPDATE runs SET error = 'bad luck', request = 'stop'")
    again = store.resume(run.id)
    assert (again.worker, again.error, again.request) == (None, None, None)


@pytest.fixture
def pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of pictures in the folder that this process is in."""
    folder = tmp_path / "pics"
    folder.mkdir()
    for place in range(2):
        Image.new("L", (40, 40), 100 * place).save(folder / f"{place}.png")
    monkeypatch.chdir(tmp_path)
    return folder


def test_a_run_can_be_carried_out_from_any_folder(
    store: Store, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = launched(store, specification(3, images="folder:pics"))
    assert run.specification.images == f"folder:{pictures}"
    monkeypatch.chdir(pictures)
    assert work_on(store, Lease(store, run.id), Instant()).status == "finished"


def test_a_run_whose_images_are_gone_stays_as_it_is_and_says_why(store: Store, pictures: Path) -> None:
    run = launched(store, specification(3, images="folder:pics"))
    put_in(store, run.id, "stopped")
    pictures.rename(pictures.with_name("elsewhere"))
    with pytest.raises(UserError, match=f"run {run.id} stays stopped: no such folder '{pictures}'"):
        store.resume(run.id)
    assert store.run(run.id).status == "stopped"
    pictures.with_name("elsewhere").rename(pictures)
    assert store.resume(run.id).status == "queued"


def test_deleting_a_run_keeps_evaluations_and_other_runs(store: Store) -> None:
    gone, kept = launched(store), launched(store)
    evaluation = gone.specification.evaluations()[0]
    store.put(evaluation, made_up(evaluation))
    store.delete(gone.id)
    assert [run.id for run in store.runs()] == [kept.id]
    assert store.outcomes([evaluation]) == {evaluation.key: made_up(evaluation)}


def test_a_sample_is_taken_once(store: Store) -> None:
    other = Store(store.path)
    assert store.take_sample("a.json.gz")
    assert not store.take_sample("a.json.gz")
    assert not other.take_sample("a.json.gz")
    assert other.take_sample("b.json.gz")
    other.close()


# --- the file ---


def test_a_store_is_made_where_nothing_is_and_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deeper" / "store.sqlite3"
    run = launched(Store(path))
    again = Store(path)
    assert again.run(run.id) == run
    assert again.database.query("PRAGMA journal_mode")[0][0] == "wal"


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    path.touch()
    assert Store(path).runs() == []


def test_the_store_is_in_the_data_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EPROXY_HOME", str(tmp_path / "home"))
    assert Store().path == tmp_path / "home" / "store.sqlite3"
    assert Store().path.exists()


def test_a_database_of_another_program_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "bookmarks.sqlite3"
    with sqlite3.connect(path) as theirs:
        theirs.execute("CREATE TABLE bookmarks (url TEXT)")
    theirs.close()
    before = path.read_bytes()
    with pytest.raises(UserError, match=r"bookmarks\.sqlite3 is a database of another program; accepted: a store"):
        Store(path)
    assert path.read_bytes() == before


def test_a_text_file_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("remember the milk\n" * 100, "utf-8")
    with pytest.raises(UserError, match=r"notes\.txt cannot be used: it is not a database; accepted:"):
        Store(path)
    assert path.read_text("utf-8") == "remember the milk\n" * 100


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=f"the store {tmp_path} cannot be used"):
        Store(tmp_path)


def test_a_store_of_another_version_is_refused(store: Store) -> None:
    store.database.query("PRAGMA user_version = 99")
    with pytest.raises(UserError, match=r"another version of Eproxy Studio \(schema 99\); accepted: schema 4"):
        Store(store.path)


def test_a_path_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file" / "store.sqlite3", tmp_path / "file" / "deeper" / "store.sqlite3"):
        with pytest.raises(UserError, match=f"the data directory {path.parent} cannot be created"):
            Store(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
def test_a_read_only_directory_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UserError, match=r"cannot be written; accepted: a path in a writable directory"):
        Store(tmp_path / "store.sqlite3")
    tmp_path.chmod(0o700)


def test_a_store_that_cannot_be_written_still_reads(store: Store) -> None:
    run = launched(store)
    store.database._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(UserError, match=r"cannot be written; accepted: .* \(EPROXY_HOME sets it\)"):
        launched(store)
    with pytest.raises(UserError, match="cannot be written"):
        store.ask(run.id, "pause")
    assert store.runs() == [run]


@pytest.fixture
def lying_there(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A store with a finished run that nobody has open, in a data directory from which everybody may only read."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        monkeypatch.setenv("EPROXY_HOME", name)
        with closing(Store(folder / "store?.sqlite3")) as written:
            finished(written)
        for path, mode in ((folder / "store?.sqlite3", 0o444), (folder, 0o555)):
            path.chmod(mode)
        is_root = os.geteuid() == 0  # whom permissions do not bind
        if is_root:
            os.seteuid(NOBODY)
        yield folder / "store?.sqlite3"
        if is_root:
            os.seteuid(0)
        folder.chmod(0o755)


def test_a_store_that_may_only_be_read_can_be_looked_at(lying_there: Path) -> None:
    with closing(Store(lying_there)) as opened:
        (run,) = opened.runs()
        assert run.status == "finished"
        assert len(opened.outcomes(run.specification.evaluations())) == 6
        bundled.add_samples(opened)  # as the dashboard does, which has to go on without them
        assert opened.runs() == [run]
        with pytest.raises(UserError, match=r"cannot be written; accepted: .* \(EPROXY_HOME sets it\)"):
            launched(opened)
    assert sorted(path.name for path in lying_there.parent.iterdir()) == [lying_there.name, f"{lying_there.name}.lock"]


def test_an_io_error_on_a_full_disk_says_that_it_is_full(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's word for a full disk that has no room for the index of the log, when a store is opened."""
    broken = Mock()
    broken.execute.side_effect = sqlite3.OperationalError("disk I/O error")
    monkeypatch.setattr(store.database, "_connection", broken)
    for free, told in (
        (10_000, "the disk is full; free some space, then resume the run: nothing is lost"),
        (10**9, "disk I/O"),
    ):
        monkeypatch.setattr("eproxy_engine.runs.database.shutil.disk_usage", lambda folder, free=free: Mock(free=free))
        with pytest.raises(UserError, match=f"the store {store.path} cannot be used: {told}"):
            store.runs()


def test_a_full_disk_is_told_and_survived(store: Store) -> None:
    evaluations = specification(200).evaluations()
    fill_disk(store)
    with pytest.raises(UserError, match="the disk is full; free some space"):
        put_all(store, evaluations)
    kept = store.count_evaluations()
    assert len(store.outcomes(evaluations)) == kept < len(evaluations)
    store.database.query("PRAGMA max_page_count = 100000")
    put_all(store, evaluations)
    assert store.outcomes(evaluations) == {e.key: made_up(e) for e in evaluations}


def test_a_disk_that_fills_within_a_transaction_undoes_all_of_it(store: Store) -> None:
    evaluations = specification(200).evaluations()
    fill_disk(store)
    with pytest.raises(UserError, match="the disk is full"), store.database.transaction():
        put_all(store, evaluations)
    assert store.count_evaluations() == 0
    store.database.query("PRAGMA max_page_count = 100000")
    with store.database.transaction():
        store.put(evaluations[0], made_up(evaluations[0]))
    assert store.count_evaluations() == 1


def test_an_error_undoes_the_transaction(store: Store) -> None:
    evaluation = specification(1).evaluations()[0]
    with pytest.raises(AttributeError), store.database.transaction():
        put_all(store, [evaluation, None])  # type: ignore[list-item]
    assert Store(store.path).count_evaluations() == 0


@pytest.mark.processes
def test_processes_that_open_one_new_store_at_the_same_moment_all_succeed(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    barrier, problems = context.Barrier(OPENERS), context.Queue()
    processes = [context.Process(target=_open_new_ones, args=(tmp_path, barrier, problems)) for _ in range(OPENERS)]
    for process in processes:
        process.start()
    assert [problems.get(timeout=60) for _ in processes] == [[]] * OPENERS
    for process in processes:
        process.join(20)
    for path in tmp_path.glob("*.sqlite3"):
        assert len(Store(path).runs()) == OPENERS


def _open_new_ones(folder: Path, barrier: Barrier, problems: multiprocessing.Queue[list[str]]) -> None:
    found = []
    wanted = specification(1)
    for turn in range(ROUNDS):
        barrier.wait(60)
        try:
            launched(Store(folder / f"{turn}.sqlite3"), wanted)
        except UserError as error:
            found.append(str(error))
    problems.put(found)
