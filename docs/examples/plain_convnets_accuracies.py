"""Trains some of the plain convnets for a short while and writes how accurate they become: plain_convnets.csv.

The task is to tell from which of ten photographs a patch of 16x16 pixels comes. Patches are grey and have all the
same mean and contrast, so that only texture and shape tell; those that measure come from another part of the
photograph than those that train. `python -m docs.examples.plain_convnets_accuracies` takes about ten minutes.
"""

import argparse
import csv
import time
from pathlib import Path

import numpy as np
import skimage
import torch
from PIL import Image
from torch import nn

from docs.examples.plain_convnets import PlainConvNets, head, stages

PHOTOGRAPHS = ("astronaut", "brick", "camera", "chelsea", "coffee")
PHOTOGRAPHS += ("coins", "grass", "gravel", "ihc", "motorcycle_left")
"""Files that come with scikit-image."""
SIDE = 16
TRAINED_PART, MEASURED_PART = (0.0, 0.6), (0.65, 1.0)
"""From where to where along the photograph's width; between the two a strip is left out."""


def patches(part, count, rng):
    """``count`` random patches of each photograph [n, 3, 16, 16], and the number of its photograph [n]."""
    images, labels = [], []
    for label, name in enumerate(PHOTOGRAPHS):
        grey = Image.open(Path(skimage.__file__).parent / "data" / f"{name}.png").convert("L")
        pixels = np.asarray(grey, dtype=np.float32)
        left, right = (round(edge * pixels.shape[1]) for edge in part)
        rows = rng.integers(pixels.shape[0] - SIDE + 1, size=count)
        columns = rng.integers(left, right - SIDE + 1, size=count)
        cut = np.stack([pixels[r : r + SIDE, c : c + SIDE] for r, c in zip(rows, columns, strict=True)])
        cut -= cut.mean((1, 2), keepdims=True)
        cut /= cut.std((1, 2), keepdims=True) + 1.0
        images.append(cut)
        labels.append(np.full(count, label))
    x = torch.from_numpy(np.concatenate(images))[:, None].expand(-1, 3, -1, -1).contiguous()
    return x, torch.from_numpy(np.concatenate(labels))


def accuracy(architecture, width, epochs, seed, trained, measured):
    """Share (%) of the measured patches that the network tells right after its training."""
    torch.manual_seed(seed)
    modules, channels = stages(architecture, width)
    network = nn.Sequential(*modules, head(channels[-1], len(PHOTOGRAPHS)))
    optimiser = torch.optim.Adam(network.parameters(), lr=2e-3)
    x, y = trained
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=5e-3, total_steps=epochs * (len(x) // 64))
    for _ in range(epochs):
        for batch in torch.randperm(len(x))[: len(x) // 64 * 64].split(64):
            optimiser.zero_grad()
            nn.functional.cross_entropy(network(x[batch]), y[batch]).backward()
            optimiser.step()
            schedule.step()
    network.eval()
    with torch.no_grad():
        right = network(measured[0]).argmax(1) == measured[1]
    return 100 * right.float().mean().item()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=60, help="architectures to train")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--patches", type=int, default=300, help="of each photograph, to train with")
    parser.add_argument("--seed", type=int, default=0, help="of the weights and the order of the patches")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("plain_convnets.csv"))
    given = parser.parse_args()

    torch.set_num_threads(1)
    space, rng = PlainConvNets(), np.random.default_rng(0)
    chosen = {}
    while len(chosen) < given.sample:
        chosen[space.sample(rng)] = None
    trained = patches(TRAINED_PART, given.patches, rng)
    measured = patches(MEASURED_PART, given.patches, rng)
    with open(given.out, "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["architecture", "patches (%)"])
        for number, architecture in enumerate(chosen, start=1):
            began = time.perf_counter()
            percent = accuracy(architecture, space.published_width, given.epochs, given.seed, trained, measured)
            table.writerow([architecture, f"{percent:.2f}"])
            seconds = time.perf_counter() - began
            print(f"{number}/{len(chosen)}  {architecture}  {percent:.2f} %  {seconds:.1f} s", flush=True)


if __name__ == "__main__":
    main()
