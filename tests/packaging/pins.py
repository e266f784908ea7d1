"""``make pins``: the exact versions that ``make`` installs, from the ranges in ``pyproject.toml``.

Each requirements file pins the packages of one list there at the versions that are installed now. Run it after a change
of the ranges or an upgrade; a test checks that files and ranges belong together.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from importlib import metadata

from packaging.requirements import Requirement

from tests.registry import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
FILES = {"requirements.txt": None, "requirements-ray.txt": "ray", "requirements-dev.txt": "dev"}
"""The extra that each file pins; None for what the package itself needs."""
INCLUDED = {"requirements-dev.txt": ("requirements.txt", "requirements-ray.txt")}
"""Files that a file begins with: the dev extra includes the ray extra."""


def ranges(extra: str | None) -> list[Requirement]:
    """Return the requirements of the package or of an extra, without other extras of its own."""
    given = PROJECT["dependencies"] if extra is None else PROJECT["optional-dependencies"][extra]
    return [each for each in map(Requirement, given) if each.name != PROJECT["name"]]


def pinned(file: str, version: Callable[[str], str] = metadata.version) -> str:
    """Return the content of a requirements file, with the ``version`` of each package."""
    lines = [f"-r {other}" for other in INCLUDED.get(file, ())]
    return "\n".join([*lines, *(_pin(each, version(each.name)) for each in ranges(FILES[file]))]) + "\n"


def _pin(required: Requirement, version: str) -> str:
    extras = f"[{','.join(sorted(required.extras))}]" if required.extras else ""
    marker = f"; {required.marker}" if required.marker else ""
    return f"{required.name}{extras}=={version.partition('+')[0]}{marker}"


if __name__ == "__main__":
    for name in FILES:
        (ROOT / name).write_text(pinned(name), "utf-8")
