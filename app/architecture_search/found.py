"""Architectures that a search has found: drawing, measurements, export."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from app.architecture_search.charts.table import table_8
from app.architecture_search.shown import search_of
from app.shell import state
from app.shell.choice import with_specification
from app.shell.wording import rounded_accuracy
from app.views.architecture import drawing
from eproxy_engine import benchmarks, spaces
from eproxy_engine.runs import ArchitectureSearchSpecification, Run, Store
from eproxy_engine.sampling import Sample
from eproxy_engine.search.architecture_search import published
from eproxy_engine.search.architecture_search.constraints import Size
from eproxy_engine.spaces.cells.darts import DARTSOpen
from eproxy_engine.spaces.cells.space import CellSpace
from eproxy_engine.spaces.standalone import module_source, refusal


def found_panel(store: Store, run: Run) -> None:
    """Show the best ten of a seed as a table, and one of them in full."""
    if run.result is None:
        st.info("Results appear when the search ends or is paused.", icon=":material/hourglass_empty:")
        return
    by_seed = {each["seed"]: each for each in run.result["searches"]}
    seed = next(iter(by_seed))
    if len(by_seed) > 1:
        seed = st.segmented_control("Seed", list(by_seed), default=seed, required=True, key=f"nas-seed-{run.id}")
    found = by_seed[seed]
    if not found["found"]:
        st.info("No architecture within the constraints was found.", icon=":material/search_off:")
        return
    given = search_of(run)
    table = _table(given, found)
    event = st.dataframe(
        table,
        hide_index=True,
        height="content",
        on_select="rerun",
        selection_mode="single-row",
        key=f"nas-found-{run.id}-{seed}",
        column_config={
            "architecture": st.column_config.TextColumn(width="medium"),
            **{task.name: st.column_config.TextColumn(alignment="right") for task in benchmarks.tasks(given.space)},
        },
        placeholder="–",
    )
    st.caption(
        "The most accurate queried architectures, or the highest-scored if none was queried. Click a row to see it."
    )
    place = next(iter(event.selection.rows), 0)
    _architecture(run, table["architecture"].iloc[min(place, len(table) - 1)], list(table["architecture"]))


def _table(given: ArchitectureSearchSpecification, found: dict[str, Any]) -> pd.DataFrame:
    """Return one row per architecture: accuracy, size, rank by score, and the accuracies on all other tasks."""
    known = benchmarks.load(given.space).set_index("architecture")
    tasks = benchmarks.tasks(given.space)
    rows = []
    for place, each in enumerate(found["found"], start=1):
        text = each["architecture"]
        size = given.domain.size(spaces.get(given.space).parse(text))
        measured = {
            task.name: rounded_accuracy(
                float(known[task.name].get(text, float("nan"))) if task.name in known else float("nan"), task.unit
            )
            for task in tasks
        }
        row: dict[str, Any] = {"": place, given.task: measured[given.task]}
        row |= {"parameters (M)": round(size.parameters / 1e6, 3), "FLOPs (M)": round(size.flops / 1e6, 1)}
        if found["by_score"]:
            row["rank by score"] = str(each["rank"] or "")
        rows.append(row | {"architecture": text} | measured)
    table = pd.DataFrame(rows)
    empty = [name for name in table if (table[name] == "").all()]
    return table.drop(columns=empty)


def _architecture(run: Run, text: str, all_found: list[str]) -> None:
    given = search_of(run)
    family = spaces.get(given.space)
    point = family.parse(text)
    drawings = family.drawings(point)
    for column, (title, graph) in zip(st.columns(len(drawings)), drawings.items(), strict=True):
        with column:
            drawing(title, graph, text)
    st.code(text, language=None, wrap_lines=True)
    if isinstance(family, CellSpace):
        st.caption("In the notation of DARTS and its successors:")
        st.code(family.genotype_text(point), language="python", wrap_lines=True)
    _ways_on(given, text, all_found)
    if isinstance(family, DARTSOpen):
        _beside_the_paper(given.domain.size(point))


def _beside_the_paper(size: Size) -> None:
    st.markdown("**Beside the paper's Table 8** (ImageNet)")
    st.dataframe(
        table_8(size.parameters, size.flops),
        hide_index=True,
        height="content",
        column_config={
            "parameters (M)": st.column_config.NumberColumn(format="%.1f"),
            "FLOPs (M)": st.column_config.NumberColumn(format="%.0f"),
        },
        placeholder="–",
    )
    notes = " ".join(f"{each.method}: {each.note}" for each in published.imagenet() if each.note)
    st.caption(
        "Training a network on ImageNet takes days on several GPUs and is out of scope here, so the first row has a "
        f"size but no error. All other rows are the paper's. {notes}"
    )


def _ways_on(given: ArchitectureSearchSpecification, text: str, all_found: list[str]) -> None:
    """Offer the network as a file, and links to other pages that show the architecture."""
    ways = st.container(horizontal=True)
    refused = refusal(spaces.get(given.space))
    ways.download_button(
        "Network as Python",
        lambda: _module(given.space, text),
        f"{given.space}-found.py",
        "text/x-python",
        icon=":material/code:",
        key=f"nas-module-{text}",
        disabled=refused is not None,
        help=refused or "A file with the whole network as a torch.nn.Module: ready to train, needs only PyTorch.",
    )
    if ways.button(
        "On the Architectures page",
        icon=":material/account_tree:",
        key=f"nas-architectures-{text}",
        help="Opens the Architectures page with all architectures of the table above as the sample.",
    ):
        _go("../pages/architectures.py", text, all_found)
    if ways.button(
        "Its loss landscape",
        icon=":material/landscape:",
        key=f"nas-landscape-{text}",
        help="Opens the Loss landscape page with this architecture.",
    ):
        _go("../pages/landscape.py", text, [text])


@st.cache_data(max_entries=20, show_spinner=False)
def _module(space: str, text: str) -> str:
    family = spaces.get(space)
    return module_source(family, family.parse(text))


def _go(page: str, text: str, texts: list[str]) -> None:
    choice = state.choice()
    picked = with_specification(choice, sample=Sample("picked", len(texts), 1, tuple(texts)))
    state.show(replace(picked, architecture=text, landscape=replace(picked.landscape, extremes=0)))
    st.switch_page(page)
