"""The page in which scenes turn together; tests of the browser turn them."""

import plotly.graph_objects as go

from app.charts.linked import linked_html


def figure(background: str | None = None) -> go.Figure:
    return go.Figure(go.Surface(z=[[1, 2], [3, 4]]), layout={"paper_bgcolor": background})


def test_page_loads_the_library_from_where_it_is_told() -> None:
    page = linked_html(figure(), "/somewhere/plotly.min.js", "surfaces")
    assert 'src="/somewhere/plotly.min.js"' in page
    assert len(page) < 20_000
    assert "http://" not in page


def test_page_with_the_library_within_opens_anywhere() -> None:
    page = linked_html(figure(), True, "surfaces")
    assert len(page) > 3_000_000
    assert "<script src=" not in page
    assert 'src="https://' not in page


def test_key_names_the_camera_the_element_and_the_picture() -> None:
    page = linked_html(figure(), "plotly.min.js", "surfaces")
    assert 'getElementById("surfaces"), store = "camera-" + "surfaces"' in page
    assert '"filename": "surfaces"' in page
    assert '"scale": 2' in page
    assert 'download: "surfaces" + ".png"' in page
    assert page == linked_html(figure(), "plotly.min.js", "surfaces"), "a browser would load another page again"


def test_page_has_the_background_of_the_figure() -> None:
    assert "background: #12181E;" in linked_html(figure("#12181E"), "plotly.min.js", "a")
    assert "background: transparent;" in linked_html(figure(), "plotly.min.js", "a")


def test_key_cannot_end_the_script() -> None:
    page = linked_html(figure(), "plotly.min.js", "</script><b>")
    assert "</script><b>" not in page.split("store =")[1]


def test_nothing_offers_to_send_the_figure_elsewhere() -> None:
    assert '"showSendToCloud": false' in linked_html(figure(), "plotly.min.js", "a")
