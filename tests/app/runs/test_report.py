"""A report stands alone, shows what the run has found, and no text of a run becomes part of its code."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from app.runs.report import document as module
from app.runs.report.document import document
from app.shell.kinds import KINDS
from eproxy_engine.learning.panels import panel
from eproxy_engine.learning.settings import RankingSettings
from eproxy_engine.runs import RankingSpecification, Run, Store
from eproxy_engine.runs.command_line import command
from eproxy_engine.runs.headline import headline
from eproxy_engine.runs.labels import Labels
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.worker import work_on
from eproxy_engine.sampling import Sample
from tests.runs.conftest import Instant, finished, launched, specification

EVIL = "</title><script>alert(1)</script><img src=x onerror=alert(2)>"


class Read(HTMLParser):
    """Tags with attributes, and the text outside of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.open):
            self.text += f"{data} "

    def count(self, tag: str) -> int:
        return sum(each == tag for each, _ in self.tags)


@pytest.fixture(autouse=True)
def without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its five megabytes are not what is tested."""
    monkeypatch.setattr(module, "get_plotlyjs", lambda: "/* library */")


def ranked(store: Store) -> Run:
    given = RankingSpecification(
        "nasbench201", "cifar10", Sample(size=30), panel("instant"), RankingSettings(labels=10, draws=2)
    )
    return work_on(store, Lease(store, store.create(given).id), Instant())


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_figures_and_tables(shipped: Store, kind: str) -> None:
    runs = [run for run in shipped.runs() if run.kind == kind and run.specification.space != "darts"]
    run = runs[-1] if runs else ranked(shipped)
    written = document(shipped, [run])
    read = Read(written)
    assert read.open == []
    assert headline(run) in read.text
    assert command(run.specification) in read.text
    assert f"Run {run.id}" in read.text
    assert read.count("table") >= 1
    figures = [values for _, values in read.tags if values.get("class") == "figure"]
    assert figures
    assert all(values["aria-label"] for values in figures)
    assert written.count("Plotly.newPlot(") == len(figures)
    assert {key for _, values in read.tags for key in values} & {"src", "href"} == set()


def test_texts_of_a_run_are_shown_and_not_carried_out(shipped: Store) -> None:
    run = finished(shipped, specification(5))
    harmless = Read(document(shipped, [run]))
    evil = shipped.label(run.id, Labels(EVIL, ("<b>bold</b>",), f"{EVIL}\nsecond line"))
    read = Read(document(shipped, [evil]))
    assert read.text.count(EVIL) == 3  # title, heading, note
    assert "<b>bold</b>" in read.text
    assert read.count("script") == harmless.count("script")
    assert read.count("img") == read.count("b") == 0


def test_several_runs_begin_with_what_differs(shipped: Store) -> None:
    runs = [finished(shipped, specification(5)), finished(shipped, specification(6)), launched(shipped)]
    read = Read(document(shipped, runs))
    assert "Settings in which they differ" in read.text
    assert read.count("section") == 3
    assert all(f"Run {run.id}" in read.text for run in runs)
    links = {values["href"] for tag, values in read.tags if tag == "a"}
    assert links == {f"#{values['id']}" for tag, values in read.tags if tag == "section"}
