"""The Landscape page, driven: set-up, launching, and what a finished run shows."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import Mock

import pytest
from streamlit.testing.v1 import AppTest

from app.shell.choice import Choice, from_query, with_run
from app.shell.choice.landscape import LandscapeChoice, landscape_in
from eproxy_engine.errors import UserError
from eproxy_engine.landscape import View
from eproxy_engine.runs import LandscapeSpecification, Run, Store
from tests.app.driving import chosen, control, opened, read
from tests.runs.kinds.landscape.test_plan import computed, landscapes


def newest(store: Store) -> Run:
    run = next(run for run in store.runs() if isinstance(run.specification, LandscapeSpecification))
    return run


def test_compute_launches_what_the_controls_say(app: AppTest, store: Store, worker: Mock) -> None:
    opened(app, "landscape", n="30")
    control(app, "number_input", "Grid size").set_value(5).run()
    control(app, "selectbox", "Middle of the surface").set_value("initial").run()
    control(app, "button", "Compute").click().run()
    worker.assert_called_once()
    given = newest(store).specification
    assert isinstance(given, LandscapeSpecification)
    assert (given.view.steps, given.view.centre, given.barriers, given.centres) == (5, 0, (True, False), ())
    expected = chosen(app).specification.sample.extremes("nasbench201", "cifar10", 1)
    assert given.sample == expected
    assert len(expected.picked) == 2
    assert chosen(app).run == newest(store).id


def test_a_film_has_a_surface_after_each_iteration(app: AppTest, store: Store, worker: Mock) -> None:
    opened(app, "landscape")
    control(app, "selectbox", "Middle of the surface").set_value("film").run()
    control(app, "button", "Compute").click().run()
    given = newest(store).specification
    assert isinstance(given, LandscapeSpecification)
    assert given.centres == tuple(range(11))


def test_a_finished_run_fills_every_tab(app: AppTest, store: Store) -> None:
    run = computed(store, landscapes(4, centres=(0, 1, 2)))
    opened(app, "landscape", run=run.id)
    assert run.specification.title in [read(header) for header in app.header]
    for tab in ("Contours", "Slices", "Measures", "Film", "Export", "Surfaces"):
        app.session_state["landscape-tab"] = tab
        app.run()
        assert not app.exception, tab
        assert not app.error, tab
    (recipe,) = [read(caption) for caption in app.caption if caption.value.startswith("Recipe")]
    assert "3 × 3 points, middle after 2 of 2 updates" in recipe
    assert "seed 1, directions 1, normalised filter-wise, biases and batch norm not moved, radius 1" in recipe


def test_measures_compare_good_and_bad(app: AppTest, store: Store) -> None:
    run = computed(store, landscapes(4))
    opened(app, "landscape", run=run.id)
    app.session_state["landscape-tab"] = "Measures"
    app.run()
    surfaces, separation = (frame.value for frame in app.dataframe)
    assert len(surfaces) == 8
    assert set(surfaces["barrier"]) == {"with", "without"}
    assert run.result is not None
    told = next(row for row in run.result["separation"] if row["measure"] == "ruggedness" and row["barrier"])
    shown = separation[separation["measure"] == "Ruggedness"].iloc[0]
    assert shown["with: AUC"] == told["auc"]
    assert "2 more and 2 less accurate" in " ".join(each.value for each in app.markdown)


def test_curvatures_are_drawn_as_measures_are(app: AppTest, store: Store) -> None:
    run = computed(store, landscapes(4))
    opened(app, "landscape", run=run.id)
    app.session_state["landscape-tab"] = "Measures"
    app.run()
    control(app, "selectbox", "Measure").select("Top eigenvalue").run()
    assert not app.error
    (chart,) = app.get("plotly_chart")
    assert '"text":"Top eigenvalue: ' in chart.proto.spec  # type: ignore[attr-defined]


def test_what_cannot_be_computed_is_told_beside_the_button(app: AppTest) -> None:
    opened(app, "landscape", n="10")
    control(app, "number_input", "Best and worst, of each").set_value(6).run()
    assert "the 6 best and worst of 10; accepted: 1 to 5" in read(app.error[0])
    assert not app.exception


def test_another_proxy_of_the_proxy_page_stays_there(app: AppTest) -> None:
    opened(app, "landscape", **{"other-proxy": "synflow"})
    before = chosen(app).specification.proxy
    control(app, "number_input", "Learning rate").set_value(0.5).run()
    assert chosen(app).specification.proxy == before
    assert chosen(app).eproxy.learning_rate == 0.5


def test_a_run_brings_its_settings_back(store: Store) -> None:
    wanted = landscapes(4, seeds=(1, 2), draws=3, centres=(0, 1, 2), view=View(steps=5, radius=0.5, centre=2))
    again = with_run(Choice(), store.create(wanted))
    assert again.landscape.specification(again.specification, again.eproxy) == wanted


@pytest.mark.parametrize(
    "given",
    [
        LandscapeChoice(),
        LandscapeChoice(3, "on", View(steps=11, centre=4, plane="path"), trained=False, draws=2, seeds=3),
        LandscapeChoice(film=True, view=View(biases=True, normalisation="layer")),
    ],
)
def test_the_address_gives_the_choice_back(given: LandscapeChoice) -> None:
    query = replace(Choice(), landscape=given).to_query()
    again, problems = from_query({key: str(value) for key, value in query.items()}, lambda name: [])
    assert (again.landscape, problems) == (given, [])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1]", "a landscape is a mapping of extremes, barrier"),
        ('{"extremes": 99}', "extremes is 99; accepted: a whole number from 0 to 10"),
        ('{"barrier": "half"}', "unknown barrier 'half'; accepted: on, off, both"),
        ('{"view": {"steps": 1}}', "steps is 1"),
        ('{"film": 3}', "film is 3; accepted: on, off"),
        ('{"colour": 3}', "unknown landscape key 'colour'"),
    ],
)
def test_a_wrong_address_is_told(text: str, message: str) -> None:
    with pytest.raises(UserError, match=message.replace("[", r"\[")):
        landscape_in(text)
    again, problems = from_query({"landscape": text}, lambda name: [])
    assert again.landscape == LandscapeChoice()
    assert len(problems) == 1


def test_nothing_yet(app: AppTest, store: Store) -> None:
    for run in store.runs():
        store.delete(run.id)
    opened(app, "landscape")
    assert "No landscape yet" in " ".join(each.value for each in app.info)
