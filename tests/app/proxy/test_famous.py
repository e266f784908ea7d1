"""Famous networks on the pages: in the sample, and where a proxy ranks them."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from eproxy_engine.baselines import Baseline
from eproxy_engine.runs import EvaluationSpecification, Store
from eproxy_engine.runs.executors.serial import Serial
from eproxy_engine.runs.lease import Lease
from eproxy_engine.runs.worker import work_on
from eproxy_engine.sampling import FAMOUS, Sample
from eproxy_engine.spaces import famous
from tests.app.driving import chosen, control, opened

NETWORKS = famous.in_space("darts")


def test_a_space_with_famous_networks_offers_them_as_a_sample(app: AppTest) -> None:
    opened(app, "architectures", space="darts", n="5")
    control(app, "selectbox", "Sample").select(FAMOUS).run()
    control(app, "number_input", "Random ones").set_value(0).run()
    assert not app.exception
    assert chosen(app).specification.sample == Sample(FAMOUS, 0, 1)
    assert chosen(app).specification.architectures()["architecture"].tolist() == list(NETWORKS)
    table = next(shown.value for shown in app.dataframe if "network" in shown.value)
    assert table["network"].tolist() == [network.name for network in NETWORKS.values()]
    control(app, "selectbox", "Search space").select("darts-cifar10-1000").run()
    assert FAMOUS not in control(app, "selectbox", "Sample").options
    assert chosen(app).specification.sample.size == 1
    assert not app.exception


def test_they_are_picked_by_name(app: AppTest) -> None:
    opened(app, "architectures", space="darts", rule=FAMOUS, n="0")
    control(app, "selectbox", "Sample").select("picked").run()
    control(app, "text_area", "Architectures, one per line").set_value("pc-darts\nSGAS\nDARTS-V3").run()
    names = [NETWORKS[text].name for text in chosen(app).specification.sample.picked]
    assert names == ["PC-DARTS", "SGAS"]
    assert len(app.error) == 1
    assert "near names: DARTS (2nd order), DARTS (1st order)" in app.error[0].value.replace("\\", "")


def test_the_address_keeps_the_sample(app: AppTest) -> None:
    opened(app, "architectures", space="darts", rule=FAMOUS, n="0", draw="3")
    assert chosen(app).specification.sample == Sample(FAMOUS, 0, 3)


def test_the_proxy_page_shows_where_they_rank(app: AppTest, store: Store) -> None:
    given = EvaluationSpecification("darts", "imagenet", Sample(FAMOUS, 3, 1), Baseline("flops"))
    run = work_on(store, Lease(store, store.create(given).id), Serial("cpu"))
    opened(app, "proxy", space="darts", rule=FAMOUS, n="3", draw="1", run=run.id)
    assert app.tabs[0].label == "Famous networks"
    table = next(shown.value for shown in app.dataframe if "network" in shown.value)
    assert table["network"].iloc[0] == "SGAS"
    assert table["rank"].iloc[0].endswith(f"of {len(NETWORKS) + 3}")
    assert any("The median famous network scores higher than" in caption.value for caption in app.caption)
