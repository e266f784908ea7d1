"""Reading TFRecord files without TensorFlow.

A record is its length (8 bytes, little endian), the length's checksum (4), the content and the content's checksum (4).
Checksums are CRC-32C, rotated and shifted by a constant.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from eproxy_engine.benchmarks.importing.crc32c import SHORTEST, crc32c, crc32c_of_many

LONGEST_RECORD = 20_000
"""Maximum size of a record in bytes; those of NAS-Bench-101 have some four hundred."""
_AT_ONCE = 2048
_LENGTH = struct.Struct("<QI")
_CHECKSUM = struct.Struct("<I")
_SHIFT = 0xA282EAD8


class Damaged(Exception):
    """Error for a file that is damaged from the byte ``offset`` on."""

    def __init__(self, offset: int, what: str) -> None:
        super().__init__(what)
        self.offset, self.what = offset, what


def records(file: BinaryIO) -> Iterator[list[tuple[int, bytes]]]:
    """Yield batches of records with the offset of their first byte, verifying every checksum. Raises Damaged."""
    framed = _framed(file)
    while batch := list(islice(framed, _AT_ONCE)):
        computed = crc32c_of_many([content for _, content, _ in batch]).tolist()
        for (offset, _, checksum), value in zip(batch, computed, strict=True):
            if checksum != _masked(value):
                raise Damaged(offset, "the checksum of the record's content is wrong")
        yield [(offset, content) for offset, content, _ in batch]


def _framed(file: BinaryIO) -> Iterator[tuple[int, bytes, int]]:
    """Yield offset, content and stored checksum of each record."""
    offset = 0
    while header := file.read(_LENGTH.size):
        if len(header) < _LENGTH.size:
            raise Damaged(offset, "it ends within a record")
        length, checksum = _LENGTH.unpack(header)
        if checksum != _masked(crc32c(header[:8])):
            raise Damaged(offset, "no record begins here: the checksum of its length is wrong")
        if not SHORTEST <= length <= LONGEST_RECORD:
            raise Damaged(offset, f"a record of {length:,} bytes; accepted: {SHORTEST} to {LONGEST_RECORD:,}")
        content, end = file.read(length), file.read(_CHECKSUM.size)
        if len(end) < _CHECKSUM.size:
            raise Damaged(offset, "it ends within a record")
        yield offset, content, _CHECKSUM.unpack(end)[0]
        offset += _LENGTH.size + length + _CHECKSUM.size


def _masked(checksum: int) -> int:
    """Mask a checksum as the format stores it."""
    return ((checksum >> 15 | checksum << 17) + _SHIFT) & 0xFFFFFFFF
