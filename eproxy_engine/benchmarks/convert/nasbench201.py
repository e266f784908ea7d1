"""NAS-Bench-201 (Dong and Yang, 2020)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd


def nasbench201(raw: Path) -> pd.DataFrame:
    """Return all 15,625 rows."""
    published = pd.read_csv(raw / "nasbench201.csv")
    columns = {
        "cifar10": "c10valid_val",
        "cifar100": "c100_val",
        "imagenet16-120": "in16_val",
        "cifar10-valid-test": "c10valid_test",
        "cifar10-test": "c10_test",
        "cifar100-test": "c100_test",
        "imagenet16-120-test": "in16_test",
        "cifar10@12": "e12_c10valid_val",
        "cifar100@12": "e12_c100_val",
        "imagenet16-120@12": "e12_in16_val",
        "cifar10-test@12": "e12_c10_test",
        "cifar100-test@12": "e12_c100_test",
        "imagenet16-120-test@12": "e12_in16_test",
    }
    accuracies = published[list(columns.values())].set_axis(list(columns), axis=1)
    return published["arch_str"].rename("architecture").to_frame().join(accuracies)
