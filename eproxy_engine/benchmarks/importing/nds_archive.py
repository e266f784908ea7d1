"""The official archive of NDS (Radosavovic et al., 2019): ``data.zip``, or a folder of the JSON files in it.

A file is a list of trainings, or several such lists by name. These fields of a training are read: ``net`` (the
network), ``params``, ``test_ep_top1`` (the error in per cent after every epoch) and ``min_test_top1`` (its minimum).
Files are read row by row and never unpacked to disk; only the last part of their names counts.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from io import FileIO
from itertools import count
from pathlib import Path, PurePosixPath
from typing import IO

import pandas as pd

from eproxy_engine import spaces
from eproxy_engine.benchmarks.importing.checked import Checked, Progress, refuse_known, shown_source
from eproxy_engine.benchmarks.importing.json_rows import rows
from eproxy_engine.benchmarks.importing.nds_trainings import NAME, Trainings
from eproxy_engine.errors import UserError
from eproxy_engine.foreign import Bounded, open_member, reading
from eproxy_engine.spaces.anynet.space import AnyNet
from eproxy_engine.spaces.cells.space import CellSpace

Family = AnyNet | CellSpace

SWEEPS = (
    "DARTS",
    "DARTS_fix-w-d",
    "Amoeba",
    "ENAS",
    "ENAS_fix-w-d",
    "NASNet",
    "PNAS",
    "PNAS_fix-w-d",
    "ResNet",
    "ResNeXt-A",
    "ResNeXt-B",
)
"""Files of networks for CIFAR-10; with ``_in``, for ImageNet. Other files of the archive rank no architectures."""
MOST_FILES = 10_000
MOST_BYTES = 20_000_000_000
"""Maximum unpacked size of a file."""
MOST_BYTES_OF_A_BYTE, ALWAYS_ACCEPTED = 50, 100_000_000
"""Limits against zip bombs: unpacked bytes per byte of the archive, and a file size that is always accepted."""
MOST_ROWS = 50_000
LONGEST_ROW = 5_000_000
"""Maximum length of a row, in characters."""
ACCEPTED = "the official data.zip of NDS, or a folder of its JSON files such as DARTS.json"
_ROWS_A_STEP = 100
_END = object()


@dataclass(frozen=True, eq=False)
class Archive:
    """Result of checking an archive."""

    checked: tuple[Checked, ...]
    """One for each file of a search space, in the order of :data:`SWEEPS`."""
    ignored: dict[str, str]
    """Reasons why other files are left out, by name."""


def read(path: str | Path) -> dict[str, pd.DataFrame]:
    """Return the accepted rows by search space; :func:`check` also says what was left out."""
    return {each.space: each.table for each in check(path).checked}


def check(path: str | Path, progress: Progress | None = None) -> Archive:
    """Check an archive without keeping anything.

    Args:
        path: The archive or folder.
        progress: Called with bytes done and in total.

    Returns:
        Tables with one row per architecture: parameters and FLOPs by this project's rule, ``cifar10`` and
        ``cifar10-best`` (or ``imagenet`` and ``imagenet-best``) as accuracies in per cent, and ``cifar10@E`` after E
        epochs. Values of an architecture with several trainings are means. Files of accuracies that are already
        included are left out.

    Raises:
        UserError: If something cannot be read; the message names the file and the row.
    """
    path, checked, done = Path(path), list[Checked](), 0
    with _opened(path) as files:
        wanted, ignored = _sorted_out(files, path)
        total = sum(file.size for _, file in wanted)
        for family, file in wanted:
            checked.append(_checked(family, file, partial(_tell, progress, done, total)))
            done += file.size
    return Archive(tuple(checked), ignored)


def _tell(progress: Progress | None, done: int, total: int, more: int) -> None:
    if progress is not None:
        progress(min(done + more, total), total)


def _sorted_out(files: list[_File], path: Path) -> tuple[list[tuple[Family, _File]], dict[str, str]]:
    """Separate the wanted files, with their search spaces, from the others, with reasons."""
    wanted: dict[str, tuple[Family, _File]] = {}
    ignored: dict[str, str] = {}
    for file in files:
        family = _family(file.name)
        if family is None:
            ignored[shown_source(file.name)] = "it belongs to no search space here"
            continue
        if file.name in wanted:
            raise UserError(f"{path.name!r} has two files {file.name!r}; accepted: {ACCEPTED}")
        wanted[file.name] = family, file
        try:
            refuse_known(family.name, [task.name for task in family.tasks], NAME)
        except UserError as error:
            ignored[file.name] = str(error)
    if not wanted:
        raise UserError(f"{path.name!r} has no file of a search space; accepted: {ACCEPTED}")
    return [wanted[name] for name in _file_names() if name in wanted and name not in ignored], ignored


def _file_names() -> list[str]:
    return [f"{sweep}{suffix}.json" for suffix in ("", "_in") for sweep in SWEEPS]


def _family(file: str) -> Family | None:
    """Return the search space to which a file of that name belongs; None if there is none."""
    if file not in _file_names():
        return None
    sweep = file.removesuffix(".json")
    data = "imagenet" if sweep.endswith("_in") else "cifar10"
    name = f"nds-{data}-{sweep.removesuffix('_in').lower().replace('_', '-')}"
    family = spaces.get(name) if name in spaces.names() else None
    return family if isinstance(family, AnyNet | CellSpace) else None


def _checked(family: Family, file: _File, tell: Callable[[int], None]) -> Checked:
    """Check the rows of a file; call ``tell`` now and then with the bytes read so far."""
    trainings = Trainings(family)
    with ExitStack() as stack:
        with reading(repr(file.name), ACCEPTED):
            content = Bounded(stack.enter_context(file.opened()), file.most)
        found = rows(content, LONGEST_ROW)
        for number in count(1):
            with reading(f"{file.name!r}, row {number:,}", ACCEPTED):
                row = next(found, _END)
            if row is _END:
                break
            if number > MOST_ROWS:
                raise UserError(f"{file.name!r} has more than {MOST_ROWS:,} rows; accepted: up to {MOST_ROWS:,}")
            trainings.take(number, row)
            if number % _ROWS_A_STEP == 0:
                tell(content.tell())
    tell(file.size)
    return trainings.checked(file.name)


@dataclass(frozen=True)
class _File:
    """A file of an archive."""

    name: str
    """Name without folders."""
    size: int
    """Unpacked size in bytes according to the archive, which may lie."""
    most: int
    """Maximum number of bytes to read."""
    opened: Callable[[], IO[bytes]]


@contextmanager
def _opened(path: Path) -> Iterator[list[_File]]:
    """Open the files of a zip archive or of a folder. Raises UserError for anything else."""
    with ExitStack() as stack:
        with reading(repr(str(path)), ACCEPTED):
            if os.path.isdir(path):
                files = _folder(path)
            else:
                files = _members(stack.enter_context(zipfile.ZipFile(path)), path.stat().st_size)
        if len(files) > MOST_FILES:
            raise UserError(f"{path.name!r} has {len(files):,} files; accepted: up to {MOST_FILES:,}")
        yield files


def _folder(path: Path) -> list[_File]:
    inside = sorted(each for each in path.iterdir() if each.is_file())
    return [_File(each.name, each.stat().st_size, MOST_BYTES, partial(FileIO, each)) for each in inside]


def _members(archive: zipfile.ZipFile, size: int) -> list[_File]:
    """List the files of an archive of ``size`` bytes."""
    most = min(MOST_BYTES, max(MOST_BYTES_OF_A_BYTE * size, ALWAYS_ACCEPTED))
    return [
        _File(PurePosixPath(info.filename).name, info.file_size, most, partial(open_member, archive, info))
        for info in archive.infolist()
        if not info.filename.endswith("/")
    ]
