"""The language of the pages: the link's, else the chosen one, else the browser's; Japanese is Japanese throughout."""

import json
import re
from zoneinfo import available_timezones

import pytest
from streamlit.testing.v1 import AppTest

from lib.chats.categories import STATUSES
from lib.chats.causes import CAUSES
from lib.chats.states import REASONS, STATES
from lib.explore.examples import FIRST_QUERY
from lib.explore.views import VIEWS
from lib.importing import CODECS
from lib.language import in_language
from lib.screen.chats.view import TABS
from tests.pages.driving import CHATS, DELETED, PAGES, TODAY, click, has, open_chat, rows_of, run, strings, visit
from tests.worlds import id_of

JAPANESE = {"locale": "ja-JP"}
# Proper names, and what stands for itself in every language.
OWN_NAMES = frozenset(
    [
        *("YYYY", "English", "JSON", "Lines", "Parquet", "CSV", "gzip", "GZIP", "UTC", "eml", "URL", "chats", "jsonl"),
        *("zip", "Zoho", "SalesIQ", "Zendesk", "Chat", "Chatwoot", "Intercom", "LiveChat", "Rocket", "Teapot"),
        *("API", "REST", "Agent", "Excel", "PNG"),
        *("WhatsApp", "Messenger", "Instagram", "Telegram", "LINE", "SMS"),  # channels
        *("SQL", "from", "HTML"),  # the page of queries; how words are searched for
        *("CHAT", "HISTORY", "SMTP", "HOST", "SENDER", "README"),  # where mail is set up
        *("name", "question", "date", "operator", "website"),  # fields of templates
        *("Your", "chat", "Hello", "visitor", "example", "com", "Ann", "Tester"),  # what the worlds hold
        *re.findall("[A-Za-z]{3,}", " ".join(CODECS)),  # encodings
    ]
)
# What SQL is written with, and the codes that stand in the columns of its views.
SQL_WORDS = frozenset(
    re.findall(
        "[A-Za-z]{3,}",
        " ".join(
            [
                *(f"{view.name} {column.name} {column.type}" for view in VIEWS.values() for column in view.columns),
                *(*STATES, *REASONS, *STATUSES, *CAUSES, FIRST_QUERY, "SQL SELECT NULL local"),
                *(
                    "web line queued sending sent failed unknown cancelled vendor_status no_human_reply by_hand mail",
                    "visitor operator bot system note reply whatsapp FROM",
                ),
            ]
        ),
    )
)
# Places of codes for Streamlit's own use; what is shown of tables and charts is looked at apart.
CODES = frozenset(
    [
        *("button.type", "download_button.type", "popover.popover.type", "page_link.page", "vega_lite_chart.theme"),
        "vega_lite_chart.selection_mode",
        *("code.language", "text_input.autocomplete", "dataframe.column_order", "dataframe.columns"),
        *("download_button.deferred_file_id", "page_link.page_script_hash"),
        *(
            "vega_lite_chart.spec",
            "vega_lite_chart.datasets.name",
            "vega_lite_chart.datasets.data.data",
            "vega_lite_chart.data.data",
        ),
        *("dataframe.arrow_data.data", "dataframe.arrow_data.styler.styles"),
        *("dataframe.arrow_data.styler.display_values", "dataframe.selection_state"),
        *(f"bidi_component.{part}" for part in ("component_name", "css_content", "html_content", "js_content", "json")),
    ]
)
NO_WORDS = re.compile(r"CHAT_HISTORY_[A-Z_]+|:material/\w+:|:[a-z]+(-badge)?\[|/\S+|\b[0-9a-f-]{36}\b|chat=\S+")
WORD = re.compile(r"[A-Za-z]{3,}")
ZONES = available_timezones()


def english_words(at: AppTest) -> set[str]:
    """English words that stand on the screen."""
    shown = [text for place, text in strings(at) if place not in CODES and text not in ZONES]
    for found in at.dataframe:
        shown += [cell for cell in found.value.to_numpy().ravel() if isinstance(cell, str)]
        looks = list(json.loads(found.proto.columns or "{}").values())
        shown += [str(look[name]) for look in looks for name in ("label", "help") if look.get(name)]
        shown += [str(word) for look in looks for word in look.get("type_config", {}).get("options", [])]
    for chart in at.get("vega_lite_chart"):
        shown += [json.loads(title) for title in re.findall(r'"title": ("[^"]*")', chart.proto.spec)]
        # By the status a bar is known when it is clicked.
        cells = rows_of(chart).drop(columns="status", errors="ignore").to_numpy().ravel()
        shown += [cell for cell in cells if isinstance(cell, str)]
    for found in at.get("bidi_component"):
        told = json.loads(found.proto.json)
        names = [*told["icons"].values(), *told["words"].values()] if "icons" in told else []
        shown += [name.replace("{field}", "") for name in names]
    return (
        {word for text in shown for word in WORD.findall(NO_WORDS.sub(" ", text))}
        - OWN_NAMES
        - (SQL_WORDS if has(at, "w_sql") else frozenset())
    )


