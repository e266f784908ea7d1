"""The proxies of gradients and weights, against the same quantities computed in NumPy, and published ones."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from eproxy_engine import spaces
from eproxy_engine.baselines import registry
from eproxy_engine.baselines.classifier import Classifier, build
from tests.baselines.tiny import KERNEL, LINEAR, batch, tiny

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]
IMAGES, LABELS = batch()
pytestmark = pytest.mark.every_machine


def measured(name: str, network: Classifier, images: Floats = IMAGES, labels: Labels = LABELS) -> float:
    return registry.get(name).measure(network, torch.tensor(images), torch.tensor(labels))


def hidden(images: Floats, kernel: Floats = KERNEL) -> Floats:
    """The convolution's output ``[b, 2, h, w]``."""
    return np.einsum("oc,bchw->bohw", kernel, images)


def logit_gradients(pooled: Floats, labels: Labels, linear: Floats = LINEAR) -> Floats:
    """Of the mean cross-entropy, ``[b, 3]``."""
    exponentials = np.exp(pooled @ linear.T)
    return (exponentials / exponentials.sum(1, keepdims=True) - np.eye(3)[labels]) / len(labels)


def hidden_gradients(images: Floats, labels: Labels, kernel: Floats = KERNEL, linear: Floats = LINEAR) -> Floats:
    outputs = hidden(images, kernel)
    pooled = np.maximum(outputs, 0).mean((2, 3))
    by_pooled = logit_gradients(pooled, labels, linear) @ linear
    return (outputs > 0) * by_pooled[:, :, None, None] / outputs[0, 0].size


def gradients(
    images: Floats = IMAGES, labels: Labels = LABELS, kernel: Floats = KERNEL, linear: Floats = LINEAR
) -> tuple[Floats, Floats]:
    """Of the mean cross-entropy by the kernel ``[2, 3]`` and the linear layer ``[3, 2]``."""
    pooled = np.maximum(hidden(images, kernel), 0).mean((2, 3))
    by_kernel = np.einsum("bohw,bchw->oc", hidden_gradients(images, labels, kernel, linear), images)
    return by_kernel, logit_gradients(pooled, labels, linear).T @ pooled


def test_grad_norm_sums_the_norms_of_layers():
    expected = sum(np.linalg.norm(gradient) for gradient in gradients())
    assert measured("grad_norm", tiny()) == pytest.approx(expected)


def test_snip_and_plain_multiply_weights_with_gradients():
    products = [KERNEL * gradients()[0], LINEAR * gradients()[1]]
    assert measured("snip", tiny()) == pytest.approx(sum(np.abs(product).sum() for product in products))
    assert measured("plain", tiny()) == pytest.approx(sum(product.sum() for product in products))


def test_plain_sees_no_weights_that_are_normalised():
    outputs = hidden(IMAGES)
    centred = outputs - outputs.mean((0, 2, 3), keepdims=True)
    normalised = centred / np.sqrt(outputs.var((0, 2, 3), keepdims=True) + 1e-5)
    pooled = np.maximum(normalised, 0).mean((2, 3))
    expected = (LINEAR * (logit_gradients(pooled, LABELS).T @ pooled)).sum()
    assert measured("plain", tiny(normalised=True)) == pytest.approx(expected, abs=1e-4)


def test_grasp_follows_the_gradient_along_itself():
    step = 1e-5
    by_kernel, by_linear = gradients()
    ahead = gradients(kernel=KERNEL + step * by_kernel, linear=LINEAR + step * by_linear)
    behind = gradients(kernel=KERNEL - step * by_kernel, linear=LINEAR - step * by_linear)
    products = [(a - b) / (2 * step) for a, b in zip(ahead, behind, strict=True)]
    expected = -(KERNEL * products[0]).sum() - (LINEAR * products[1]).sum()
    assert measured("grasp", tiny()) == pytest.approx(expected, rel=1e-6)


