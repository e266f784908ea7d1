"""Every image source: shapes, determinism, equal content from every form, and one clear line for every mistake."""

import gzip
import hashlib
import io
import pickle
import struct
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pooch
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from eproxy_engine import home, images
from eproxy_engine.errors import UserError
from eproxy_engine.images import _pixels, bundled, cifar10
from tests.properties import damaged, taken_or_refused

RNG = np.random.default_rng(0)
PIXELS = RNG.integers(0, 256, size=(20, 32, 32, 3), dtype=np.uint8)  # what every copy of the tiny CIFAR-10 holds


def planes(pixels: np.ndarray) -> np.ndarray:
    return pixels.transpose(0, 3, 1, 2).reshape(len(pixels), 3072)


def binary_batch(pixels: np.ndarray) -> bytes:
    labels = np.arange(len(pixels), dtype=np.uint8)[:, None] % 10
    return np.concatenate([labels, planes(pixels)], axis=1).tobytes()


def python2_batch(pixels: np.ndarray) -> bytes:
    """A protocol-2 pickle as Python 2 wrote it: {'data': ndarray, 'labels': […]}, strings as 8-bit BINSTRINGs."""
    content = planes(pixels).tobytes()
    shape = b"J" + struct.pack("<i", len(pixels)) + b"M" + struct.pack("<H", 3072) + b"\x86"
    array = (
        b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R"
        b"(K\x01"
        + shape
        + b"cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
        b"\x89T" + struct.pack("<i", len(content)) + content + b"tb"
    )
    return b"\x80\x02}(U\x04data" + array + b"U\x06labels](" + b"K\x01" * len(pixels) + b"eu."


def write_tar(path: Path, files: dict[str, bytes], kind: str = "w:gz") -> Path:
    with tarfile.open(path, kind) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def halves(name: str, form: object) -> dict[str, bytes]:
    """Two batch files, the second one first, so that order has to come from their numbers."""
    return {name.format(2): form(PIXELS[10:]), name.format(1): form(PIXELS[:10])}  # type: ignore[operator]


@pytest.fixture
def copies(tmp_path: Path) -> dict[str, Path]:
    """The same 20 images in every accepted form."""
    bin_files, py_files = halves("data_batch_{}.bin", binary_batch), halves("data_batch_{}", python2_batch)
    for folder, files in (("bin", bin_files), ("py", py_files)):
        (tmp_path / folder).mkdir()
        for name, content in files.items():
            (tmp_path / folder / name).write_bytes(content)
    np.savez(tmp_path / "small.npz", images=PIXELS, labels=np.zeros(20))
    prefixed = {f"cifar-10-batches-bin/{k}": v for k, v in bin_files.items()}
    others = {"cifar-10-batches-bin/test_batch.bin": binary_batch(PIXELS), "../data_batch_1.bin": b"outside"}
    return {
        "binary folder": tmp_path / "bin",
        "python folder": tmp_path / "py",
        "npz": tmp_path / "small.npz",
        "binary archive": write_tar(tmp_path / "b.tar.gz", prefixed | others),
        "python archive": write_tar(
            tmp_path / "p.tar.gz", {f"cifar-10-batches-py/{k}": v for k, v in py_files.items()}
        ),
    }


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for i, ending in enumerate(("png", "jpg", "jpeg", "bmp", "webp", "PNG")):
        Image.fromarray(RNG.integers(0, 256, size=(40, 60, 3), dtype=np.uint8)).save(folder / f"{i}.{ending}")
    (folder / ".hidden.png").write_bytes(b"no picture")
    (folder / "notes.txt").write_text("no picture", "utf-8")
    (folder / "sub.png").mkdir()
    return folder


