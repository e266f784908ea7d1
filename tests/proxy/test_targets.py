"""Targets: what a branch is given to learn."""

from itertools import pairwise

import pytest
import torch
from torch import Tensor

from eproxy_engine.proxy import Branch
from eproxy_engine.proxy.choices import FEATURES, GRID
from eproxy_engine.proxy.targets import WAVE_BANDS, target

IMAGES = torch.randn(6, 3, 32, 32, generator=torch.Generator().manual_seed(0))
CHANNELS = 64
WAVES = [feature for feature in FEATURES if feature.startswith("wave")]
every_feature = pytest.mark.parametrize("feature", FEATURES)
every_wave = pytest.mark.parametrize("feature", WAVES)


def make(*features: str, channels: int = CHANNELS, images: Tensor = IMAGES, seed: int = 1, by: float = 1.0) -> Tensor:
    return target(Branch(features=features, coefficient=by), channels, images, torch.Generator().manual_seed(seed))


@every_feature
@pytest.mark.parametrize("channels", [16, 512])
@pytest.mark.parametrize("side", [16, 32, 40])
def test_shape_is_that_of_the_grid_whatever_the_images(feature: str, channels: int, side: int) -> None:
    made = make(feature, channels=channels, images=torch.randn(3, 3, side, side))
    assert made.shape == (3, channels, GRID, GRID)
    assert made.dtype == torch.float32
    assert made.isfinite().all()
    assert not made.requires_grad


@every_feature
def test_a_target_depends_on_the_generator_s_seed_alone(feature: str) -> None:
    torch.manual_seed(3)
    first = make(feature)
    state = torch.get_rng_state()
    assert torch.equal(make(feature), first)
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(4)
    assert torch.equal(make(feature), first)
    assert not torch.equal(make(feature, seed=2), first)


@every_feature
@pytest.mark.parametrize("coefficient", [0.5, 2.0])
def test_the_coefficient_multiplies(feature: str, coefficient: float) -> None:
    assert torch.equal(make(feature, by=coefficient), coefficient * make(feature))


def test_dot_is_a_fair_sign_at_every_place() -> None:
    made = make("dot")
    assert set(made.unique().tolist()) == {-1.0, 1.0}
    assert abs(made.mean()) < 5 / made.numel() ** 0.5
    assert not torch.equal(made[0], made[1])
    neighbours = (made[..., 1:] * made[..., :-1]).mean()
    assert abs(neighbours) < 5 / made.numel() ** 0.5


@pytest.mark.parametrize("feature", [*WAVES, "dot"])
def test_waves_and_dots_do_not_look_at_the_images(feature: str) -> None:
    assert torch.equal(make(feature, images=IMAGES.flip(0) * 3 + 1), make(feature))


@every_wave
def test_a_wave_is_the_same_for_all_images(feature: str) -> None:
    made = make(feature)
    assert torch.equal(made, made[:1].expand_as(made))


@every_wave
def test_a_wave_runs_along_width_or_height_and_is_a_sine_within_its_band(feature: str) -> None:
    waves = make(feature)[0].double()
    along_width = (waves == waves[:, :1, :]).all(dim=(1, 2))
    along_height = (waves == waves[:, :, :1]).all(dim=(1, 2))
    assert (along_width ^ along_height).all()
    assert 0.25 < along_width.double().mean() < 0.75
    lines = torch.where(along_width[:, None], waves[:, 0, :], waves[:, :, 0])
    low, high = WAVE_BANDS[feature]
    frequencies, residuals = _frequencies(lines)
    assert residuals.max() < 1e-5
    assert frequencies.min() >= low - 1e-3
    assert frequencies.max() <= high + 1e-3
    assert frequencies.max() - frequencies.min() > 0.7 * (high - low)
    assert lines.abs().max() <= 1
    assert lines.abs().max() > 0.95


def _frequencies(lines: Tensor) -> tuple[Tensor, Tensor]:
    """Least-squares frequency of sampled sines ``[n, 8]``, in cycles a pixel, and the largest residual of each.

    A sine of frequency f is what satisfies x(t+1) + x(t−1) = 2·cos(2πf)·x(t).
    """
    middle, sums = lines[:, 1:-1], lines[:, 2:] + lines[:, :-2]
    twice_cosine = (middle * sums).sum(1) / middle.square().sum(1)
    residuals = (sums - twice_cosine[:, None] * middle).abs().amax(1)
    return torch.acos((twice_cosine / 2).clamp(-1, 1)) / (2 * torch.pi), residuals


def test_phases_of_waves_differ() -> None:
    first_pixels = make("wave_high")[0, :, 0, 0]
    assert first_pixels.min() < -0.8
    assert first_pixels.max() > 0.8
    assert len(first_pixels.unique()) == CHANNELS


def test_bands_follow_each_other_up_to_the_highest_frequency_of_the_grid() -> None:
    bands = [WAVE_BANDS[feature] for feature in WAVES]
    assert all(high == low for (_, high), (low, _) in pairwise(bands))
    assert bands[-1][1] == 0.5


def test_net_looks_at_the_images() -> None:
    made, other = make("net"), make("net", images=IMAGES.flip(3))
    assert not torch.allclose(made, other)
    assert not torch.allclose(made[0], made[1])


def test_net_is_left_as_the_untrained_network_gives_it() -> None:
    spread = make("net").std((0, 2, 3))
    assert 0.1 < spread.mean() < 0.6  # the barrier's effect depends on targets that are this small
    assert spread.max() > 1.2 * spread.min()


def test_net_leaves_the_global_random_numbers_alone() -> None:
    before = torch.get_rng_state()
    make("net")
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("combination", [("net", "dot"), ("wave_low", "wave_high"), FEATURES])
def test_a_combination_is_another_target_of_the_same_shape(combination: tuple[str, ...]) -> None:
    made = make(*combination)
    assert made.shape == (len(IMAGES), CHANNELS, GRID, GRID)
    assert not any(torch.allclose(made, make(feature)) for feature in combination)
    assert torch.equal(make(*combination, by=2.0), 2 * made)


def test_a_combination_holds_all_its_features() -> None:
    """Dot and net are uncorrelated, so the variance of their sum is the sum of theirs."""
    torch.testing.assert_close(make("net", "dot").var(), make("net").var() + 1, atol=0.05, rtol=0)
    with_waves = make("wave_high", "dot")
    signs = with_waves - make("wave_high")  # the wave is drawn first, from the same stream
    assert set(signs.round(decimals=4).unique().tolist()) == {-1.0, 1.0}
