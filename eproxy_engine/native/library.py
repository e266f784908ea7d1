"""The library of kernels: finding it, checking that it belongs to this source, and calling it."""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
from functools import lru_cache
from pathlib import Path

SOURCE = Path(__file__).parent / "kernels"
BUILT = Path(__file__).parent / "built"
SWITCH = "EPROXY_NATIVE"
"""Environment variable; ``off`` lets torch compute everything."""
INTEL = ("x86_64", "amd64")
"""What systems call 64-bit processors of Intel and AMD."""
NEEDS = {
    "avx512": {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl", "avx2", "fma", "bmi1", "bmi2"},
    "avx2": {"avx2", "fma", "bmi1", "bmi2"},
}
"""Instructions that a variant of the library needs of such a processor, best variant first."""
UNSUITABLE = "the kernels need a processor with AVX2 on Linux, or one of ARM"
OLDER_PROCESSOR = "ATEN_CPU_CAPABILITY"
"""Environment variable that has torch compute as an older processor does; so do the kernels."""

_SWITCHES = ("kind", "mode", "rectified_input", "rectified_output", "normalised", "adds_output", "adds_gradient")
_SHAPES = ("channels_in", "channels_out", "rows_in", "columns_in", "rows_out", "columns_out")
_PAIRS = ("kernel", "stride", "padding", "dilation")
_VALUES = ("x", "y", "dx", "dy", "z")
_PARAMETERS = ("weight", "dweight", "bias", "dbias", "gamma", "dgamma", "beta", "dbeta")


class Operation(ctypes.Structure):
    """Record of one operation, as in ``kernels/vectors.h``."""

    _fields_ = (
        *((name, ctypes.c_int32) for name in (*_SWITCHES, *_SHAPES)),
        *((name, ctypes.c_int32 * 2) for name in _PAIRS),
        ("groups", ctypes.c_int32),
        ("offset", ctypes.c_int32 * 2),
        ("epsilon", ctypes.c_float),
        *((name, ctypes.c_void_p) for name in (*_VALUES, *_PARAMETERS, "saved", "winners")),
    )


class Workspace(ctypes.Structure):
    """Memory that operations use and leave, as in ``kernels/vectors.h``."""

    _fields_ = (
        *((name, ctypes.c_void_p) for name in ("padded", "gradient", "packed", "values", "sums", "places")),
        ("images", ctypes.c_long),
    )


class Parameter(ctypes.Structure):
    """Record of one trained parameter, as in ``kernels/program.cpp``."""

    _fields_ = (
        *((name, ctypes.c_void_p) for name in ("value", "gradient", "velocity")),
        ("count", ctypes.c_int64),
        ("weight_decay", ctypes.c_float),
    )


def source_digest() -> str:
    """Return the digest of the kernels' source."""
    digest = hashlib.sha256()
    for path in sorted(SOURCE.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def variants() -> list[str]:
    """Return the variants of the library that this processor can run, fastest first."""
    if platform.machine().lower() not in INTEL:
        return ["plain"]
    names = [name for name, needed in NEEDS.items() if needed <= _instructions()]
    older = os.environ.get(OLDER_PROCESSOR, "").lower()
    return names if not older else names[names.index(older) :] if older in names else []


@lru_cache
def _instructions() -> frozenset[str]:
    """Return the instructions of this processor, as Linux calls them; none on other systems."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return frozenset(next((line.split(":")[1].split() for line in lines if line.startswith("flags")), []))


def path_of(name: str, machine: str | None = None) -> Path:
    """Return where the library of a variant lies; ``machine``: what Python calls another machine than this one."""
    return BUILT / f"kernels-{machine or platform.machine().lower()}-{name}.so"


def library() -> ctypes.CDLL | None:
    """Return the library; None if there is none that can be used (:func:`missing` says why)."""
    found = _found(os.environ.get(SWITCH, ""), tuple(variants()))
    return found if isinstance(found, ctypes.CDLL) else None


def missing() -> str | None:
    """Say why there is no library to use, and what helps; None if there is one."""
    found = _found(os.environ.get(SWITCH, ""), tuple(variants()))
    return found if isinstance(found, str) else None


@lru_cache
def _found(switch: str, names: tuple[str, ...]) -> ctypes.CDLL | str:
    """Load the library, once for each process. Otherwise, return what is wrong."""
    if switch == "off":
        return f"{SWITCH} is off"
    if not names:
        return UNSUITABLE
    path = path_of(names[0])
    if not path.exists():
        return "the kernels are not compiled; `make native` compiles them"
    try:
        return load(path)
    except OSError as error:
        return f"the kernels cannot be loaded ({error}); `make native` compiles them anew"
    except ValueError:
        return "the compiled kernels are older than their source; `make native` compiles them anew"


def load(path: Path) -> ctypes.CDLL:
    """Load a library. Raises OSError if it cannot be loaded, ValueError if it belongs to another source."""
    loaded = ctypes.CDLL(str(path))
    try:
        loaded.eproxy_source.restype = ctypes.c_char_p
    except AttributeError as error:
        raise ValueError(f"{path} is another library") from error
    if loaded.eproxy_source() != source_digest().encode():
        raise ValueError(f"{path} belongs to another source")
    pointer, integer, real = ctypes.c_void_p, ctypes.c_int, ctypes.c_float
    loaded.eproxy_run.argtypes, loaded.eproxy_run.restype = [pointer, integer, pointer], None
    loaded.eproxy_loss.argtypes, loaded.eproxy_loss.restype = [pointer, pointer, pointer, ctypes.c_long], real
    loaded.eproxy_descend.argtypes, loaded.eproxy_descend.restype = [pointer, integer, real, real, integer], None
    return loaded
