"""Every page of a run while the run goes on: whatever has been computed so far, and whatever of it has failed.

The runs are those that ship, carried out again from their own outcomes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from streamlit.delta_generator import DeltaGenerator
from streamlit.testing.v1 import AppTest

from app.charts.surfaces import surfaces_data
from app.landscape.charts.contours import contours_data
from app.landscape.charts.interpolation import interpolation_data
from app.landscape.charts.slices import slices_data
from app.landscape.measured import rows_of
from app.lesson import data as lesson
from app.lesson.recompute import HERE
from app.proxy_search.charts.components import FEWEST
from app.views.surfaces import shown_surface
from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.runs import (
    ArchitectureSearchSpecification,
    ComparisonSpecification,
    EvaluationSpecification,
    LandscapeSpecification,
    ProxySearchSpecification,
    Specification,
    Store,
    bundled,
)
from tests.app.driving import ENTRY, ROOT
from tests.app.watching import Outcomes, failing, watched
from tests.runs.conftest import made_up
from tests.runs.kinds.landscape.test_plan import Instant, landscapes

pytestmark = pytest.mark.thorough


class Page(NamedTuple):
    """Where runs of a kind are looked at."""

    name: str
    tab_key: str
    tabs: tuple[str, ...]


PAGES = {
    "evaluate": Page("proxy", "results-tab", ("Scatter", "Loss curves", "Table", "Export")),
    "landscape": Page("landscape", "landscape-tab", ("Surfaces", "Contours", "Slices", "Measures", "Film", "Export")),
    "compare": Page(
        "correlations",
        "compared-tab",
        ("Table", "Scatter", "Rank against rank", "What they share", "Cost", "Ensemble", "Export"),
    ),
    "dps": Page(
        "proxy_search",
        "search-tab",
        ("History", "Found proxy", "Judgement", "Components", "Lineage", "Transfer", "Export"),
    ),
    "search": Page(
        "architecture_search",
        "nas-tab",
        ("Best so far", "Found", "Map", "Score and FLOPs", "Comparison", "Export"),
    ),
}
RECORDS = "runs"
HEALTHY = ("claimed", "running", "ending")
FAILING = ("running", "finished", "stopped")
"""States that are looked at; what is finished without failures, other tests look at."""


class Visitor:
    """Looks at the page of a run, at each of its tabs, and at the list of runs; ``moments``: at which it does so while
    the run goes on; ``share``: of the evaluations that fail."""

    def __init__(self, specification: Specification, moments: Collection[int], share: float) -> None:
        self._page, self._left = PAGES[specification.kind], set(moments)
        self._states = FAILING if share else HEALTHY
        self._app = AppTest.from_file(ENTRY, default_timeout=60)
        for name in ("space", "task"):
            self._app.query_params[name] = getattr(specification, name)
        self._app.run()

    def __call__(self, state: str, moment: int) -> None:
        if state not in self._states or (state == "running" and moment not in self._left):
            return
        self._left.discard(moment)
        for tab in self._page.tabs:
            self._app.session_state[self._page.tab_key] = tab
            self._visit(self._page.name, f"{state}, moment {moment}: {tab}")
        self._visit(RECORDS, f"{state}, moment {moment}: {RECORDS}")

    @property
    def has_seen_all(self) -> bool:
        return not self._left

    def _visit(self, page: str, where: str) -> None:
        self._app.switch_page(f"../pages/{page}.py").run()
        assert sound(self._app), where


def sound(app: AppTest) -> bool:
    """Whether nothing went wrong on the page, and no title on it holds what is no number."""
    assert [each.message for each in app.exception] == []
    assert [each.value for each in app.error] == []
    charts = [json.loads(each.proto.spec)["layout"]["title"]["text"] for each in app.get("plotly_chart")]  # type: ignore[attr-defined]
    told = [*charts, *(each.value for each in (*app.metric, *app.markdown, *app.info))]
    assert [text for text in told if re.search(r"\b(nan|inf|NaN)\b", text)] == []
    return True


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Of a dashboard without any run; not even those that ship come into it."""
    monkeypatch.setenv("EPROXY_HOME", str(tmp_path))
    monkeypatch.setattr(bundled, "SAMPLES_FOLDER", tmp_path / "none")
    monkeypatch.syspath_prepend(str(ROOT))
    with closing(Store(tmp_path / "store.sqlite3")) as opened:
        yield opened


