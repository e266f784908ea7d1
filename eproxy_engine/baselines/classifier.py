"""The network of an architecture with its benchmark's classifier, as zero-cost proxies see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

import torch
from torch import Tensor, nn

from eproxy_engine.baselines.blocks import of_blocks, primary_blocks
from eproxy_engine.baselines.hooks import seeing
from eproxy_engine.proxy.initialisation import seeded
from eproxy_engine.proxy.layers import quick_layers
from eproxy_engine.spaces.backbone import Backbone
from eproxy_engine.spaces.interface import Architecture, SearchSpace
from eproxy_engine.spaces.own.backbone import OwnBackbone

WEIGHTED = (nn.Conv2d, nn.Linear)


class Classifier(nn.Module):
    """Backbone with its benchmark's classifier: images ``[b, 3, h, w]`` -> logits ``[b, classes]``.

    It is in train mode: normalisations use the batch's statistics.

    Args:
        backbone: Network without its head.
        classes: Number of classes.
    """

    def __init__(self, backbone: Backbone, classes: int) -> None:
        super().__init__()
        self.backbone = backbone
        self.head = backbone.classifier(classes)
        for module in self.modules():
            if isinstance(module, nn.ReLU):
                module.inplace = False  # proxies look at inputs and outputs

    def forward(self, images: Tensor) -> Tensor:
        if isinstance(self.backbone, OwnBackbone):
            return self.backbone.logits(images)
        return self.head(self.features(images))

    def features(self, images: Tensor) -> Tensor:
        """Return the deepest stage output ``[b, c, h', w']``."""
        return self.backbone(images)[0]

    def loss(self, images: Tensor, labels: Tensor) -> Tensor:
        """Return the cross-entropy of the logits for labels ``[b]``, a scalar."""
        return nn.functional.cross_entropy(self(images), labels)

    def watch(self, modules: Iterable[nn.Module], see: Callable[[object], None], images: Tensor) -> None:
        """Compute the logits without gradients, and call ``see`` with each output of these modules on the way."""
        with torch.no_grad(), seeing(modules, see):
            self(images)

    def backbone_outputs(self, modules: Iterable[nn.Module], images: Tensor) -> tuple[list[object], list[Tensor]]:
        """Return the outputs of these modules of the backbone in the order of computation, and the stage outputs."""
        outputs: list[object] = []
        with seeing(modules, outputs.append):
            return outputs, self.backbone(images)

    def block_outputs(self, images: Tensor) -> list[list[Tensor]]:
        """Return the outputs of the primary blocks in the order of computation, as :func:`of_blocks` lists them."""
        return of_blocks(*self.backbone_outputs(primary_blocks(self.backbone), images))

    def block_gradients(
        self, images: Tensor, draw: Callable[[torch.Size], Tensor]
    ) -> Iterator[tuple[list[Tensor], list[Tensor]]]:
        """Differentiate the outputs of each primary block by those of the one before it, from the last to the first.

        Args:
            images: Images ``[b, 3, h, w]``.
            draw: Gives factors for an output's elements, in its shape ``[b, c, h', w']``.

        Yields:
            The factors of each output of a block, and the gradients of their sum by each output of the one before;
            zeros if an output of either is constant.
        """
        outputs = self.block_outputs(images)
        for before, after in list(pairwise(outputs))[::-1]:
            factors = [draw(output.shape).to(output) for output in after]
            if all(x.requires_grad for x in before + after):
                gradients = torch.autograd.grad(
                    after, before, factors, retain_graph=True, allow_unused=True, materialize_grads=True
                )
            else:  # as in a cell that carries nothing
                gradients = tuple(torch.zeros_like(x) for x in before)
            yield factors, list(gradients)

    def loss_gradients(self, images: Tensor, labels: Tensor) -> list[Tensor]:
        """Return the :meth:`gradients` of the :meth:`loss`."""
        return self.gradients(self.loss(images, labels))

    def weighted_layers(self) -> list[nn.Conv2d | nn.Linear]:
        """Return the convolutions and linear layers with trainable weights, in order of registration."""
        return [layer for layer in self.modules() if isinstance(layer, WEIGHTED) and layer.weight.requires_grad]

    def gradients(self, loss: Tensor, create_graph: bool = False) -> list[Tensor]:
        """Differentiate a loss by the weights of :meth:`weighted_layers`.

        Args:
            loss: A scalar.
            create_graph: Whether the gradients can be differentiated again.

        Returns:
            One gradient per layer, in the shape of its weights; zeros for weights that the loss does not reach.
        """
        weights = [layer.weight for layer in self.weighted_layers()]
        found = torch.autograd.grad(loss, weights, create_graph=create_graph, allow_unused=True)
        return [torch.zeros_like(w) if g is None else g for w, g in zip(weights, found, strict=True)]

    def initialise(self, draw: Callable[[Tensor], object]) -> None:
        """Redraw the weights of :meth:`weighted_layers` in place, zero their biases and reset normalisations.

        Args:
            draw: Fills a weight in place.
        """
        for module in self.modules():
            if isinstance(module, WEIGHTED):
                draw(module.weight)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
            elif isinstance(module, nn.BatchNorm2d) and module.affine:
                nn.init.ones_(module.weight)
                nn.init.zeros_(module.bias)


def build(
    space: SearchSpace,
    architecture: Architecture,
    width: int,
    seed: int,
    make: Callable[[Backbone, int], Classifier] = Classifier,
) -> Classifier:
    """Build the network at ``width`` stem channels with PyTorch's default initialisation.

    The backbone's weights are those that Eproxy trains with the same seed. ``make`` adds the classifier.
    """
    with seeded(seed, "network"), quick_layers():
        backbone = space.build(architecture, width)
    with seeded(seed, "classifier"):
        return make(backbone, space.classes)
