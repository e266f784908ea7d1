"""Official files are downloaded, continued and verified, from a server on this machine."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from filelock import FileLock

from eproxy_engine.benchmarks.importing import downloads
from eproxy_engine.benchmarks.importing.downloads import OfficialFile, described, fetch
from eproxy_engine.errors import UserError

CONTENT = bytes(range(256)) * 40


@dataclass
class Served:
    """What the server has, and what it was asked for."""

    content: bytes = CONTENT
    tag: str = '"first"'
    sends: int | None = None
    """It ends the connection after so many bytes; None: after all."""
    status: int = 200
    ranges: list[str | None] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    served: Served

    def do_HEAD(self) -> None:
        self._begin(self.served.status, len(self.served.content))

    def do_GET(self) -> None:
        served, wanted = self.served, self.headers.get("Range")
        served.ranges.append(wanted)
        begin = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        if wanted and self.headers.get("If-Range") != served.tag:
            begin, wanted = 0, None
        if begin >= len(served.content):
            return self._begin(416, 0)
        content = served.content[begin:]
        self._begin(206 if wanted else served.status, len(content))
        self.wfile.write(content[: served.sends])

    def _begin(self, status: int, length: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        self.send_header("ETag", self.served.tag)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Served:
    monkeypatch.setenv("EPROXY_HOME", str(tmp_path))
    monkeypatch.setenv("no_proxy", "*")
    return Served()


@pytest.fixture
def file_server(served: Served) -> Iterator[OfficialFile]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Serving", (Handler,), {"served": served}))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield OfficialFile("some.zip", f"http://127.0.0.1:{server.server_port}/some.zip", "none named")
    server.shutdown()
    server.server_close()


def fails(file: OfficialFile) -> str:
    with pytest.raises(UserError) as caught:
        fetch(file)
    assert file.url in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_file_is_downloaded_once(file_server: OfficialFile, served: Served, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    path = fetch(file_server, lambda *each: told.append(each))
    assert path == tmp_path / "downloads" / "some.zip"
    assert path.read_bytes() == CONTENT
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert "already" in described(file_server)
    assert fetch(file_server) == path
    assert served.ranges == [None]
    assert {each.name for each in path.parent.iterdir()} <= {"some.zip", "some.zip.lock"}


def test_an_interrupted_download_continues(file_server: OfficialFile, served: Served) -> None:
    served.sends = 1000
    assert "ended after 1,000 of 10,240 bytes" in fails(file_server)
    served.sends = None
    assert fetch(file_server).read_bytes() == CONTENT
    assert served.ranges == [None, "bytes=1000-"]


def test_a_stopped_download_continues(
    file_server: OfficialFile, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "AT_ONCE", 2000)

    def stop(done: int, _: int) -> None:
        if done == 4000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(file_server, stop)
    assert not file_server.path.exists()
    assert fetch(file_server).read_bytes() == CONTENT
    assert served.ranges == [None, "bytes=4000-"]


@pytest.mark.parametrize("tag", ['"second"', "W/weak", ""])
def test_what_may_be_another_version_begins_again(file_server: OfficialFile, served: Served, tag: str) -> None:
    served.sends = 1000
    served.tag = '"first"' if tag == '"second"' else tag
    fails(file_server)
    served.sends, served.tag, served.content = None, tag, CONTENT[::-1]
    assert fetch(file_server).read_bytes() == CONTENT[::-1]


def test_a_part_with_nothing_missing_is_downloaded_again(file_server: OfficialFile, served: Served) -> None:
    served.sends = 1000
    fails(file_server)
    served.sends, served.content = None, CONTENT[:1000]
    assert fetch(file_server).read_bytes() == CONTENT[:1000]
    assert served.ranges == [None, "bytes=1000-", None]


def test_the_published_checksum_is_verified(file_server: OfficialFile, served: Served) -> None:
    official = replace(file_server, sha256=hashlib.sha256(CONTENT).hexdigest())
    served.content = CONTENT[::-1]
    assert "hash" in fails(official)
    assert not official.path.exists()
    served.content = CONTENT
    assert fetch(official).read_bytes() == CONTENT


def test_a_server_that_refuses(file_server: OfficialFile, served: Served) -> None:
    served.status = 404
    assert "404" in fails(file_server)
    with pytest.raises(UserError, match="404"):
        described(file_server)


def test_two_at_a_time(file_server: OfficialFile) -> None:
    file_server.path.parent.mkdir(parents=True)
    with FileLock(f"{file_server.path}.lock"):
        assert "by another process" in fails(file_server)


def test_a_disk_that_is_too_small(file_server: OfficialFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 5})())
    assert "the disk has 0 MB left" in fails(file_server)


def test_size_and_licence_are_said_before(file_server: OfficialFile, served: Served) -> None:
    served.content = b"x" * 2_500_000
    assert described(file_server).startswith(f"{file_server.url} (2 MB; licence: none named) to ")
    assert "(about 499 MB; licence: Apache 2.0)" in described(downloads.NASBENCH101["only108"])
    assert served.ranges == []
