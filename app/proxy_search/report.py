"""What a report says of a proxy search."""

from __future__ import annotations

from app.charts.report import Section
from app.charts.scatter import scatter_data, scatter_figure
from app.proxy_search.charts.held_out import judged_data, judged_figure
from app.proxy_search.charts.history import history_data, history_figure
from app.proxy_search.trials import members_of, search_of, trials_of
from app.shell.wording import accuracy_title, score_title
from app.views.colours import proxy_colour
from eproxy_engine import benchmarks
from eproxy_engine.runs import Run, Store
from eproxy_engine.runs.kinds.evaluation.rows import stored_rows
from eproxy_engine.runs.kinds.proxy_search.plan import proxy_in
from eproxy_engine.scoring.proxy import to_yaml


def sections(store: Store, run: Run) -> list[Section]:
    """Return the judgement on held-out architectures, the history of the search, and the proxy found."""
    given, result = search_of(run), run.result or {}
    proxy, judged, found = proxy_in(result), result.get("judged"), []
    if proxy is not None and judged:
        unit = accuracy_title(benchmarks.task(given.space, given.task).unit)
        scatter = scatter_figure(
            scatter_data(stored_rows(store, given.judge(proxy)), judged["proxy"]),
            colour=proxy_colour(proxy),
            accuracy_title=unit,
            score_title=score_title(proxy),
        )
        beside = judged_figure(judged_data({**judged, **judged["proxy"]["reference"]}))
        found += [Section("On architectures that the search has not seen", scatter), Section("Beside others", beside)]
    history = history_figure(history_data(trials_of(store, run), given.settings.first, members_of(run), None))
    found.append(Section("The search", history, text="ρ on the sample that it searched is optimistic."))
    return [*found, Section("The proxy found", code=to_yaml(proxy))] if proxy is not None else found
