"""`dps` as scripts use it, and what becomes of its runs and of the proxy that it writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eproxy_engine.cli import proxy_search as dps
from eproxy_engine.cli import running
from eproxy_engine.errors import UserError
from eproxy_engine.proxy import PRESETS, Configuration
from eproxy_engine.runs import ProxySearchSpecification, Store
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring import Ensemble, members_of
from eproxy_engine.scoring.proxy import from_yaml, to_yaml
from eproxy_engine.search.proxy_search.proxy_space import PROXY_SPACES
from eproxy_engine.search.proxy_search.settings import settings
from tests.cli.test_cli import CELL, Answer, Call, call, refused, store
from tests.runs.conftest import TINY, Instant, configuration, proxy_search_specification, put_in, tiny_space, untimed

__all__ = ["call", "store", "tiny_space"]
QUICK = ("dps", "--space", "nasbench201", "--images", "noise", "--preset", "paper")
SMALL = (*QUICK, "--archs", 6, "--population", 4, "--tournament", 2, "--cycles", 4, "--width", 4, "--holdout", 10)
SEVERAL = ("--members", 3, "--flops")


@pytest.fixture
def instant(monkeypatch: pytest.MonkeyPatch) -> list[Instant]:
    """Losses are made up; the executors that the commands take, in order."""
    made: list[Instant] = []

    def make(device: str, workers: int | None) -> Instant:
        made.append(Instant())
        return made[-1]

    monkeypatch.setattr(running, "make", make)
    return made


needs_no_training = pytest.mark.usefixtures("instant")


def specification_of(answer: Answer) -> ProxySearchSpecification:
    """Of the run that a command with ``--json`` made."""
    found = Store().run(answer.json["run"]).specification
    assert isinstance(found, ProxySearchSpecification)
    return found


# --- what it answers ---


@needs_no_training
def test_the_answer(call: Call) -> None:
    found = call(*SMALL, "--seed", 3, "--json").json
    assert set(found) >= {"best_rho", "best_config", "history", "holdout"}
    history = found["history"]
    assert [set(row) for row in history] == [{"cycle", "rho", "config"}] * 8
    assert [row["cycle"] for row in history] == list(range(8))
    assert all(-1 <= row["rho"] <= 1 for row in history)
    best = max(history, key=lambda row: row["rho"])
    assert (found["best_rho"], found["best_config"]) == (best["rho"], best["config"])
    assert all(Configuration.from_dict(row["config"]).width == 4 for row in history)
    assert set(found["holdout"]) >= {"rho", "tau", "top10", "n"}
    assert found["holdout"]["n"] == 10
    run = Store().run(found["run"])
    assert run.status == "finished"
    assert run.result is not None
    assert found["holdout"] == run.result["judged"]["proxy"]


@needs_no_training
def test_the_options_are_those_of_the_run(call: Call) -> None:
    options = ("--strategy", "random", "--mutation", 0.5, "--seeds", 2, "--racing", "--in-flight", 4)
    options += ("--proxy-space", "paper", "--read-out", "--flops-norm", "measured", "--start-from", "wave_low,net")
    wanted = specification_of(
        call(*SMALL, *options, *SEVERAL, "--seed", 3, "--draw", 7, "--task", "cifar100", "--json")
    )
    assert (wanted.space, wanted.task, wanted.images, wanted.seed) == ("nasbench201", "cifar100", "noise", 3)
    assert (wanted.sample.rule, wanted.sample.size, wanted.sample.seed, wanted.held_out) == ("random", 6, 7, 10)
    given = wanted.settings
    assert (given.strategy, given.population, given.tournament, given.cycles) == ("random", 4, 2, 4)
    assert (given.mutation_rate, given.seeds, given.racing, given.members, given.in_flight) == (0.5, 2, True, 3, 4)
    assert (given.flops, given.prior, given.width, given.proxy_space) == (True, False, 4, "paper")
    assert (given.read_out, given.flops_norm, given.start_from) == (True, "measured", ("wave_low", "net"))


@needs_no_training
def test_without_options_it_is_the_preset(call: Call) -> None:
    for name in ("paper", "robust"):
        options = ("dps", "--space", "nasbench201", "--preset", name, "--queue", "--json")
        assert specification_of(call(*options)).settings == settings(name)
    default = specification_of(call("dps", "--space", "nasbench201", "--queue", "--json"))
    assert (default.settings, default.task, default.sample.size) == (settings(), "cifar10", 20)


@needs_no_training
def test_no_prior_overrides_a_preset(call: Call) -> None:
    answer = call(*QUICK, "--preset", "robust", "--no-prior", "--queue", "--json")
    assert specification_of(answer).settings.prior is False


@needs_no_training
def test_the_same_seed_gives_the_same_in_any_store_and_another_one_something_else(call: Call, tmp_path: Path) -> None:
    def found(seed: int, store: str) -> dict[str, Any]:
        answer = call(*SMALL, "--seed", seed, "--store", tmp_path / store, "--json").json
        answer.pop("run")
        return dict(untimed(answer))

    assert found(1, "one") == found(1, "two")
    assert found(1, "one")["history"] != found(2, "one")["history"]


def test_a_second_time_nothing_is_computed(call: Call, instant: list[Instant]) -> None:
    one, two = call(*SMALL, "--json").json, call(*SMALL, "--json").json
    assert len(instant[0].computed) > 0
    assert instant[1].computed == []
    assert one.pop("run") != two.pop("run")
    assert one == two


@needs_no_training
def test_a_search_that_is_not_judged(call: Call) -> None:
    found = call(*SMALL, "--holdout", 0, "--json").json
    assert found["holdout"] is None
    assert len(found["history"]) == 8
    answer = call(*SMALL, "--holdout", 0)
    assert answer.code == 0


@needs_no_training
@pytest.mark.parametrize("options", [(), SEVERAL], ids=["single", "ensemble"])
def test_for_people(call: Call, options: tuple[object, ...]) -> None:
    answer = call(*SMALL, *options)
    assert answer.code == 0
    assert "10 held-out architectures" in answer.out
    assert "(optimistic), 8 trials" in answer.out
    lines = {name: next(line for line in answer.out.splitlines() if name in line) for name in dps.JUDGED.values()}
    assert all(line.count("[") == 3 for line in lines.values())  # intervals of ρ, τ and top-10


@needs_no_training
def test_architectures_from_a_file(call: Call, tmp_path: Path) -> None:
    wanted = list(Sample(size=7, seed=5).draw("nasbench201", "cifar10")["architecture"])
    (tmp_path / "some.txt").write_text("# seven\n" + "\n\n".join(wanted) + "\n", "utf-8")
    answer = call(*SMALL, "--archs-file", tmp_path / "some.txt", "--json")
    assert list(specification_of(answer).architectures()["architecture"]) == wanted


@needs_no_training
def test_the_papers_twenty(call: Call) -> None:
    options = ("--space", "nasbench101", "--rule", "paper-dps-20", "--holdout", 50)
    answer = call(*SMALL, *options, "--json")
    assert answer.json["holdout"]["n"] == 50
    assert len(specification_of(answer).architectures()) == 20


# --- the proxy that it writes ---


@needs_no_training
@pytest.mark.parametrize("options", [(), SEVERAL, ("--flops", "--prior")], ids=str)
def test_what_is_written_ranks_the_held_out_architectures_as_was_told(
    call: Call, tmp_path: Path, options: tuple[object, ...]
) -> None:
    answer = call(*SMALL, *options, "--seed", 2, "--out", tmp_path / "found.yaml", "--json")
    found = answer.json
    proxy = from_yaml((tmp_path / "found.yaml").read_text("utf-8"))
    assert members_of(proxy)[0] == Configuration.from_dict(found["best_config"])
    assert isinstance(proxy, Ensemble) == (options != ())
    assert len(members_of(proxy)) == (3 if options == SEVERAL else 1)

    held_out = specification_of(answer).judge(proxy).sample.picked
    (tmp_path / "others.txt").write_text("\n".join(held_out), "utf-8")
    common = ("--space", "nasbench201", "--images", "noise", "--seed", 2, "--json")
    judged = call("evaluate", *common, "--archs", tmp_path / "others.txt", "--config", tmp_path / "found.yaml").json
    assert {key: judged[key] for key in ("rho", "rho_low", "rho_high", "tau", "top10", "n", "diverged")} == {
        key: found["holdout"][key] for key in ("rho", "rho_low", "rho_high", "tau", "top10", "n", "diverged")
    }
    assert tuple(row["arch"] for row in judged["rows"]) == held_out
    if isinstance(proxy, Ensemble):
        assert all(0 <= row["score"] <= 1 for row in judged["rows"])


@needs_no_training
def test_an_ensemble_file_for_people(call: Call, tmp_path: Path) -> None:
    (tmp_path / "proxy.yaml").write_text(
        to_yaml(Ensemble((configuration(), configuration(momentum=0.5)), 0.5)), "utf-8"
    )
    options = ("--space", "nasbench201", "--images", "noise", "--sample", 6)
    answer = call("evaluate", *options, "--config", tmp_path / "proxy.yaml")
    assert answer.code == 0
    assert "ensemble of 2" in answer.out
    assert "n = 6, diverged 0" in answer.out


@needs_no_training
def test_the_proxy_of_one_space_ranks_another(call: Call, tmp_path: Path) -> None:
    call(*SMALL, *SEVERAL, "--out", tmp_path / "found.yaml")
    options = ("--space", "nasbench101", "--images", "noise", "--sample", 8, "--json")
    found = call("evaluate", *options, "--config", tmp_path / "found.yaml").json
    assert (found["n"], len(found["rows"])) == (8, 8)


@pytest.mark.parametrize("change", [("--set", "momentum=0.5"), ("--width", 8)])
def test_an_ensemble_takes_no_changes_of_one_configuration(
    call: Call, tmp_path: Path, change: tuple[object, ...]
) -> None:
    (tmp_path / "proxy.yaml").write_text(to_yaml(Ensemble((configuration(), configuration(momentum=0.5)))), "utf-8")
    options = ("--space", "nasbench201", "--images", "noise", "--sample", 6, *change)
    refused(call("evaluate", *options, "--config", tmp_path / "proxy.yaml"), "ensemble", "accepted: neither")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("ensemble: 3", "an ensemble is a mapping of others, flops_share, aggregation, but got 3"),
        ("ensemble: {others: [{depth: 3}]}", "unknown configuration key 'depth'"),
        ("ensemble: {flops_share: 9}", "flops_share is 9; accepted: a number from 0 to 4"),
        ("ensemble: {members: 2}", "an ensemble is a mapping of others, flops_share"),
    ],
)
def test_an_ensemble_file_that_is_none(call: Call, tmp_path: Path, text: str, part: str) -> None:
    (tmp_path / "proxy.yaml").write_text(text, "utf-8")
    refused(call("evaluate", "--space", "nasbench201", "--config", tmp_path / "proxy.yaml"), part)
    assert Store().runs() == []


# --- with training ---


def test_from_the_search_to_the_ranking_with_real_trainings(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a proxy search space of quick ones."""
    monkeypatch.setitem(PROXY_SPACES, "paper", TINY)
    monkeypatch.setitem(PRESETS, "laptop", configuration())
    options = (*SMALL, "--archs", 5, "--population", 3, "--cycles", 1, "--holdout", 5, *SEVERAL, "--workers", 1)
    found = call(*options, "--out", tmp_path / "found.yaml", "--json").json
    assert len(found["history"]) == 4
    assert found["holdout"]["n"] == 5
    assert found["seconds_of_training"] > 0
    common = ("--space", "nasbench201", "--images", "noise", "--sample", 3, "--workers", 1, "--json")
    rows = call("evaluate", *common, "--config", tmp_path / "found.yaml").json["rows"]
    assert len({row["score"] for row in rows}) > 1
    assert all(len(row["losses"]) == 2 for row in rows)


