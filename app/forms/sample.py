"""Search space, task and the sample of architectures."""

from __future__ import annotations

import streamlit as st

from app import state
from app.choice import Choice, with_specification
from eproxy_engine import benchmarks, spaces
from eproxy_engine.benchmarks import RULES, Sample
from eproxy_engine.errors import UserError


def sample_form(choice: Choice) -> Choice:
    """Controls for what is evaluated."""
    choice = _space(choice)
    choice = _task(choice)
    return with_specification(choice, sample=_sample(choice))


def _space(choice: Choice) -> Choice:
    names = spaces.names()
    space = st.selectbox(
        "Search space",
        names,
        index=names.index(choice.specification.space),
        format_func=lambda name: spaces.get(name).title,
        key=state.key("space"),
        help="The family of networks that the architectures belong to.",
    )
    if space == choice.specification.space:
        return choice
    sample = Sample("random", min(choice.specification.sample.size, 200), choice.specification.sample.seed)
    changed = with_specification(choice, space=space, task=spaces.get(space).task().name, sample=sample)
    return Choice(changed.specification, changed.preset, changed.run)


def _task(choice: Choice) -> Choice:
    family = spaces.get(choice.specification.space)
    tasks = {task.name: task.title for task in family.tasks}
    task = st.selectbox(
        "Task",
        list(tasks),
        index=list(tasks).index(choice.specification.task),
        format_func=tasks.__getitem__,
        key=state.key(f"task-{family.name}"),
        help="What the accuracies were measured on. The proxy itself never sees it: it is only what the scores "
        "are compared with.",
    )
    return with_specification(choice, task=task)


def _sample(choice: Choice) -> Sample:
    given = choice.specification
    table = benchmarks.known(given.space, given.task)
    rules = {**RULES, **{name: f"the marked subset {name}" for name in _subsets(given.space, given.task)}}
    if given.sample.rule not in rules:
        return Sample()
    rule = st.selectbox(
        "Sample",
        list(rules),
        index=list(rules).index(given.sample.rule),
        format_func=rules.__getitem__,
        key=state.key(f"rule-{given.space}"),
        help="How the architectures are chosen. A random sample judges a proxy fairly; the best and worst make "
        "its scatter easy to read, and its correlation too good.",
    )
    if rule == "picked":
        return _picked(choice)
    if rule not in RULES:
        return Sample(rule, int(table[f"in:{rule}"].sum()), given.sample.seed)
    most = benchmarks.drawable(given.space, given.task)
    size_column, seed_column = st.columns(2)
    size = size_column.number_input(
        "Size",
        1,
        most,
        min(given.sample.size, most),
        key=state.key(f"size-{given.space}-{given.task}"),
        help=f"How many architectures, of {most:,}. The interval of ρ narrows with the square root of it.",
    )
    seed = given.sample.seed
    if rule == "random":
        seed = seed_column.number_input(
            "Draw",
            0,
            2**31 - 1,
            seed,
            key=state.key("draw"),
            help="Seed of the random sample: the same number draws the same architectures.",
        )
    return Sample(rule, int(size), int(seed))


def _subsets(space: str, task: str) -> list[str]:
    table = benchmarks.known(space, task)
    return [name for name in benchmarks.subsets(space) if table[f"in:{name}"].any()]


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
    known = set(benchmarks.known(given.space, given.task)["architecture"])
    picked = []
    for line in filter(None, map(str.strip, text.splitlines())):
        try:
            architecture = str(spaces.get(given.space).parse(line))
        except UserError as error:
            st.error(str(error), icon=":material/error:")
            continue
        if architecture not in known:
            st.error(f"The accuracy of {architecture} on {given.task} is not known.", icon=":material/error:")
        elif architecture not in picked:
            picked.append(architecture)
    if not picked:
        st.caption(":material/info: At least one architecture is needed; those from before are taken.")
        picked = list(before)
    return Sample("picked", len(picked), given.sample.seed, tuple(picked))
