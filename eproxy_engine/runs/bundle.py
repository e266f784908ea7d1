"""Several runs in one zip file, and taking in what somebody hands over: a run file or such a zip file.

Both are untrusted. A zip file is read in memory, member by member; nothing is written to a path that it names.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import NamedTuple

from eproxy_engine.errors import UserError, shown
from eproxy_engine.foreign import open_member, reading
from eproxy_engine.runs import archive
from eproxy_engine.runs.archive import LARGEST_BYTES, Packed, pack
from eproxy_engine.runs.run import Run
from eproxy_engine.runs.store import Store

MOST_RUNS = 200
MEMBER = re.compile(r"[A-Za-z0-9][\w .-]{0,99}\.json\.gz", re.ASCII)
"""Names of members: a file without folders."""
ACCEPTED = f"a zip file of up to {MOST_RUNS} run files (NAME.json.gz), without folders"
START = b"PK"
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""Time of all members, so that equal runs give equal files."""


class Taken(NamedTuple):
    """A run of a file."""

    run: Run
    is_new: bool
    """False if the store had the very same run before."""


def pack_all(store: Store, run_ids: Sequence[str]) -> bytes:
    """Return one zip file with the files of all runs. Raises UserError if a run is unknown, or there are too many."""
    if len(run_ids) > MOST_RUNS:
        raise UserError(f"{len(run_ids)} runs in one file; accepted: up to {MOST_RUNS}")
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as file:
        for run_id in run_ids:
            file.writestr(zipfile.ZipInfo(f"run-{run_id}.json.gz", LONG_AGO), pack(store, run_id))
    return written.getvalue()


def take(store: Store, content: bytes) -> list[Taken]:
    """Add the runs of a run file, or of a zip file of them, that the store does not have yet.

    Nothing is added unless all of it is valid.

    Args:
        store: The store.
        content: Content of the file.

    Raises:
        UserError: If the file, or one in the zip file, is invalid.
    """
    files = _members(content) if content.startswith(START) else {"": content}
    packed = [_read(name, each) for name, each in files.items()]
    with store.database.transaction():
        return [_taken(store, each) for each in packed]


def _taken(store: Store, packed: Packed) -> Taken:
    known = archive.there(store, packed)
    return Taken(known or archive.add(store, packed, "imported"), known is None)


def _read(name: str, content: bytes) -> Packed:
    try:
        return archive.read(content)
    except UserError as error:
        raise UserError(f"{name}: {error}" if name else str(error)) from error


def _members(content: bytes) -> dict[str, bytes]:
    """Return the members of a zip file by name. Raises UserError."""
    found, left = {}, LARGEST_BYTES
    with reading("the zip file", ACCEPTED), zipfile.ZipFile(io.BytesIO(content)) as file:
        members = file.infolist()
        if not 1 <= len(members) <= MOST_RUNS:
            raise UserError(f"a zip file of {len(members)} files; accepted: {ACCEPTED}")
        for member in members:
            if not MEMBER.fullmatch(member.filename):
                raise UserError(f"the zip file has a member {shown(member.filename)}; accepted: {ACCEPTED}")
            with open_member(file, member) as opened:
                found[member.filename] = opened.read(left + 1)
            left -= len(found[member.filename])
            if left < 0:
                raise UserError(f"the zip file unpacks to more than {LARGEST_BYTES:,} bytes; accepted: less")
    return found
