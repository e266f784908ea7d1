"""Reading the protocol buffer ``ModelMetrics`` of NAS-Bench-101 without the protobuf library.

Fields (``nasbench/lib/model_metrics.proto``): 1 the evaluations of one training, 2 the number of trainable parameters.
Fields of an evaluation: 1 the epoch, 4 validation and 5 test accuracy, as fractions. Others are skipped.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from typing import NamedTuple

_DOUBLE = struct.Struct("<d")
_VARINT, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5
_LONGEST_VARINT = 10


class Metrics(NamedTuple):
    """Result of one training at its end."""

    parameters: int
    validation: float
    """Fraction of correct answers."""
    test: float


def decode(message: bytes) -> Metrics:
    """Decode the last evaluation of a training. Raises ValueError for any other message."""
    parameters, last = 0, b""
    for number, value in _fields(message):
        if number == 1 and isinstance(value, bytes):
            last = value
        elif number == 2 and isinstance(value, int):
            parameters = value
    accuracies = {number: value for number, value in _fields(last) if isinstance(value, float)}
    validation, test = accuracies.get(4, math.nan), accuracies.get(5, math.nan)
    if not (0 <= validation <= 1 and 0 <= test <= 1):
        raise ValueError(f"its accuracies are {validation!r} and {test!r}; accepted: 0 to 1")
    if not 0 < parameters < 2**31:
        raise ValueError(f"its trainable parameters are {parameters!r}; accepted: a positive number")
    return Metrics(parameters, validation, test)


def _fields(message: bytes) -> Iterator[tuple[int, int | float | bytes]]:
    """Yield number and value of every field: an int, a float of eight bytes, or bytes."""
    place, end = 0, len(message)
    while place < end:
        tag, place = _varint(message, place)
        number, kind = tag >> 3, tag & 7
        value: int | float | bytes
        if kind == _EIGHT_BYTES and place + 8 <= end:
            value = _DOUBLE.unpack_from(message, place)[0]
            place += 8
        elif kind == _BYTES:
            length, place = _varint(message, place)
            value = message[place : place + length]
            place += length
        elif kind == _VARINT:
            value, place = _varint(message, place)
        elif kind == _FOUR_BYTES:
            value = message[place : place + 4]
            place += 4
        else:
            raise ValueError(f"its metrics have a field of the unknown kind {kind}")
        yield number, value
    if place != end:
        raise ValueError("its metrics end within a field")


def _varint(message: bytes, place: int) -> tuple[int, int]:
    """Return a number of seven bits per byte, least significant first, and the offset behind it."""
    value = 0
    for shift, byte in enumerate(message[place : place + _LONGEST_VARINT]):
        value |= (byte & 0x7F) << 7 * shift
        if byte < 0x80:
            return value, place + shift + 1
    raise ValueError("its metrics end within a number")
