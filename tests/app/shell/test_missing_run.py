"""A link says what it leads to, or that it leads nowhere; it never leads somewhere else."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from eproxy_engine.runs import Store
from tests.app.driving import chosen, control, opened, read

PAGES = ("proxy", "correlations", "proxy_search", "architecture_search", "landscape")


def shows_a_run(app: AppTest) -> bool:
    return any("· finished ·" in read(caption) for caption in app.caption) or any(
        each.label == "Runs" for each in app.multiselect
    )


@pytest.mark.parametrize("page", PAGES)
def test_no_other_run_stands_in_for_one_that_is_not_here(app: AppTest, page: str) -> None:
    app.query_params["run"] = "*dead*"
    opened(app, page)
    (warning,) = app.warning
    assert read(warning).startswith("The run '*dead*' is not here")
    assert not shows_a_run(app)
    assert app.query_params["run"] == "*dead*"
    app.button(key="forget-missing-run").click().run()
    assert not app.warning
    assert chosen(app).run != "*dead*"
    assert shows_a_run(app)
    assert "run" not in app.query_params


def test_a_run_that_another_page_shows_is_named_and_no_other_shown_in_its_place(app: AppTest, store: Store) -> None:
    evaluation_run = next(run for run in store.runs() if run.kind == "evaluate")
    opened(app, "landscape", run=evaluation_run.id)
    (warning,) = app.warning
    assert read(warning).startswith(f"The run {evaluation_run.id} is shown on another page: NAS-Bench-201, cifar10")
    assert not shows_a_run(app)
    app.button(key="forget-missing-run").click().run()
    assert not app.warning
    assert shows_a_run(app)


def test_a_run_that_was_looked_at_before_on_its_own_page_is_none_of_this_one(app: AppTest, store: Store) -> None:
    evaluation_run = next(run for run in store.runs() if run.kind == "evaluate")
    opened(app, "proxy", run=evaluation_run.id)
    assert chosen(app).run == evaluation_run.id
    opened(app, "landscape")
    assert not app.warning
    assert shows_a_run(app)
    opened(app, "proxy")
    assert chosen(app).run == evaluation_run.id


def test_a_proxy_that_nobody_knows_is_told_and_the_others_stay(app: AppTest) -> None:
    opened(app, "correlations", compare="foo,synflow")
    (warning,) = app.warning
    assert read(warning).startswith("compare in the address: unknown proxy 'foo'; accepted: ")
    assert chosen(app).comparison.proxies == ("synflow",)
    assert control(app, "multiselect", "Proxies").value == ["synflow"]


def test_a_proxy_of_a_run_that_is_not_here_is_told(app: AppTest) -> None:
    opened(app, "correlations", compare="run:dead,synflow")
    (warning,) = app.warning
    assert read(warning).startswith("Left out: run:dead.")
    assert control(app, "multiselect", "Proxies").value == ["synflow"]


def test_searches_that_are_not_here_are_told(app: AppTest) -> None:
    opened(app, "architecture_search", nas='{"shown":["dead"]}')
    (warning,) = app.warning
    assert read(warning) == "Runs that are not here: dead."
