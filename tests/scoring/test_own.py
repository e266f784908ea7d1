"""Networks of one's own get the scores that they would get as architectures of a search space."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from torch import Tensor, nn

from eproxy_engine import baselines, spaces
from eproxy_engine.baselines import Baseline
from eproxy_engine.proxy import Evaluation, preset
from eproxy_engine.proxy.initialisation import seeded
from eproxy_engine.scoring.computing import evaluate
from eproxy_engine.scoring.named import NamedProxy, named
from eproxy_engine.scoring.own import scores_of_networks
from eproxy_engine.spaces import registry
from eproxy_engine.spaces.own.space import OwnNetworks

SPACE, WIDTH, SEED = spaces.get("nds-imagenet-resnext-a"), 8, 3
TINY = preset("laptop").replace("iterations", "1").replace("batch", "2").replace("branches.0.c_mid", "16")
BATCH = 4
AS_CLOSE = 0.03
"""Networks of a search space are computed in another layout: gradients add up in another order, through 19 blocks."""


class Whole(nn.Module):
    """A network of a search space with its head, written as one module."""

    def __init__(self, architecture: str) -> None:
        super().__init__()
        with seeded(SEED, "network"):
            self.features = SPACE.build(SPACE.parse(architecture), WIDTH)
        with seeded(SEED, "classifier"):
            self.head = self.features.classifier(SPACE.classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.features(x)[0])


class Functional(nn.Module):
    """Activations that are functions."""

    def __init__(self, channels: int = 4) -> None:
        super().__init__()
        self.conv, self.head = nn.Conv2d(3, channels, 3, 2, 1), nn.Linear(channels, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.conv(x).relu().mean((2, 3)))


def architecture(seed: int = SEED) -> str:
    """A small one."""
    rng = np.random.default_rng(seed)
    return str(min((SPACE.sample(rng) for _ in range(30)), key=lambda each: SPACE.counts(each).flops))


def scored(networks: dict[str, Callable[[], nn.Module]], *proxies: NamedProxy) -> tuple[pd.DataFrame, pd.DataFrame]:
    return scores_of_networks(OwnNetworks(networks, 32), proxies, "noise", SEED, "cpu")


def test_scores_are_those_of_the_same_network_in_its_space() -> None:
    text = architecture()
    proxies = [NamedProxy(name, Baseline(name, BATCH)) for name in baselines.names()]
    proxies.append(NamedProxy("eproxy", TINY))
    found, notes = scored({"it": lambda: Whole(text)}, *proxies)
    assert set(notes["note"]) <= {"gave nan"}
    for proxy in proxies:
        member = proxy.proxy
        wanted = Evaluation.of(SPACE.name, text, member.with_width(WIDTH), "noise", SEED)  # type: ignore[union-attr]
        expected = evaluate(wanted, "cpu").score(member, 0.0)  # type: ignore[arg-type]
        expected = expected if math.isfinite(expected) else math.nan
        assert found.at["it", proxy.name] == pytest.approx(expected, rel=AS_CLOSE, nan_ok=True), proxy.name


def test_a_backbone_gives_its_stages_itself() -> None:
    """Then nothing differs: not even the last digit."""
    text, proxies = architecture(), [NamedProxy("snip", Baseline("snip", BATCH)), NamedProxy("eproxy", TINY)]

    def backbone() -> nn.Module:
        with seeded(SEED, "network"):
            return SPACE.build(SPACE.parse(text), WIDTH)

    found, notes = scored({"it": backbone}, *proxies)
    assert notes.empty
    wanted = Evaluation.of(SPACE.name, text, TINY.with_width(WIDTH), "noise", SEED)
    assert found.at["it", "eproxy"] == evaluate(wanted, "cpu").score(TINY, 0.0)
    assert found.at["it", "snip"] > 0


def test_size_is_that_of_the_whole_network() -> None:
    network = Functional()
    found, _ = scored({"it": lambda: network}, named("parameters"), named("flops"))
    assert found.loc["it", ["parameters", "flops"]].tolist() == [3 * 4 * 9 + 4 + 4 * 10 + 10, 4 * 27 * 16**2 + 40]


def test_an_ensemble_ranks_networks_among_each_other() -> None:
    proxy = named("az_nas", BATCH)
    alone, notes = scored({"it": Functional}, proxy)
    assert math.isnan(alone.at["it", "az_nas"])
    assert notes.to_dict("records") == [
        {"network": "it", "proxy": "az_nas", "note": "ranks networks among each other; accepted: two or more"}
    ]
    both, notes = scored({f"{seed}": lambda seed=seed: Whole(architecture(seed)) for seed in (1, 2)}, proxy)
    assert notes.empty
    assert both["az_nas"].max() <= 0


def test_what_a_proxy_cannot_see_is_told() -> None:
    mlp = nn.Sequential(nn.Flatten(), nn.Linear(3072, 64), nn.ReLU(), nn.Linear(64, 10))
    networks: dict[str, Callable[[], nn.Module]] = {"functional": Functional, "mlp": lambda: mlp}
    found, notes = scored(
        networks, named("swap"), NamedProxy("eproxy", TINY), named("early_stopping@12"), named("snip")
    )
    assert found["snip"].notna().all()
    assert found.isna().sum().sum() == len(notes) == 4
    said = notes.set_index(["network", "proxy"])["note"]
    assert "none of its activations is a module torch.nn.ReLU" in said["functional", "swap"]
    assert "most of its layers do not work on a grid" in said["mlp", "eproxy"]
    assert "is read from a benchmark's table" in said["mlp", "early_stopping@12"]


def test_the_seed_decides_what_a_function_draws() -> None:
    snip = named("snip")
    (one, _), (other, _) = scored({"it": Functional}, snip), scored({"it": Functional}, snip)
    assert one.equals(other)


def test_no_search_space_of_theirs_is_left_behind() -> None:
    scored({"it": Functional}, named("snip"))
    assert OwnNetworks.name not in registry.names()
