"""Libraries of kernels that only tests use: ``python3 -m tests.native.variants`` compiles them in advance.

They are kept in ``.cache`` for as long as their source stays the same. Nothing has to be installed for it but a
compiler, so ``make test`` has it done while packages are installed.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from eproxy_engine.native import library
from eproxy_engine.native.compile import OF_VARIANT, OPTIONS, compile_library, compiler

KEPT = Path(__file__).parents[2] / ".cache" / "kernels"
SANITIZERS = ("-O0", "-g1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")


def made(command: Sequence[str], name: str, more: Sequence[str] = ()) -> Path:
    """A variant of the present source, with more options than usual; compiled unless it has been."""
    what = " ".join([library.source_digest(), *command, *OPTIONS, *OF_VARIANT[name], *more])
    path = KEPT / f"{name}-{hashlib.sha256(what.encode()).hexdigest()[:16]}.so"
    if not path.exists():
        compile_library(command, name, path, more)
    return path


def sanitizer() -> str | None:
    """The library of g++'s address sanitizer; None where there is none."""
    if compiler() != ["g++"]:
        return None
    asked = subprocess.run(["g++", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True)
    found = asked.stdout.strip()
    return found if os.path.isabs(found) else None


def main() -> None:
    """Compile all variants but the best, which ``make kernels`` compiles, and one with sanitizers."""
    command, names = compiler(), library.variants()
    if command is None or not names:
        return
    for name in names[1:]:
        made(command, name)
    if sanitizer():
        made(command, names[-1], SANITIZERS)


if __name__ == "__main__":
    main()
