"""Checksum CRC-32C (Castagnoli) of one text or of many at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

POLYNOMIAL = 0x82F63B78  # bits reversed
_ONES = 0xFFFFFFFF
SHORTEST = 4
"""Minimum length of a text for :func:`crc32c_of_many`, in bytes."""


def _table() -> list[int]:
    """Compute the effect of each byte on the remainder."""
    entries = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (POLYNOMIAL if byte & 1 else 0)
        entries.append(byte)
    return entries


_TABLE = _table()
_NUMPY_TABLE = np.array(_TABLE, dtype=np.uint32)


def crc32c(text: bytes) -> int:
    """Compute the checksum of one text.

    >>> hex(crc32c(b"123456789"))
    '0xe3069283'
    """
    remainder = _ONES
    for byte in text:
        remainder = _TABLE[(remainder ^ byte) & 0xFF] ^ remainder >> 8
    return remainder ^ _ONES


def crc32c_of_many(texts: Sequence[bytes]) -> np.ndarray:
    """Compute the checksums ``[n]`` of texts of at least :data:`SHORTEST` bytes, one position at a time for all.

    Shorter texts are padded with leading zeros, which keep a remainder of zero. Inverting the first four bytes of the
    text then replaces the initial remainder of ones.
    """
    longest = max(map(len, texts), default=0)
    positions = np.zeros((longest, len(texts)), dtype=np.uint8)
    for place, text in enumerate(texts):
        start = longest - len(text)
        positions[start:, place] = np.frombuffer(text, dtype=np.uint8)
        positions[start : start + SHORTEST, place] ^= 0xFF
    remainders = np.zeros(len(texts), dtype=np.uint32)
    for bytes_ in positions:
        remainders = _NUMPY_TABLE[(remainders ^ bytes_) & 0xFF] ^ (remainders >> np.uint32(8))
    return remainders ^ np.uint32(_ONES)
