"""Trials of an architecture search's first seed, as a table and as places on a map."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from app.architecture_search.shown import search_of
from eproxy_engine.runs import ArchitectureSearchSpecification, Run, Store
from eproxy_engine.search.architecture_search.map import mapped
from eproxy_engine.search.architecture_search.trial import Trial

COLUMNS = ("architecture", "parent", "parameters", "flops", "query", "accuracy", "jumped", "fitness")


def trials_of(store: Store, run: Run) -> pd.DataFrame:
    """Return one row per trial, in order, with :data:`COLUMNS`.

    ``parent`` is the place of a trial. ``accuracy`` includes known accuracies that were not queried. ``jumped`` says
    whether it is the measured architecture nearest to a mutant.
    ``fitness`` is the proxy's score; for an ensemble, the aggregated rank among all scored architectures.
    """
    return _trials(str(store.path), run.id, json.dumps(search_of(run).as_dict()), moment_of(run))


def places_of(store: Store, run: Run) -> tuple[NDArray[np.float64], tuple[float, float]]:
    """Return places of the trials on the map, shape (n, 2), and the variance that each axis explains."""
    return _places(str(store.path), run.id, moment_of(run))


def moment_of(run: Run) -> str:
    """Return a value that changes when the run progresses."""
    return f"{run.status} {json.dumps(run.progress)}"


@st.cache_data(max_entries=20, show_spinner="Reading the trials …")
def _trials(path: str, run_id: str, specification: str, moment: str) -> pd.DataFrame:
    given = ArchitectureSearchSpecification.from_dict(json.loads(specification))
    trials = [Trial(**values) for values in Store(path).history(run_id)]
    known = given.domain.known
    frame = pd.DataFrame(
        [
            (
                each.architecture,
                each.parent,
                each.parameters,
                each.flops,
                each.query,
                known.get(each.architecture),
                each.jumped,
            )
            for each in trials
        ],
        columns=list(COLUMNS[:-1]),
    ).astype({"parent": float, "query": float, "accuracy": float})
    return frame.assign(fitness=_fitness(given, trials))


def _fitness(given: ArchitectureSearchSpecification, trials: list[Trial]) -> list[float]:
    """Compute the fitness of each trial; nan if not scored, −inf if failed."""
    scored = {trial.architecture: trial for trial in reversed(trials) if trial.scores}
    if not scored:
        return [math.nan] * len(trials)
    scores = [tuple(-math.inf if s is None else s for s in trial.scores) for trial in scored.values()]
    fitness = given.fitness().fitness(list(scored), scores, [trial.flops for trial in scored.values()])
    by_text = dict(zip(scored, fitness, strict=True))
    return [by_text.get(trial.architecture, math.nan) for trial in trials]


@st.cache_data(max_entries=20, show_spinner="Drawing the map …")
def _places(path: str, run_id: str, moment: str) -> tuple[NDArray[np.float64], tuple[float, float]]:
    tried = [trial["architecture"] for trial in Store(path).history(run_id)]
    different = list(dict.fromkeys(tried))
    if not different:
        return np.zeros((0, 2)), (0.0, 0.0)
    found = mapped(different)
    number = {text: place for place, text in enumerate(different)}
    return found.places[[number[text] for text in tried]], found.explained
