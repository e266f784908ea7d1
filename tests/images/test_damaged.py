"""Whatever is in a file of images, it is read or refused."""

import gzip
import io
import struct
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from eproxy_engine import images
from tests.images.making import PIXELS, binary_batch, fails, python2_batch
from tests.properties import damaged, taken_or_refused

ONE = PIXELS[:1]
BATCHES = {"data_batch_1.bin": binary_batch(ONE), "data_batch_1": python2_batch(ONE)}


def tar_of(**files: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return file.getvalue()


def npz_of(images: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez(file, images=images)
    return file.getvalue()


def picture_of(kind: str) -> bytes:
    file = io.BytesIO()
    Image.fromarray(PIXELS[0, :8, :8]).save(file, kind)
    return file.getvalue()


def long_names(count: int) -> bytes:
    """Headers of a tar archive, each of which says that the next one has a longer name."""
    header = tarfile.TarInfo("x")
    header.type = tarfile.GNUTYPE_LONGNAME
    return header.tobuf(tarfile.GNU_FORMAT) * count


def header_of_array(text: str) -> bytes:
    """An .npz with an array that is described by ``text``."""
    file = io.BytesIO()
    header = text.encode().ljust(117) + b"\n"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("images.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + bytes(100))
    return file.getvalue()


ARCHIVE = tar_of(**BATCHES)


def loaded(source: str) -> None:
    """It is loaded or refused, and so is its identity."""
    taken_or_refused(lambda: images.load_batch(source, 1))
    taken_or_refused(lambda: images.identity(source))


@given(content=damaged(ARCHIVE) | damaged(ARCHIVE).map(gzip.compress) | damaged(gzip.compress(ARCHIVE, mtime=0)))
@example(long_names(2000))
def test_a_damaged_archive_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "c.tar.gz").write_bytes(content)
    loaded(f"cifar10:{tmp_path / 'c.tar.gz'}")


@given(name=st.sampled_from(list(BATCHES)), data=st.data())
def test_a_damaged_batch_is_read_or_refused(tmp_path: Path, name: str, data: st.DataObject) -> None:
    folder = tmp_path / name
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data.draw(damaged(BATCHES[name])))
    loaded(f"cifar10:{folder}")


@given(content=damaged(npz_of(ONE[:, :4, :4])))
@example(header_of_array("{'descr': '|u1', 'fortran_order': False, 'shape': (1L, 'x"))
@example(header_of_array("{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000000, 32, 32, 3), }"))
@example(header_of_array("{'descr': '|O', 'fortran_order': False, 'shape': (1, 1, 1, 3), }"))
@example(header_of_array("(" * 110))
def test_a_damaged_npz_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "c.npz").write_bytes(content)
    loaded(f"cifar10:{tmp_path / 'c.npz'}")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "WEBP"])
@given(data=st.data())
def test_a_damaged_picture_is_read_or_refused(tmp_path: Path, kind: str, data: st.DataObject) -> None:
    (tmp_path / f"picture.{kind.lower()}").write_bytes(data.draw(damaged(picture_of(kind))))
    loaded(f"folder:{tmp_path}")


@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE])
def test_an_archive_unpacks_to_no_more_than_it_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: bytes
) -> None:
    """Neither to skip a member nor to read a header."""
    monkeypatch.setattr(images.cifar10.cifar10_files, "_LARGEST_ARCHIVE", 100_000)
    header = tarfile.TarInfo("x")
    header.type, header.size = kind, 2**32
    (tmp_path / "c.tar.gz").write_bytes(gzip.compress(header.tobuf(tarfile.GNU_FORMAT) + bytes(1_000_000)))
    assert "it unpacks to more than 100,000 bytes" in fails(f"cifar10:{tmp_path / 'c.tar.gz'}")
