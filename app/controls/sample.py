"""Controls for search space, task and the sample of architectures."""

from __future__ import annotations

import streamlit as st

from app.controls.one_line import in_one_line
from app.shell import state
from app.shell.choice import Choice, with_space, with_specification, with_task
from app.shell.choice.address import MOST_ANYWHERE
from app.shell.errors import show_error
from app.shell.wording import plain
from eproxy_engine import benchmarks, spaces
from eproxy_engine.sampling import ANYWHERE, FAMOUS, RULES, Sample, drawable, drawable_anywhere
from eproxy_engine.spaces import famous
from eproxy_engine.spaces.formats import several

SIZE = "Number of architectures, up to {most:,}. The interval of ρ narrows with its square root."
ICON = ":material/account_tree:"
SEEDED = ("random", ANYWHERE, FAMOUS)
"""Rules that draw at random."""
LINES = {
    "random": "{} at random",
    "best": "the best {}",
    "worst": "the worst {}",
    "spread": "{} spread over the ranking",
    ANYWHERE: "{} of the whole space",
    FAMOUS: "famous networks and {} at random",
    "picked": "{} picked by hand",
}
"""Of rules, with the size."""
BESIDE_FAMOUS = "Number of random architectures beside the famous networks, up to {most:,}."


def sample_form(choice: Choice, expanded: bool = False) -> Choice:
    """Show what is evaluated as a line, which opens to its controls; ``expanded``: whether it is open at first."""

    def line(choice: Choice) -> str:
        return f"{task_line(choice)} · {sample_line(choice.specification.sample)}"

    return in_one_line(choice, line, _sample_controls, "sample-line", ICON, expanded)


def _sample_controls(choice: Choice) -> Choice:
    choice = space_controls(choice)
    given = choice.specification
    return with_specification(choice, sample=sample_controls(given.space, given.task, given.sample))


def space_form(choice: Choice) -> Choice:
    """Show search space and task as a line, which opens to their controls."""
    return in_one_line(choice, task_line, space_controls, "space-line", ICON)


def space_controls(choice: Choice) -> Choice:
    """Show controls for search space and task."""
    return _task(_space(choice))


def task_line(choice: Choice) -> str:
    """Say which search space and task are chosen."""
    given = choice.specification
    return f"{spaces.get(given.space).title} · {benchmarks.task(given.space, given.task).brief}"


def sample_line(sample: Sample) -> str:
    """Describe a sample in a few words.

    >>> sample_line(Sample("random", 100, 1)), sample_line(Sample("best", 20)), sample_line(Sample("paper-dps-20", 20))
    ('100 at random · seed 1', 'the best 20', 'subset paper-dps-20')
    """
    words = LINES.get(sample.rule, f"subset {sample.rule}").format(sample.size)
    return f"{words} · seed {sample.seed}" if sample.rule in SEEDED else words


def _space(choice: Choice) -> Choice:
    current = spaces.get(choice.specification.space)
    families: dict[str, list[str]] = {}
    for name in spaces.names():
        families.setdefault(spaces.get(name).family, []).append(name)
    family = st.selectbox(
        "Family",
        list(families),
        index=list(families).index(current.family),
        key=state.key("family"),
        help="Group of search spaces with the same benchmark or the same kind of networks.",
    )
    names = families[family]
    space = st.selectbox(
        "Search space",
        names,
        index=names.index(current.name) if current.name in names else 0,
        format_func=lambda name: _within(family, spaces.get(name).title),
        key=state.key(f"space-{family}"),
        help="Set of networks that the architectures belong to.",
    )
    return choice if space == current.name else with_space(choice, space)


def _within(family: str, title: str) -> str:
    """Leave out of a space's title what its family says, as the box for it is narrow.

    >>> _within("NDS, ImageNet", "NDS DARTS, ImageNet"), _within("NAS-Bench", "NAS-Bench-101")
    ('DARTS', 'NAS-Bench-101')
    """
    for part in family.split(", "):
        title = title.removeprefix(f"{part} ").removesuffix(f", {part}")
    return title


def _task(choice: Choice) -> Choice:
    space = choice.specification.space
    tasks = {task.name: task.brief for task in benchmarks.tasks(space)}
    task = st.selectbox(
        "Task",
        list(tasks),
        index=list(tasks).index(choice.specification.task),
        format_func=tasks.__getitem__,
        key=state.key(f"task-{space}"),
        help="Task on which the accuracies were measured. The proxy never sees them; they only judge the scores.",
    )
    chosen = benchmarks.task(space, task)
    if chosen.brief != chosen.title:
        st.caption(plain(chosen.title))
    return choice if task == choice.specification.task else with_task(choice, task)


