"""Promises about a space's attributes and architectures. None of them builds a network."""

from __future__ import annotations

import pickle
import random
import re
from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np

from eproxy_engine.errors import UserError
from eproxy_engine.spaces.contract.promise import Broken, Promise, expect
from eproxy_engine.spaces.interface import Architecture, SearchSpace, Task

if TYPE_CHECKING:
    import networkx as nx

NOT_A_TASK = (
    "architecture",
    "arch",
    "accuracy",
    "parameters",
    "flops",
    "activations",
    "score",
    "losses",
    "seconds",
    "key",
)
"""Names of other columns in the tables, which a task cannot have."""
NONSENSE = ("", " ", "nonsense", ":", "|", "../../etc/passwd", "архитектура 🙂", "a\nb", "\0")
WORDS = ("title", "family", "ground_truth_hint")
WHOLE_NUMBERS = ("published_width", "small_width", "input_size", "classes")


def describes_itself(space: SearchSpace, rng: np.random.Generator) -> None:
    """Test that name, title, tasks and widths exist and have the right types."""
    kind = type(space).__name__
    for attribute in ("name", *WORDS, "tasks", *WHOLE_NUMBERS):
        expect(hasattr(space, attribute), f"{kind} has no attribute {attribute}")
    name = space.name
    expect(
        isinstance(name, str) and re.fullmatch("[a-z0-9-]+", name),
        f"the name of {kind} is {name!r}; accepted: lower-case letters, digits and hyphens",
    )
    for attribute in WORDS:
        words = getattr(space, attribute)
        expect(isinstance(words, str) and words.strip(), f"{attribute} of {name} is {words!r}; accepted: some words")
    for attribute in WHOLE_NUMBERS:
        number = getattr(space, attribute)
        expect(type(number) is int and number >= 1, f"{attribute} of {name} is {number!r}; accepted: 1, 2, 3, …")
    speed = space.typical_speed
    expect(
        isinstance(speed, int | float) and 0 < speed < float("inf"),
        f"typical_speed of {name} is {speed!r}; accepted: a number above 0",
    )
    _has_tasks(space)


def _has_tasks(space: SearchSpace) -> None:
    tasks = space.tasks
    expect(
        isinstance(tasks, tuple) and tasks and all(isinstance(task, Task) for task in tasks),
        f"tasks of {space.name} is {tasks!r}; accepted: a tuple of at least one Task",
    )
    names = [task.name for task in tasks]
    for name in names:
        expect(
            isinstance(name, str) and re.fullmatch(r"[^\W_][\w.-]{0,39}", name) and name.casefold() not in NOT_A_TASK,
            f"a task of {space.name} is named {name!r}; accepted: up to 40 letters, digits, "
            f"hyphens, dots and underscores, but none of {', '.join(NOT_A_TASK)}",
        )
    expect(len(set(names)) == len(names), f"two tasks of {space.name} have the same name: {', '.join(names)}")


def text_names_the_architecture(space: SearchSpace, rng: np.random.Generator) -> None:
    """Test that ``parse`` reads ``str`` back, for sampled architectures and the largest."""
    for what, architecture in (("sample", space.sample(rng)), ("largest", space.largest())):
        _is_value(architecture, f"{what} gives")
        _round_trip(space, architecture, what)
        padded = space.parse(f"  {architecture}\n")
        expect(padded == architecture, f"parse does not ignore white space around {str(architecture)!r}")


def mutants_are_others_of_the_space(space: SearchSpace, rng: np.random.Generator) -> None:
    """Test that ``mutate`` repeatedly gives a different architecture inside the space."""
    architecture = space.sample(rng)
    for _ in range(3):
        mutant = space.mutate(architecture, rng)
        expect(
            mutant != architecture and str(mutant) != str(architecture),
            f"mutate returns the architecture that it was given, {str(architecture)!r}",
        )
        _round_trip(space, mutant, "mutate")
        architecture = mutant


def chance_comes_from_the_generator(space: SearchSpace, rng: np.random.Generator) -> None:
    """Test that ``sample`` and ``mutate`` depend only on the state of the generator."""
    seed = int(rng.integers(2**31))

    def walk() -> list[str]:
        own = np.random.default_rng(seed)
        architecture = space.sample(own)
        return [str(architecture), *(str(space.mutate(architecture, own)) for _ in range(3))]

    states = random.getstate(), np.random.get_state()
    try:
        first = walk()
        random.seed(seed)
        np.random.seed(seed)
        again = walk()
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])
    expect(first == again, "sample or mutate uses randomness other than the generator that it is given")


def samples_differ(space: SearchSpace, rng: np.random.Generator) -> None:
    """Test that there is more than one architecture to draw, and more than one neighbour."""
    expect(len({str(space.sample(rng)) for _ in range(50)}) > 1, "fifty samples are all the same architecture")
    start = space.sample(rng)
    neighbours = {str(space.mutate(start, rng)) for _ in range(50)}
    expect(len(neighbours) > 1, f"fifty mutants of {str(start)!r} are all the same")


def representative_is_in_the_space(space: SearchSpace, rng: np.random.Generator) -> None:
    """Test that ``equivalent`` stays inside the space and is idempotent."""
    representative = space.equivalent(space.sample(rng))
    _round_trip(space, representative, "equivalent")
    expect(
        space.equivalent(representative) == representative,
        f"equivalent of {str(representative)!r}, a representative, is another architecture",
    )


