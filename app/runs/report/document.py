"""A report as one HTML document. All texts that come from a run are escaped; nothing is loaded from a network."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from html import escape
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from plotly.offline import get_plotlyjs

from app.charts.report import Section
from app.runs.differences import differences, settings_of
from app.runs.facts import COMPUTED_NOTHING, computed_by, took
from app.runs.report.parts import figure_html, table_html
from app.shell.command import what_to_save
from app.shell.kinds import KINDS
from app.shell.reporting import sections
from app.shell.wording import ORIGINS, moment
from eproxy_engine.errors import UserError
from eproxy_engine.proxy.evaluation import ENGINE_VERSION
from eproxy_engine.runs import Run, Store
from eproxy_engine.runs.command_line import command
from eproxy_engine.runs.headline import headline

HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; "
    "font-src data:; worker-src blob:"
)
"""What a browser may load: nothing from elsewhere, whatever a run's texts say. Surfaces compile their own code."""
PACKAGES = ("eproxy-studio", "torch", "plotly", "numpy")


def document(store: Store, runs: Sequence[Run]) -> str:
    """Return the report of one or several runs; several are compared first."""
    title = runs[0].name if len(runs) == 1 else f"{len(runs)} runs of Eproxy Studio"
    body = "".join(_several(store, runs)) if len(runs) > 1 else ""
    body += "".join("".join(_run(store, run, alone=len(runs) == 1)) for run in runs)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{(HERE / 'style.css').read_text('utf-8')}</style>"
        f"<script>{get_plotlyjs()}</script></head><body><main>{body}</main>{_end()}"
        f"<script>{(HERE / 'script.js').read_text('utf-8')}</script></body></html>"
    )


def _several(store: Store, runs: Sequence[Run]) -> Iterator[str]:
    """Yield the comparison of several runs, with links to each."""
    found = differences(store, runs)
    links = " ".join(f'<a href="#run-{escape(run.id)}">{escape(run.name)}</a>' for run in runs)
    yield f"<h1>{len(runs)} runs side by side</h1><nav>{links}</nav>"
    yield f"<h2>What they found</h2>{table_html(found.results)}"
    yield "".join(f"<p>{escape(each)}</p>" for each in found.paired)
    if found.settings.empty:
        yield "<p>Their settings are equal.</p>"
    else:
        yield f"<h2>Settings in which they differ</h2>{table_html(found.settings)}"
        yield f'<p class="about">{found.equal} further settings are the same in all of them.</p>'


def _run(store: Store, run: Run, alone: bool) -> Iterator[str]:
    """Yield all that is said of one run."""
    level, below = ("h1", "h2") if alone else ("h2", "h3")
    given = run.specification
    yield f'<section class="run" id="run-{escape(run.id)}"><{level} class="name">{escape(run.name)}</{level}>'
    yield f'<p class="about">{escape(KINDS[run.kind].run_title)}: {escape(given.title)}</p>'
    yield f'<p class="found">{escape(headline(run))}</p>'
    if run.labels.tags:
        yield "<p>" + "".join(f'<span class="tag">{escape(tag)}</span>' for tag in run.labels.tags) + "</p>"
    if run.labels.note:
        yield f'<p class="note">{escape(run.labels.note)}</p>'
    yield f'<p class="about">{escape(_facts(run))}</p>'
    try:
        for each in sections(store, run):
            yield from _section(each, below)
    except UserError as error:  # its space or task is no longer known here
        yield f"<p>Its figures cannot be drawn here: {escape(str(error))}</p>"
    line = command(given)
    yield f"<{below}>Repeat it</{below}><p>{escape(what_to_save(line))}</p><pre>{escape(line)}</pre>"
    yield f"<{below}>Settings</{below}>{table_html(settings_of(run))}</section>"


def _section(section: Section, level: str) -> Iterator[str]:
    yield f"<{level}>{escape(section.heading)}</{level}>"
    if section.figure is not None:
        yield figure_html(section.figure)
    if section.table is not None:
        yield table_html(section.table)
    if section.text:
        yield f'<p class="about">{escape(section.text)}</p>'
    if section.code:
        yield f"<pre>{escape(section.code)}</pre>"


def _facts(run: Run) -> str:
    """Say when, where and by what the run was computed, with its seeds."""
    seeds, way = ", ".join(map(str, run.specification.seeds)), computed_by(run)
    facts = [
        f"Run {run.id} ({ORIGINS.get(run.origin, run.origin)}), {run.status}, launched {moment(run.created)}",
        f"took {took(run)}" if took(run) else "",
        f"computed by {way}" if way != COMPUTED_NOTHING else "",
        f"{'seeds' if len(run.specification.seeds) > 1 else 'seed'} {seeds}",
    ]
    return "; ".join(filter(None, facts)) + ". Intervals in brackets are 95% bootstrap intervals over architectures."


def _end() -> str:
    """Say what wrote the report."""
    written = time.strftime("%Y-%m-%d %H:%M")
    versions = ", ".join(filter(None, map(_version, PACKAGES)))
    return f'<footer><p class="about">Written {written} by {versions}; engine version {ENGINE_VERSION}.</p></footer>'


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:  # run from a checkout
        return "Eproxy Studio" if package == "eproxy-studio" else ""