# --- its runs ---


@needs_no_training
def test_a_queued_search_is_left_to_a_worker(call: Call, store: Store) -> None:
    queued = call(*SMALL, "--queue", "--json").json
    assert list(queued) == ["run"]
    assert store.run(queued["run"]).status == "queued"
    assert store.count_evaluations() == 0
    shown = call("runs", "show", queued["run"], "--json").json
    assert (shown["status"], shown["specification"]["settings"]["cycles"], shown["result"]) == ("queued", 4, None)
    assert call("work", "--linger", 0, "--json").json == {"runs": 1}
    here = call(*SMALL, "--json").json
    there = call("runs", "show", queued["run"], "--json").json
    assert there.pop("run") == queued["run"]
    here.pop("run")
    assert there == here


@needs_no_training
def test_a_queued_search_for_people(call: Call, store: Store) -> None:
    answer = call(*SMALL, "--queue")
    assert answer.code == 0
    assert answer.out == f"run {store.runs()[0].id}: queued\n"


@needs_no_training
def test_a_finished_search_is_listed_and_shown(call: Call, store: Store) -> None:
    found = call(*SMALL, "--json").json
    (row,) = call("runs", "list", "--json").json["runs"]
    assert (row["id"], row["status"]) == (found["run"], "finished")
    assert "DPS" in row["what"]
    assert row["rho"] == round(found["holdout"]["rho"], 3)
    assert row["done"] == f"{store.count_evaluations()}/{store.count_evaluations()}"
    assert call("runs", "show", found["run"], "--json").json == found
    assert "(optimistic)" in call("runs", "show", found["run"]).out


