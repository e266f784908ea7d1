"""The lesson on a tiny made-up set of results, of which every number is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.lesson import data
from app.lesson.recompute import compared, stored
from app.lesson.table_1 import printed_values
from eproxy_engine.errors import UserError
from eproxy_engine.proxy import Configuration, Outcome
from eproxy_engine.proxy.evaluation import NATIVE, TORCH
from eproxy_engine.runs import Specification, Store, bundled
from tests.app.driving import chosen, control, opened, read
from tests.app.lesson import made_lesson as made

STEPS = 11


@pytest.fixture(scope="session")
def lesson_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lesson")
    made.make_lesson(folder, tmp_path_factory.mktemp("scratch") / "store.sqlite3")
    return folder


@pytest.fixture(autouse=True)
def lesson(lesson_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "LESSON_FOLDER", lesson_folder)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Store]:
    """Stores for which a worker was asked for; none starts."""
    stores: list[Store] = []
    monkeypatch.setattr("app.shell.launching.start_detached", stores.append)
    return stores


@pytest.fixture
def step(app: AppTest) -> Callable[[int], AppTest]:
    return lambda number: opened(app, "why_a_barrier", step=str(number))


def said(app: AppTest) -> str:
    return " ".join(info.value for info in app.info)


def test_one_walks_from_the_first_step_to_the_last_and_back(step: Callable[[int], AppTest]) -> None:
    app = step(1)
    headings = [app.header[0].value]
    for _ in range(STEPS - 1):
        app.button(key="lesson-next-below").click().run()
        assert not app.exception
        assert not app.error
        headings.append(app.header[0].value)
    assert headings == [
        "Two architectures",
        "The task",
        "Watch them sort",
        "Without the barrier",
        "With the barrier",
        "The ranking",
        "The surfaces",
        "The learning rate",
        "Table 1",
        "So when?",
        "What to take home",
    ]
    assert app.query_params["step"] in ("11", ["11"])
    assert "lesson-next-below" not in {button.key for button in app.button}
    app.button(key="lesson-back-above").click().run()
    assert app.header[0].value == "So when?"


def test_a_step_beyond_the_last_is_the_last(step: Callable[[int], AppTest]) -> None:
    assert step(99).header[0].value == "What to take home"


def test_the_pair_stays_from_step_to_step(step: Callable[[int], AppTest]) -> None:
    app = step(1)
    ranked = sorted(made.accuracies().values(), reverse=True)
    app.slider(key="lesson-good").set_value(3).run()
    app.slider(key="lesson-bad").set_value(2).run()
    assert f"{ranked[2] - ranked[-2]:.2f} percentage points" in said(app)
    for _ in range(3):
        app.button(key="lesson-next-above").click().run()
    assert (app.slider(key="lesson-good").value, app.slider(key="lesson-bad").value) == (3, 2)


def test_curves_say_what_the_data_say(step: Callable[[int], AppTest]) -> None:
    app = step(5)
    known = sorted(made.accuracies().values())
    worst, best = known[0], known[-1]
    app.slider(key="lesson-good").set_value(1)
    app.slider(key="lesson-bad").set_value(1).run()
    assert f"the bad one is {1 - (100 + worst) / (100 + best):.0%} lower: the wrong way round" in said(app)
    assert f"the good one is {1 - (100 - best) / (100 - worst):.0%} lower, as it should be" in said(app)
    assert "**0%** are in the right order: worse than a coin" in said(app)
    assert "**100%** are in the right order: better than a coin" in said(app)
    app.toggle(key="lesson-barrier").set_value(False).run()
    assert "**100%**" not in said(app)
    app.slider(key="lesson-iteration").set_value(1).run()
    assert "they overlap" in said(app)
    assert "**50%** are in the right order: no better than a coin" in said(app)


def test_a_seed_that_does_not_ship_says_what_it_would_cost(step: Callable[[int], AppTest]) -> None:
    app = step(4)
    app.selectbox(key="lesson-seed").set_value(2).run()
    assert "nothing is computed for these two yet" in said(app)
    assert any(caption.value.startswith("2 evaluations, about **") for caption in app.caption)


def test_two_architectures_are_computed_here_and_come_back_to_the_lesson(
    step: Callable[[int], AppTest], started: list[Store], tmp_path: Path
) -> None:
    app = step(4)
    control(app, "button", "Compute these two").click().run()
    assert len(started) == 1
    with_picked = Store().run(chosen(app).run or "").specification
    rows = made.SAMPLE.draw(made.SPACE, made.TASK).sort_values("accuracy", kind="stable", ascending=False)
    good, bad = app.slider(key="lesson-good").value, app.slider(key="lesson-bad").value
    assert with_picked.sample.picked == (rows["architecture"].iloc[good - 1], rows["architecture"].iloc[-bad])
    assert replace(with_picked, sample=made.SAMPLE) == made.swept(barrier=False)
    assert app.header[0].value == "Without the barrier"
    assert control(app, "button", "Compute these two").disabled


@pytest.mark.parametrize(
    ("number", "key", "expected"),
    [
        (7, "surfaces-0", [made.looked_at()]),
        (6, "ranking-1", [made.swept(False), made.swept(True)]),
        (9, "table-1", [made.compared()]),
    ],
)
def test_the_shipped_specifications_themselves_can_be_computed(
    step: Callable[[int], AppTest], started: list[Store], number: int, key: str, expected: list[Specification]
) -> None:
    app = step(number)
    app.button(key=f"lesson-compute-{key}").click().run()
    launched = [run.specification for run in Store().runs() if run.origin == "local"]
    assert launched[::-1] == expected
    assert len(started) == 1


def test_what_is_computed_here_stands_beside_what_ships(step: Callable[[int], AppTest]) -> None:
    known = made.accuracies()
    given = sorted(made.swept(barrier=False).evaluations(), key=lambda each: known[each.architecture])
    with_barrier = made.swept(True).proxy
    assert isinstance(with_barrier, Configuration)
    for each in [*given[:3], *given[-3:]]:
        Store().put(each, Outcome(made.curve(with_barrier, known[each.architecture]), 1.0))
    app = step(4)
    assert any(f"6 of {made.COUNT} evaluations; largest relative difference" in c.value for c in app.caption)
    assert f"Of all pairs among {made.COUNT} architectures **0%** are in the right order" in said(app)
    app.slider(key="lesson-good").set_value(1)
    app.slider(key="lesson-bad").set_value(1)
    control(app, "button_group", "Numbers shown").set_value("computed here").run()
    assert "Of all pairs among 6 architectures **100%** are in the right order" in said(app)


def test_what_ships_in_a_run_was_not_computed_here(
    step: Callable[[int], AppTest], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = made.swept(barrier=False).evaluations()
    for each in given[:3]:
        store.put(each, Outcome(((3.0,) * 10,), 1.0))
    shipping = frozenset(each.key for each in given[:2])
    monkeypatch.setattr(bundled, "bundled_keys", lambda: shipping)
    told = f"Computed here: 1 of {made.COUNT} evaluations, beside 2 of runs that ship"
    assert any(told in caption.value for caption in step(4).caption)
    monkeypatch.setattr(bundled, "bundled_keys", lambda: shipping | {given[2].key})
    assert not any("Computed here" in caption.value for caption in step(4).caption)


def test_ranking_of_twenty_and_of_all(step: Callable[[int], AppTest]) -> None:
    app = step(6)
    assert "With 20 architectures ρ is **1.00 [1.00, 1.00]** with the barrier and **−1.00 [−1.00, −1.00]**" in said(app)
    assert f"With {made.COUNT} architectures" in said(app)
    assert "without the barrier ρ would be 1.00, and both are the same" in said(app)  # flipped
    app.slider(key="lesson-count").set_value(made.COUNT).run()
    assert "With 20 architectures" not in said(app)


def test_table_1_follows_the_iterations(step: Callable[[int], AppTest]) -> None:
    app = step(9)
    assert "Learning rate 1: the barrier is ahead by 2.00 [2.00, 2.00]: more than chance explains" in said(app)
    app.slider(key="lesson-table-iteration").set_value(1).run()  # all losses are the same: no rank, no ρ
    assert "Learning rate 1: there is not enough to compare" in said(app)


def test_the_learning_rate_step_names_the_best(step: Callable[[int], AppTest]) -> None:
    app = step(8)
    assert "ρ is 1.00 [1.00, 1.00] with the barrier and −1.00 [−1.00, −1.00] without it" in said(app)
    assert "Diverged by then, of 20 architectures: 0 with the barrier and 0 without it" in said(app)


def test_surfaces_are_measured_against_what_the_paper_says(step: Callable[[int], AppTest]) -> None:
    """A ridge with the barrier, planes without: rougher for both, and equally so."""
    app = step(7)
    assert "rougher for **2 of 2**, as the paper says" in said(app)
    assert said(app).count(": 1.0 with, 0 without") == 2
    assert "Good and bad differ" not in said(app)  # no factor between two zeros


@pytest.mark.parametrize(("number", "name"), [(4, "barrier-off"), (7, "landscapes"), (9, "table-1")])
def test_a_missing_file_is_told(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: int, name: str
) -> None:
    monkeypatch.setattr(data, "LESSON_FOLDER", tmp_path)
    app.query_params["step"] = str(number)
    app.run()
    app.switch_page("../pages/why_a_barrier.py").run()
    assert not app.exception
    assert f"{name}.json.gz is missing" in read(app.error[0])
    assert app.button(key="lesson-back-below") is not None


def test_a_file_of_another_kind_is_told(lesson_folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "table-1.json.gz").write_bytes((lesson_folder / "landscapes.json.gz").read_bytes())
    monkeypatch.setattr(data, "LESSON_FOLDER", tmp_path)
    with pytest.raises(UserError, match="kind 'landscape'; accepted: 'compare'"):
        data.table_1()


def test_differences_between_shipped_and_computed() -> None:
    one, other, broken = (Outcome(((value,),), 1.0) for value in (4.0, 3.0, float("inf")))
    assert compared({"a": one, "b": other}, {"a": one}) == "; equal to the shipped ones to the last digit"
    assert compared({"a": one}, {"a": other}) == "; largest relative difference 0.2"
    assert compared({"a": one}, {"a": broken}) == "; at least one diverged in one of the two only"
    assert compared({"a": one}, {"b": one}) == "; none of them ship"


def test_the_printed_table_is_the_papers() -> None:
    printed = printed_values()
    assert sorted(printed) == [10, 100, 200]
    assert printed[10] == {
        (False, 1.0): 0.08,
        (False, 0.1): -0.22,
        (False, 0.01): -0.19,
        (True, 1.0): 0.65,
        (True, 0.1): 0.46,
        (True, 0.01): 0.09,
    }


def test_the_ranking_counts_what_is_evaluated(step: Callable[[int], AppTest], store: Store) -> None:
    """With a seed of which only seven evaluations, all with the barrier, are there yet."""
    given = replace(made.swept(barrier=True), seed=2)
    for each in given.evaluations()[:7]:
        store.put(each, Outcome(((3.0,), (float(int(each.key[:4], 16)),)), 1.0))
    app = step(6)
    app.selectbox(key="lesson-seed").set_value(2).run()
    assert "With 7 architectures ρ is **" in said(app)
    assert f"Evaluated so far, of {made.COUNT}: 7 with the barrier, 0 without." in said(app)
    assert f"With {made.COUNT}" not in said(app)


def test_surfaces_without_a_finite_loss_are_not_compared(step: Callable[[int], AppTest], store: Store) -> None:
    for each in data.evaluations(made.looked_at()):
        rows, columns = each.configuration.shape()  # type: ignore[attr-defined]
        store.put(each, Outcome(((float("nan"),) * columns,) * rows, 1.0))
    app = step(7)
    control(app, "button_group", "Numbers shown").set_value("computed here").run()
    assert "nothing to compare" in said(app)
    assert "the paper says" not in said(app)


def test_the_end_of_the_sorting_is_told(step: Callable[[int], AppTest]) -> None:
    app = step(3)
    assert "Without the barrier ρ goes from no order before the first update to **−1.00** at iteration 10" in said(app)
    assert "With the barrier ρ goes from no order before the first update to **1.00** at iteration 10" in said(app)


def test_the_settings_in_which_the_barrier_helps_are_counted(step: Callable[[int], AppTest]) -> None:
    """The lesson's own, and three learning rates of the table: on all of them the barrier turns the order round."""
    app = step(10)
    assert "helps beyond chance in **4 of 4** settings and harms in **0**" in said(app)
    assert "ρ 1.00 with and −1.00 without" in said(app)


