"""Compiling the library of kernels for this machine: ``python -m eproxy_engine.native.compile``.

The system's compiler is used if there is one, else that of the ``ziglang`` package, if Python has it.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from eproxy_engine.native import library

COMPILERS = ("g++", "clang++", "c++")
OPTIONS = (
    *("-std=c++17", "-O3", "-shared", "-fPIC", "-fno-exceptions", "-fno-rtti"),
    *("-ffp-contract=fast", "-fno-math-errno", "-fno-trapping-math"),
)
OF_VARIANT = {
    "avx512": ("-march=x86-64-v4", "-mprefer-vector-width=512", "-DLANES=16"),
    "avx2": ("-march=x86-64-v3", "-DLANES=8"),
    "plain": ("-DLANES=8",),
}


def compiler() -> list[str] | None:
    """Return the command of a C++ compiler; None if there is none."""
    for name in filter(None, (os.environ.get("CXX"), *COMPILERS)):
        if shutil.which(name):
            return [name]
    return [sys.executable, "-m", "ziglang", "c++"] if importlib.util.find_spec("ziglang") else None


def compile_library(command: Sequence[str], name: str, goal: Path, more: Sequence[str] = ()) -> None:
    """Compile one variant of the library.

    Args:
        command: Command of the compiler.
        name: Variant.
        goal: File of the library; replaced at once, so that no process sees half of it.
        more: More options.

    Raises:
        subprocess.CalledProcessError: If the compiler fails; its output goes to standard error.
    """
    goal.parent.mkdir(parents=True, exist_ok=True)
    unfinished = goal.with_suffix(f".{os.getpid()}")
    without_library = ("-nostdlib++",) if "ziglang" in command else ()
    source = f'-DSOURCE="{library.source_digest()}"'
    options = [*OPTIONS, *without_library, *OF_VARIANT[name], *more, source]
    try:
        subprocess.run([*command, *options, str(library.SOURCE / "program.cpp"), "-o", str(unfinished)], check=True)
        unfinished.replace(goal)
    finally:
        unfinished.unlink(missing_ok=True)


def main() -> int:
    """Compile all variants for this kind of processor. Return 1 if there is no compiler or it fails."""
    command = compiler()
    if command is None:
        print("no C++ compiler and no package ziglang here: torch alone will compute", file=sys.stderr)
        return 1
    names = list(library.NEEDS) if platform.machine().lower() in library.INTEL else ["plain"]
    try:
        for name in names:
            compile_library(command, name, library.path_of(name))
    except subprocess.CalledProcessError as error:
        print(f"the kernels were not compiled: {command[0]} ended with {error.returncode}", file=sys.stderr)
        return 1
    print(f"compiled {', '.join(names)} into {library.BUILT} with {command[0]}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
