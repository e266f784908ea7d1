"""Runs of loss landscapes: what they ask for, what they find, and that nothing is lost on the way."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from eproxy_engine.errors import UserError
from eproxy_engine.landscape import CURVATURE, MEASURES, Part, View
from eproxy_engine.proxy import Evaluation, Outcome
from eproxy_engine.runs import LandscapeSpecification, Run, Store, archive
from eproxy_engine.runs.command_line import command
from eproxy_engine.runs.cost import work
from eproxy_engine.runs.executors import Executor
from eproxy_engine.runs.executors.serial import Serial
from eproxy_engine.runs.kinds.landscape import file as landscape_file
from eproxy_engine.runs.kinds.landscape.plan import halves, separated, surface_of
from eproxy_engine.runs.kinds.registry import specification_of
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.worker import work_on
from eproxy_engine.sampling import Sample
from tests.precision import rounding
from tests.runs.conftest import configuration

SMALL = "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|"
PARTS = 5
"""Of a surface besides its rows: frame, two slices, interpolation, curvature."""


def landscapes(size: int = 2, **changes: Any) -> LandscapeSpecification:
    values = {"configuration": configuration(), "view": View(steps=3, centre=2), "images": "noise"}
    sample = Sample(size=20).extremes("nasbench201", "cifar10", size // 2)
    return LandscapeSpecification("nasbench201", "cifar10", sample, **{**values, **changes})


class Instant:
    """An executor that makes losses up from the key; ``pauses``: the run that is to pause ``after`` so many."""

    def __init__(self, store: Store | None = None, pauses: str = "", after: int = 0) -> None:
        self._store, self._pauses, self._left = store, pauses, after

    def run(self, evaluations: Iterable[Evaluation]) -> Iterator[tuple[Evaluation, Outcome]]:
        for evaluation in evaluations:
            part = evaluation.configuration
            assert isinstance(part, Part)
            rng = np.random.default_rng(int(evaluation.key, 16))
            values = tuple(map(tuple, rng.uniform(1, 2, part.shape()).tolist()))
            self._left -= 1
            if self._store is not None and self._left == 0:
                self._store.ask(self._pauses, "pause")
            yield evaluation, Outcome(values, seconds=0.1)

    def close(self) -> None:
        pass


def computed(store: Store, wanted: LandscapeSpecification, executor: Executor | None = None) -> Run:
    return work_on(store, Lease(store, store.create(wanted).id), executor or Instant())


def test_surfaces_are_all_combinations_in_order() -> None:
    wanted = landscapes(2, seeds=(1, 2), draws=2, centres=(0, 2))
    surfaces = wanted.surfaces()
    assert len(surfaces) == 2 * 2 * 2 * 2 * 2
    assert [each.barrier for each in surfaces[:4]] == [True, False, True, False]
    assert surfaces[0].architecture == surfaces[1].architecture != surfaces[2].architecture
    assert [(each.seed, each.view.draw, each.view.centre) for each in surfaces[::4]] == [
        (seed, draw, centre) for seed in (1, 2) for draw in (1, 2) for centre in (0, 2)
    ]
    assert len(wanted.evaluations(surfaces[0])) == PARTS + 3


def test_a_run_computes_each_part_once_and_reports_surface_by_surface(store: Store) -> None:
    wanted = landscapes()
    run = computed(store, wanted)
    assert run.status == "finished"
    assert run.progress["done"] == run.progress["total"] == 4 * (PARTS + 3)
    assert run.progress["steps"] == 4
    assert run.result is not None
    rows = run.result["surfaces"]
    assert [(row["architecture"], row["barrier"]) for row in rows] == [
        (surface.architecture, surface.barrier) for surface in wanted.surfaces()
    ]
    assert rows[0]["accuracy"] > rows[2]["accuracy"]
    assert set(MEASURES) <= set(rows[0])
    again = computed(store, wanted)
    assert again.progress["reused"] == 4 * (PARTS + 3)
    assert again.result == run.result


def test_it_is_computed_for_real(store: Store) -> None:
    """The middle of the grid is the centre, where the frame has measured the loss too."""
    wanted = replace(landscapes(barriers=(True,)), sample=Sample("picked", 1, 1, (SMALL,)))
    run = computed(store, wanted, Serial("cpu"))
    (surface,) = wanted.surfaces()
    shown = surface_of(wanted, surface, store.outcomes(wanted.evaluations(surface)))
    assert shown.loss[1, 1] == pytest.approx(shown.centre_loss, rel=rounding(layers=20, terms=1024))
    assert np.isfinite(shown.loss).all()
    assert run.result is not None
    assert run.result["surfaces"][0]["ruggedness"] == shown.measures.ruggedness > 0


def test_a_paused_run_shows_the_rows_it_has_and_ends_as_an_undisturbed_one(store: Store, tmp_path: Path) -> None:
    wanted = landscapes()
    with closing(Store(tmp_path / "undisturbed.sqlite3")) as undisturbed:
        expected = computed(undisturbed, wanted).result
    run = store.create(wanted)
    paused = work_on(store, Lease(store, run.id), Instant(store, run.id, after=PARTS + 2))
    assert paused.status == "paused"
    assert paused.result == {"surfaces": [], "separation": []}
    first = wanted.surfaces()[0]
    partial = surface_of(wanted, first, store.outcomes(wanted.evaluations(first)))
    assert (partial.computed, partial.complete) == (2, False)
    assert np.isfinite(partial.loss[:2]).all()
    assert np.isnan(partial.loss[2]).all()
    store.resume(run.id)
    assert work_on(store, Lease(store, run.id), Instant()).result == expected


def test_a_run_survives_its_file(store: Store, tmp_path: Path) -> None:
    run = computed(store, landscapes())
    with closing(Store(tmp_path / "other.sqlite3")) as other:
        taken = archive.unpack(other, archive.pack(store, run.id), origin="imported")
        assert (taken.status, taken.kind, taken.result) == ("finished", "landscape", run.result)
        assert taken.specification == run.specification


def test_a_file_with_a_row_of_another_shape_is_refused(store: Store, tmp_path: Path) -> None:
    run = computed(store, landscapes())
    content = json.loads(gzip.decompress(archive.pack(store, run.id)))
    last = list(content["evaluations"].values())[-1]
    last["values"][0].append(1.0)
    with closing(Store(tmp_path / "other.sqlite3")) as other:
        with pytest.raises(UserError, match="has values of another shape"):
            archive.unpack(other, gzip.compress(json.dumps(content).encode()), origin="imported")
        assert other.runs() == []


def test_the_specification_survives_json() -> None:
    wanted = landscapes(4, seeds=(3, 4), draws=2, centres=(0, 1, 2), barriers=(False,))
    assert specification_of("landscape", json.loads(json.dumps(wanted.as_dict()))) == wanted


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"barriers": (False, True)}, r"barriers is \[False, True\]; accepted: \[true\], \[false\] or \[true, false\]"),
        ({"view": View(centre=3)}, "centre is 3; accepted: 0 to 2, the iterations of the proxy"),
        ({"centres": (0, 9)}, "centre is 9; accepted: 0 to 2"),
        ({"seeds": (1, 1)}, r"seeds \[1, 1\]; accepted: at least one, all different"),
        ({"seeds": ()}, "accepted: at least one"),
        ({"draws": 0}, "0 pairs of directions; accepted: a whole number from 1 to 20"),
        ({"seeds": (-1,)}, "seed is -1"),
        ({"images": "nowhere"}, "nowhere"),
        ({"draws": 20, "seeds": tuple(range(20))}, "1600 surfaces; accepted: up to 400"),
    ],
)
def test_what_cannot_be_computed_is_refused_with_what_can(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        landscapes(**changes).checked()


def test_titles_say_what_is_there() -> None:
    title = "NAS-Bench-201, cifar10: loss landscape of 2 architectures, with and without barrier"
    assert landscapes().title == title
    several = landscapes(barriers=(True,), seeds=(1, 2, 3), draws=2, centres=(0, 1))
    assert several.title.endswith("with barrier, 3 seeds, 2 pairs of directions, 2 centres")


def test_the_command_makes_the_same_run() -> None:
    line = command(landscapes(seeds=(1, 2), barriers=(False,), centres=(0, 2)))
    assert "landscape --space nasbench201 --task cifar10 --arch" in line
    for words in ("--barrier off", "--centre 0 --centre 2", "--steps 3", "--seeds 2", "--images noise", "--seed 1"):
        assert words in line
    assert "barrier=" not in line
    assert "--directions 4 --draws 2" in command(landscapes(view=View(centre=2, draw=4), draws=2))


def test_the_cost_falls_to_nothing_as_parts_are_stored(store: Store) -> None:
    wanted = landscapes()
    whole = work(store, [wanted]).multiply_accumulates["nasbench201"]
    computed(store, replace(wanted, barriers=(True,)))
    assert work(store, [wanted]).multiply_accumulates["nasbench201"] < 0.6 * whole
    computed(store, wanted)
    assert work(store, [wanted]).missing == 0


def test_the_numbers_file_has_every_surface(store: Store) -> None:
    wanted = landscapes()
    computed(store, wanted)
    with np.load(io.BytesIO(landscape_file.npz(store, wanted)), allow_pickle=False) as file:
        assert file["losses"].shape == (4, 3, 3)
        np.testing.assert_array_equal(file["losses"][0], file["loss"])
        np.testing.assert_array_equal(file["x"], [-1.0, 0.0, 1.0])
        recipes = json.loads(str(file["recipes"]))
        assert [recipe["barrier"] for recipe in recipes] == [True, False, True, False]
        assert recipes[0]["view"]["radius"] == 1.0
        assert len(json.loads(str(file["measures"]))) == 4


def rows(values: dict[str, list[float]], barrier: bool = True) -> pd.DataFrame:
    """Architectures ``a``, ``b``, … of accuracy 90, 80, …, each with values of the ruggedness over seeds."""
    found = []
    for place, (name, each) in enumerate(values.items()):
        for value in each:
            numbers = dict.fromkeys((*MEASURES, *CURVATURE), 0.0)
            row = {"architecture": name, "accuracy": 90.0 - 10 * place, "barrier": barrier}
            found.append({**row, **numbers, "ruggedness": value})
    return pd.DataFrame(found)


def test_halves_leave_the_middle_out() -> None:
    assert halves(rows({"a": [1], "b": [1], "c": [1]})) == (["a"], ["c"])
    assert halves(rows({"a": [1]})) == ([], [])
    assert halves(pd.DataFrame()) == ([], [])


def test_separation_compares_means_of_architectures() -> None:
    """Good: 2 and 3 (means over seeds), bad: 1 and 2.5: three of four pairs have the higher one among the good."""
    table = rows({"a": [1, 3], "b": [3, 3], "c": [1, 1], "d": [2.5, 2.5]})
    found = next(row for row in separated(table) if row["measure"] == "ruggedness")
    assert (found["good"], found["bad"], found["auc"]) == (2.5, 1.75, 0.75)
    assert (found["n_good"], found["n_bad"], found["barrier"]) == (2, 2, True)
    assert found["good_sd"] == pytest.approx(np.std([2, 3], ddof=1))
    other = next(row for row in separated(table) if row["measure"] == "holes")
    assert other["auc"] == 0.5


def test_evaluations_are_shared_with_other_views(store: Store) -> None:
    """Curvature and interpolation do not depend on the plane."""

    def keys(wanted: LandscapeSpecification) -> list[Evaluation]:
        return wanted.evaluations(wanted.surfaces()[0])

    one, other = keys(landscapes()), keys(landscapes(view=View(steps=3, centre=2, draw=2)))
    same = [a.configuration.piece for a, b in zip(one, other, strict=True) if a.key == b.key]  # type: ignore[attr-defined]
    assert same == ["interpolation", "curvature"]
