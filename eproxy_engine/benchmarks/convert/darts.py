"""DARTS genotypes trained on CIFAR-10 by the authors of SWAP (Peng et al., 2024)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from eproxy_engine import spaces


def darts_cifar10_1000(raw: Path) -> pd.DataFrame:
    """Return all 1,000 networks, whose genotypes are all different."""
    published = pd.read_csv(raw / "darts_cifar10_1000.csv", names=["genotype", "cifar10"])
    space = spaces.get("darts-cifar10-1000")
    texts = [str(space.parse(genotype)) for genotype in published["genotype"]]
    return pd.DataFrame({"architecture": texts, "cifar10": published["cifar10"]})