def fails(source: str, **options: int) -> str:
    """The one line with which loading fails."""
    with pytest.raises(UserError) as caught:
        images.load_batch(source, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def check_contract(source: str, size: int, most: int = 4) -> None:
    """What holds for a batch of any source."""
    batch = images.load_batch(source, most, size, seed=1)
    assert batch.shape == (most, 3, size, size)
    assert batch.dtype == np.float32
    assert batch.flags.c_contiguous
    assert np.isfinite(batch).all()
    assert np.array_equal(batch, images.load_batch(source, most, size, seed=1))
    assert not np.array_equal(batch, images.load_batch(source, most, size, seed=2))
    assert len(np.unique(batch.reshape(most, -1), axis=0)) == most


@pytest.mark.parametrize("size", [8, 32, 48])
@pytest.mark.parametrize("source", ["bundled", "noise", "cifar10:{npz}", "folder:{photos}"])
def test_every_source_keeps_the_contract(source: str, size: int, copies: dict[str, Path], photos: Path) -> None:
    check_contract(source.format(npz=copies["npz"], photos=photos), size)


def test_default_batch() -> None:
    assert images.load_batch("bundled").shape == (16, 3, 32, 32)


def test_global_random_state_is_neither_used_nor_changed() -> None:
    np.random.seed(1)
    before = np.random.get_state()[1].copy()  # type: ignore[index]
    images.load_batch("noise")
    assert np.array_equal(before, np.random.get_state()[1])  # type: ignore[index]


def test_normalisation() -> None:
    grey = np.full((1, 2, 2, 3), 51, dtype=np.uint8)
    expected = [(0.2 - m) / s for m, s in zip((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616), strict=True)]
    assert _pixels.normalise(grey)[0, :, 1, 1] == pytest.approx(expected, rel=1e-5)


def test_noise_is_standard_normal_and_not_the_bare_seeds() -> None:
    batch = images.load_batch("noise", 64)
    assert batch.mean() == pytest.approx(0, abs=0.01)
    assert batch.std() == pytest.approx(1, abs=0.01)
    bare = np.random.default_rng(0).standard_normal(batch.shape, dtype=np.float32)
    assert abs(np.corrcoef(batch.ravel(), bare.ravel())[0, 1]) < 0.02


# Bundled photographs


def test_bundled_patches_are_real_and_spread_over_the_photographs() -> None:
    pools = [{p.tobytes() for p in bundled.patches(name, 32)} for name in bundled.PHOTOGRAPHS]
    assert [len(pool) for pool in pools] == [16, 28, 24, 35]
    for count in (4, 16, 18):
        drawn = [p.tobytes() for p in bundled.draw(count, 32, seed=3)]
        shares = [sum(p in pool for p in drawn) for pool in pools]
        assert sum(shares) == count
        assert max(shares) - min(shares) <= 1


def test_bundled_patch_averages_blocks_of_pixels() -> None:
    with resources_photo("astronaut.png") as photo:
        corner = np.asarray(photo.convert("RGB"), dtype=float)[:128, :128]
    blocks = corner.reshape(32, 4, 32, 4, 3).mean(axis=(1, 3))
    assert np.abs(bundled.patches("astronaut.png", 32)[0] - blocks).max() <= 0.51


def resources_photo(name: str) -> Image.Image:
    import skimage

    return Image.open(Path(skimage.__file__).parent / "data" / name)


def test_bundled_uses_the_whole_pool_and_no_more() -> None:
    assert len(images.load_batch("bundled", 103)) == 103
    assert "cannot draw 104 images" in fails("bundled", count=104)
    assert "a count of 1 to 103" in fails("bundled", count=104)
    assert "a smaller size" in fails("bundled", count=1, size=2000)


def test_bundled_without_its_photograph(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled, "PHOTOGRAPHS", ("gone.png",))
    assert "'gone.png'" in fails("bundled")


# CIFAR-10


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


# Folders of pictures


def test_pictures_are_cropped_to_their_centre(tmp_path: Path) -> None:
    wide = np.zeros((32, 96, 3), dtype=np.uint8)
    wide[:, 32:64] = PIXELS[0]
    Image.fromarray(wide).save(tmp_path / "wide.png")
    assert np.array_equal(images.load_batch(f"folder:{tmp_path}", 1), _pixels.normalise(PIXELS[:1]))


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "1"])
def test_pictures_of_other_modes(tmp_path: Path, mode: str) -> None:
    ending = "jpg" if mode == "CMYK" else "png"
    Image.fromarray(PIXELS[0]).convert(mode).save(tmp_path / f"a.{ending}")
    assert images.load_batch(f"folder:{tmp_path}", 1).shape == (1, 3, 32, 32)


