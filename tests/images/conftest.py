"""Images in every accepted form."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.images.making import PIXELS, RNG, binary_batch, halves, python2_batch, write_tar


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
