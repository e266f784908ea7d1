"""Learned rankings as runs: what is asked for, what the model sees, what is found, what is told."""

from __future__ import annotations

import hashlib
import json
import math
import shlex
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from eproxy_engine import benchmarks, spaces
from eproxy_engine.baselines import Baseline
from eproxy_engine.cli import group
from eproxy_engine.errors import UserError
from eproxy_engine.learning.models import MODELS
from eproxy_engine.learning.panels import panel, shipped
from eproxy_engine.learning.panels.panel import Score
from eproxy_engine.learning.settings import RankingSettings
from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.runs import RankingSpecification, Run, Store, archive
from eproxy_engine.runs.command_line import PROGRAM, command
from eproxy_engine.runs.kinds.ranking.cost import cost
from eproxy_engine.runs.kinds.ranking.labels import labels_in
from eproxy_engine.runs.kinds.ranking.plan import RankingPlan
from eproxy_engine.runs.kinds.ranking.problem import Problem, problem_of, ranking
from eproxy_engine.runs.kinds.registry import specification_of
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.plan import replayed
from eproxy_engine.runs.worker import work_on
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring.named import NamedProxy, named
from tests.runs.conftest import configuration, lasting, made_up

SPACE, TASK = "nasbench101", "cifar10"
LABELS = 10
SETTINGS = {"model": "gp", "labels": LABELS, "choose": "spread-out", "draws": 3}


def shipping(size: int = 0) -> list[str]:
    """Measured architectures whose scores ship; all of them for 0."""
    ships = shipped(SPACE)
    assert ships is not None
    rows = benchmarks.known(SPACE, TASK)
    found = [text for text in rows["architecture"] if text in ships.table.index]
    return found[: size or None]


def rankings(size: int = 60, **changes: Any) -> RankingSpecification:
    """Changes of settings among the others; candidates whose scores ship, unless ``sample`` says which."""
    settings = {name: changes.pop(name) for name in SETTINGS if name in changes}
    values: dict[str, Any] = {"space": SPACE, "task": TASK, "sample": Sample("picked", picked=tuple(shipping(size)))}
    values |= {"settings": RankingSettings(**SETTINGS | settings)}
    return RankingSpecification(**{**values, **changes})


class Instant:
    """Values from the key; those of ``failing`` architectures are not finite."""

    def __init__(self, *failing: str) -> None:
        self.computed: list[Evaluation] = []
        self._failing = failing

    def run(self, evaluations: Iterable[Evaluation]) -> Iterator[tuple[Evaluation, Outcome]]:
        for evaluation in evaluations:
            self.computed.append(evaluation)
            yield evaluation, self._outcome(evaluation)

    def close(self) -> None:
        pass

    def _outcome(self, evaluation: Evaluation) -> Outcome:
        if not isinstance(evaluation.configuration, Baseline):
            return made_up(evaluation)
        if evaluation.architecture in self._failing:
            return Outcome(((math.nan,),), 0.5, note="gave nan")
        digits = hashlib.sha256(evaluation.key.encode()).digest()
        return Outcome(((int.from_bytes(digits[:4]) / 1e6,),), 0.5)


def finished(store: Store, wanted: RankingSpecification, executor: Instant | None = None) -> Run:
    run = work_on(store, Lease(store, store.create(wanted).id), executor or Instant())
    assert run.status == "finished", run.error
    return run


@lru_cache
def result_of(wanted: RankingSpecification) -> dict[str, Any]:
    """Of a specification with nothing to compute."""
    result = RankingPlan(wanted).result({})
    assert result is not None
    return result


def problem(wanted: RankingSpecification) -> Problem:
    made = problem_of(wanted, {})
    assert made is not None
    return made


def table_of(wanted: RankingSpecification) -> pd.DataFrame:
    return ranking(problem(wanted))


# --- what it asks for ---


