"""The runs that ship with the product.

Their files are taken as they are, because recomputing them would add many seconds to the first start (tests recompute
them).
"""

from __future__ import annotations

from contextlib import closing
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from eproxy_engine.installation import ASSETS
from eproxy_engine.runs.archive import About, Contents, add_contents, decompressed, outcome_of, pack, unpack
from eproxy_engine.runs.kinds.registry import specification_of
from eproxy_engine.runs.store import Identity, Store

SAMPLES_FOLDER = ASSETS / "sample_runs"


def add_samples(store: Store) -> None:
    """Add the bundled runs to the store, each only once, so that deleted ones do not come back.

    A read-only store stays unchanged.
    """
    missing = [path for path in sorted(SAMPLES_FOLDER.glob("*.json.gz")) if not store.has_taken_sample(path.name)]
    if not missing or not store.database.is_writable():
        return
    for path in missing:
        contents = _trusted(path.read_bytes())
        with store.database.transaction():
            if store.take_sample(path.name):
                add_contents(store, contents, origin="sample")


def bundled_keys() -> frozenset[str]:
    """Return the keys of the bundled runs' evaluations, which a store has although nobody computed them there."""
    return _keys_in(SAMPLES_FOLDER)


@lru_cache(maxsize=1)
def _keys_in(folder: Path) -> frozenset[str]:
    files = [decompressed(path.read_bytes()) for path in folder.glob("*.json.gz")]
    return frozenset(key for values in files for key in values["evaluations"])


def renew_samples() -> None:
    """Recompute the results of the bundled runs and write them into their files: ``make samples``."""
    for path in SAMPLES_FOLDER.glob("*.json.gz"):
        with TemporaryDirectory() as folder, closing(Store(Path(folder) / "store.sqlite3")) as store:
            path.write_bytes(pack(store, unpack(store, path.read_bytes(), "sample").id))


def _trusted(content: bytes) -> Contents:
    """Read a bundled run, which is finished, with the file's own result."""
    values = decompressed(content)
    return Contents(
        specification_of(values["kind"], values["specification"]),
        values["created"],
        About.of(values),
        True,
        [(Identity(key, *one["of"]), outcome_of(one)) for key, one in values["evaluations"].items()],
        values["result"],
        values["history"],
    )
