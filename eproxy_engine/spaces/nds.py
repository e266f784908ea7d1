"""Common base classes of the NDS search spaces (Radosavovic et al., 2019), one for each training data set."""

from __future__ import annotations

from eproxy_engine.spaces.interface import A, SearchSpace, Task


class OnImageNet(SearchSpace[A]):
    """Networks trained on ImageNet for 50 epochs."""

    family = "NDS, ImageNet"
    tasks = (
        Task("imagenet", "ImageNet, top-1 after the last epoch", short="ImageNet"),
        Task("imagenet-best", "ImageNet, best top-1 of all epochs", short="ImageNet, best epoch"),
    )
    input_size = 224
    classes = 1000


class OnCifar10(SearchSpace[A]):
    """Networks trained on CIFAR-10 for 100 epochs; their accuracies do not ship."""

    family = "NDS, CIFAR-10"
    tasks = (
        Task("cifar10", "CIFAR-10, accuracy after the last epoch", short="CIFAR-10"),
        Task("cifar10-best", "CIFAR-10, best accuracy of all epochs", short="CIFAR-10, best epoch"),
    )
    ground_truth_hint = (
        "Import the official archive, dl.fbaipublicfiles.com/nds/data.zip, on the Architectures page, or download and "
        "import it with python -m eproxy_engine import nds --download."
    )
