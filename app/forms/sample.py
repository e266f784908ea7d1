"""Search space, task and the sample of architectures."""

from __future__ import annotations

import streamlit as st

from app import state
from app.choice import Choice, with_space, with_specification
from eproxy_engine import benchmarks, spaces
from eproxy_engine.errors import UserError
from eproxy_engine.sampling import ANYWHERE, RULES, Sample, drawable

MOST_ANYWHERE = 5000
"""Architectures of the whole space in one sample: each of them has to be built to be counted."""


def sample_form(choice: Choice) -> Choice:
    """Controls for what is evaluated."""
    choice = _space(choice)
    choice = _task(choice)
    return with_specification(choice, sample=_sample(choice))


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
        help="Search spaces that belong together: the same benchmark, or networks of the same kind.",
    )
    names = families[family]
    space = st.selectbox(
        "Search space",
        names,
        index=names.index(current.name) if current.name in names else 0,
        format_func=lambda name: spaces.get(name).title,
        key=state.key(f"space-{family}"),
        help="The family of networks that the architectures belong to.",
    )
    return choice if space == current.name else with_space(choice, space)


def _task(choice: Choice) -> Choice:
    space = choice.specification.space
    tasks = {task.name: task.title for task in benchmarks.tasks(space)}
    task = st.selectbox(
        "Task",
        list(tasks),
        index=list(tasks).index(choice.specification.task),
        format_func=tasks.__getitem__,
        key=state.key(f"task-{space}"),
        help="What the accuracies were measured on. The proxy itself never sees it: it is only what the scores "
        "are compared with.",
    )
    return with_specification(choice, task=task)


def _sample(choice: Choice) -> Sample:
    given = choice.specification
    most = drawable(given.space, given.task)
    rules = _rules(given.space, given.task, most)
    if given.sample.rule not in rules:
        return Sample.default(given.space, given.task)
    rule = st.selectbox(
        "Sample",
        list(rules),
        index=list(rules).index(given.sample.rule),
        format_func=rules.__getitem__,
        key=state.key(f"rule-{given.space}-{given.task}"),
        help="How the architectures are chosen. A random sample judges a proxy fairly; the best and worst make "
        "its scatter easy to read, and its correlation too good. From the whole space come architectures without "
        "accuracy too: they are scored, but cannot judge the scores.",
    )
    if rule == "picked":
        return _picked(choice)
    if rule not in RULES:
        marked = benchmarks.known(given.space, given.task)[f"in:{rule}"]
        return Sample(rule, int(marked.sum()), given.sample.seed)
    if rule == ANYWHERE:
        most = MOST_ANYWHERE
    size_column, seed_column = st.columns(2)
    size = size_column.number_input(
        "Size",
        1,
        most,
        min(given.sample.size, most),
        key=state.key(f"size-{given.space}-{given.task}-{rule == ANYWHERE}"),
        help=f"How many architectures, of {most:,}. The interval of ρ narrows with the square root of it.",
    )
    seed = given.sample.seed
    if rule in ("random", ANYWHERE):
        seed = seed_column.number_input(
            "Draw",
            0,
            2**31 - 1,
            seed,
            key=state.key("draw"),
            help="Seed of the random sample: the same number draws the same architectures.",
        )
    return Sample(rule, int(size), int(seed))


def _rules(space: str, task: str, measured: int) -> dict[str, str]:
    """What can be chosen: without measured architectures, nothing that is drawn from them."""
    known = benchmarks.known(space, task)
    marked = {name: f"the marked subset {name}" for name in benchmarks.subsets(space) if known[f"in:{name}"].any()}
    if measured:
        return {**RULES, **marked}
    return {rule: RULES[rule] for rule in (ANYWHERE, "picked")} | marked


def _picked(choice: Choice) -> Sample:
    """A text with one architecture a line; a line that cannot be used is told and left out."""
    given = choice.specification
    before = given.sample.picked or tuple(given.architectures()["architecture"][:5])
    text = st.text_area(
        "Architectures, one a line",
        "\n".join(before),
        height=220,
        key=state.key(f"picked-{given.space}-{given.task}"),
        help="As the tables write them. The Architectures page adds one by a click on a row of its table.",
    )
    picked: list[str] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        try:
            architecture = str(spaces.get(given.space).parse(line))
        except UserError as error:
            st.error(str(error), icon=":material/error:")
            continue
        if architecture not in picked:
            picked.append(architecture)
    unknown = set(picked) - set(benchmarks.known(given.space, given.task)["architecture"])
    if unknown:
        st.caption(f":material/info: The accuracy of {len(unknown)} of them on {given.task} is not known.")
    if not picked:
        st.caption(":material/info: At least one architecture is needed; those from before are taken.")
        picked = list(before)
    return Sample("picked", len(picked), given.sample.seed, tuple(picked))
