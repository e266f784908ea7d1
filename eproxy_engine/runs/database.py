"""The SQLite file behind the store: opening, schema, transactions, and readable errors."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from eproxy_engine.errors import UserError

APPLICATION_ID = 0x45507278  # "EPrx"
SCHEMA_VERSION = 4
BUSY_SECONDS = 30.0
LEAST_BYTES = 1_000_000
"""With less free space, an I/O error of SQLite means that the disk is full."""
PRIMARY = 0xFF
"""Mask for the kind of error in SQLite's error codes."""

SCHEMA = """
CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    specification TEXT NOT NULL,
    origin TEXT NOT NULL,
    status TEXT NOT NULL,
    request TEXT,
    progress TEXT NOT NULL DEFAULT '{}',
    result TEXT,
    error TEXT,
    worker TEXT,
    heartbeat REAL,
    created REAL NOT NULL,
    started REAL,
    finished REAL,
    name TEXT,
    tags TEXT,
    note TEXT,
    device TEXT,
    bytes INTEGER
);
CREATE INDEX runs_by_status ON runs (status, created);
CREATE TABLE samples_added (name TEXT PRIMARY KEY);
CREATE TABLE evaluations (
    key TEXT PRIMARY KEY,
    space TEXT NOT NULL,
    architecture TEXT NOT NULL,
    configuration TEXT NOT NULL,
    images TEXT NOT NULL,
    seed INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    measured BLOB NOT NULL,
    seconds REAL NOT NULL,
    created REAL NOT NULL,
    peak_bytes REAL,
    note TEXT
) WITHOUT ROWID;
"""
HISTORY = """
CREATE TABLE history (
    run TEXT NOT NULL,
    place INTEGER NOT NULL,
    trial TEXT NOT NULL,
    PRIMARY KEY (run, place)
) WITHOUT ROWID;
"""
EVALUATIONS_OF_ALL_PROXIES = """
ALTER TABLE evaluations RENAME COLUMN branches TO parts;
ALTER TABLE evaluations RENAME COLUMN losses TO measured;
ALTER TABLE evaluations ADD COLUMN peak_bytes REAL;
ALTER TABLE evaluations ADD COLUMN note TEXT
"""
LABELS_OF_RUNS = """
ALTER TABLE runs ADD COLUMN name TEXT;
ALTER TABLE runs ADD COLUMN tags TEXT;
ALTER TABLE runs ADD COLUMN note TEXT;
ALTER TABLE runs ADD COLUMN device TEXT;
ALTER TABLE runs ADD COLUMN bytes INTEGER
"""
UPGRADES = {1: HISTORY, 2: EVALUATIONS_OF_ALL_PROXIES, 3: LABELS_OF_RUNS}
"""Statements that upgrade a store of each version to the next."""


class Database:
    """Connection to the file, which several processes can use at once through the write-ahead log.

    Every SQLite error becomes a UserError that names the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"the data directory {path.parent} cannot be created: {error.strerror or error}") from error
        with self._explained():
            self._connection = self._opened()
            self._connection.row_factory = sqlite3.Row
            self._prepare()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def query(self, sql: str, values: tuple[object, ...] = ()) -> list[sqlite3.Row]:
        """Return all rows of a statement."""
        with self._explained():
            return self._connection.execute(sql, values).fetchall()

    def change(self, sql: str, values: tuple[object, ...] = ()) -> int:
        """Run one changing statement and return the number of rows changed."""
        with self._explained():
            return self._connection.execute(sql, values).rowcount

    def change_all(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Run a changing statement once for each of ``rows``."""
        with self._explained():
            self._connection.executemany(sql, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all changes in the block together, or none."""
        with self._explained():
            self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            with self._explained():
                self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:  # SQLite rolls back itself on some errors, such as a full disk
                self._connection.execute("ROLLBACK")
            raise

    def is_writable(self) -> bool:
        """Return whether the file can be changed, by trying a statement that changes nothing."""
        try:
            self.change("DELETE FROM runs WHERE FALSE")
            return True
        except UserError:
            return False

    def _opened(self) -> sqlite3.Connection:
        connection = self._connected(self.path)
        try:
            connection.execute("PRAGMA application_id")
        except sqlite3.OperationalError as error:
            connection.close()
            may_not_write = error.sqlite_errorcode & PRIMARY in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
            if may_not_write and self.path.exists() and not Path(f"{self.path}-wal").exists():
                return self._connected(f"{self.path.absolute().as_uri()}?mode=ro&immutable=1")
            raise
        return connection

    @staticmethod
    def _connected(where: Path | str) -> sqlite3.Connection:
        """Connect to a path, or to a URI: an immutable file is read without the files that SQLite keeps beside it."""
        is_uri = isinstance(where, str)
        return sqlite3.connect(where, BUSY_SECONDS, isolation_level=None, check_same_thread=False, uri=is_uri)

    def _prepare(self) -> None:
        if self._pragma("application_id") != APPLICATION_ID:
            with FileLock(f"{self.path}.lock", timeout=BUSY_SECONDS):  # SQLite does not wait when switching to the log
                self._create()
        while self._pragma("user_version") in UPGRADES:
            self._upgrade()
        if self._pragma("user_version") != SCHEMA_VERSION:
            raise UserError(
                f"{self.path} was written by another version of Eproxy Studio (schema {self._pragma('user_version')}); "
                f"accepted: schema {SCHEMA_VERSION}"
            )
        self._connection.execute("PRAGMA synchronous = NORMAL")

    def _create(self) -> None:
        """Create a store in an empty file, unless another process was faster."""
        if self._pragma("application_id") == APPLICATION_ID:
            return
        if self._connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            raise UserError(f"{self.path} is a database of another program; accepted: a store of Eproxy Studio")
        self._connection.execute("PRAGMA journal_mode = WAL")
        with self.transaction():
            for statement in (SCHEMA + HISTORY).split(";"):
                self._connection.execute(statement)
            self._connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            self._connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def _upgrade(self) -> None:
        """Upgrade an older store to the next version, keeping its content."""
        with self.transaction():
            version = self._pragma("user_version")
            if version in UPGRADES:  # otherwise another process was faster
                for statement in UPGRADES[version].split(";"):
                    self._connection.execute(statement)
                self._connection.execute(f"PRAGMA user_version = {version + 1}")

    def _pragma(self, name: str) -> int:
        return int(self._connection.execute(f"PRAGMA {name}").fetchone()[0])

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, UnicodeError, OverflowError) as error:
            raise UserError(f"the store {self.path} cannot be used: {self._explanation(error)}") from error

    def _explanation(self, error: Exception) -> str:
        message = str(error)
        if "not a database" in message:
            return "it is not a database; accepted: a store of Eproxy Studio, or a new path"
        if any(sign in message for sign in ("readonly", "unable to open", "Permission denied")):
            return "it cannot be written; accepted: a path in a writable directory (EPROXY_HOME sets it)"
        if "is full" in message or ("disk I/O" in message and self._free_bytes() < LEAST_BYTES):
            return "the disk is full; free some space, then resume the run: nothing is lost"
        return message

    def _free_bytes(self) -> int:
        return shutil.disk_usage(self.path.parent).free
