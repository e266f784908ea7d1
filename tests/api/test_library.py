"""The library: strings and numbers in, frames and figures out, by the same runs as everywhere else."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from torch import nn

import eproxy_engine as ep
from eproxy_engine import api
from eproxy_engine.api import carrying_out
from eproxy_engine.api.comparison import Compared
from eproxy_engine.errors import UserError
from eproxy_engine.proxy import preset
from eproxy_engine.runs import EvaluationSpecification, Store
from eproxy_engine.runs.kinds.evaluation.rows import stored_rows
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring import Ensemble
from eproxy_engine.scoring.proxy import from_yaml
from tests.runs.conftest import Instant

CELL = "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|"
OTHER = "|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|"
FUNCTIONS = [getattr(api, name) for name in ep.__all__]


@pytest.fixture
def instant(monkeypatch: pytest.MonkeyPatch) -> Instant:
    """The executor of all runs, which makes losses up."""
    executor = Instant()
    monkeypatch.setattr(carrying_out, "make", lambda device, workers: executor)
    return executor


@pytest.fixture
def where(tmp_path: Path) -> dict[str, object]:
    """A store of its own, and no progress bar."""
    return {"store": tmp_path / "store.sqlite3", "progress": False}


def test_an_evaluation_is_the_run_that_the_command_line_launches(instant: Instant, where: dict[str, object]) -> None:
    found = ep.evaluate("nasbench201", 6, settings={"iterations": 3}, task="cifar100", **where)
    store = Store(str(where["store"]))
    changed = preset("laptop").replace("iterations", "3")
    given = EvaluationSpecification("nasbench201", "cifar100", Sample("random", 6, 1), changed)
    (run,) = store.runs()
    assert (run.id, run.status, run.specification) == (found.run, "finished", given)
    pd.testing.assert_frame_equal(found.frame, stored_rows(store, given))
    assert found.rho == run.rho
    assert found.n == len(found.frame) == 6
    assert repr(found).startswith(
        "NAS-Bench-201, cifar100: 6 architectures (sample 1), high-frequency waves, with barrier: ρ = "
    )
    assert "<table" in found._repr_html_()
    assert str(found).splitlines()[0] == repr(found)
    assert len(str(found).splitlines()) == 8
    store.close()


def test_what_is_stored_is_not_computed_again(instant: Instant, where: dict[str, object]) -> None:
    one = ep.evaluate("nasbench201", [CELL, OTHER], **where)
    assert len(instant.computed) == 2
    assert ep.evaluate("nasbench201", [CELL, OTHER], **where).frame["score"].equals(one.frame["score"])
    assert len(instant.computed) == 2


def test_the_figure_of_an_evaluation_leaves_out_what_diverged(
    monkeypatch: pytest.MonkeyPatch, where: dict[str, object]
) -> None:
    monkeypatch.setattr(carrying_out, "make", lambda device, workers: Instant(diverging=2))
    found = ep.evaluate("nasbench201", 7, **where)
    (points,) = found.plot().data
    assert len(points.x) == 5
    assert found.plot().layout.title.text == found.summary
    assert found.summary.endswith("n = 7")
    assert found.rho_interval[0] <= found.rho <= found.rho_interval[1]


def test_proxies_are_compared_by_names_of_ones_own(instant: Instant, where: dict[str, object]) -> None:
    few = preset("laptop").replace("iterations", "2")
    found = ep.compare("nasbench201", 6, {"few": few, "size": "flops"}, seeds=[3, 4], **where)
    assert isinstance(found, Compared)
    assert sorted(found.frame["name"]) == ["few", "size"]
    assert found.frame["rho"].is_monotonic_decreasing
    assert list(found.scores) == ["architecture", "accuracy", "parameters", "flops", "few", "size"]
    assert found.scores["size"].equals(found.scores["flops"].astype(float))
    (dots,) = found.plot().data
    assert list(dots.y) == found.frame["name"].tolist()[::-1]


def test_all_proxies_are_compared_unless_some_are_named() -> None:
    assert inspect.signature(ep.compare).parameters["proxies"].default is None


def test_a_proxy_is_searched_and_saved(instant: Instant, where: dict[str, object], tmp_path: Path) -> None:
    found = ep.search_proxy("nasbench201", 6, held_out=8, cycles=3, population=4, tournament=2, members=2, **where)
    assert len(found.frame) == found.found["trials"] >= 7
    assert found.frame["best_rho"].tolist() == found.frame["rho"].cummax().tolist()
    assert isinstance(found.proxy, Ensemble)
    found.save(tmp_path / "found.yaml")
    assert from_yaml((tmp_path / "found.yaml").read_text("utf-8")) == found.proxy
    tried, best = found.plot().data
    assert list(tried.y) == found.frame["rho"].tolist()
    assert best.y[-1] == found.frame["rho"].max()
    assert "held-out ρ" in found.summary
    again = ep.evaluate("nasbench201", 6, found, **where)
    assert "ensemble of 2" in again.title
    assert ep.evaluate("nasbench201", 6, tmp_path / "found.yaml", **where).rho == again.rho


def test_architectures_are_ranked_by_accuracies_of_ones_own(where: dict[str, object]) -> None:
    sample = Sample("random", 12, 5).draw("nasbench201", "cifar10").set_index("architecture")["accuracy"]
    found = ep.rank("nasbench201", sample, 30, panel="instant", seed=2, model="ridge", **where)
    assert found.frame.loc[found.frame["labelled"], "architecture"].isin(sample.index).all()
    assert found.frame["labelled"].sum() == 12
    assert found.frame["predicted"].is_monotonic_decreasing
    assert not set(found.next(4)) & set(sample.index)
    predicted, labelled = found.plot().data
    assert (len(predicted.x), len(labelled.x)) == (len(found.frame) - 12, 12)
    assert found.summary == f"ρ = {found.rho:.2f} ± 0.00 by 12 labels, n = {len(found.frame) - 12}, 1 draw"


def test_an_architecture_is_searched_within_bounds(where: dict[str, object]) -> None:
    found = ep.search_architecture("nasbench201", "local", queries=20, seeds=2, max_flops=60_000_000, **where)
    assert found.queries == found.frame["query"].notna().sum() == 20
    assert found.frame["flops"].max() <= 60_000_000
    assert found.accuracy == found.frame["accuracy"].max()
    assert found.best in found.frame["architecture"].tolist()
    points, best = found.plot().data
    assert best.y[-1] == found.accuracy
    assert list(points.x) == list(range(1, 21))


def test_surfaces_are_those_of_the_run(where: dict[str, object]) -> None:
    tiny = {"width": 4, "iterations": 1, "batch": 2, "branches.0.c_mid": 16, "branches.0.c_out": 16}
    found = ep.landscape("nasbench201", CELL, barrier="off", settings=tiny, images="noise", steps=3, workers=1, **where)
    assert found.losses.shape == (1, 3, 3)
    assert found.frame["barrier"].tolist() == [False]
    assert found.x.tolist() == [-1.0, 0.0, 1.0]
    assert found.losses[:, 1, 1] == pytest.approx(found.frame["centre_loss"])
    (surface,) = found.plot().data
    assert np.array_equal(surface.z, found.losses[0])
    assert found.plot().layout.title.text == f"{CELL}, without barrier"


def test_networks_are_scored() -> None:
    networks = {
        str(channels): nn.Sequential(nn.Conv2d(3, channels, 3), nn.Flatten(), nn.Linear(900 * channels, 10))
        for channels in (2, 4)
    }
    found = ep.score(networks, ["l2_norm", "swap"], progress=False)
    assert found.frame.index.tolist() == ["2", "4"]
    assert found.frame.loc["4", "l2_norm"] > found.frame.loc["2", "l2_norm"]
    assert found.notes["proxy"].tolist() == ["swap", "swap"]
    assert found.summary == "2 proxies, 2 scores missing (see notes)"
    words = [line.split() for line in str(found).splitlines()[2:]]
    assert [first for first, *_ in words] == ["parameters", "flops", "size", "l2_norm", "swap"]
    assert words[0] == ["parameters", "18,066", "36,122"]
    (ranks,) = found.plot().data
    assert dict(zip(ranks.x, ranks.z[1], strict=True))["l2_norm"] == 1


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: ep.evaluate("nasbench999"), "unknown search space 'nasbench999'"),
        (lambda: ep.evaluate("nasbench201", CELL), "accepted: their number, or a list of texts"),
        (lambda: ep.evaluate("nasbench201", 5, "nothing"), "unknown proxy 'nothing'"),
        (lambda: ep.evaluate("nasbench201", 5, 3), "a proxy is 3; accepted: a name, the path of a YAML file"),
        (lambda: ep.evaluate("nasbench201", 5, "az_nas", settings={"width": 8}), "of an ensemble"),
        (lambda: ep.evaluate("nasbench201", 5, settings={"widht": 8}), "widht"),
        (lambda: ep.rank("nasbench201", {CELL: "good"}), "accepted: an accuracy for each architecture"),
        (lambda: ep.search_architecture("nasbench201", "random", querys=3), "unknown search of architectures key"),
        (lambda: ep.landscape("nasbench201", CELL, proxy="naswot"), "has no loss landscape"),
        (lambda: ep.landscape("nasbench201", CELL, barrier="some"), "unknown barrier 'some'; accepted: on, off, both"),
        (lambda: ep.score(3), "the network 'int' is of type int"),
    ],
)
def test_mistakes_are_told_in_one_line(call: Callable[[], object], said: str) -> None:
    with pytest.raises(UserError) as told:
        call()
    assert said in str(told.value)


def test_the_library_is_silent_unless_a_program_sets_up_logging() -> None:
    assert [type(handler) for handler in logging.getLogger("eproxy_engine").handlers] == [logging.NullHandler]


def test_every_function_is_found_and_documented() -> None:
    assert set(ep.__all__) <= set(dir(ep))
    for function in FUNCTIONS:
        assert all(
            f"\n    {part}:" in str(inspect.getdoc(function)).replace("\n", "\n    ")
            for part in ("Args", "Returns", "Raises", "Example")
        ), function
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        ep.nothing  # noqa: B018


def test_a_package_of_the_same_name_does_the_same() -> None:
    import eproxy_engine.landscape

    assert callable(eproxy_engine.landscape)
    with pytest.raises(UserError, match="unknown search space 'nix'"):
        eproxy_engine.landscape("nix", CELL)
