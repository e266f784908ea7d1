"""The table of a run, in a file that other programs read."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from eproxy_engine.errors import UserError
from eproxy_engine.learning.panels import panel
from eproxy_engine.learning.settings import RankingSettings
from eproxy_engine.runs import ComparisonSpecification, RankingSpecification, Specification, Store
from eproxy_engine.runs.exports.parquet import parquet
from eproxy_engine.runs.kinds.evaluation.rows import stored_rows
from eproxy_engine.sampling import Sample
from eproxy_engine.scoring.named import named
from tests.runs.conftest import finished, specification
from tests.runs.exports.test_optuna_study import ARCHITECTURE_SEARCH, PROXY_SEARCH, carried_out

SIZES = ComparisonSpecification("nasbench201", "cifar10", Sample(size=6), (named("flops"), named("parameters")))
RANKING = RankingSpecification(
    "nasbench201", "cifar10", Sample(size=30), panel("instant"), RankingSettings("ridge", labels=10, draws=1)
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(tmp_path / "store.sqlite3")) as opened:
        yield opened


def read(content: bytes) -> pd.DataFrame:
    return pd.read_parquet(io.BytesIO(content))


def test_an_evaluation_has_a_row_per_architecture(store: Store) -> None:
    run = finished(store)
    rows = stored_rows(store, specification())
    found = read(parquet(store, run.id))
    assert found["architecture"].tolist() == rows["architecture"].tolist()
    assert found["score"].tolist() == rows["score"].tolist()
    assert found["losses"].map(list).tolist() == rows["losses"].tolist()


@pytest.mark.parametrize(
    ("given", "rows", "column"),
    [(SIZES, 6, "flops"), (RANKING, 30, "predicted"), (ARCHITECTURE_SEARCH, 12, "flops"), (PROXY_SEARCH, 12, "rho")],
)
def test_other_kinds_have_their_tables(store: Store, given: Specification, rows: int, column: str) -> None:
    found = read(parquet(store, carried_out(store, given).id))
    assert len(found) >= rows
    assert found[column].notna().all()


def test_nested_values_are_json(store: Store) -> None:
    run = carried_out(store, PROXY_SEARCH)
    found = read(parquet(store, run.id))
    assert json.loads(found["configuration"][2]) == store.history(run.id)[2]["configuration"]


def test_a_run_that_has_found_nothing_is_refused(store: Store) -> None:
    with pytest.raises(UserError, match="has found nothing yet"):
        parquet(store, store.create(PROXY_SEARCH).id)