def test_nothing_is_computed_where_all_scores_ship(store: Store) -> None:
    executor = Instant()
    run = finished(store, rankings(), executor)
    assert executor.computed == []
    assert run.result is not None
    ships = shipped(SPACE)
    assert ships is not None
    expected = sum(each["seconds"] for name, each in ships.about.items() if name in panel("quick").names)
    assert run.result["seconds_per_architecture"] == pytest.approx(expected)


def test_only_what_does_not_ship_is_computed(store: Store) -> None:
    """Of a proxy that does not ship, all networks; of a network that does not, all proxies."""
    ships = shipped(SPACE)
    assert ships is not None
    every = [text for text in benchmarks.known(SPACE, TASK)["architecture"] if text not in ships.table.index]
    missing = every[:2]
    picked = Sample("picked", picked=(*shipping(20), *missing))
    wanted = rankings(sample=picked, panel=panel("quick").with_proxies([named("snip")]))
    executor = Instant()
    run = finished(store, wanted, executor)
    asked = {(each.configuration.name, each.architecture) for each in executor.computed}  # type: ignore[attr-defined]
    expected = {("snip", text) for text in picked.picked}
    expected |= {(score.name, text) for score in panel("quick").scores for text in missing}
    assert asked == expected
    assert len(executor.computed) == len(expected)
    assert {each.key for each in cost(wanted).evaluations} == {each.key for each in executor.computed}
    again = Instant()
    assert lasting(finished(store, wanted, again).result) == lasting(run.result)
    assert again.computed == []


def test_other_images_and_seeds_do_not_ship() -> None:
    assert len(rankings(images="noise").evaluations()) == len(rankings(seed=2).evaluations()) == 60 * 7
    assert rankings().evaluations() == rankings(seed=2, panel=panel("instant")).evaluations() == []


def test_there_is_no_result_before_all_scores_are_known(store: Store) -> None:
    wanted = rankings(panel=panel("quick").with_proxies([named("snip")]))
    outcomes = {each.key: Instant()._outcome(each) for each in wanted.evaluations()}
    key = next(iter(outcomes))
    assert RankingPlan(wanted).result(outcomes) is not None
    assert RankingPlan(wanted).result({name: each for name, each in outcomes.items() if name != key}) is None
    assert not replayed(RankingPlan(wanted), lambda wanted: {}).complete


def test_shipped_and_computed_scores_stand_in_their_rows(store: Store) -> None:
    proxies = [named("snip"), NamedProxy("eproxy", configuration())]
    wanted = rankings(panel=panel("quick").with_proxies(proxies))
    failing = wanted.candidates()["network"][7]
    finished(store, wanted, Instant(failing))
    outcomes = store.outcomes(wanted.evaluations())
    made = problem_of(wanted, outcomes)
    ships = shipped(SPACE)
    assert made is not None
    assert ships is not None
    networks = wanted.candidates()["network"]
    assert made.scores["meco"].tolist() == ships.table.loc[networks, "meco"].tolist()
    values = [outcomes[each.key].values[0][0] for each in wanted.evaluations() if each.configuration == _snip(wanted)]
    assert made.scores["snip"][7] == -math.inf
    assert made.scores["snip"].drop(7).tolist() == [value for value in values if math.isfinite(value)]
    norms = wanted.candidates()["flops"] / spaces.get(SPACE).largest_flops
    eproxies = [
        outcomes[Evaluation.of(SPACE, network, configuration(), "bundled", 1).key].score(configuration(), norm)
        for network, norm in zip(networks, norms, strict=True)
    ]
    assert made.scores["eproxy"].tolist() == eproxies


def _snip(wanted: RankingSpecification) -> Any:
    return wanted.evaluations_of(wanted.panel.scores[-2])[0].configuration


