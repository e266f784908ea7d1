"""Imported tables, each one Parquet file in the data directory, written whole or not at all.

The file's schema contains its source and the tasks of its columns, so that they cannot get separated.
"""

from __future__ import annotations

import json
import os
import re
import time
import uuid
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from eproxy_engine.benchmarks.counts import COUNTS
from eproxy_engine.errors import UserError, one_of
from eproxy_engine.foreign import reading
from eproxy_engine.home import data_directory
from eproxy_engine.spaces import Task

METADATA_KEY = b"eproxy-studio"
ACCEPTED = "an undamaged imported table; otherwise delete the file"
_SUFFIXES = re.compile(r"(\.(csv|tsv|txt|zip|json|gz|tfrecord))+$")


@dataclass(frozen=True)
class Import:
    """One imported table."""

    space: str
    name: str
    """Name derived from the source, unique within the space."""
    source: str
    """Name of the source file."""
    created: float
    """Seconds since 1970."""
    rows: int
    tasks: tuple[Task, ...]
    columns: tuple[str, ...]
    """Columns of accuracies: tasks and ``TASK@EPOCHS``."""


def accuracies(table: pd.DataFrame) -> list[str]:
    """Return the columns of a checked table that hold accuracies."""
    return [str(column) for column in table if column not in ("architecture", *COUNTS)]


def paths(space: str) -> list[Path]:
    """Return the files of a space's imports, in order of name."""
    return sorted(_folder(space).glob("*.parquet"))


def imports(space: str) -> list[Import]:
    """Return the imports of a space, in order of name."""
    return [_described(str(path), path.stat().st_mtime_ns) for path in paths(space)]


def keep(space: str, source: str, tasks: tuple[Task, ...], table: pd.DataFrame, name: str | None = None) -> Import:
    """Store a checked table, replacing an import of the same name.

    Args:
        space: Name of the search space.
        source: Name of the source file.
        tasks: Tasks of the columns.
        table: Canonical architectures and one column per task.
        name: Name of the import; derived from the source if None.

    Raises:
        UserError: If the file cannot be written; nothing has changed then.
    """
    description = {"source": source, "created": time.time(), "tasks": [asdict(task) for task in tasks]}
    content = pa.Table.from_pandas(table, preserve_index=False)
    metadata = {**(content.schema.metadata or {}), METADATA_KEY: json.dumps(description).encode()}
    path = _folder(space) / f"{import_name(source if name is None else name)}.parquet"
    unfinished = path.with_suffix(f".{uuid.uuid4().hex}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            pq.write_table(content.replace_schema_metadata(metadata), unfinished, compression="zstd")
            os.replace(unfinished, path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(
            f"the import cannot be written to {str(path.parent)!r} ({error.strerror or error}); accepted: a "
            f"writable data directory with free space (EPROXY_HOME sets it)"
        ) from error
    return _described(str(path), path.stat().st_mtime_ns)


def read(path: str) -> pd.DataFrame:
    """Read the table in the file of an import. Raises UserError."""
    with reading(repr(path), ACCEPTED):
        table = pd.read_parquet(path)
        texts = table.select_dtypes(exclude="number").columns
        if list(texts) != ["architecture"] or not table["architecture"].map(lambda each: isinstance(each, str)).all():
            raise ValueError("its columns are not those of an import")
        return table


def remove(space: str, name: str) -> None:
    """Delete an import. Raises UserError if there is none of that name."""
    names = [each.name for each in imports(space)]
    if name not in names:
        raise UserError(one_of(name, names or ["none yet"], f"import for {space}"))
    (_folder(space) / f"{name}.parquet").unlink()


def import_name(source: str) -> str:
    """Return a file name of letters, digits and hyphens.

    >>> import_name("../My Accuracies (2).csv")
    'my-accuracies-2'
    """
    stem = _SUFFIXES.sub("", Path(source).name.lower())
    return re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:60] or "table"


def _folder(space: str) -> Path:
    return data_directory() / "tables" / space


@lru_cache(maxsize=256)
def _described(path: str, changed: int) -> Import:
    """Describe an imported file; ``changed`` is its time of change, so that a replaced file is read again."""
    with reading(repr(path), ACCEPTED):
        content = pq.read_metadata(path)
        schema = content.schema.to_arrow_schema()
        values = json.loads((schema.metadata or {})[METADATA_KEY])
        tasks = tuple(
            Task(str(task["name"]), str(task["title"]), str(task["unit"]), str(task.get("short") or task["name"]))
            for task in values["tasks"]
        )
        columns = tuple(accuracies(schema.empty_table().to_pandas()))
        folder, name = Path(path).parent.name, Path(path).stem
        return Import(folder, name, str(values["source"]), float(values["created"]), content.num_rows, tasks, columns)
