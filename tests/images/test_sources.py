"""Every image source: shapes, determinism, identities, and one clear line for every mistake."""

from pathlib import Path

import numpy as np
import pooch
import pytest
from PIL import Image

from eproxy_engine import home, images
from eproxy_engine.errors import UserError
from eproxy_engine.images import _pixels, bundled
from tests.images.making import PIXELS, binary_batch, check_contract, fails


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