# --- what the model sees ---


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("choose", ["spread-out", "random"])
def test_accuracies_that_are_not_labelled_change_nothing(
    monkeypatch: pytest.MonkeyPatch, model: str, choose: str
) -> None:
    """Permuted or others altogether: not a bit of the whole ranking. Those that are labelled change it."""
    wanted = rankings(40, model=model, choose=choose)
    before = table_of(wanted)
    original = wanted.candidates()
    labelled = original["architecture"].isin(before.loc[before["labelled"], "architecture"])
    rng = np.random.default_rng(0)

    def change(where: pd.Series, values: Any) -> pd.DataFrame:
        changed = original.copy()
        changed.loc[where, "accuracy"] = values
        monkeypatch.setattr(RankingSpecification, "candidates", lambda self: changed.copy())
        return table_of(wanted).drop(columns="accuracy")

    columns = before.drop(columns="accuracy")
    for values in (rng.permutation(original.loc[~labelled, "accuracy"]), rng.normal(size=(~labelled).sum())):
        pd.testing.assert_frame_equal(change(~labelled, values), columns, check_exact=True)
    if model != "prior":
        changed = change(labelled, original.loc[labelled, "accuracy"].to_numpy()[::-1])
        assert changed["predicted"].tolist() != columns["predicted"].tolist()


def test_own_labels_are_all_that_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    given = tuple(zip(shipping(12), np.random.default_rng(0).uniform(0, 1, 12).tolist(), strict=True))
    wanted = rankings(40, given=given)
    before = table_of(wanted)
    assert before["labelled"].sum() == 12
    own = before.set_index("architecture")["accuracy"]
    assert own[[text for text, _ in given]].tolist() == [value for _, value in given]
    changed = wanted.candidates()
    changed["accuracy"] = np.random.default_rng(1).permutation(changed["accuracy"])
    monkeypatch.setattr(RankingSpecification, "candidates", lambda self: changed.copy())
    after = table_of(wanted)
    assert after["predicted"].tolist() == before["predicted"].tolist()
    assert after["architecture"].tolist() == before["architecture"].tolist()


# --- what it finds ---


def test_the_result_is_what_scipy_gives_on_the_others() -> None:
    wanted = rankings(80, draws=1)
    result, table = result_of(wanted), table_of(wanted)
    others = table[~table["labelled"]]
    assert (result["candidates"], result["labels"], result["n"], result["draws"]) == (80, LABELS, 70, 1)
    for name, correlation in (("rho", stats.spearmanr), ("tau", stats.kendalltau)):
        expected = correlation(others["predicted"], others["accuracy"]).statistic
        assert result[name] == {"mean": pytest.approx(expected), "sd": 0}
    assert result["flops"]["mean"] == pytest.approx(stats.spearmanr(others["flops"], others["accuracy"]).statistic)
    assert result["models"]["gp"]["rho"] == result["rho"]
    assert result["models"]["gp"]["top10"] == result["top10"]
    assert table["rank"].tolist() == list(range(1, 81))
    assert (table["predicted"].diff().dropna() <= 0).all()


@pytest.mark.parametrize("model", MODELS)
def test_the_result_has_what_is_promised_as_json(model: str) -> None:
    wanted = rankings(draws=2, model=model)
    result, table = result_of(wanted), table_of(wanted)
    assert set(result) >= {"n", "draws", "labels", "rho", "tau", "top10", "precision10", "flops", "models"}
    spreads = [result[name] for name in ("rho", "tau", "top10", "precision10", "flops")]
    spreads += [each[name] for each in result["models"].values() for name in ("rho", "top10")]
    assert all(each.keys() == {"mean", "sd"} and -1 <= each["mean"] <= 1 and each["sd"] >= 0 for each in spreads)
    assert set(result["models"]) == set(MODELS)
    assert {"flops", "parameters", "az_nas"} <= set(result["references"])
    assert set(result["carried_by"]) == set(panel("quick").names)
    assert set(result["coverage"]) == {"0.5", "0.8", "0.95"}
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    assert list(table) == [
        "rank",
        "architecture",
        "predicted",
        "deviation",
        "labelled",
        "accuracy",
        *panel("quick").names,
    ]