def values_can_be_copied(space: SearchSpace, rng: np.random.Generator) -> None:
    """Test that architectures equal their pickled copies, as sets and other processes require."""
    architecture = space.sample(rng)
    try:
        copy = pickle.loads(pickle.dumps(architecture))
    except Exception as error:
        what = " ".join(f"{type(error).__name__}: {error}".split())
        accepted = "an instance of a class at the top of a module, whose fields can be pickled"
        raise Broken(f"{str(architecture)!r} cannot be pickled ({what}); accepted: {accepted}") from error
    expect(
        copy == architecture and hash(copy) == hash(architecture) and str(copy) == str(architecture),
        f"a pickled copy of {str(architecture)!r} is not equal to it",
    )


def nonsense_is_refused(space: SearchSpace, rng: np.random.Generator) -> None:
    """Test that ``parse`` refuses nonsense, and a valid text with one character changed, in one line that shows it."""
    valid = str(space.sample(rng))
    place = int(rng.integers(len(valid)))
    for text in (*NONSENSE, f"{valid[:place]}¤{valid[place + 1 :]}"):
        try:
            architecture = space.parse(text)
        except UserError as error:
            expect(
                repr(text) in str(error) and "\n" not in str(error),
                f"the error of parse for {text!r} is not one line that contains the text's repr: {str(error)!r}",
            )
        except Exception as error:
            raise Broken(f"parse raises {type(error).__name__} for {text!r}; accepted: UserError") from error
        else:
            raise Broken(f"parse reads {text!r} as {str(architecture)!r}; accepted: UserError for nonsense")


def drawings_lead_to_one_output(space: SearchSpace, rng: np.random.Generator) -> None:
    """Test for acyclic graphs with labelled nodes and edges, from nodes called input… to one called output."""
    import networkx as nx

    drawings = space.drawings(space.sample(rng))
    expect(isinstance(drawings, dict) and drawings, f"drawings is {drawings!r}; accepted: at least one graph by title")
    for title, graph in drawings.items():
        expect(isinstance(title, str) and title, f"a drawing is called {title!r}; accepted: some words")
        expect(
            isinstance(graph, nx.DiGraph) and nx.is_directed_acyclic_graph(graph),
            f"the drawing {title!r} is not an acyclic networkx.DiGraph",
        )
        for node, label in graph.nodes(data="label"):
            expect(isinstance(label, str) and label, f"node {node!r} of the drawing {title!r} has no label")
        for *edge, label in graph.edges(data="label"):
            expect(isinstance(label, str), f"the edge {edge!r} of the drawing {title!r} has no label")
        inputs, outputs = ends(graph)
        expect(inputs, f"no node of the drawing {title!r} has a label that begins with 'input'")
        expect(len(outputs) == 1, f"{len(outputs)} nodes of the drawing {title!r} are labelled 'output'; accepted: one")
        expect(not any(graph.in_degree(node) for node in inputs), f"an edge of the drawing {title!r} ends at an input")
        expect(not graph.out_degree(outputs[0]), f"an edge of the drawing {title!r} begins at the output")


def ends(graph: nx.DiGraph) -> tuple[list[Hashable], list[Hashable]]:
    """Return the input nodes and the output nodes of a drawing."""
    labels = dict(graph.nodes(data="label"))
    inputs = [node for node, label in labels.items() if label.startswith("input")]
    return inputs, [node for node, label in labels.items() if label == "output"]


def _round_trip(space: SearchSpace, architecture: Architecture, what: str) -> None:
    text = str(architecture)
    expect(text.strip() == text and "\n" not in text and text, f"{what} gives the text {text!r}; accepted: one line")
    try:
        parsed = space.parse(text)
    except UserError as error:
        raise Broken(f"parse refuses {text!r}, which {what} gave: {error}") from error
    expect(str(parsed) == text, f"parse reads {text!r}, which {what} gave, as {str(parsed)!r}")
    expect(parsed == architecture, f"parse of {text!r} does not equal the architecture that {what} gave")


def _is_value(architecture: object, what: str) -> None:
    try:
        hash(architecture)
    except TypeError as error:
        raise Broken(f"{what} a {type(architecture).__name__}, which has no hash; use a frozen dataclass") from error
    expect(
        type(architecture).__str__ is not object.__str__ or type(architecture).__repr__ is not object.__repr__,
        f"{what} a {type(architecture).__name__} without a method __str__",
    )


VALUES = (
    Promise("it says what it is", describes_itself),
    Promise("text names the architecture", text_names_the_architecture, times=20),
    Promise("mutants are others of the space", mutants_are_others_of_the_space, times=20),
    Promise("drawings lead from inputs to one output", drawings_lead_to_one_output, times=20),
    Promise("chance comes from the generator alone", chance_comes_from_the_generator, times=5),
    Promise("samples and mutants differ", samples_differ),
    Promise("representatives are in the space", representative_is_in_the_space, times=20),
    Promise("architectures can be copied", values_can_be_copied, times=20),
    Promise("nonsense is refused in one line", nonsense_is_refused, times=5),
)


def check_quickly(space: SearchSpace) -> None:
    """Test the first four promises once, as required for registration.

    Args:
        space: The search space to test.

    Raises:
        Broken: If the space breaks a promise, or is not a search space.
        Exception: Whatever the space itself raises.
    """
    if not isinstance(space, SearchSpace):
        what = f"the class {space.__name__}" if isinstance(space, type) else repr(space)
        raise Broken(f"register takes a search space, such as MySpace(); got {what}")
    for promise in VALUES[:4]:
        promise.test(space, np.random.default_rng(0))
