"""The proxies of activations and Jacobians, against the same quantities computed in NumPy or by hand."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from eproxy_engine.baselines import registry
from eproxy_engine.baselines.az_nas import entropy
from eproxy_engine.baselines.classifier import Classifier
from eproxy_engine.baselines.proxies.meco import covariances, least_of_correlations
from eproxy_engine.baselines.proxies.swap import distinct, packed
from eproxy_engine.spaces.backbone import Backbone
from tests.baselines.tiny import KERNEL, LINEAR, batch, tiny

pytestmark = pytest.mark.every_machine


def measured(name: str, network: Classifier, images, labels=None, seed: int = 0) -> float:
    images = torch.as_tensor(images).double()
    torch.manual_seed(seed)
    labels = torch.zeros(len(images), dtype=torch.long) if labels is None else torch.as_tensor(labels)
    return registry.get(name).measure(network, images, labels)


def hidden(images: np.ndarray) -> np.ndarray:
    """What goes into the ReLU of the tiny network, ``[b, 2, h, w]``."""
    return np.einsum("oc,bchw->bohw", KERNEL, images)


def input_gradients(images: np.ndarray) -> np.ndarray:
    """Of the sum of the tiny network's logits, a row an image."""
    on = (hidden(images) > 0) / images[0, 0].size
    return np.einsum("o,bohw,oc->bchw", LINEAR.sum(0), on, KERNEL).reshape(len(images), -1)


class Chain(Backbone):
    """1x1 convolutions in blocks of their own, without bias; no normalisation, no ReLU."""

    def __init__(self, *kernels: np.ndarray, stride: int = 1) -> None:
        super().__init__()
        self.stage_channels = (len(kernels[-1]),) * 3
        self.blocks = nn.ModuleList()
        for place, kernel in enumerate(kernels):
            convolution = nn.Conv2d(*np.shape(kernel)[::-1], 1, stride if place else 1, bias=False)
            convolution.weight.data = torch.tensor(kernel, dtype=torch.float64)[:, :, None, None]
            self.blocks.append(nn.Sequential(convolution))

    def forward(self, x: Tensor) -> list[Tensor]:
        for block in self.blocks:
            x = block(x)
        return [x, x, x]

    def classifier(self, classes: int) -> nn.Module:
        return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(self.stage_channels[0], classes))


def chain(*kernels, stride: int = 1) -> Classifier:
    """Its weights are kept when a proxy draws new ones."""
    network = Classifier(Chain(*map(np.asarray, kernels), stride=stride), 2).double()
    network.initialise = lambda draw: None  # type: ignore[method-assign]
    return network


def test_naswot_is_the_determinant_of_agreeing_units():
    images, _ = batch(3, size=4)
    codes = (hidden(images) > 0).reshape(3, -1)
    kernel = np.array([[(a == b).sum() for a in codes] for b in codes])
    assert measured("naswot", tiny(), images) == pytest.approx(math.log(np.linalg.det(kernel)))


def test_naswot_of_two_pixels_by_hand():
    network = tiny(kernel=[[1, 0, 0], [0, 1, 0]])
    images = np.array([[1.0, 1, 0], [1, -1, 0]]).reshape(2, 3, 1, 1)  # codes 11 and 10 agree in one unit of two
    assert measured("naswot", network, images) == pytest.approx(math.log(2 * 2 - 1 * 1))


def test_naswot_of_equal_images_is_minus_infinity():
    images, _ = batch(1)
    assert measured("naswot", tiny(), np.concatenate([images, images])) == -math.inf


def test_swap_counts_patterns():
    images, _ = batch(3, size=4)
    codes = (hidden(images) > 0).reshape(3, -1)
    assert measured("swap", tiny(), images) == len({tuple(unit) for unit in codes.T}) > 1


@pytest.mark.parametrize("count", [1, 63, 64, 65, 150])
def test_swap_tells_patterns_apart_in_every_image(count):
    codes = torch.cat([torch.eye(count), torch.eye(count), torch.zeros(count, 1)], dim=1) > 0
    assert distinct(packed(codes)).shape[1] == count + 1


def test_jacob_cov_is_that_of_the_gradients():
    images, _ = batch(4, size=4)
    eigenvalues = np.linalg.eigvalsh(np.corrcoef(input_gradients(images)))
    expected = -sum(math.log(v + 1e-5) + 1 / (v + 1e-5) for v in eigenvalues)
    assert measured("jacob_cov", tiny(), images) == pytest.approx(expected)


