"""Folders of pictures: their forms, their limits, and files that cannot be read."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from eproxy_engine import images
from eproxy_engine.images import _pixels
from tests.images.making import PIXELS, fails


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
