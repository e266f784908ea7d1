"""Scores that come with the project, so that no network has to be run for them.

A Parquet file a search space, one row per different network, one column per score. Its metadata say for each column
which proxy it is and how long an architecture took; a column of a proxy whose code has changed since is not used.
``python -m eproxy_engine panel`` writes these files.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from eproxy_engine import spaces
from eproxy_engine.images import identity
from eproxy_engine.proxy.evaluation import ENGINE_VERSION
from eproxy_engine.scoring.proxy import Member

FOLDER = Path(__file__).parent / "tables"
METADATA = b"eproxy_panel"
IMAGES, SEED = "bundled", 1
"""Images and seed of all shipped scores."""


@dataclass(frozen=True, eq=False)
class ShippedScores:
    """Scores of one search space. ``about``: per column, its ``key`` and ``seconds`` an architecture."""

    table: pd.DataFrame
    """One row per architecture, which is the index."""
    about: dict[str, dict[str, Any]]

    def column(self, space: str, member: Member, images: str, seed: int) -> pd.Series | None:
        """Return the scores of a proxy by architecture, −inf where it failed; None if they do not ship."""
        if (identity(images), seed) != (identity(IMAGES), SEED):
            return None
        key = score_key(space, member)
        name = next((name for name, about in self.about.items() if about["key"] == key), None)
        return None if name is None else self.table[name].dropna()

    def seconds(self, name: str) -> float:
        """Return the mean seconds that an architecture took on one core; nan if unknown."""
        return float(self.about.get(name, {}).get("seconds", float("nan")))


def labelled_spaces() -> tuple[str, ...]:
    """Return the names of the search spaces whose scores ship."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.parquet")))


@lru_cache(maxsize=64)
def shipped(space: str) -> ShippedScores | None:
    """Return the scores that ship for a search space; None if there are none."""
    path = FOLDER / f"{space}.parquet"
    return read(path) if path.exists() else None


def score_key(space: str, member: Member) -> str:
    """Return a digest of all that a score depends on, but the architecture: proxy, its code, width."""
    whole = member.canonical().with_width(spaces.get(space).stem_channels(member.width))
    parts = [ENGINE_VERSION, space, whole.as_dict(), whole.training_part().digest()]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def read(path: Path) -> ShippedScores:
    """Read a file that :func:`write` wrote."""
    found = pq.read_table(path)
    about = json.loads((found.schema.metadata or {})[METADATA])
    return ShippedScores(found.to_pandas().set_index("architecture").astype("float64"), about)


def write(path: Path, scores: ShippedScores) -> None:
    """Write scores as a compact file, in single precision."""
    single = scores.table.astype("float32").reset_index()
    table = pa.Table.from_pandas(single, preserve_index=False)
    metadata = {METADATA: json.dumps(scores.about).encode()}
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table.replace_schema_metadata(metadata), path, compression="zstd", compression_level=19)
