"""The page of settings is what the dataclasses say."""

from tests.docs.settings_page import PAGE, page


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "python -m tests.docs.settings_page writes it anew"