@pytest.fixture
def shipped(store_with_samples: Path) -> Iterator[Store]:
    with closing(Store(store_with_samples)) as opened:
        yield opened


@pytest.fixture(autouse=True)
def files_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file that a page offers is made at once, as if its button had been pressed; but for whole runs, which takes
    long and which other tests do."""
    offer = DeltaGenerator.download_button

    def pressed(self: DeltaGenerator, label: str, data: Any, *rest: Any, disabled: bool = False, **other: Any) -> bool:
        wanted = callable(data) and not disabled and label != "The whole run"
        made = data() if wanted else data
        assert made or disabled, label
        return offer(self, label, made, *rest, disabled=disabled, **other)

    monkeypatch.setattr(DeltaGenerator, "download_button", pressed)


def one_of(shipped: Store, kind: type[Specification], wanted: Callable[[Any], bool] = lambda given: True) -> Any:
    """The specification of a shipped run."""
    given = [run.specification for run in shipped.runs()]
    return next(each for each in given if isinstance(each, kind) and wanted(each))


def of(shipped: Store) -> Outcomes:
    """The outcomes of the shipped runs; made up where a failure has led a search elsewhere."""
    return lambda each: shipped.outcomes([each]).get(each.key) or made_up(each)


# --- loss landscapes ---


def test_each_chart_of_a_landscape_after_each_outcome(store: Store, shipped: Store) -> None:
    given = one_of(shipped, LandscapeSpecification, lambda given: given.sample.size == 2)
    surfaces, steps = given.surfaces(), given.view.steps
    told: list[str] = []

    def look(state: str, moment: int) -> None:
        shown = [shown_surface(store, given, surface) for surface in surfaces]
        for logarithmic in (True, False):
            drawn = surfaces_data(shown, logarithmic)
            lengths = [len(path) for path in drawn.paths]
            assert [len(texts) for texts in drawn.path_texts] == lengths
            assert [len(labels) for labels in contours_data(shown, logarithmic).labels] == lengths
            slices_data(shown, logarithmic)
            interpolation_data(shown, logarithmic)
        told.append(drawn.title)
        rows_of(store, store.runs()[0])

    watched(store, store.create(given), of(shipped), look)
    seen = [re.search(r"(\d+) of (\d+) rows computed", title) for title in told]
    counts = [int(each[1]) for each in seen if each]
    rows = steps * len(surfaces)
    assert sorted(set(counts)) == list(range(rows)), "every number of rows has been seen"
    assert told[-1].startswith("The two networks differ ")


@pytest.mark.parametrize(
    ("share", "workers", "moments"),
    [
        (0.0, 1, {1, 6, 27, 60}),  # frame only; first rows; later ones
        (0.4, 6, {40}),
        (1.0, 200, {40}),
    ],
)
def test_landscape(store: Store, shipped: Store, share: float, workers: int, moments: set[int]) -> None:
    given = one_of(shipped, LandscapeSpecification, lambda given: given.sample.size == 2)
    visitor = Visitor(given, moments, share)
    watched(store, store.create(given), failing(of(shipped), share), visitor, workers=workers)
    assert visitor.has_seen_all


def test_film(store: Store) -> None:
    """Nothing ships with a film: outcomes are made up."""
    given = landscapes(2, centres=(0, 1, 2))
    visitor = Visitor(given, {34}, share=0.2)
    watched(store, store.create(given), failing(instant, 0.2), visitor, workers=4)
    assert visitor.has_seen_all


def instant(evaluation: Evaluation) -> Outcome:
    return next(Instant().run([evaluation]))[1]


# --- the others ---


@pytest.mark.parametrize(
    ("share", "workers", "moments"), [(0.0, 1, {0, 1, 2, 47, 93}), (0.4, 9, {20}), (1.0, 2, set())]
)
def test_evaluation(store: Store, shipped: Store, share: float, workers: int, moments: set[int]) -> None:
    given = one_of(shipped, EvaluationSpecification)
    visitor = Visitor(given, moments, share)
    watched(store, store.create(given), failing(of(shipped), share), visitor, workers=workers)
    assert visitor.has_seen_all


@pytest.mark.parametrize(("share", "workers", "moments"), [(0.0, 1, {0, 6, 7}), (0.5, 9, {8})])
def test_comparison(store: Store, shipped: Store, share: float, workers: int, moments: set[int]) -> None:
    """Of Eproxy, three proxies that cost nothing, and another one, on a few architectures."""
    whole = one_of(shipped, ComparisonSpecification, lambda given: given.space == "nasbench201")
    given = replace(whole, sample=replace(whole.sample, size=6), proxies=whole.proxies[:5])
    visitor = Visitor(given, moments, share)
    watched(store, store.create(given), failing(of(shipped), share), visitor, workers=workers)
    assert visitor.has_seen_all


@pytest.mark.parametrize(("share", "workers", "moments"), [(0.0, 1, {20, 200}), (0.4, 4, set())])
def test_proxy_search(store: Store, shipped: Store, share: float, workers: int, moments: set[int]) -> None:
    """It is stopped at twenty configurations, from which on importances are shown. So far none depends on an outcome:
    all of theirs are known, also when others fail than did in the run that ships."""
    given = one_of(shipped, ProxySearchSpecification, lambda given: given.space == "nasbench201")
    visitor = Visitor(given, moments, share)

    def look(state: str, moment: int) -> None:
        visitor(state, moment)
        if state == "running" and store.runs()[0].progress.get("trials") == FEWEST:
            store.ask(store.runs()[0].id, "stop")

    assert watched(store, store.create(given), failing(of(shipped), share), look, workers=workers).status == "stopped"
    assert visitor.has_seen_all


@pytest.mark.parametrize(
    ("strategy", "space", "share"),
    [("proxy-evolution", "darts", 0.0), ("proxy-evolution", "nasbench201", 0.4), ("local", "nasbench201", 0.0)],
)
def test_architecture_search(store: Store, shipped: Store, strategy: str, space: str, share: float) -> None:
    given = one_of(
        shipped,
        ArchitectureSearchSpecification,
        lambda each: (each.settings.strategy, each.space, each.settings.labels_from) == (strategy, space, ""),
    )
    visitor = Visitor(given, {5}, share)
    watched(store, store.create(given), failing(of(shipped), share), visitor, workers=8)
    assert visitor.has_seen_all


# --- the lesson, while its numbers are computed here ---


@pytest.mark.parametrize(
    ("made", "steps"),
    [
        (partial(lesson.evaluation_run, False), (3, 4)),
        (partial(lesson.evaluation_run, True), (5, 6, 10)),
        (lesson.landscapes, (7,)),
        (lesson.table_1, (8, 9)),
    ],
)
@pytest.mark.parametrize("share", [0.0, 1.0])
def test_lesson(store: Store, made: Callable[[], lesson.Shipped[Any]], steps: tuple[int, ...], share: float) -> None:
    given = made()
    app = AppTest.from_file(ENTRY, default_timeout=60).run()
    there: list[int] = []

    def look(state: str, moment: int) -> None:
        if state != "ending" and (state, moment) not in {("running", 1), ("running", len(given.outcomes) // 2)}:
            return
        there.append(store.count_evaluations())
        for step in steps:
            app.session_state["choice"] = replace(app.session_state["choice"], lesson_step=step)
            app.session_state[f"lesson-source-{SOURCES[step]}"] = HERE
            app.switch_page("../pages/why_a_barrier.py").run()
            assert sound(app), f"step {step}, {there[-1]} evaluations"
            assert any(f"Computed here: {there[-1]:,} of " in caption.value for caption in app.caption)

    watched(store, store.create(given.specification), failing(lambda each: given.outcomes[each.key], share), look)
    assert len(there) == 3
    assert there[-1] == len(given.outcomes)


SOURCES = {
    3: "sorting",
    4: "without",
    5: "with",
    6: "ranking",
    7: "surfaces",
    8: "rate",
    9: "table",
    10: "when",
}
"""Keys of the control that chooses the numbers shown, by step."""