def test_more_labels_draws_and_what_is_left_out() -> None:
    """The curve's labels are the first of a larger draw, so that its row of the same number is the result itself."""
    wanted = rankings(80, labels=20)
    result = result_of(wanted)
    curve = {row["labels"]: row for row in result["curve"]}
    assert list(curve) == [5, 10, 20, 50]
    assert curve[20]["rho"] == result["rho"]
    made = problem(wanted)
    for number in range(3):
        assert made.draw(number, 50)[:10].tolist() == made.draw(number, 10).tolist()
        assert len(set(made.draw(number, 50).tolist())) == 50
    assert made.draw(0).tolist() != made.draw(1).tolist()
    assert set(result["without"]) >= {*panel("quick").names, "descriptors", "prior", "all computed scores"}
    assert RankingPlan(wanted).result({}) == result


def test_it_beats_flops_on_nasbench101() -> None:
    """As issue 19 promises, if more loosely on a fraction of the candidates and draws."""
    result = result_of(rankings(250, labels=20, draws=5))
    assert result["rho"]["mean"] > 0.75 > result["flops"]["mean"] + 0.2
    assert result["models"]["best"]["rho"]["mean"] < result["rho"]["mean"]


def test_marked_and_known_labels_are_the_same_in_every_draw() -> None:
    known = result_of(rankings(40, choose="known"))
    assert (known["labels"], known["n"], known["draws"]) == (40, 0, 1)
    assert "rho" not in known
    wanted = rankings(40, choose="marked")
    twenty = set(Sample("paper-dps-20").draw(SPACE, TASK)["architecture"])
    rows = wanted.candidates()
    assert set(rows.loc[rows["marked"], "architecture"]) == twenty
    assert len(rows) == 60


def test_a_score_that_does_not_vary_is_named_and_a_failed_architecture_counted(store: Store) -> None:
    class Constant(Instant):
        def _outcome(self, evaluation: Evaluation) -> Outcome:
            return Outcome(((3.0,),), 0.1) if evaluation.configuration.name == "snip" else super()._outcome(evaluation)  # type: ignore[attr-defined]

    wanted = rankings(30, images="noise", panel=panel("instant").with_proxies([named("snip"), named("naswot")]))
    run = finished(store, wanted, Constant())
    assert run.result is not None
    assert run.result["left_out"] == ["snip"]
    assert set(run.result["carried_by"]) == {"parameters", "flops", "naswot"}


def test_equal_networks_are_scored_once_and_do_not_judge_each_other() -> None:
    wanted = RankingSpecification("nasbench201", "cifar10", Sample(size=300), panel("instant"))
    family, rows = spaces.get("nasbench201"), wanted.candidates()
    assert len(rows) == 300 > rows["network"].nunique()
    assert list(rows["network"]) == [str(family.equivalent(family.parse(text))) for text in rows["architecture"]]
    assert len(wanted.missing(Score("zen", Baseline("zen")))) == rows["network"].nunique()
    made = problem(wanted)
    labelled = made.draw(0)
    held_out = rows["network"].iloc[made.court.held_out(labelled)]
    assert not set(held_out) & set(rows["network"].iloc[labelled])


# --- as text, as a file, as words ---


def test_plain_values_give_it_back() -> None:
    given = tuple(zip(shipping(4), [0.5, 1, 2, 3.5], strict=True))
    for wanted in (rankings(), rankings(given=given, seed=3, panel=panel("full"), model="ridge", draws=7)):
        plain = json.loads(json.dumps(wanted.as_dict()))
        assert specification_of("rank", plain) == wanted
        assert RankingSpecification.from_dict(plain) == wanted
    with pytest.raises(UserError, match="the specification of a run cannot be read"):
        RankingSpecification.from_dict({**rankings().as_dict(), "panel": "quick"})