def test_hidden_and_other_files_are_ignored(photos: Path) -> None:
    assert len(images.load_batch(f"folder:{photos}", 6)) == 6
    assert "which has 6; accepted: a count of 1 to 6" in fails(f"folder:{photos}", count=7)


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n damaged"])
def test_corrupt_picture_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.png").write_bytes(content)
    assert "bad.png' cannot be read" in fails(f"folder:{tmp_path}", count=1)


def test_truncated_picture_is_named(photos: Path) -> None:
    for file in images.folder.pictures(photos)[1:]:
        file.unlink()
    whole = (photos / "0.png").read_bytes()
    (photos / "0.png").write_bytes(whole[: len(whole) // 2])
    assert "0.png' cannot be read" in fails(f"folder:{photos}", count=1)


def test_decompression_bomb(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    assert "decompression bomb" in fails(f"folder:{photos}", count=1)


def test_missing_and_empty_folders(tmp_path: Path) -> None:
    assert "no such folder '/nowhere'; accepted: a folder with PNG" in fails("folder:/nowhere")
    assert "no such folder" in fails("folder:/" + "x" * 5000)
    assert "no pictures in the folder" in fails(f"folder:{tmp_path}")
    (tmp_path / "a.txt").write_text("no picture", "utf-8")
    assert "no such folder" in fails(f"folder:{tmp_path / 'a.txt'}")


RAMP = np.linspace(0, 65535, 64 * 64).astype(np.uint16).reshape(64, 64)


@pytest.mark.parametrize("pixels", [RAMP, RAMP.astype(np.int32), RAMP.astype(">u2"), (RAMP >> 8).astype(np.uint8)])
def test_grey_of_16_bits_is_as_bright_as_grey_of_8(pixels: np.ndarray) -> None:
    assert _pixels.fit(Image.fromarray(pixels), 64).mean() == pytest.approx(127.5, abs=0.1)


def test_a_folder_of_16_bit_pictures(tmp_path: Path) -> None:
    for name, pixels in (("deep", RAMP), ("shallow", (RAMP >> 8).astype(np.uint8))):
        (tmp_path / name).mkdir()
        Image.fromarray(pixels).save(tmp_path / name / "ramp.png")
    deep, shallow = (images.load_batch(f"folder:{tmp_path / name}", 1) for name in ("deep", "shallow"))
    np.testing.assert_array_equal(deep, shallow)


def test_colours_without_a_range_are_refused() -> None:
    with pytest.raises(ValueError, match="floating-point"):
        _pixels.fit(Image.fromarray(RAMP.astype(np.float32)), 32)


def test_what_was_computed_of_clipped_pictures_is_not_used_again(tmp_path: Path) -> None:
    """Their identity is not the hash that it was while they were clipped; that of all other pictures is."""
    for name, pixels in (("deep", RAMP), ("shallow", (RAMP >> 8).astype(np.uint8))):
        (tmp_path / name).mkdir()
        file = tmp_path / name / "ramp.png"
        Image.fromarray(pixels).save(file)
        content = file.read_bytes()
        former = hashlib.sha256(f"ramp.png\0{len(content)}\0".encode() + content).hexdigest()[:12]
        assert (images.identity(f"folder:{tmp_path / name}") == f"folder:{former}") == (name == "shallow")


def test_images_that_are_the_same_are_counted(tmp_path: Path) -> None:
    for i in (0, 1, 2, 0, 0):
        Image.fromarray(PIXELS[i]).save(tmp_path / f"{len(list(tmp_path.iterdir()))}.png")
    assert images.repeated(images.load_batch(f"folder:{tmp_path}", 5)) == 2
    assert images.repeated(images.load_batch("noise", 5)) == 0


def test_picture_that_links_to_outside(photos: Path, tmp_path: Path) -> None:
    inside = photos / "link.png"
    inside.symlink_to(photos / "0.png")
    assert len(images.load_batch(f"folder:{photos}", 7)) == 7
    outside = tmp_path / "outside.png"
    Image.fromarray(PIXELS[0]).save(outside)
    inside.unlink()
    inside.symlink_to(outside)
    assert "link.png' links to a file outside its folder" in fails(f"folder:{photos}", count=1)


# Names, identities, arguments


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("bundled", ("bundled", None)),
        (" noise ", ("noise", None)),
        ("cifar10", ("cifar10", None)),
        ("cifar10:a/b.tar.gz", ("cifar10", Path("a/b.tar.gz"))),
        ("folder:C:\\pictures", ("folder", Path("C:\\pictures"))),
        ("folder:~", ("folder", Path.home())),
        ("folder:~nobody_has_this_name", ("folder", Path("~nobody_has_this_name"))),
    ],
)
def test_parse_source(text: str, parsed: tuple[str, Path | None]) -> None:
    assert images.parse_source(text) == parsed


def test_absolute_means_the_same_in_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    given = {"folder:pics": f"folder:{tmp_path}/pics", " cifar10:../a.npz": f"cifar10:{tmp_path}/../a.npz"}
    given |= {"folder:~": f"folder:{Path.home()}", f"folder:{tmp_path}": f"folder:{tmp_path}", "noise": "noise"}
    assert {text: images.absolute(text) for text in given} == given


@pytest.mark.parametrize(
    "text", ["", "imagenet", "Noise", "folder", "folder:", "cifar10: ", "noise:x", "cifar10:PATH:x:\0", ":x"]
)
def test_unknown_source_lists_what_is_accepted(text: str) -> None:
    with pytest.raises(UserError) as caught:
        images.parse_source(text)
    assert repr(text) in str(caught.value)
    assert "bundled, noise, cifar10, cifar10:PATH, folder:PATH" in str(caught.value)


@pytest.mark.parametrize("options", [{"count": 0}, {"count": -1}, {"size": 0}, {"seed": -1}])
def test_arguments_out_of_range(options: dict[str, int]) -> None:
    (name, value), *_ = options.items()
    assert f"{name}={value}" in fails("noise", **options)


def test_identity_of_named_sources_touches_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pooch, "retrieve", lambda *_, **__: pytest.fail("downloaded"))
    assert [images.identity(name) for name in ("bundled", "noise", "cifar10")] == ["bundled", "noise", "cifar10"]