def sample_controls(space: str, task: str, given: Sample, prefix: str = "", measured_only: bool = False) -> Sample:
    """Show controls for a sample.

    ``prefix``: prefix of their keys if a session has several samples. ``measured_only``: exclude architectures of
    unknown accuracy.
    """

    def key(name: str) -> str:
        return state.key(f"{prefix}{name}-{space}-{task}")

    most = drawable(space, task)
    rules = _rules(space, task, most)
    if measured_only:
        rules = {rule: title for rule, title in rules.items() if rule not in (ANYWHERE, FAMOUS)}
    if given.rule not in rules:
        return Sample.default(space, task, given.size)
    rule = st.selectbox(
        "Sample",
        list(rules),
        index=list(rules).index(given.rule),
        format_func=rules.__getitem__,
        key=key("rule"),
        help="How the architectures are chosen. A random sample judges a proxy fairly. The best and worst make "
        "its scatter plot easy to read but its correlation too good. The whole space includes architectures without "
        "a known accuracy, which are scored but cannot judge the scores. The famous networks are published ones, such "
        "as PC-DARTS; the Proxy page ranks them among random ones.",
    )
    if rule == "picked":
        return _picked(space, task, given, key("picked"))
    if rule not in RULES:
        marked = benchmarks.known(space, task)[f"in:{rule}"]
        return Sample(rule, int(marked.sum()), given.seed)
    if rule == ANYWHERE or not most:
        most = MOST_ANYWHERE
    elif given.size > most:
        st.toast(
            f"Size is {most:,} now instead of {given.size:,}: the accuracies of no more architectures are known on "
            f"{plain(benchmarks.task(space, task).brief)}.",
            icon=":material/info:",
        )
    size_column, seed_column = st.columns(2)
    least, label, text = (0, "Random ones", BESIDE_FAMOUS) if rule == FAMOUS else (1, "Size", SIZE)
    size = size_column.number_input(
        label,
        least,
        most,
        max(least, min(given.size, most)),
        key=key(f"size-{rule if rule in (ANYWHERE, FAMOUS) else 'measured'}"),
        help=text.format(most=most),
    )
    if rule not in (ANYWHERE, FAMOUS) and size == most:
        st.caption(f":material/info: All {most:,} with a known accuracy on this task.")
    seed = given.seed
    if rule in SEEDED:
        seed = seed_column.number_input(
            "Sample seed",
            0,
            2**31 - 1,
            seed,
            key=key("draw"),
            help="Seed of the random sample. The same number draws the same architectures.",
        )
    if rule == ANYWHERE and (there := drawable_anywhere(space, int(size), int(seed))) < size:
        show_error(
            f"{int(size)} architectures cannot be drawn; accepted: 1 to {there}, all that the space seems to have"
        )
        size = there
    return Sample(rule, int(size), int(seed))


def _rules(space: str, task: str, measured: int) -> dict[str, str]:
    """Return the available rules; without measured architectures, none that draws from them."""
    known = benchmarks.known(space, task)
    marked = {name: f"subset {name}" for name in benchmarks.subsets(space) if known[f"in:{name}"].any()}
    possible = RULES if measured else (ANYWHERE, FAMOUS, "picked")
    return {rule: RULES[rule] for rule in possible if rule != FAMOUS or famous.in_space(space)} | marked


def _picked(space: str, task: str, given: Sample, key: str) -> Sample:
    """Show a text field with one architecture per line; report and skip unusable lines."""
    before = given.picked or tuple(given.draw(space, task)["architecture"][:20])
    text = st.text_area(
        "Architectures, one per line",
        "\n".join(before),
        height=220,
        key=key,
        help="Written as in the tables, or as other tools print them: matrix and operations, NASLib's tuples, indices, "
        "genotypes, JSON; famous networks, such as PC-DARTS, also by name. Brackets may go over several lines. "
        "You can also add one with a click on a row of the Architectures page's table.",
    )
    picked: list[str] = []
    for found in several(spaces.get(space), text):
        if found.error is not None:
            show_error(found.error)
        elif found.architecture is not None and found.architecture not in picked:
            picked.append(found.architecture)
    unknown = set(picked) - set(benchmarks.known(space, task)["architecture"])
    if unknown:
        st.caption(f":material/info: The accuracy of {len(unknown)} of them on {task} is not known.")
    if not picked:
        st.caption(":material/info: At least one architecture is needed; the previous ones are used.")
        picked = list(before)
    return Sample("picked", len(picked), given.seed, tuple(picked))
