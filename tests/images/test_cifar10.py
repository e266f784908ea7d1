"""CIFAR-10 gives equal images from every form, and is never executed."""

import pickle
import tarfile
from pathlib import Path

import numpy as np
import pooch
import pytest

from eproxy_engine import images
from eproxy_engine.errors import UserError
from eproxy_engine.images import _pixels, cifar10
from tests.images.making import PIXELS, binary_batch, fails, planes, python2_batch, write_tar


def test_every_form_of_cifar10_gives_the_images_as_written(copies: dict[str, Path]) -> None:
    batches = {form: images.load_batch(f"cifar10:{path}", 20) for form, path in copies.items()}
    order = _pixels.generator(0).permutation(20)
    for form, batch in batches.items():
        assert np.array_equal(batch, _pixels.normalise(PIXELS[order])), form
    assert len({images.identity(f"cifar10:{path}") for path in copies.values()}) == 1


def test_the_hand_written_python_form_is_a_real_pickle() -> None:
    loaded = pickle.loads(python2_batch(PIXELS), encoding="bytes")
    assert np.array_equal(loaded[b"data"], planes(PIXELS))


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_python_batches_rewritten_by_python_3(tmp_path: Path, protocol: int) -> None:
    (tmp_path / "data_batch_1").write_bytes(pickle.dumps({b"data": planes(PIXELS).copy()}, protocol=protocol))
    assert len(images.load_batch(f"cifar10:{tmp_path}", 20)) == 20


def test_a_pickle_is_never_executed(tmp_path: Path) -> None:
    trap = tmp_path / "executed"
    evil = b"cpathlib\nPath\n(U" + bytes([len(str(trap))]) + str(trap).encode() + b"tR0"
    (tmp_path / "data_batch_1").write_bytes(evil + python2_batch(PIXELS))
    call = b"cos\nmkdir\n(V" + str(trap).encode() + b"\ntR."
    (tmp_path / "data_batch_2").write_bytes(call)
    assert "0 bytes of pixels" in fails(f"cifar10:{tmp_path}")
    assert not trap.exists()


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("data_batch_1.bin", b"", "0 bytes"),
        ("data_batch_1.bin", b"x" * 3074, "3074 bytes; accepted: records of 3073 bytes"),
        ("data_batch_1", b"no pickle", "the pickle '"),
        ("data_batch_1", pickle.dumps(b"x" * 5000), "5000 bytes of pixels"),
        ("data_batch_1", pickle.dumps("ρ" * 3072), "the pickle '"),
        ("data_batch_1", python2_batch(PIXELS)[:-40_000], "the pickle '"),
        ("other.bin", b"x" * 3073, "no data_batch files"),
    ],
)
def test_broken_batches(tmp_path: Path, name: str, content: bytes, complaint: str) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / name).write_bytes(content)
    assert complaint in fails(f"cifar10:{tmp_path / 'd'}")
    assert complaint in fails(f"cifar10:{write_tar(tmp_path / 'a.tar.gz', {name: content})}")


def test_archives_are_read_by_regular_members_of_expected_names(tmp_path: Path) -> None:
    path = tmp_path / "odd.tar"
    with tarfile.open(path, "w") as archive:
        for name in ("data_batch_1.bin", "data_batch_2.bin"):
            link = tarfile.TarInfo(name)
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(link)
    assert "no data_batch files" in fails(f"cifar10:{path}")
    outside = write_tar(tmp_path / "outside.tar", {"../data_batch_1.bin": binary_batch(PIXELS)}, "w")
    assert "no data_batch files" in fails(f"cifar10:{outside}")


def test_oversized_batches_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images.cifar10.cifar10_files, "_LARGEST_FILE", 3000)
    (tmp_path / "data_batch_1.bin").write_bytes(binary_batch(PIXELS))
    assert "accepted: up to 3,000" in fails(f"cifar10:{tmp_path}")


@pytest.mark.parametrize("content", [b"no archive", b"\x1f\x8b\x08 damaged gzip"])
def test_damaged_archive(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "c.tar.gz").write_bytes(content)
    assert "cannot be read: " in fails(f"cifar10:{tmp_path / 'c.tar.gz'}")


def test_truncated_archive(copies: dict[str, Path]) -> None:
    path = copies["binary archive"]
    path.write_bytes(path.read_bytes()[:20_000])
    assert "cannot be read: " in fails(f"cifar10:{path}")


@pytest.mark.parametrize(
    ("arrays", "complaint"),
    [
        ({"pictures": PIXELS}, "no item named 'images.npy'"),
        ({"images": PIXELS.astype(float)}, "float64"),
        ({"images": PIXELS[0]}, "(32, 32, 3)"),
        ({"images": PIXELS[:0]}, "(0, 32, 32, 3)"),
        ({"images": np.array([None])}, "allow_pickle"),
    ],
)
def test_wrong_npz(tmp_path: Path, arrays: dict[str, np.ndarray], complaint: str) -> None:
    np.savez(tmp_path / "wrong.npz", **arrays)  # type: ignore[arg-type]
    assert complaint in fails(f"cifar10:{tmp_path / 'wrong.npz'}")


def test_a_file_that_is_only_called_npz(tmp_path: Path) -> None:
    path = tmp_path / "x.npz"
    for content in (b"", b"text", b"PK\x03\x04 damaged"):
        path.write_bytes(content)
        assert "cannot be read: " in fails(f"cifar10:{path}")
    with path.open("wb") as file:
        np.save(file, PIXELS)
    assert "cannot be read: " in fails(f"cifar10:{path}")


def test_too_few_cifar_images_and_missing_paths(copies: dict[str, Path]) -> None:
    assert "which has 20; accepted: a count of 1 to 20" in fails(f"cifar10:{copies['npz']}", count=21)
    assert "no such file or folder '/nowhere'" in fails("cifar10:/nowhere")
    assert "no such file or folder" in fails("cifar10:/" + "x" * 5000)
    with pytest.raises(UserError, match="no such file"):
        images.identity("cifar10:/nowhere")


def test_cifar10_without_internet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(*_: object, **__: object) -> None:
        raise OSError("Max retries exceeded\nname resolution failed " + "x" * 500)

    monkeypatch.setenv("EPROXY_HOME", str(tmp_path))
    monkeypatch.setattr(pooch, "retrieve", offline)
    line = fails("cifar10")
    assert "Max retries exceeded name resolution failed" in line
    assert cifar10.URL in line
    assert "cifar10:PATH" in line
    assert len(line) < 350


def test_cifar10_in_the_data_directory_needs_no_download(
    copies: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "images" / "cifar-10-binary.tar.gz"
    archive.parent.mkdir()
    copies["binary archive"].rename(archive)
    monkeypatch.setenv("EPROXY_HOME", str(tmp_path))
    monkeypatch.setattr(cifar10, "MD5", pooch.file_hash(str(archive), alg="md5"))
    monkeypatch.setattr(pooch.core, "stream_download", lambda *_, **__: pytest.fail("downloaded"))
    assert np.array_equal(images.load_batch("cifar10"), images.load_batch(f"cifar10:{archive}"))


def test_identity_of_the_official_images(copies: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cifar10, "_OFFICIAL_COUNT", 20)
    monkeypatch.setattr(cifar10, "_OFFICIAL_SUMS", tuple(PIXELS.sum(axis=(0, 1, 2), dtype=np.int64)))
    cifar10._identity_of.cache_clear()
    for form, path in copies.items():  # an .npz may be in another order, which changes the draw
        assert (images.identity(f"cifar10:{path}") == "cifar10") == (form != "npz"), form
    cifar10._identity_of.cache_clear()
