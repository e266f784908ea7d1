"""Two runs on the same architectures: with and without the barrier at one click, and any run beside a pinned one."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import Mock

from streamlit.testing.v1 import AppTest

from app.shell.choice import DEFAULT_SPECIFICATION, from_query, with_run
from eproxy_engine.runs import EvaluationSpecification, Run, Store
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.worker import work_on
from eproxy_engine.sampling import Sample
from tests.app.driving import chosen, control, opened, read
from tests.runs.conftest import Instant


def evaluated(store: Store, run: Run) -> Run:
    """The run, its losses made up."""
    return work_on(store, Lease(store, run.id), Instant())


def evaluation(size: int = 12, **proxy: object) -> EvaluationSpecification:
    given = DEFAULT_SPECIFICATION
    configuration = given.proxy
    for name, value in proxy.items():
        configuration = configuration.replace(name, str(value))  # type: ignore[union-attr]
    return EvaluationSpecification(given.space, given.task, Sample("random", size, 1), configuration)


def press(app: AppTest, label: str) -> None:
    control(app, "button", label).click().run()
    assert not app.exception


def said(app: AppTest) -> str:
    return "\n".join(read(each) for each in (*app.markdown, *app.caption, *app.info))


def test_with_and_without_is_one_click_and_survives_a_reload(app: AppTest, store: Store, worker: Mock) -> None:
    before = len(store.runs())
    opened(app, "proxy", rule="random", n="12", draw="1")
    assert "With and without the barrier, on the same architectures: about " in said(app).replace("*", "")
    press(app, "With and without")
    reference, shown = store.runs()[:2]
    assert [each.specification for each in (shown, reference)] == [evaluation(), evaluation(barrier=False)]
    assert shown.specification.arithmetic == reference.specification.arithmetic
    assert (app.query_params["run"], app.query_params["reference"]) == (shown.id, reference.id)
    press(app, "With and without")
    assert len(store.runs()) == before + 2, "equal runs are taken as they are"

    evaluated(store, shown)
    app.run()
    assert "0 of 12 evaluated" in said(app)
    evaluated(store, reference)
    query = {name: value if isinstance(value, str) else value[0] for name, value in app.query_params.items()}
    app.session_state["choice"], problems = from_query(query, lambda name: [])  # as a reload reads it
    app.run()
    assert not problems
    assert "On the same 12 architectures" in said(app)
    assert "both are evaluated already" in said(app)
    assert [tab.label for tab in app.tabs][:2] == ["Side by side", "Overlay"]
    with_barrier, without = (
        float(control(app, "metric", f"ρ {name}").value.replace("−", "-")) for name in ("with the barrier", "without")
    )
    difference = float(control(app, "metric", "Difference of ρ").value.replace("−", "-"))
    assert abs(difference - (with_barrier - without)) < 0.011
    explained = "The barrier is not ahead here. When does it help?" in [each.label for each in app.expander]
    low = float(control(app, "metric", "Difference of ρ").delta.split(" to ")[0].replace("−", "-"))
    assert explained == (low <= 0)
    press(app, "Unpin")
    assert "Spearman ρ" in [metric.label for metric in app.metric]
    assert "reference" not in app.query_params


def test_only_eproxy_has_a_barrier_to_switch(app: AppTest) -> None:
    opened(app, "proxy", **{"other-proxy": "flops"})
    assert control(app, "button", "With and without").disabled


def go_to(app: AppTest, run: Run, reference: str) -> None:
    """Show a run beside a reference, with the controls that it was launched with."""
    app.session_state["choice"] = replace(with_run(chosen(app), run), reference=reference)
    app.session_state["form_version"] += 1
    app.run()


def test_later_runs_are_shown_over_the_pinned_one(app: AppTest, store: Store) -> None:
    first = evaluated(store, store.create(evaluation()))
    second = evaluated(store, store.create(evaluation(size=11, learning_rate=0.1)))
    opened(app, "proxy", rule="random", n="12", draw="1", run=first.id)
    press(app, "Pin as reference")
    assert "This run is the reference" in said(app)
    assert chosen(app).reference == first.id
    go_to(app, second, reference=first.id)
    assert app.tabs[0].label == "Overlay"
    assert f"Reference: run {first.id}" in said(app)
    assert "On the same 11 architectures" in said(app), "those of both"

    elsewhere = evaluated(
        store, store.create(EvaluationSpecification("nasbench101", "cifar10", Sample("random", 5, 1)))
    )
    go_to(app, elsewhere, reference=first.id)
    assert f"The reference, run {first.id}, cannot be paired with this run: it is on NAS-Bench-201" in said(app)
    assert "5 architectures are too few for a figure: ρ from 10 on." in said(app)
    assert not app.metric, "no large type below ten architectures"
    go_to(app, second, reference="deadbeef")
    assert "The reference 'deadbeef' is no evaluation that is here." in said(app)