@pytest.fixture(autouse=True)
def japanese_person(set_up) -> None:
    set_up(PERSON="係", IMPORT_FOLDER="/")


@pytest.mark.parametrize("state", ["japanese", "empty"])
def test_a_japanese_page_has_no_english_words(world, state: str):
    world(state)
    assert {page: words for page in PAGES if (words := english_words(visit(page, context=JAPANESE)))} == {}


@pytest.mark.parametrize("name", ["chat missed", "mailed", "bare"])
def test_a_japanese_chat_has_no_english_words(world, name: str):
    world("japanese")
    assert {tab: words for tab in TABS if (words := english_words(open_chat(name, tab, context=JAPANESE)))} == {}


def test_filters_and_their_sentence_have_no_english_words(world):
    world("japanese")
    query = {"operator": ["青井", "~"], "country": ["JP", "~"], "rating": "4", "tag": "常連", "wait": "90"}
    query |= {"period": "custom", "from": "2026-11-01", "to": "2026-11-23", "email": "yes", "reply": "no"}
    at = visit(
        CHATS, query | {"department": "~", "website": "店", "channel": "窓口", "category": "missed"}, context=JAPANESE
    )
    assert english_words(at) == set()


def test_a_deletion_has_no_english_words(world):
    world("japanese")
    # AppTest formats the options of widgets in this thread.
    with in_language("ja"):
        at = click(open_chat("long", context=JAPANESE), "delete_chat")
        assert english_words(at) == set()
        at = click(at, "confirm_deletion")
    assert english_words(at) == set()
    assert english_words(open_chat("long", context=JAPANESE)) == set()


def test_the_search_for_english_words_finds_some_on_an_english_page(world):
    world("japanese")
    assert {"Today", "Waiting", "Missed", "newest"} <= english_words(visit(TODAY))


@pytest.mark.parametrize(
    ("lang", "locale", "chats"),
    [
        (None, "en-US", "Chats"),
        (None, "ja", "チャット"),
        (None, "ja-JP", "チャット"),
        (None, "de-DE", "Chats"),
        (None, None, "Chats"),
        ("ja", "en-US", "チャット"),
        ("en", "ja-JP", "Chats"),
        ("tlh", "ja-JP", "チャット"),
        ("../ja", "en", "Chats"),
    ],
)
def test_the_language_is_the_one_of_the_link_else_that_of_the_browser(
    world, lang: str | None, locale: str | None, chats: str
):
    world("one")
    at = visit(DELETED, {"lang": lang} if lang else {}, context={"locale": locale})
    assert at.page_link[1].label == chats


def test_the_language_can_be_switched_and_stays_on_the_next_page(world):
    world("one")
    at = visit(CHATS, {"category": "missed"})
    at = run(at.segmented_control(key="person_language").select("ja"))
    assert at.page_link[1].label == "チャット"
    assert at.query_params == {"category": "missed", "lang": "ja"}
    assert all("lang=ja" in link.proto.query_string for link in at.page_link)
    with in_language("ja"):
        assert run(at.switch_page(DELETED)).page_link[1].label == "チャット"


def test_the_language_goes_along_when_a_card_is_opened(world):
    world("one")
    with in_language("ja"):
        at = click(visit(TODAY, {"lang": "ja"}), "card_overdue")
    assert (at.query_params["lang"], at.query_params["queue"]) == ("ja", "overdue")


def test_filters_do_not_lose_the_language_of_the_link(world):
    world("review")
    at = visit(CHATS, {"lang": "ja", "category": "missed", "chat": str(id_of("missed"))})
    with in_language("ja"):
        at = run(at.segmented_control(key="w_category").select("all"))
    assert at.query_params == {"lang": "ja", "chat": str(id_of("missed"))}
