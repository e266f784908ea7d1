"""A heavy store is a store like any other, only heavier."""

import shutil
from contextlib import closing
from pathlib import Path

from eproxy_engine.runs import Store
from tests.load.heavy_store import open_heavy


def test_it_is_filled_up_to_what_is_asked_for_and_no_further(tmp_path: Path, store_with_samples: Path) -> None:
    shutil.copy(store_with_samples, tmp_path / "store.sqlite3")
    with closing(Store(tmp_path / "store.sqlite3")) as store:
        shipped, stored = store.runs(), store.count_evaluations()
    for _ in range(2):
        with closing(open_heavy(tmp_path, len(shipped) + 2, 3 * stored)) as heavy:
            assert len(heavy.runs()) == len(shipped) + 2
            assert heavy.count_evaluations() == 3 * stored
            assert all(run.status == "finished" and run.result for run in heavy.runs())
