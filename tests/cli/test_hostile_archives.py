"""``import nds`` of what was built to do harm: one line, soon, in little memory."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_cli import ROOT

pytestmark = pytest.mark.processes

GIGABYTES = 4 * 2**30
LARGEST_MEGABYTES, LONGEST_SECONDS = 600, 2.0
IMPORTER = """
import io, json, sys, time
from contextlib import redirect_stderr
from pathlib import Path
from eproxy_engine.cli import imports, main

def peak():  # what getrusage says counts the parent's as well
    return next(int(line.split()[1]) / 1024 for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:"))

STATUS = Path("/proc/self/status")
found = {}
for path in sys.argv[1:]:
    sys.argv, errors, started, code = ["", "import", "nds", path], io.StringIO(), time.process_time(), 0
    try:
        with redirect_stderr(errors):
            main()
    except SystemExit as end:
        code = end.code
    seconds = time.process_time() - started
    megabytes = peak() if STATUS.exists() else 0
    found[path] = {"code": code, "errors": errors.getvalue(), "seconds": seconds, "megabytes": megabytes}
print(json.dumps(found))
"""


def archive(path: Path, content: bytes = b"[]", name: str = "ResNet.json", **stated: Any) -> None:
    """``stated``: what the archive says of its member, whatever is true."""
    with zipfile.ZipFile(path, "w") as target:
        target.writestr(name, content)
        for what, value in stated.items():
            setattr(target.infolist()[0], what, value)


def bomb(path: Path, begin: bytes, again: bytes) -> None:
    """Four gigabytes: the beginning, and then the same again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = again * (2**20 // len(again))
    stream = packer.compress(begin) + packer.flush(zlib.Z_FULL_FLUSH)
    repeated = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)  # says nothing of what stands before it
    archive(path, stream + repeated * 2**12, compress_type=zipfile.ZIP_DEFLATED, file_size=GIGABYTES)
    assert path.stat().st_size < 20_000_000


def of_members(path: Path, *names: str) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as target:
        for number in range(len(names)):
            target.writestr(f"<{number}>".ljust(7, "_"), "[]")
    packed = content.getvalue()
    for number, name in enumerate(names):
        packed = packed.replace(f"<{number}>".ljust(7, "_").encode(), name.encode().ljust(7, b"\0"))
    path.write_bytes(packed)


def hostile(folder: Path) -> dict[str, str]:
    """What is told of each path."""
    (folder / "empty").touch()
    archive(folder / "cut", b"[" * 1000)
    (folder / "cut").write_bytes((folder / "cut").read_bytes()[:500])
    of_members(folder / "names", "", "\0", "/", "../../x")
    (folder / "loop").mkdir()
    (folder / "loop" / "loop").symlink_to(folder / "loop")
    (folder / "loop" / "ResNet.json").symlink_to(folder / "loop" / "ResNet.json")
    archive(folder / "deep", b"[" * 100_000)
    archive(folder / "small", b"[1, 2]" * 1000, file_size=3)
    archive(folder / "large", b"[1, 2", file_size=2**50)
    archive(folder / "lzma", compress_type=zipfile.ZIP_LZMA)
    bomb(folder / "blanks", b"", b" ")
    bomb(folder / "text", b'["', b"x")
    bomb(folder / "numbers", b"[", b"1,")
    bomb(folder / "lists", b"[", b"[[],[],[],[]],")
    bomb(folder / "list", b"[[", b"[],")
    bomb(folder / "names of values", b"{", b'"a":1,')
    bomb(folder / "objects", b"[", b'{"net":{},"a":[1,2,3,4,5,6,7,8,9]},' * 30)
    return {
        "empty": "File is not a zip file",
        "cut": "File is not a zip file",
        "names": "has no file of a search space",
        "loop": "has no file of a search space",
        "deep": "row 1 cannot be read: its JSON is nested too deeply",
        "small": "row 1 cannot be read: Bad CRC-32",
        "large": "row 3 cannot be read: the end of the file",
        "lzma": "'ResNet.json' cannot be read: its compression 14 is not supported; use deflate or none",
        "blanks": "row 1 cannot be read: it has more than 5,000,000 characters",
        "text": "row 1 cannot be read: it has more than 5,000,000 characters",
        "numbers": "more than 50,000 rows",
        "lists": "more than 50,000 rows",
        "list": "row 1 cannot be read: it has more than 100,000 lists and objects",
        "names of values": "row 1 cannot be read: an object of more than 1,000 names",
        "objects": "more than 50,000 rows",
        "x" * 5000: "cannot be read: File name too long",
        "a\udc80": "cannot be read: No such file or directory",
    }


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What became of each path, and what was to be told of it."""
    folder = tmp_path_factory.mktemp("hostile")
    expected = hostile(folder)
    command = [sys.executable, "-c", IMPORTER, *(str(folder / name) for name in expected)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    results = json.loads(answer.stdout).values()
    return {name: result | {"told": told} for (name, told), result in zip(expected.items(), results, strict=True)}


def test_it_is_told_in_one_line(found: dict[str, dict[str, Any]]) -> None:
    for result in found.values():
        assert result["code"] == 2
        assert len(result["errors"].splitlines()) == 1
        assert result["told"] in result["errors"]


def test_it_is_told_soon_and_in_little_memory(found: dict[str, dict[str, Any]]) -> None:
    """Seconds of the processor, as others use it too; memory where the system tells it, so far at its highest."""
    assert {name: each["seconds"] for name, each in found.items() if each["seconds"] > LONGEST_SECONDS} == {}
    assert {name: each["megabytes"] for name, each in found.items() if each["megabytes"] > LARGEST_MEGABYTES} == {}
