"""What a page shows is what its controls say; where it is not, the page says so and what differs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from app.shell.choice import DEFAULT_SPECIFICATION, Choice, with_run, with_specification
from app.shell.choice.parts import filled_in, given_by
from app.shell.differences import differences
from eproxy_engine.proxy import preset
from eproxy_engine.runs import Run, Store
from eproxy_engine.sampling import Sample
from tests.app.driving import chosen, control, opened, read

PAGES = ("proxy", "correlations", "proxy_search", "architecture_search", "landscape")


def of_kind(store: Store, kind: str, space: str) -> Run:
    return next(run for run in store.runs() if (run.kind, run.specification.space) == (kind, space))


def says_others(app: AppTest) -> list[str]:
    return [read(each) for each in app.markdown if "These results are for other settings" in each.value]


def test_pages_that_nobody_has_touched_show_what_their_controls_say(app: AppTest) -> None:
    for page in (*PAGES, PAGES[0]):
        opened(app, page)
        assert not says_others(app), page
        assert not app.query_params, page


def test_what_is_set_on_one_page_holds_on_the_others_and_what_is_shown_is_dimmed(app: AppTest) -> None:
    opened(app, "correlations")
    before = chosen(app)
    opened(app, "proxy")
    control(app, "number_input", "Size").set_value(20).run()
    (said,) = says_others(app)
    assert "other settings (100 architectures). Press **Evaluate** to update." in said
    opened(app, "correlations")
    assert chosen(app).specification.sample.size == 20
    assert chosen(app).comparison == before.comparison
    (said,) = says_others(app)
    assert "(200 architectures). Press **Compare**" in said
    next(button for button in app.button if button.label == "Show its settings").click().run()
    assert not says_others(app)
    assert chosen(app).specification.sample.size == 200


def test_a_link_to_a_run_alone_shows_it_with_its_settings(app: AppTest, store: Store) -> None:
    searched = of_kind(store, "dps", "nasbench101")
    opened(app, "proxy_search", run=searched.id)
    assert any(read(caption).startswith(f"Run {searched.id} ·") for caption in app.caption)
    assert not says_others(app)
    assert chosen(app).specification.space == "nasbench101"


def test_a_proxy_that_was_found_opens_as_itself(app: AppTest, store: Store) -> None:
    searched = of_kind(store, "dps", "nasbench201")
    opened(app, "proxy_search", run=searched.id)
    found = next(tab for tab in app.tabs if tab.label == "Found proxy")
    app.session_state["search-tab"] = found.label
    app.run()
    next(button for button in app.button if button.label == "Use this proxy").click().run()
    opened(app, "proxy")  # what the test drives stays on the page that it opened
    assert chosen(app).found_by == searched.id
    assert chosen(app).run is None
    assert control(app, "selectbox", "Start from").value == "found"
    assert says_others(app)
    assert app.query_params["from"] == searched.id
    control(app, "selectbox", "Start from").select("laptop").run()
    assert chosen(app).found_by is None
    assert chosen(app).specification.proxy == preset("laptop")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sample": Sample("random", 50, 1)}, "50 architectures"),
        ({"sample": Sample("random", 100, 2)}, "sample seed 2"),
        ({"sample": Sample("best", 100, 1)}, "architectures the most accurate"),
        ({"space": "nasbench101"}, "NAS-Bench-101"),
        ({"proxy": replace(preset(), barrier=False, learning_rate=0.1)}, "barrier layer off, learning rate 0.1"),
        ({"seed": 3, "images": "noise"}, "images noise, seed 3"),
    ],
)
def test_what_differs_is_named(changes: dict[str, object], said: str) -> None:
    assert differences(with_specification(Choice(), **changes), Choice()) == said


def test_many_differences_are_counted() -> None:
    other = with_specification(
        Choice(), space="nasbench101", sample=Sample("best", 7, 1), seed=5, images="noise", proxy=preset("paper")
    )
    assert differences(other, Choice()).endswith("more")
    assert differences(other, Choice()).count(",") == 3


def test_what_a_person_has_chosen_is_kept(store: Store) -> None:
    """A run of landscapes took all of the two that it has: that is no way to look at a sample of hundred."""
    landscape = of_kind(store, "landscape", "nasbench101")
    given = landscape.specification
    choice = with_specification(Choice(), space=given.space, task=given.task, sample=Sample("random", 40, 1))
    kept = filled_in(choice, with_run(choice, landscape), frozenset({"space", "task", "sample"}))
    assert kept.specification.sample == choice.specification.sample
    assert kept.landscape.extremes == 1
    assert filled_in(choice, with_run(choice, landscape), frozenset()).landscape.extremes == 0


def test_a_run_at_a_width_of_its_own_names_the_preset_that_it_was_made_from(store: Store) -> None:
    wide = replace(preset("paper"), width=64)
    run = replace(of_kind(store, "evaluate", "nasbench201"), specification=replace(DEFAULT_SPECIFICATION, proxy=wide))
    assert with_run(Choice(), run).preset == "paper"


def test_an_address_that_names_a_setting_decides_on_all_that_its_page_needs() -> None:
    assert given_by(["run", "arch"], "proxy") == {"run", "architecture"}
    assert given_by([], "proxy") == frozenset()
    shared = {"space", "task", "sample", "images", "seed", "proxy"}
    assert given_by(["n"], "proxy") == shared
    assert given_by(["dps-n"], "correlations") == shared | {"proxy_search", "comparison"}
    assert given_by(["utm_source"], "proxy") == frozenset()