@needs_no_training
@pytest.mark.parametrize(("request_", "status"), [("pause", "paused"), ("stop", "stopped")])
def test_a_search_is_paused_or_stopped_and_resumed(call: Call, store: Store, request_: str, status: str) -> None:
    queued = call(*SMALL, "--queue", "--json").json["run"]
    assert call("runs", request_, queued, "--json").json["status"] == status
    assert call("work", "--linger", 0, "--json").json == {"runs": 0}
    resumed, expected = call("runs", "resume", queued, "--json").json, call(*SMALL, "--json").json
    assert resumed.pop("run") == queued
    expected.pop("run")
    assert resumed == expected


@needs_no_training
def test_a_search_at_work_is_asked(call: Call, store: Store) -> None:
    queued = call(*SMALL, "--queue", "--json").json["run"]
    put_in(store, queued, "running")
    found = call("runs", "pause", queued, "--json").json
    assert (found["status"], found["request"]) == ("running", "pause")
    assert call("runs", "show", queued).code == 0


@needs_no_training
def test_a_search_is_exported_and_imported(call: Call, tmp_path: Path) -> None:
    found = call(*SMALL, *SEVERAL, "--json").json
    call("runs", "export", found["run"], "--out", tmp_path / "run.json.gz")
    elsewhere = ("--store", tmp_path / "elsewhere.sqlite3", "--json")
    moved = call("runs", "import", tmp_path / "run.json.gz", *elsewhere).json
    assert (moved["status"], moved["origin"]) == ("finished", "imported")
    shown = call("runs", "show", moved["id"], *elsewhere).json
    assert shown.pop("run") == moved["id"]
    found.pop("run")
    assert shown == found


