"""The bare page beside which clicks are measured draws as many elements as the census says, and opens a row."""

from streamlit.testing.v1 import AppTest

LIST = {
    "sidebar multiselect": [4, 2], "sidebar button": [0], "page button": [0, 0], "page text": [0, 0, 0],
    "page button_group": [0, 0], "page selectbox": [8], "page pagination": [0], "page dataframe": [5],
    "page vega_lite_chart": [0],
}  # fmt: skip
CHAT = {**LIST, "page text": [0] * 7, "page button": [0] * 4, "page button_group": [0, 0, 0]}


def page(census):
    from benchmarks.click.bare_page import draw

    draw(census, ticks=False)


def test_the_list_and_an_open_chat_have_the_elements_of_the_census():
    at = AppTest.from_function(page, kwargs={"census": {"list": LIST, "chat": CHAT}}).run(timeout=60)
    assert not at.exception
    assert (len(at.multiselect), len(at.button), len(at.text), len(at.button_group)) == (2, 3, 3, 2)
    at.session_state["row"] = 2
    at.run(timeout=60)
    assert not at.exception
    assert (len(at.multiselect), len(at.button), len(at.text), len(at.button_group)) == (2, 5, 7, 3)
    at.button(key="close_chat").click().run(timeout=60)
    assert len(at.text) == 3
