"""Patches of scikit-image's colour photographs: real images without a download."""

from importlib import resources

import numpy as np
from PIL import Image

from eproxy_engine.errors import UserError
from eproxy_engine.images import _pixels

# Only files in the wheel (others need the internet), and only lossless ones: JPEG decoders may differ by a grey level
# between platforms, and these pixels identify stored evaluations.
PHOTOGRAPHS = ("astronaut.png", "chelsea.png", "coffee.png", "motorcycle_left.png")
_PATCHES_ACROSS = 4  # minimum number of patches along a photograph's shorter side


def draw(count: int, size: int, seed: int) -> _pixels.Pixels:
    """Draw distinct patches, shape (count, size, size, 3), uint8, as evenly from the photographs as possible.

    Raises UserError if there are fewer than ``count`` patches of this size.
    """
    pools = [patches(name, size) for name in PHOTOGRAPHS]
    _pixels.check_enough(f"bundled in {size} x {size} pixels", count, sum(map(len, pools)))
    rng = _pixels.generator(seed)
    shuffled = [pools[i][rng.permutation(len(pools[i]))] for i in rng.permutation(len(pools))]
    longest = max(map(len, shuffled))
    in_turns = [pool[turn] for turn in range(longest) for pool in shuffled if turn < len(pool)]
    return np.stack(in_turns[:count])


def patches(name: str, size: int) -> _pixels.Pixels:
    """Average one photograph over square blocks of pixels and cut it into patches, shape (n, size, size, 3), uint8.

    Blocks are as large as possible with four patches along the shorter side (at least one pixel), so that a patch
    shows a part of an object rather than a texture. n is 0 if a patch is larger than the photograph. Raises UserError
    if scikit-image lacks the photograph.
    """
    try:
        with resources.as_file(resources.files("skimage") / "data" / name) as path, Image.open(path) as opened:
            photograph = opened.convert("RGB")
    except (OSError, ImportError) as error:
        raise UserError(
            f"the photograph {name!r} of scikit-image cannot be read ({type(error).__name__}); "
            "reinstall scikit-image or use the images noise, cifar10 or folder:PATH"
        ) from error
    block = max(1, min(photograph.size) // (_PATCHES_ACROSS * size))
    whole = (0, 0, photograph.width // block * block, photograph.height // block * block)
    pixels = np.asarray(photograph.reduce(block, box=whole))
    rows, columns = pixels.shape[0] // size, pixels.shape[1] // size
    grid = pixels[: rows * size, : columns * size].reshape(rows, size, columns, size, 3)
    return grid.transpose(0, 2, 1, 3, 4).reshape(-1, size, size, 3)