def test_fisher_sums_squared_products_of_channels():
    channels = (hidden(IMAGES) * hidden_gradients(IMAGES, LABELS)).sum((2, 3))
    pooled = np.maximum(hidden(IMAGES), 0).mean((2, 3))
    logits = (pooled @ LINEAR.T) * logit_gradients(pooled, LABELS)
    kernel_weights, linear_weights = 3, 2
    expected = 0.5 * (kernel_weights * (channels**2).mean(0).sum() + linear_weights * (logits**2).mean(0).sum())
    assert measured("fisher", tiny()) == pytest.approx(expected)


@pytest.mark.parametrize("normalised", [False, True])
def test_synflow_sums_all_paths_and_leaves_normalisations_out(normalised: bool):
    paths = (np.abs(LINEAR) @ np.abs(KERNEL)).sum()
    assert measured("synflow", tiny(normalised=normalised)) == pytest.approx(math.log(2 * paths))


def test_synflow_of_a_network_without_paths_ranks_last():
    assert measured("synflow", tiny(kernel=np.zeros((2, 3)))) == -math.inf


def test_synflow_stays_finite_beyond_single_precision():
    paths = (np.abs(LINEAR) @ np.abs(KERNEL)).sum()
    expected = math.log(2 * paths) + 2 * math.log(1e100)
    assert measured("synflow", tiny(1e100 * KERNEL, 1e100 * LINEAR)) == pytest.approx(expected)


def test_l2_norm_sums_the_norms_of_weights():
    assert measured("l2_norm", tiny()) == pytest.approx(np.sqrt((KERNEL**2).sum()) + np.sqrt((LINEAR**2).sum()))


def test_gradsign_counts_votes_of_images():
    votes = [np.zeros_like(KERNEL), np.zeros_like(LINEAR)]
    for image, label in zip(IMAGES, LABELS, strict=True):
        for vote, gradient in zip(votes, gradients(image[None], label[None]), strict=True):
            vote += np.sign(gradient)
    assert measured("gradsign", tiny()) == sum(np.abs(vote).sum() for vote in votes)


def test_gradsign_normalises_each_image_by_itself():
    twice = np.repeat(IMAGES[:1], 2, axis=0), np.repeat(LABELS[:1], 2)
    alone = measured("gradsign", tiny(normalised=True), IMAGES[:1], LABELS[:1])
    assert alone > 0
    assert measured("gradsign", tiny(normalised=True), *twice) == 2 * alone


def test_zico_compares_the_halves_of_the_batch():
    halves = [gradients(IMAGES[:2], LABELS[:2]), gradients(IMAGES[2:], LABELS[2:])]
    expected = 0.0
    for layer in zip(*halves, strict=True):
        mean, deviation = np.abs(layer).mean(0), np.std(layer, axis=0)
        expected += math.log((mean[deviation > 0] / deviation[deviation > 0]).sum())
    assert measured("zico", tiny()) == pytest.approx(expected)


def test_zico_leaves_out_what_does_not_vary():
    images, labels = np.tile(IMAGES[:2], (2, 1, 1, 1)), np.tile(LABELS[:2], 2)
    assert measured("zico", tiny(), images, labels) == 0


PUBLISHED = {
    "|nor_conv_1x1~0|+|nor_conv_1x1~0|avg_pool_3x3~1|+|nor_conv_3x3~0|none~1|none~2|": (47.493, 180.679),
    "|avg_pool_3x3~0|+|avg_pool_3x3~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_3x3~2|": (
        60.878,
        129.452,
    ),
}
"""Of NAS-Bench-201, SynFlow and L2 norm as NAS-Bench-Suite-Zero has them; other initial weights change them little."""


@pytest.mark.parametrize("text", PUBLISHED)
def test_values_are_the_published_ones(text: str):
    space = spaces.get("nasbench201")
    images, labels = batch(count=2, size=32)
    for name, published in zip(("synflow", "l2_norm"), PUBLISHED[text], strict=True):
        network = build(space, space.parse(text), space.published_width, seed=1)
        assert measured(name, network, images, labels) == pytest.approx(published, rel=0.01)