# --- what is refused ---


@needs_no_training
@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (("--preset", "best"), ("unknown DPS preset 'best'", "accepted:", "paper", "robust")),
        (("--population", 0), ("population is 0", "accepted: a whole number from 2 to 1000")),
        (("--population", 1), ("population is 1", "accepted: a whole number from 2 to 1000")),
        (("--population", "many"), ("'many'", "--population")),
        (("--population", 3.5), ("'3.5'", "--population")),
        (("--tournament", 0), ("tournament is 0", "accepted: a whole number from 1 to 1000")),
        (("--cycles", -1), ("cycles is -1", "accepted: a whole number from 0 to 10,000")),
        (("--in-flight", 65), ("in_flight is 65", "accepted: a whole number from 1 to 64")),
        (("--mutation", 0), ("mutation_rate is 0.0", "accepted: a number from 0.01 to 1")),
        (("--mutation", 1.5), ("mutation_rate is 1.5", "accepted: a number from 0.01 to 1")),
        (("--mutation", "nan"), ("mutation_rate is nan", "accepted: a number from 0.01 to 1")),
        (("--mutation", "often"), ("'often'", "--mutation")),
        (("--seeds", 0), ("seeds is 0", "accepted: a whole number from 1 to 10")),
        (("--members", 21), ("members is 21", "accepted: a whole number from 1 to 20")),
        (("--strategy", "luck"), ("'luck'", "evolution", "random", "tpe")),
        (("--proxy-space", "outer"), ("'outer'", "paper")),
        (("--width", "x"), ("width 'x'", "accepted: small, published or a whole number from 4 to 512")),
        (("--width", 3), ("width 3", "accepted: small, published or a whole number from 4 to 512")),
        (("--width", "-8"), ("width -8", "accepted:")),
        (("--archs", 2), ("2 architectures", "accepted: 5 or more, of different accuracy")),
        (("--archs", 0), ("a sample of 0 is not possible", "accepted: 1 to 15625")),
        (("--archs", 20_000), ("a sample of 20000 is not possible", "accepted: 1 to 15625")),
        (("--archs", "some"), ("'some'", "--archs")),
        (("--rule", "luckiest"), ("unknown sampling rule 'luckiest'", "accepted: random")),
        (("--rule", "paper-dps-20"), ("unknown sampling rule 'paper-dps-20'", "accepted: random")),
        (("--archs-file", "/no/such.txt"), ("'/no/such.txt' cannot be read", "No such file")),
        (("--holdout", -1), ("-1", "accepted: a whole number from 0 to 15619")),
        (("--holdout", 15_620), ("15620", "accepted: a whole number from 0 to 15619")),
        (("--space", "weather"), ("unknown search space 'weather'", "accepted:")),
        (("--task", "mnist"), ("unknown task of nasbench201 'mnist'", "accepted: cifar10")),
        (("--images", "imagenet"), ("unknown image source 'imagenet'", "accepted: bundled")),
        (("--seed", -1), ("seed is -1", "accepted: a whole number from 0")),
        (("--draw", -1), ("seed of the sample is -1", "accepted: a whole number from 0")),
        (("--depth", 3), ("--depth",)),
    ],
    ids=lambda value: " ".join(map(str, value))[-40:] if isinstance(value, tuple) else "",
)
def test_bad_input_is_told_in_one_line(call: Call, arguments: tuple[object, ...], parts: tuple[str, ...]) -> None:
    """And leaves nothing behind that a worker would take."""
    refused(call(*SMALL, *arguments), *parts)
    assert Store().runs() == []


