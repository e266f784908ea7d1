"""Compiling the library of kernels for this machine: ``python -m eproxy_engine.native.compile``, or ``make native``.

The system's compiler is used if there is one, else the one in the ``ziglang`` package, in an environment that is thrown
away afterwards. Without either, torch computes everything. ``--everywhere`` compiles the libraries that a wheel carries
(``make wheel``), all with ``ziglang``, which compiles for other systems as well.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from eproxy_engine.native import library

COMPILERS = ("g++", "clang++", "c++")
ZIG = "ziglang==0.14.1"
"""Package with a C++ compiler; a hundred megabytes to download."""
OPTIONS = (
    *("-std=c++17", "-O3", "-shared", "-fPIC", "-s", "-fno-exceptions", "-fno-rtti"),
    *("-ffp-contract=fast", "-fno-math-errno", "-fno-trapping-math"),
)
OF_VARIANT = {
    "avx512": ("-march=x86-64-v4", "-mprefer-vector-width=512", "-DLANES=16"),
    "avx2": ("-march=x86-64-v3", "-mtune=haswell", "-DLANES=8"),
    "plain": ("-DLANES=8",),
}
OF_WHEELS = (
    ("x86_64", "avx512", "x86_64-linux-gnu.2.17"),
    ("x86_64", "avx2", "x86_64-linux-gnu.2.17"),
    ("aarch64", "plain", "aarch64-linux-gnu.2.17"),
    ("arm64", "plain", "aarch64-macos"),
)
"""Libraries that a wheel carries: what Python calls the machine, the variant, and what zig calls the system."""


def up_to_date(name: str) -> bool:
    """Return whether a variant is there and belongs to the source."""
    try:
        library.load(library.path_of(name))
    except (OSError, ValueError):
        return False
    return True


def compiler() -> list[str] | None:
    """Return the command of the system's C++ compiler; None if there is none."""
    found = next(filter(shutil.which, filter(None, (os.environ.get("CXX"), *COMPILERS))), None)
    return None if found is None else [found]


@contextmanager
def some_compiler() -> Iterator[list[str]]:
    """Yield the command of the system's compiler, or else of one that is installed for this purpose.

    Raises subprocess.CalledProcessError if that cannot be installed.
    """
    if command := compiler():
        yield command
        return
    print("there is no C++ compiler here", file=sys.stderr)
    with zig() as command:
        yield command


@contextmanager
def zig() -> Iterator[list[str]]:
    """Yield the command of zig's compiler. Raises subprocess.CalledProcessError if it cannot be installed."""
    print(f"installing {ZIG} into an environment for this once", file=sys.stderr)
    with TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", ZIG], check=True)
        yield [python, "-m", "ziglang", "c++"]


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
    source = library.SOURCE / "program.cpp"
    options = [*OPTIONS, *_of_variant(command, name), *more, f'-DSOURCE="{library.source_digest()}"']
    try:
        subprocess.run([*command, *options, str(source), "-o", str(unfinished)], check=True)
        unfinished.replace(goal)
    finally:
        unfinished.unlink(missing_ok=True)


def _of_variant(command: Sequence[str], name: str) -> list[str]:
    if "ziglang" not in command:
        return list(OF_VARIANT[name])
    spelled = [option.replace("x86-64-", "x86_64_") for option in OF_VARIANT[name]]
    return [*spelled, "-nostdlib++"]


def main(arguments: Sequence[str] = ()) -> int:
    """Compile what is asked for. Return 1 if that fails."""
    return everywhere() if "--everywhere" in arguments else here()


def everywhere() -> int:
    """Compile all libraries that a wheel carries. Return 1 if that fails."""
    try:
        with zig() as command:
            for machine, name, system in OF_WHEELS:
                compile_library([*command, "-target", system], name, library.path_of(name, machine))
                print(f"compiled the kernels ({name}) for {system}", file=sys.stderr)
    except (subprocess.CalledProcessError, OSError) as error:
        print(f"the wheel's kernels were not compiled: {error}", file=sys.stderr)
        return 1
    return 0


def here() -> int:
    """Compile the variant that this processor runs fastest, unless it is there. Return 1 if that fails."""
    names = library.variants()
    if not names:
        print(f"{library.UNSUITABLE}; torch computes everything", file=sys.stderr)
        return 1
    if up_to_date(names[0]):
        return 0
    try:
        with some_compiler() as command:
            compile_library(command, names[0], library.path_of(names[0]))
    except (subprocess.CalledProcessError, OSError) as error:
        print(f"the kernels were not compiled, so torch computes everything: {error}", file=sys.stderr)
        return 1
    print(f"compiled the kernels ({names[0]}) with {' '.join(command)}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