def test_titles_say_what_is_ranked_by_how_many_labels() -> None:
    start = "NAS-Bench-101, cifar10: 60 architectures (picked), "
    assert rankings().title == start + "10 labels, panel quick"
    assert rankings(choose="known").title == start + "labels known, panel quick"
    given = tuple(zip(shipping(4), [1.0, 2.0, 3.0, 4.0], strict=True))
    assert rankings(given=given).title == start + "4 labels of your own, panel quick"


def test_it_travels_as_a_file(store: Store, tmp_path: Path) -> None:
    run = finished(store, rankings(panel=panel("quick").with_proxies([named("snip")])))
    other = Store(tmp_path / "other.sqlite3")
    again = archive.unpack(other, archive.pack(store, run.id), "imported")
    assert (again.status, again.result, again.specification) == ("finished", run.result, run.specification)
    other.close()


def test_its_command_launches_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the files that it names: of candidates, of labels and of a proxy."""
    monkeypatch.chdir(tmp_path)
    given = tuple(zip(shipping(4), [1.0, 2.5, 3.0, 4.0], strict=True))
    text = "architecture,mine (points)\n" + "".join(f'"{each}",{value}\n' for each, value in given)
    Path("labels.csv").write_text(text, "utf-8")
    Path("architectures.txt").write_text("\n".join(shipping(60)), "utf-8")
    Path("naswot.yaml").write_text("proxy: naswot\n", "utf-8")
    more = panel("quick").with_proxies([named("naswot")])
    for wanted in (
        rankings(),
        rankings(given=given, model="ridge"),
        rankings(sample=Sample(size=70, seed=4), panel=panel("instant"), choose="random", labels=7, draws=11, seed=2),
        rankings(sample=Sample("spread", 9, 5), panel=more, seed=5, given=given),
    ):
        words = shlex.split(command(wanted).removeprefix(PROGRAM))
        assert launched_by(monkeypatch, words) == wanted, words


class Noticed(Exception):
    pass


def launched_by(monkeypatch: pytest.MonkeyPatch, words: list[str]) -> RankingSpecification:
    """What a command line is about to carry out."""
    seen: list[RankingSpecification] = []

    def notice(store: Store, specification: RankingSpecification, executor: object) -> Run:
        seen.append(specification)
        raise Noticed

    monkeypatch.setattr("eproxy_engine.cli.running.carried_out_here", notice)
    with click.Context(group) as context:
        name, chosen, rest = group.resolve_command(context, words)
        assert name == "rank"
        assert chosen is not None
        with pytest.raises(Noticed), chosen.make_context(name, [*rest, "--store", "store.sqlite3"], context) as inner:
            chosen.invoke(inner)
    return seen[0]


# --- what is wrong ---


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"labels": 2}, "2 labelled architectures; accepted: 3 or more, or the model prior"),
        ({"labels": 61}, "61 labelled architectures; accepted: up to 60, the known accuracies here"),
        ({"given": (("A", 1.0), ("B", 2.0))}, "2 labelled architectures; accepted: 3 or more, or the model prior"),
        ({"given": tuple(zip("ABCD", [5.0] * 4, strict=True))}, "all 4 known accuracies are 5; accepted: at least two"),
        ({"given": (("A", math.nan), ("B", 2.0), ("C", 3.0))}, "is nan; accepted: a finite number"),
        ({"given": (("A", math.inf), ("B", 2.0), ("C", 3.0))}, "is inf; accepted: a finite number"),
        ({"given": (("nonsense", 1.0), ("B", 2.0), ("C", 3.0))}, "'nonsense'"),
        ({"given": (("A", 1.0),) * 10_001}, "10,001 labels; accepted: up to 10,000"),
        ({"task": "birds"}, "unknown task of nasbench101 'birds'; accepted: cifar10"),
        ({"images": "birds"}, "birds"),
        ({"seed": -1}, "seed is -1"),
        ({"sample": Sample(size=5_000)}, "a sample of 5000 is not possible"),
    ],
)
def test_what_cannot_be_ranked_is_told(store: Store, changes: dict[str, Any], said: str) -> None:
    letters = dict(zip("ABCD", shipping(4), strict=True))
    if "given" in changes:
        changes = {"given": tuple((letters.get(text, text), value) for text, value in changes["given"])}
    with pytest.raises(UserError) as error:
        store.create(rankings(**changes))
    assert said in str(error.value)
    assert len(str(error.value)) < 500


def test_a_space_without_marked_ones_and_unknown_settings_are_told() -> None:
    wanted = RankingSpecification("nasbench201", "cifar10", Sample(size=20), settings=RankingSettings(choose="marked"))
    with pytest.raises(UserError, match="nasbench201 has no marked subset; accepted: another way to choose"):
        wanted.checked()
    with pytest.raises(UserError, match=r"'oracle'.*gp.*ridge.*best.*mean4.*prior"):
        RankingSettings(model="oracle")
    with pytest.raises(UserError, match=r"1001.*1000"):
        RankingSettings(labels=1001)


@pytest.mark.filterwarnings("error")
def test_without_labels_no_model_but_the_prior_is_fitted() -> None:
    assert set(result_of(rankings(40, model="prior", labels=0))["models"]) == {"prior"}


@pytest.mark.filterwarnings("ignore:Mean of empty slice", "ignore:invalid value encountered")
def test_the_prior_needs_no_label() -> None:
    wanted = rankings(model="prior", labels=0)
    result, table = result_of(wanted), table_of(wanted)
    assert (result["labels"], result["n"]) == (0, 60)
    assert result["rho"] == result["models"]["prior"]["rho"]
    assert not table["labelled"].any()


# --- labels of one's own ---


def labels(*rows: str, header: str = "architecture,mine (points)") -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def test_labels_are_read_from_a_file() -> None:
    one, other, third = shipping(3)
    content = labels(f'"{one}",0.5', f'"{other}",-2', f'"{third}",')
    with pytest.raises(UserError, match="line 4: no accuracy"):
        labels_in(SPACE, content, "mine.csv")
    assert labels_in(SPACE, labels(f'"{one}",0.5', f'"{other}",-2'), "mine.csv") == ((one, 0.5), (other, -2.0))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (labels('"A",1', '"nonsense",2'), ("'mine.csv', line 3", "'nonsense'", "accepted")),
        (labels('"A",1', '"B",2', '"A",3'), ("'mine.csv', line 4", "the same architecture as in line 2")),
        (labels('"x",1', '"y",2', '"A",3'), ("line 2", "(1 more rows are wrong)")),
        (labels('"A",1,2', header="architecture,one,two"), ("'mine.csv'", "one, two", "accepted: exactly one")),
        (labels('"A",good', '"B",2'), ("line 2", "'good'", "accepted: a finite number")),
        (labels('"A",1e999', '"B",2'), ("line 2", "'1e999'", "accepted: a finite number")),
        (labels('"A",120', header="architecture,mine"), ("line 2", "mine is 120, in '%'", "accepted: 0 to 100")),
        (b"architecture,mine\n\xff\xfe,3\n", ("not UTF-8 text (byte 18)", "accepted: CSV, saved as UTF-8")),
        (b"", ("the file 'mine.csv' is empty", "accepted")),
        (b"net,mine\nx,3\n", ("needs one column 'architecture'",)),
    ],
)
def test_what_is_wrong_with_labels_is_told_in_one_line(content: bytes, said: tuple[str, ...]) -> None:
    for letter, text in zip("AB", shipping(2), strict=True):
        content = content.replace(f'"{letter}"'.encode(), f'"{text}"'.encode())
    with pytest.raises(UserError) as error:
        labels_in(SPACE, content, "mine.csv")
    message = str(error.value)
    assert all(part in message for part in said), message
    assert "\n" not in message
