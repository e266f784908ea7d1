"""The specification of a Discrete Proxy Search: what it is judged on, and what cannot be run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

import numpy as np
import pytest

from eproxy_engine import benchmarks, spaces
from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Configuration, Evaluation
from eproxy_engine.runs import ProxySearchSpecification, Store
from eproxy_engine.runs.kinds.registry import specification_of
from eproxy_engine.sampling import Sample
from eproxy_engine.statistics import correlate
from tests.runs.conftest import finished_dps, made_up, proxy_search_settings, proxy_search_specification

pytestmark = pytest.mark.usefixtures("tiny_space")

# --- what it is judged on ---


def held_out(wanted: ProxySearchSpecification) -> list[str]:
    return list(wanted.judge(Configuration()).architectures()["architecture"])


SAMPLES = {
    "random": ("nasbench201", Sample("random", 20, seed=1)),
    "random, other seed": ("nasbench201", Sample("random", 20, seed=9)),
    "spread": ("nasbench201", Sample("spread", 50)),
    "best": ("nasbench201", Sample("best", 50)),
    "random of NAS-Bench-101": ("nasbench101", Sample("random", 50, seed=1)),
    "the paper's twenty": ("nasbench101", Sample("paper-dps-20")),
}


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("count", [1, 200, 2400])
def test_none_of_the_sample_judges(name: str, count: int) -> None:
    space, sample = SAMPLES[name]
    wanted = ProxySearchSpecification(space, "cifar10", sample, proxy_search_settings(), held_out=count).checked()
    judging, searching = held_out(wanted), set(wanted.architectures()["architecture"])
    assert len(judging) == len(set(judging)) == count
    assert not searching & set(judging)
    assert len(searching) == (20 if sample.rule == "paper-dps-20" else sample.size)
    assert wanted.judge(Configuration()).checked().architectures()["accuracy"].notna().all()


def test_none_that_is_picked_judges() -> None:
    """Even where all that would judge are picked."""
    first = held_out(proxy_search_specification(held_out=30))
    picked = Sample("picked", picked=tuple(first[:20]))
    wanted = proxy_search_specification(sample=picked, held_out=30).checked()
    assert not set(first[:20]) & set(held_out(wanted))
    assert set(first[20:]) <= set(held_out(wanted))
    assert len(held_out(wanted)) == 30


def test_the_papers_twenty_never_judge() -> None:
    """They are no part of random samples, whoever is searched with."""
    wanted = ProxySearchSpecification(
        "nasbench101", "cifar10", Sample("random", 10), proxy_search_settings(), held_out=2400
    )
    marked = Sample("paper-dps-20").draw("nasbench101", "cifar10")["architecture"]
    assert len(marked) == 20
    assert not set(marked) & set(held_out(wanted))


def test_searches_on_different_samples_are_judged_on_almost_the_same() -> None:
    one, two = (
        held_out(proxy_search_specification(sample=Sample(size=20, seed=seed), held_out=200)) for seed in (5, 6)
    )
    assert len(set(one) & set(two)) > 190


def test_all_others_may_judge_but_those_with_the_network_of_one_searched_with() -> None:
    known = benchmarks.known("nasbench201", "cifar10")["architecture"]
    wanted = proxy_search_specification(held_out=len(known) - 6).checked()
    family = spaces.get("nasbench201")

    def networks(texts: Iterable[str]) -> list[str]:
        return [str(family.equivalent(family.parse(text))) for text in texts]

    searched, judging = set(networks(wanted.architectures()["architecture"])), held_out(wanted)
    assert not searched & set(networks(judging))
    assert len(judging) == sum(network not in searched for network in networks(known))
    assert len(judging) < len(known) - 6


def test_what_is_shown_of_it_is_that_of_the_sample_it_had_not_seen(store: Store) -> None:
    """From scratch, without the run: draw, evaluate, correlate."""
    wanted = proxy_search_specification(held_out=25)
    result = finished_dps(store, wanted).result
    assert result is not None
    best = Configuration.from_dict(result["proxy"]["configuration"])
    drawn = Sample(size=31).draw("nasbench201", "cifar10")
    rows = drawn[~drawn["architecture"].isin(wanted.architectures()["architecture"])][:25]
    assert len(rows) == 25
    norms = rows["flops"] / spaces.get("nasbench201").largest_flops
    scores = [
        made_up(Evaluation.of("nasbench201", one, best, "noise", 1)).score(best, norm)
        for one, norm in zip(rows["architecture"], norms, strict=True)
    ]
    expected = correlate(scores, rows["accuracy"]).as_dict()
    assert {key: result[key] for key in expected} == pytest.approx(expected)


# --- specifications ---


def test_a_specification_comes_back_from_json() -> None:
    for wanted in (
        proxy_search_specification(),
        proxy_search_specification(
            sample=Sample("picked", picked=tuple(held_out(proxy_search_specification(held_out=5)))), held_out=3
        ),
        proxy_search_specification(strategy="tpe", racing=True, seeds=2, width="published", members=3, in_flight=4),
    ):
        values = json.loads(json.dumps(wanted.as_dict(), allow_nan=False))
        assert specification_of("dps", values) == wanted


def test_the_title_says_what_is_searched() -> None:
    title = proxy_search_specification(seed=3).title
    assert all(part in title for part in ("NAS-Bench-201", "cifar10", "DPS", "6 architectures", "8 trials", "seed 3"))
    assert "in flight" not in title
    assert "in flight" not in proxy_search_specification(strategy="random", in_flight=3).title
    assert "8 trials, 3 children in flight, seed 1" in proxy_search_specification(in_flight=3).title


def test_the_problem_is_that_of_the_sample() -> None:
    wanted = proxy_search_specification(7, seed=4)
    problem, rows = wanted.problem(), wanted.architectures()
    assert problem.architectures == tuple(rows["architecture"])
    assert problem.accuracy == tuple(rows["accuracy"])
    assert problem.flops_norm == pytest.approx(tuple(rows["flops"] / 220_119_680))
    assert (problem.space, problem.images, problem.seed) == ("nasbench201", "noise", 4)


def test_the_norm_of_the_flops_is_that_of_the_settings() -> None:
    sample = Sample(size=6)
    for norm, largest in (("possible", 27_293_391_104), ("measured", 13_702_273_280)):
        wanted = ProxySearchSpecification("nasbench-mr", "cls-a", sample, proxy_search_settings(flops_norm=norm))
        assert wanted.problem().flops_norm == pytest.approx(tuple(wanted.architectures()["flops"] / largest))


def _equally_good(count: int) -> tuple[str, ...]:
    table = benchmarks.known("nasbench201", "cifar10")
    accuracy = table["accuracy"].value_counts().index[0]
    found = tuple(table.loc[table["accuracy"] == accuracy, "architecture"][:count])
    assert len(found) == count
    return found


def _unmeasured() -> tuple[str, ...]:
    table = benchmarks.known("nasbench101", "cifar10")
    known, rng = set(table["architecture"]), np.random.default_rng(1)
    sampled = (str(spaces.get("nasbench101").sample(rng)) for _ in range(100))
    return (*table["architecture"][:5], next(one for one in sampled if one not in known))


WRONG: dict[str, tuple[Callable[[], ProxySearchSpecification], str]] = {
    "two architectures": (
        lambda: proxy_search_specification(2),
        "2 architectures; accepted: 5 or more, of different accuracy",
    ),
    "four architectures": (
        lambda: proxy_search_specification(4),
        "4 architectures; accepted: 5 or more, of different accuracy",
    ),
    "no architecture": (lambda: proxy_search_specification(0), "a sample of 0 is not possible; accepted: 1 to 15625"),
    "too many": (lambda: proxy_search_specification(20_000), "a sample of 20000 is not possible"),
    "of equal accuracy": (
        lambda: proxy_search_specification(sample=Sample("picked", picked=_equally_good(5))),
        "5 architectures; accepted: 5 or more, of different accuracy",
    ),
    "picked twice": (
        lambda: proxy_search_specification(sample=Sample("picked", picked=_equally_good(1) * 5)),
        "1 architectures; accepted: 5 or more",
    ),
    "none picked": (lambda: proxy_search_specification(sample=Sample("picked")), "no architecture is picked"),
    "no architectures": (
        lambda: proxy_search_specification(sample=Sample("picked", picked=("resnet50",) * 5)),
        "'resnet50'",
    ),
    "not measured": (
        lambda: ProxySearchSpecification(
            "nasbench101", "cifar10", Sample("picked", picked=_unmeasured()), proxy_search_settings()
        ),
        "the accuracy of .* on cifar10 is unknown; accepted: measured architectures",
    ),
    "unknown rule": (
        lambda: proxy_search_specification(sample=Sample("luckiest", 6)),
        "unknown sampling rule 'luckiest'",
    ),
    "unknown space": (
        lambda: ProxySearchSpecification("nasbench999", "cifar10", Sample(size=6), proxy_search_settings()),
        "unknown search space 'nasbench999'",
    ),
    "unknown task": (
        lambda: ProxySearchSpecification("nasbench201", "mnist", Sample(size=6), proxy_search_settings()),
        "unknown task of nasbench201 'mnist'",
    ),
    "unknown images": (lambda: proxy_search_specification(images="imagenet"), "unknown image source 'imagenet'"),
    "negative seed": (lambda: proxy_search_specification(seed=-1), "seed is -1; accepted: a whole number from 0"),
    "negative holdout": (
        lambda: proxy_search_specification(held_out=-1),
        "held_out is -1; accepted: a whole number from 0 to",
    ),
    "huge holdout": (
        lambda: proxy_search_specification(held_out=15_620),
        "held_out is 15620; accepted: a whole number from 0 to 15619",
    ),
    "half a holdout": (lambda: proxy_search_specification(held_out=2.5), "held_out is 2.5; accepted"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_specification_that_cannot_be_run_is_told_in_one_line(store: Store, name: str) -> None:
    make, match = WRONG[name]
    with pytest.raises(UserError, match=match) as caught:
        store.create(make())
    assert "\n" not in str(caught.value)
    assert store.runs() == []
