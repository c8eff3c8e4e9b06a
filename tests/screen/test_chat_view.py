"""The view of the Chats page as an address, and back."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.runtime.state.query_params import QueryParams

from lib.chats.filter.filter import ChatFilter
from lib.chats.listing import SORT_KEYS, Sort
from lib.screen.chats import view as chat_view
from lib.screen.chats.view import TABS, ChatView, read_view, to_address
from lib.screen.frame import session
from lib.screen.parts import address as address_of_tab
from lib.screen.parts.address import LONGEST_PAGE_DIGITS
from tests.chats.test_filter_link import FILTERS

VIEWS = st.builds(
    ChatView,
    chosen=FILTERS,
    sort=st.builds(Sort, st.sampled_from(SORT_KEYS), st.booleans()),
    page=st.integers(1, 10**LONGEST_PAGE_DIGITS - 1),
    chat=st.none() | st.uuids(),
    tab=st.sampled_from(TABS),
    came_from=st.none() | st.uuids(),
)


@pytest.fixture(autouse=True, scope="module")
def contents() -> Iterator[dict[str, str]]:
    """What the store keeps behind the ids of links."""
    kept: dict[str, str] = {}

    def key_of(content: str) -> str:
        key = sha256(content.encode()).hexdigest()[:16]
        kept[key] = content
        return key

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chat_view, "key_of", key_of)
        patch.setattr(chat_view, "content_of", kept.get)
        # Nobody signs in: to find that out, each test would make a store of its own.
        patch.setattr(session, "guard", lambda: None)
        yield kept


def read(address: dict[str, Any]) -> ChatView:
    """The view of an address, as Streamlit hands it over."""
    query = QueryParams()
    query.populate_from_query_string(urlencode(address, doseq=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(address_of_tab, "st", SimpleNamespace(query_params=query, session_state={}))
        patch.setattr(chat_view, "st", SimpleNamespace(session_state={}))
        return read_view()


@given(VIEWS)
@settings(deadline=None)
def test_an_address_gives_the_view_back(view: ChatView):
    words = view.chosen.words if view.chosen.words.strip() else ""
    assert read(to_address(view)) == replace(view, chosen=replace(view.chosen, words=words))


def test_an_address_has_an_id_in_place_of_the_words():
    address = to_address(ChatView(chosen=ChatFilter(words="Rin Kato")))
    assert list(address) == ["q"]
    assert "Rin" not in str(address)
    assert read({"q": "unknown"}).chosen == ChatFilter(unreadable=(("q", ("unknown",)),))


@given(st.dictionaries(st.sampled_from(["sort", "order", "page", "chat", "tab", "from_chat", "x"]), st.text()))
@settings(deadline=None)
def test_any_address_means_a_view_and_means_the_same_when_it_is_written_again(address: dict[str, str]):
    view = read(address)
    assert read(to_address(view)) == view


def test_the_usual_view_has_an_empty_address():
    assert to_address(ChatView()) == {}
    assert read({}) == ChatView()


@pytest.mark.parametrize("name", ["sort", "order", "page", "chat", "tab", "from_chat"])
@pytest.mark.parametrize("value", ["", "x", "0", "-1", "1.5", "²", "٣", "\0", "9" * 9, "9" * 5000, "Start", "1" * 31])
def test_nonsense_is_as_if_it_were_not_there(name: str, value: str):
    assert read({name: value}) == ChatView()


def test_the_last_of_several_values_counts():
    assert read({"page": ["2", "3"], "tab": ["info", "notes"]}) == ChatView(page=3, tab="notes")


@pytest.mark.parametrize("name", ["chat", "from_chat"])
def test_a_chat_is_named_by_its_id(name: str):
    chat_id = uuid4()
    view = read({name: str(chat_id)})
    assert (view.chat if name == "chat" else view.came_from) == chat_id
