"""Import of accuracies for a search space, from a CSV or the official files of its benchmark."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from app.architectures.import_report import import_report, rows
from app.shell import state
from app.shell.choice import with_space, with_task
from app.shell.errors import show_error
from app.shell.wording import moment, plain
from eproxy_engine import benchmarks, spaces
from eproxy_engine.benchmarks import imported
from eproxy_engine.benchmarks.imported import Import
from eproxy_engine.benchmarks.importing import csv_file, nds_archive
from eproxy_engine.benchmarks.importing.checked import Checked, Progress
from eproxy_engine.counted import counted
from eproxy_engine.errors import UserError

FORMAT = (
    "A header, then one architecture per row: the column `architecture` (or `arch`, `arch_str`) and columns of "
    "accuracies named `NAME`, `NAME (UNIT)` or, after early stopping, `NAME@EPOCHS`. Without a unit, accuracies are in "
    "per cent; higher is better. Leave unknown values empty. Architectures may be written as other tools do. CSV from "
    "spreadsheets is read as well: semicolons or tabs, decimal commas, per cent signs, UTF-16. Parameters and FLOPs "
    "are counted, so you can omit them. Text columns are ignored. Nothing is imported before you have seen the report."
)
NDS_FAMILY = "NDS, CIFAR-10"
MOST_TASKS = 3
"""Most tasks of an import with a button."""


class Found(NamedTuple):
    """Contents of a file."""

    checked: Sequence[Checked]
    left_out: Mapping[str, str] = {}
    """Reasons by name of each ignored file of an archive."""


Check = Callable[[UploadedFile, Progress], Found]


def imports_panel(space: str) -> None:
    """Show uploads for ``space``, the report on their contents, and earlier imports."""
    if spaces.get(space).family == NDS_FAMILY:
        _nds(space)
    _csv(space)
    if space == "nasbench101":
        st.caption(
            "To import the benchmark's complete table, downloaded (about 499 MB) or from your own copy of its records, "
            "run in a terminal:"
        )
        st.code(
            "python -m eproxy_engine import nasbench101 --download\n"
            "python -m eproxy_engine import nasbench101 nasbench_only108.tfrecord",
            language="bash",
        )
    _imported_just_now(space)
    _kept(space)


def _just(space: str) -> str:
    """Return the key under which the session keeps what it has imported last."""
    return f"import-just-{space}"


def _imported_just_now(space: str) -> None:
    """Say what the button has imported, and offer to use it."""
    names = st.session_state.get(_just(space), [])
    kept = [each for at, name in names for each in imported.imports(at) if each.name == name]
    if not kept:
        return
    count = counted(sum(each.rows for each in kept), "row")
    st.success(f"Imported {count} from {plain(kept[0].source)}.", icon=":material/check_circle:")
    tasks = [(each.space, task.name) for each in kept for task in each.tasks][:MOST_TASKS]
    for at, task in tasks:
        st.button(
            "Use this task" if len(tasks) == 1 else f"Use {plain(task)}",
            type="primary",
            icon=":material/target:",
            key=f"import-use-now-{at}-{task}",
            help="Makes it the task on all pages. The sample can be no larger than the number of its accuracies.",
            on_click=_choose,
            args=(at, task),
        )


def example(space: str) -> str:
    """Return a header and a row of a CSV for ``space``."""
    text = io.StringIO()
    architecture = str(spaces.get(space).largest())
    csv.writer(text, lineterminator="\n").writerows([["architecture", "my accuracy (%)"], [architecture, 93.21]])
    return text.getvalue()


def _csv(space: str) -> None:
    title = f"Accuracies for {spaces.get(space).title}, as CSV"
    given = st.file_uploader(title, ["csv", "tsv", "txt"], key=_key("csv", space), help=FORMAT)
    if given is None:
        st.caption("For example:")
        st.code(example(space), language=None, wrap_lines=True)
    else:
        _offer(space, "csv", given, lambda file, told: _check_csv(space, file, told))


def _nds(space: str) -> None:
    given = st.file_uploader(
        "The official archive of NDS, data.zip",
        ["zip"],
        key=_key("nds", space),
        help="From dl.fbaipublicfiles.com/nds/data.zip. It has the accuracies of all eleven spaces on CIFAR-10.",
    )
    if given is None:
        st.caption("To download and import it, or if it is too large to upload or already unpacked, run in a terminal:")
        st.code(
            "python -m eproxy_engine import nds --download\npython -m eproxy_engine import nds data.zip",
            language="bash",
        )
    else:
        _offer(space, "nds", given, _check_archive)


def _check_csv(space: str, file: UploadedFile, told: Progress) -> Found:
    return Found([csv_file.check(space, file.getvalue(), file.name, progress=told)])


def _check_archive(file: UploadedFile, told: Progress) -> Found:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.zip"
        path.write_bytes(file.getbuffer())
        archive = nds_archive.check(path, told)
    return Found(archive.checked, archive.ignored)


def _key(kind: str, space: str) -> str:
    """Return the key of an uploader, which changes after each import to empty it."""
    return f"import-{kind}-{space}-{st.session_state.get(f'import-count-{space}', 0)}"


def _offer(space: str, kind: str, given: UploadedFile, check: Check) -> None:
    """Show the report on a file, and the button that imports the accepted rows."""
    key = f"import-{kind}-{space}"
    try:
        found = _checked(f"{key}-checked", given, check)
        import_report(found.checked, key, found.left_out)
        accepted = [each for each in found.checked if len(each.table)]
        asked = any(each.doubts for each in accepted)
        confirmed = asked and st.checkbox("This is correct: import it", key=f"{key}-{given.file_id}-anyway")
        if st.button(
            f"Import {counted(rows(accepted), 'row')}",
            type="primary",
            icon=":material/upload:",
            disabled=not accepted or (asked and not confirmed),
            key=f"{key}-keep",
        ):
            kept = [each.keep(anyway=confirmed) for each in accepted]
            st.session_state.pop(f"{key}-checked")
            st.session_state[f"import-count-{space}"] = st.session_state.get(f"import-count-{space}", 0) + 1
            st.session_state[_just(space)] = [(each.space, each.name) for each in kept]
            _go_on(space)
    except UserError as error:
        show_error(f"{given.name}: {error}")


def _checked(place: str, given: UploadedFile, check: Check) -> Found:
    """Return the contents of the file, checked only once. Raises UserError."""
    if st.session_state.get(place, ("", None))[0] != given.file_id:
        bar = st.progress(0.0, text="Checking …")
        try:
            found = check(given, lambda done, total: _advance(bar, done, total))
        finally:
            bar.empty()
        st.session_state[place] = given.file_id, found
    return st.session_state[place][1]


def _advance(bar: DeltaGenerator, done: int, total: int) -> None:
    bar.progress(min(done / max(total, 1), 1.0), text="Checking …")


def _go_on(space: str) -> None:
    """Rerun the page with the current accuracies, with a sample that they allow."""
    given = state.choice().specification
    if given.space == space:
        try:
            given.sample.draw(space, benchmarks.task(space, given.task).name)
        except UserError:
            state.show(with_space(state.choice(), space))
    st.rerun()


def _kept(space: str) -> None:
    found = imported.imports(space)
    st.markdown("**Imported before**")
    if not found:
        st.caption("Nothing yet.")
    for each in found:
        text, button = st.columns([5, 2], vertical_alignment="center")
        columns = ", ".join(f"`{column}`" for column in each.columns)
        text.markdown(f"{plain(each.source)}  \n{counted(each.rows, 'row')} · {columns} · {moment(each.created)}")
        _use(each, button)
        _removal(each, button)


def _use(each: Import, place: DeltaGenerator) -> None:
    """Show a button for each of the first tasks of an import that chooses it, and with it its search space."""
    for task in each.tasks[:MOST_TASKS]:
        place.button(
            f"Use {plain(task.name)}",
            icon=":material/target:",
            width="stretch",
            key=f"import-use-{each.space}-{each.name}-{task.name}",
            help="Makes it the task on all pages. The sample can be no larger than the number of its accuracies.",
            on_click=_choose,
            args=(each.space, task.name),
        )


def _choose(space: str, task: str) -> None:
    given = state.choice()
    st.session_state.pop(_just(space), None)
    state.show(with_task(given if given.specification.space == space else with_space(given, space), task))


def _removal(each: Import, place: DeltaGenerator) -> None:
    """Show a button that asks before it removes; it asks in place, because the panel may be in a popover or dialog."""
    key = f"import-remove-{each.space}-{each.name}"
    if not st.session_state.get(f"{key}-asked"):
        place.button("Remove", icon=":material/delete:", width="stretch", key=key, on_click=_ask, args=(key, True))
        return
    if place.button("Yes, remove", type="primary", width="stretch", key=f"{key}-yes"):
        _ask(key, False)
        imported.remove(each.space, each.name)
        st.toast(f"Removed {plain(each.source)}", icon=":material/delete:")
        _go_on(each.space)
    place.button("Keep", width="stretch", key=f"{key}-no", on_click=_ask, args=(key, False))


def _ask(key: str, asking: bool) -> None:
    st.session_state[f"{key}-asked"] = asking