def test_jacob_cov_is_best_where_images_are_unlike():
    alike = measured("jacob_cov", tiny(), np.concatenate([batch(1)[0]] * 4))
    assert alike < measured("jacob_cov", tiny(), batch(4)[0]) < -4
    assert alike == pytest.approx(-(3 * (math.log(1e-5) + 1e5) + math.log(4) + 1 / 4), rel=1e-4)


@pytest.mark.parametrize("name", ["jacob_cov", "epe_nas"])
def test_a_network_that_does_not_see_the_images_is_not_a_number(name):
    assert math.isnan(measured(name, tiny(kernel=np.zeros((2, 3))), batch(4)[0]))


def test_epe_nas_sums_over_classes():
    images, _ = batch(5, size=4)
    classes = np.array([0, 1, 0, 2, 1])
    gradients = input_gradients(images)
    expected = 0.0
    for each in range(3):
        correlated = np.atleast_2d(np.corrcoef(gradients[classes == each]))
        expected += abs(np.log(np.abs(correlated) + 1e-5).sum())
    assert measured("epe_nas", tiny(), images, classes) == pytest.approx(expected)


def test_epe_nas_compares_classes_where_there_are_many():
    linear = np.random.default_rng(0).normal(size=(101, 2))
    images, _ = batch(6, size=4)
    classes = np.array([7, 7, 7, 90, 90, 100])
    on = (hidden(images) > 0) / 16
    gradients = np.einsum("o,bohw,oc->bchw", linear.sum(0), on, KERNEL).reshape(6, -1)
    e = [np.log(np.abs(np.corrcoef(rows)) + 1e-5).sum() / len(rows) for rows in (gradients[:3], gradients[3:5])]
    assert measured("epe_nas", tiny(linear=linear), images, classes) == pytest.approx(2 * abs(e[0] - e[1]) / 2)
    assert math.isnan(measured("epe_nas", tiny(linear=linear), images, range(6)))


