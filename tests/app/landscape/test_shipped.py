"""The page opens with surfaces that show what its text says."""

from eproxy_engine.runs import LandscapeSpecification, archive, bundled
from eproxy_engine.runs.kinds.landscape.plan import measured

OPENS = bundled.SAMPLES_FOLDER / "landscape-nasbench101-path.json.gz"


def test_the_barrier_roughens_the_plane_of_the_path() -> None:
    packed = archive.read(OPENS.read_bytes())
    assert isinstance(packed.specification, LandscapeSpecification)
    rows = {row["barrier"]: row for row in measured(packed.specification, packed.replay.outcomes)}
    rough, bowl = rows[True], rows[False]
    assert 2.5 < rough["log_ruggedness"] / bowl["log_ruggedness"] < 5.5
    assert bowl["agreement"] > 0.999 > rough["agreement"]
    assert bowl["local_minima"] < rough["local_minima"]