@pytest.mark.parametrize(
    "arguments", [("--population", 0), ("--archs", 2), ("--holdout", -1), ("--width", "x")], ids=str
)
def test_bad_input_is_not_queued_either(call: Call, arguments: tuple[object, ...]) -> None:
    refused(call(*SMALL, "--queue", *arguments), str(arguments[1]), "accepted: ")
    assert Store().runs() == []


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (("--device", "tpu"), ("unknown device 'tpu'", "accepted: auto, cpu, cuda")),
        (("--workers", 0), ("0 workers", "accepted: 1 or more")),
    ],
)
def test_a_device_that_is_not_there(call: Call, arguments: tuple[object, ...], parts: tuple[str, ...]) -> None:
    refused(call(*SMALL, *arguments), *parts)
    assert Store().runs() == []


def test_the_space_has_to_be_named(call: Call) -> None:
    refused(call("dps"), "--space")


@needs_no_training
@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "no architecture is picked"),
        ("resnet50\n", "'resnet50'"),
        (f"{CELL}\n" * 9, "1 architectures; accepted: 5"),
    ],
    ids=["empty", "none", "one"],
)
def test_a_file_of_architectures_that_is_none(call: Call, tmp_path: Path, text: str, part: str) -> None:
    (tmp_path / "some.txt").write_text(text, "utf-8")
    refused(call(*SMALL, "--archs-file", tmp_path / "some.txt"), part)
    assert Store().runs() == []


@needs_no_training
def test_a_file_that_cannot_be_written(call: Call, tmp_path: Path) -> None:
    answer = call(*SMALL, "--out", tmp_path / "no" / "such.yaml")
    assert (answer.code, answer.out) == (2, "")
    assert answer.errors.splitlines()[-1].startswith(f"error: the file '{tmp_path}/no/such.yaml' cannot be written")


def test_a_run_that_found_nothing_yet_has_no_proxy(store: Store, tiny_space: None) -> None:
    run = store.create(proxy_search_specification())
    with pytest.raises(UserError, match=f"run {run.id} has found no proxy yet; accepted: a DPS run"):
        dps.found_yaml(run)


def test_help(call: Call) -> None:
    answer = call("dps", "--help")
    assert (answer.code, answer.errors) == (0, "")
    for option in ("--archs", "--cycles", "--population", "--tournament", "--mutation", "--seed", "--out", "--holdout"):
        assert option in answer.out


# --- elsewhere ---


@needs_no_training
def test_the_proxy_found_is_judged_on_every_task_of_its_space(call: Call) -> None:
    run = call(*SMALL, *SEVERAL, "--json").json["run"]
    found = call("transfer", run, "--archs", 12, "--json").json["transfer"]
    assert {row["task"] for row in found} >= {"cifar10", "cifar100", "imagenet16-120"}
    assert {(row["space"], row["n"]) for row in found} == {("nasbench201", 12)}
    again = call("transfer", run, "--archs", 12, "--task", "cifar100", "--json").json["transfer"]
    (same,) = [row for row in found if row["task"] == "cifar100"]
    assert again[0]["rho"] == same["rho"]


@needs_no_training
def test_only_a_search_has_something_to_transfer(call: Call) -> None:
    run = call("evaluate", "--space", "nasbench201", "--sample", 3, "--width", 4, "--images", "noise", "--json").json[
        "run"
    ]
    answer = call("transfer", run)
    assert (answer.code, answer.out) == (2, "")
    assert answer.errors == f"error: run {run} is not a proxy search; accepted: a proxy search\n"