def test_a_class_gets_one_question_at_a_time_and_nothing_to_compute(app: AppTest) -> None:
    opened(app, "why_a_barrier", step="4", teach="on")
    assert not app.expander
    assert not [button for button in app.button if button.label.startswith("Compute")]
    assert "If the two curves overlap" not in " ".join(each.value for each in app.subheader)
    for answers in ([], ["It is too easy."]):
        app.button(key="lesson-reveal-4").click().run()
        assert any(each.value.startswith("If the two curves overlap") for each in app.subheader)
        shown = [each.value for each in app.markdown if each.value.startswith("It is too easy.")]
        assert len(shown) == len(answers)
    assert app.query_params["teach"] in ("on", ["on"])
    assert app.query_params["step"] in ("4", ["4"])
    app.button(key="lesson-teach").click().run()
    assert app.expander
    assert "teach" not in app.query_params


def test_torch_stands_in_for_kernels(store: Store) -> None:
    """What ships by kernels is computed by torch where there are none, and shown under the same architectures."""
    shipped = replace(made.swept(True), proxy=replace(made.PAPER, batch=16)).computed_by(NATIVE)
    for each in shipped.computed_by(TORCH).evaluations()[:3]:
        store.put(each, Outcome(((1.0,), (2.0,)), 1.0))
    assert stored(store, [shipped]).outcomes.keys() == {each.key for each in shipped.evaluations()[:3]}
    for each in shipped.evaluations()[:5]:
        store.put(each, Outcome(((3.0,), (4.0,)), 1.0))
    assert {each.values[0][0] for each in stored(store, [shipped]).outcomes.values()} == {3.0}
