"""The benchmarks' official files: where they are, and downloads that continue after an interruption.

Addresses, sizes, checksums and licences are those that the benchmarks' own READMEs state
(github.com/google-research/nasbench, github.com/facebookresearch/nds).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from filelock import FileLock, Timeout

from eproxy_engine.benchmarks.importing.checked import Progress
from eproxy_engine.errors import UserError
from eproxy_engine.foreign import reason
from eproxy_engine.home import data_directory

TIMEOUT_S = 30
"""Longest wait for the next bytes, in seconds."""
AT_ONCE = 1_000_000
"""Bytes that are read at once."""


@dataclass(frozen=True)
class OfficialFile:
    """A file that its authors offer."""

    name: str
    url: str
    licence: str
    """What its source says about the licence."""
    size: str | None = None
    """Size as published; None if it is not."""
    sha256: str | None = None
    """Checksum as published; None if it is not."""

    @property
    def path(self) -> Path:
        """Where the download is kept."""
        return data_directory() / "downloads" / self.name


NDS = OfficialFile(
    "nds-data.zip",
    "https://dl.fbaipublicfiles.com/nds/data.zip",
    "MIT for the code; its README names none for the data",
)
NASBENCH101 = {
    "only108": OfficialFile(
        "nasbench_only108.tfrecord",
        "https://storage.googleapis.com/nasbench/nasbench_only108.tfrecord",
        "Apache 2.0",
        "about 499 MB",
        "4c39c3936e36a85269881d659e44e61a245babcb72cb374eacacf75d0e5f4fd1",
    ),
    "full": OfficialFile(
        "nasbench_full.tfrecord",
        "https://storage.googleapis.com/nasbench/nasbench_full.tfrecord",
        "Apache 2.0",
        "about 1.95 GB",
        "3d64db8180fb1b0207212f9032205064312b6907a3bbc81eabea10db2f5c7e9c",
    ),
}
"""With the trainings of 108 epochs alone, and with early stopping."""


def described(file: OfficialFile) -> str:
    """Say in a line what a download is, as published or as its server says. Raises UserError if it cannot be reached.

    Nothing is asked of the server if the file is there already.
    """
    if file.path.exists():
        return f"{file.url} is in {str(file.path)!r} already; delete that file to download it again"
    size = file.size or _told_size(file)
    return f"{file.url} ({size}; licence: {file.licence}) to {str(file.path)!r}; Ctrl+C stops, the same again continues"


def _told_size(file: OfficialFile) -> str:
    """Ask the server for the size."""
    with _told(file), urlopen(Request(file.url, method="HEAD"), timeout=TIMEOUT_S) as response:
        length = response.headers.get("Content-Length")
    return f"{int(length) / 1e6:,.0f} MB" if length else "of unknown size"


def fetch(file: OfficialFile, progress: Progress | None = None) -> Path:
    """Download a file, or what is missing of it, and verify its checksum if one is published.

    Args:
        file: The file.
        progress: Called with bytes done and in total. Whatever it raises ends the download; what has arrived stays,
            and the next call continues.

    Returns:
        Where the file is.

    Raises:
        UserError: If it cannot be downloaded, its checksum is wrong, the disk is full, or another process is at it.
    """
    import pooch  # here, because it imports requests, which few runs need

    pooch.get_logger().setLevel("WARNING")
    with _told(file):
        file.path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{file.path}.lock", timeout=0):
            known = f"sha256:{file.sha256}" if file.sha256 else None
            downloader = _Continued(file.path.with_name(f"{file.name}.part"), progress)
            return Path(pooch.retrieve(file.url, known, fname=file.name, path=file.path.parent, downloader=downloader))


@contextmanager
def _told(file: OfficialFile) -> Iterator[None]:
    """Turn errors of the network, the disk and the checksum into a UserError."""
    try:
        yield
    except Timeout as error:
        raise UserError(f"{file.url} is being downloaded by another process; wait for it") from error
    except (OSError, ValueError, HTTPException) as error:  # pooch raises ValueError for a wrong checksum
        raise UserError(
            f"{file.url} could not be downloaded: {reason(error)}; the same again continues, or download it yourself "
            f"and import that file"
        ) from error


@dataclass(frozen=True)
class _Continued:
    """Downloader for pooch that keeps what has arrived in the file ``part`` and continues there.

    It continues only the same version of the file, which the server's entity tag tells.
    """

    part: Path
    progress: Progress | None

    def __call__(self, url: str, output_file: str, pooch: Any = None) -> None:
        """Download ``url`` to ``output_file``."""
        try:
            with urlopen(Request(url, headers=self._headers()), timeout=TIMEOUT_S) as response:
                self._receive(response)
        except HTTPError as error:
            if error.code != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                raise
            self.part.unlink()  # nothing of it is missing, or it is another file's
            self(url, output_file)
            return
        os.replace(self.part, output_file)
        self._tag.unlink()

    def _receive(self, response: HTTPResponse) -> None:
        begun = self.part.stat().st_size if response.status == HTTPStatus.PARTIAL_CONTENT else 0
        length = response.headers.get("Content-Length")
        total = begun + int(length) if length else None
        self._check_space(total, begun)
        with self.part.open("ab" if begun else "wb") as file:
            self._tag.write_text(response.headers.get("ETag", ""), "utf-8")  # nothing of another version is left
            while content := response.read(AT_ONCE):
                file.write(content)
                if self.progress is not None:
                    self.progress(file.tell(), total or file.tell())
            arrived = file.tell()
        if total is not None and arrived != total:
            raise OSError(f"the connection ended after {arrived:,} of {total:,} bytes")

    @property
    def _tag(self) -> Path:
        """File with the entity tag."""
        return self.part.with_suffix(".etag")

    def _headers(self) -> dict[str, str]:
        """Return headers that ask for the rest, if a part of a known version is there."""
        headers = {"Accept-Encoding": "identity"}
        if self.part.exists() and self.part.stat().st_size and self._tag.exists():
            tag = self._tag.read_text("utf-8")
            if tag.startswith('"'):  # a weak one does not promise equal bytes
                headers |= {"Range": f"bytes={self.part.stat().st_size}-", "If-Range": tag}
        return headers

    def _check_space(self, total: int | None, begun: int) -> None:
        free = shutil.disk_usage(self.part.parent).free
        if total is not None and total - begun > free:
            raise OSError(f"{(total - begun) / 1e6:,.0f} MB are missing, but the disk has {free / 1e6:,.0f} MB left")