def test_identity_changes_with_the_content(copies: dict[str, Path], photos: Path) -> None:
    sources = [f"cifar10:{copies['binary folder']}", f"cifar10:{copies['npz']}", f"folder:{photos}"]
    before = [images.identity(s) for s in sources]
    assert before == [images.identity(s) for s in sources]
    changed = PIXELS.copy()
    changed[0, 0, 0, 0] ^= 1
    (copies["binary folder"] / "data_batch_1.bin").write_bytes(binary_batch(changed[:10]) + binary_batch(PIXELS[:1]))
    np.savez_compressed(copies["npz"], images=changed)
    (photos / "notes.txt").write_text("changed, but no picture", "utf-8")
    assert images.identity(sources[2]) == before[2]
    Image.fromarray(PIXELS[0]).save(photos / "0.png")
    after = [images.identity(s) for s in sources]
    assert all(a != b and a.split(":")[0] == b.split(":")[0] for a, b in zip(after, before, strict=True))
    (photos / "0.png").rename(photos / "00.png")
    assert images.identity(sources[2]) != after[2]


def test_data_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EPROXY_HOME", str(tmp_path / "there"))
    assert home.data_directory() == tmp_path / "there"
    monkeypatch.setenv("EPROXY_HOME", "")
    assert home.data_directory().name == "eproxy-studio"
    assert not (tmp_path / "there").exists()


# Whatever is in a file

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
