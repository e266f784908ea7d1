"""What the search spaces of NDS (Radosavovic et al., 2019) have in common, by what their networks were trained on."""

from __future__ import annotations

from eproxy_engine.spaces.interface import A, SearchSpace, Task


class OnImageNet(SearchSpace[A]):
    """Networks that were trained for 50 epochs."""

    family = "NDS, ImageNet"
    tasks = (
        Task("imagenet", "ImageNet, top-1 after the last epoch"),
        Task("imagenet-best", "ImageNet, best top-1 of all epochs"),
    )
    input_size = 224
    classes = 1000


class OnCifar10(SearchSpace[A]):
    """Networks that were trained for 100 epochs; their accuracies do not ship."""

    family = "NDS, CIFAR-10"
    tasks = (
        Task("cifar10", "CIFAR-10, accuracy after the last epoch"),
        Task("cifar10-best", "CIFAR-10, best accuracy of all epochs"),
    )
    ground_truth_hint = (
        "Import the official archive, dl.fbaipublicfiles.com/nds/data.zip, on the Architectures page or with "
        "python -m eproxy_engine import nds data.zip."
    )