def test_zen_is_the_change_of_features_and_what_normalisation_took_away():
    images, _ = batch(8, size=4)
    torch.manual_seed(0)
    kernel = torch.randn(2, 3, 1, 1)[:, :, 0, 0].double().numpy()
    torch.randn(3, 2)  # the linear layer's
    noise, change = (torch.randn(8, 3, 4, 4).double().numpy() for _ in range(2))

    def features(pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        x = np.einsum("oc,bchw->bohw", kernel, pictures)
        mean, variance = x.mean((0, 2, 3), keepdims=True), x.var((0, 2, 3), keepdims=True)
        return np.maximum((x - mean) / np.sqrt(variance + 1e-5), 0), variance

    before, variance = features(noise)
    after, _ = features(noise + 0.01 * change)
    expected = math.log(np.abs(after - before).sum((1, 2, 3)).mean()) + 0.5 * math.log(variance.mean() * 128 / 127)
    assert measured("zen", tiny(normalised=True), images) == pytest.approx(expected, rel=1e-6)


def test_meco_sums_the_least_eigenvalues():
    torch.manual_seed(0)
    noise = torch.randn(1, 3, 64, 64).double().numpy()
    before = hidden(noise)[0].reshape(2, -1)
    after = np.maximum(before, 0)
    least = [np.linalg.eigvalsh(np.corrcoef(x))[0] for x in (before, after)]
    expected = least[0] + 2 * least[1]  # the chain of the two layers puts out what the second does
    assert measured("meco", tiny(), batch(2)[0]) == pytest.approx(expected)


def test_meco_of_channels_that_are_alike_is_zero():
    assert measured("meco", tiny(kernel=np.ones((2, 3))), batch(2)[0]) == pytest.approx(0, abs=1e-12)
    assert measured("meco", tiny(kernel=np.zeros((2, 3))), batch(2)[0]) == 0


def test_meco_of_layers_of_many_sizes_together():
    rng = np.random.default_rng(0)
    maps = [rng.normal(size=(channels, 5, 4)) for channels in (2, 3, 2, 20)]
    least = least_of_correlations([covariances(torch.tensor(each)) for each in maps])
    expected = [np.linalg.eigvalsh(np.corrcoef(each.reshape(len(each), -1)))[0] for each in maps[:3]]
    assert least.tolist() == pytest.approx([*expected, 0])
    assert least[3] == 0  # as many channels as pixels depend on each other


def test_entropy_of_known_covariances():
    rng = np.random.default_rng(0)
    centred = rng.normal(size=(3, 48))
    centred -= centred.mean(1, keepdims=True)
    basis = np.linalg.svd(centred, full_matrices=False)[2]  # three orthonormal rows without mean
    rows = np.diag(np.sqrt([2.0, 1, 1])) @ basis
    features = torch.tensor(rows.reshape(3, 3, 4, 4)).transpose(0, 1)
    assert entropy(features) == pytest.approx(0.5 * math.log(2) + 0.5 * math.log(4), abs=1e-6)
    assert entropy(features[:, [0, 0]]) == pytest.approx(0, abs=1e-6)
    assert math.isnan(entropy(torch.ones(2, 3, 4, 4)))


def test_expressivity_and_progressivity_are_sum_and_least_gain_of_entropies():
    kernels = np.eye(3), np.diag([1.0, 0.1, 0.1]), np.diag([1.0, 10, 0])
    torch.manual_seed(0)
    noise = torch.randn(4, 3, 8, 8)
    entropies = []
    for cumulated in (np.diag([1.0, 1, 1]), np.diag([1.0, 0.1, 0.1]), np.diag([1.0, 1, 0])):
        rows = cumulated @ noise.double().transpose(0, 1).flatten(1).numpy()
        shares = np.linalg.eigvalsh(np.cov(rows, bias=True))
        shares = shares / shares.sum()
        entropies.append(-sum(p * math.log(p) for p in shares if p > 1e-12))
    network = chain(*kernels)
    assert measured("az_expressivity", network, noise) == pytest.approx(sum(entropies), abs=1e-6)
    gains = np.diff(entropies)
    assert gains[0] < 0 < gains[1]
    assert measured("az_progressivity", network, noise) == pytest.approx(gains[0], abs=1e-6)


def test_az_nas_draws_weights_after_kaiming():
    images = torch.zeros(16, 3, 8, 8)
    network = Classifier(Chain(np.zeros((64, 3)), np.zeros((32, 64))), 2)
    measured("az_expressivity", network, images)
    first, second, _ = network.weighted_layers()
    assert second.weight.std().item() == pytest.approx(math.sqrt(2 / 64), rel=0.05)
    assert first.weight.std().item() == pytest.approx(math.sqrt(2 / 3), rel=0.2)


@pytest.mark.parametrize("factor", [2.0, -0.5])
def test_trainability_of_a_scaling(factor):
    """One channel: signs times their multiples average to the factor exactly."""
    expected = 2 - abs(factor) - 1 / abs(factor)
    assert measured("az_trainability", chain([[1.0, 0, 0]], [[factor]]), torch.zeros(2, 3, 4, 4)) == (
        pytest.approx(expected, abs=1e-5)
    )


def test_trainability_is_the_mean_over_blocks_of_spectral_norms():
    rng = np.random.default_rng(0)
    kernels = [rng.normal(size=(3, 3)), rng.normal(size=(4, 3)), rng.normal(size=(2, 4))]
    norms = [np.linalg.norm(kernel, 2) for kernel in kernels[1:]]
    expected = np.mean([2 - norm - 1 / norm for norm in norms])
    images = torch.zeros(64, 3, 32, 32)  # so many signs that the estimate is near
    assert measured("az_trainability", chain(*kernels), images) == pytest.approx(expected, abs=0.03)


@pytest.mark.parametrize("side", [8, 7])
def test_trainability_across_a_stride_sees_every_pixel(side):
    """A 1x1 convolution of stride 2 sends all of its signs to one of the four pixels that make one."""
    network = chain([[1.0, 0, 0]], [[3.0]], stride=2)
    assert measured("az_trainability", network, torch.zeros(2, 3, side, side)) == pytest.approx(2 - 3 - 1 / 3, abs=1e-5)


def test_trainability_of_blocks_that_pass_on_or_stop_everything():
    images = torch.zeros(2, 3, 4, 4)
    assert measured("az_trainability", chain([[1.0, 0, 0]], [[1.0]]), images) == -math.inf
    assert measured("az_trainability", chain([[1.0, 0, 0]], [[0.0]]), images) == pytest.approx(2 - 1e6)


def test_trainability_goes_on_behind_a_block_that_puts_out_constants():
    network = chain([[1.0, 0, 0]], [[1.0]], [[1.0]], [[2.0]])
    network.backbone.blocks[1].register_forward_hook(lambda module, inputs, output: torch.zeros_like(output))
    value = measured("az_trainability", network, torch.zeros(2, 3, 4, 4))
    assert value == pytest.approx((2 * (2 - 1e6) + (2 - 2 - 1 / 2)) / 3, abs=1e-2)
