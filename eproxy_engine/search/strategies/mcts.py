"""Monte Carlo tree search over the choices that make up a point, as in AlphaX (Wang et al. 2018, 2020)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from eproxy_engine.search.strategies.candidate import Decided, Strategy, T
from eproxy_engine.search.strategies.pool import Places, Pool

Choices = NDArray[np.intp]
"""Of n points their choices as numbers, shape (n, d); equal numbers in a column are equal choices."""
EXPLORATION = 0.1
"""The constant c of the upper confidence bound: that of LaNAS, by the same authors. With AlphaX's own, 0.5, a search of
NAS-Bench-201 explores too much to meet the best early."""
DIGITS = 9
"""Decimals of an upper bound."""


def mcts(domain: Decided[T], seed: int, known: Mapping[T, float] | None = None) -> Strategy[T]:
    """Yield candidates one by one: descend by UCT, add a node, choose at random from there, pass the fitness back.

    A node of the tree stands for the first choices of a point. Its value is the mean fitness of the candidates below,
    counted from 0 (the worst so far) to 1 (the best). Where all points below are asked for, it does not descend.

    AlphaX edits networks (adds a node or an edge, or ends), where this makes one choice after the other, as it can in
    every space. Its network that predicts accuracies is left out: this is the plain search.

    Args:
        domain: The searched set.
        seed: Seed of all draws.
        known: Fitness of points that are known beforehand.
    """
    rng = np.random.default_rng(seed)
    pool = Pool(domain, known or {}, rng)
    tree = Tree(numbered(pool.decisions), pool.free)
    for place, fitness in zip(pool.asked, pool.fitness, strict=True):
        tree.add(place, fitness)
    while len(tree.root.new):
        place = tree.choose(rng)
        yield from pool.ask(np.array([place]))
        tree.add(place, pool.fitness[-1])


def numbered(sequences: Sequence[Sequence[str]]) -> Choices:
    """Number the choices at each place; a missing one is a choice as well."""
    columns = [np.unique(column, return_inverse=True)[1] for column in zip_longest(*sequences, fillvalue="")]
    return np.column_stack(columns)


class Node:
    """A node: the points that share the first choices."""

    def __init__(self, choices: Choices, new: Places) -> None:
        self.new = new
        """Places of the points below that nobody asked for."""
        rows = choices[new]
        differ = (rows != rows[:1]).any(axis=0)
        self.column = int(differ.argmax()) if differ.any() else None
        """The next choice in which they differ; None in a leaf."""
        self.parts: dict[int, Node] = {}
        """The nodes below that candidates led to, by that choice."""
        self.visits = 0
        self.total = 0.0
        """Sum of the fitness of the candidates below."""


class Tree:
    """The nodes that have been added so far."""

    def __init__(self, choices: Choices, new: Places) -> None:
        self.root = Node(choices, new)
        self._choices = choices
        self._worst, self._best = math.inf, -math.inf

    def add(self, place: int, fitness: float) -> None:
        """Take in the fitness of a point in all nodes above it, and add the next one."""
        self._worst, self._best = min(self._worst, fitness), max(self._best, fitness)
        row, node, fresh = self._choices[place], self.root, False
        while True:
            fresh = node.visits == 0
            node.visits += 1
            node.total += fitness
            node.new = node.new[node.new != place]
            if fresh or node.column is None:
                return
            choice = int(row[node.column])
            if choice not in node.parts:
                node.parts[choice] = Node(self._choices, node.new[self._choices[node.new, node.column] == choice])
            node = node.parts[choice]

    def choose(self, rng: np.random.Generator) -> int:
        """Return the place of a new point: follow the tree to its end by UCT, then choose at random."""
        node = self.root
        while node.visits and node.column is not None:
            below = self._choices[node.new, node.column]
            choices = np.unique(below)
            untried = [choice for choice in choices if choice not in node.parts]
            if untried:
                return self._at_random(node.new[below == rng.choice(untried)], rng)
            node = max((node.parts[choice] for choice in choices), key=lambda part: self._upper_bound(node, part))
        return self._at_random(node.new, rng)

    def _upper_bound(self, node: Node, part: Node) -> float:
        """Return the upper confidence bound of a node below another (UCT)."""
        value = (part.total / part.visits - self._worst) / ((self._best - self._worst) or 1.0)
        return round(value + 2 * EXPLORATION * math.sqrt(2 * math.log(node.visits) / part.visits), DIGITS)

    def _at_random(self, new: Places, rng: np.random.Generator) -> int:
        """Make the remaining choices at random, each among those that lead to a new point."""
        for column in range(self._choices.shape[1]):
            below = self._choices[new, column]
            new = new[below == rng.choice(np.unique(below))]
        return int(new[0])
