"""Reports: what is shown of nothing, what is kept from click to click, and the report as a file."""

from html.parser import HTMLParser

import pytest

from lib.chats.filter.filter import ChatFilter
from lib.reports.figures import FIGURE_CODES, figures, read
from lib.reports.groups import groups
from lib.screen.frame import session
from lib.screen.reports.document import _file
from tests.pages.driving import REPORTS, body, captions, click, run, table, visit
from tests.worlds import HOSTILE_TEXTS, NOW, chat, insert

CHOSEN, TARGET_S = ChatFilter(period="last_90"), 60


class Parts(HTMLParser):
    """The tags of a page with their attributes, and the texts of its table's cells, row by row."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.texts: list[str] = []
        self._in_cell = False
        self.feed(page.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self._in_cell = True
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self._in_cell = False

    def handle_data(self, data):
        self.texts.append(data)
        if self._in_cell:
            self.rows[-1][-1] += data


def test_where_nothing_was_chatted_there_is_nothing_to_count(world):
    world("empty")
    at = visit(REPORTS)
    assert "No chat started in these days." in captions(at)
    assert at.metric[0].value == "0"


def test_chats_without_a_start_are_reported_without_days(world):
    insert(world("empty"), [chat(f"chat {n}", started_at=None, status="missed") for n in range(12)])
    at = visit(REPORTS, {"period": "unknown"})
    assert "Chats without a start time" in body(at)
    assert [metric.value for metric in at.metric][:2] == ["12", "100.0%"]


def test_the_time_within_which_an_answer_is_wanted_changes_what_is_in_time(world):
    waits = [10.0] * 8 + [100.0] * 12
    insert(world("empty"), [chat(f"chat {n}", started_at=NOW, wait_s=wait) for n, wait in enumerate(waits)])
    at = visit(REPORTS)
    in_time = next(metric for metric in at.metric if metric.label == "In time")
    assert in_time.value == "40.0%"
    at = run(at.selectbox(key="w_target").set_value(120))
    assert next(metric for metric in at.metric if metric.label == "In time").value == "100.0%"
    at = run(at.selectbox(key="w_target").set_value(15))
    at = click(at, "report_in_time")
    assert "15" in str(at.query_params)


def test_the_filters_hold_for_all_that_is_reported(world):
    world("sample")
    whole = visit(REPORTS, {"period": "last_90"})
    some = visit(REPORTS, {"period": "last_90", "department": "Orders"})
    assert int(whole.metric[0].value.replace(",", "")) > int(some.metric[0].value.replace(",", "")) > 0
    assert table(some, "report_day")["chats"].sum() == int(some.metric[0].value)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_file_says_what_the_page_says(world, language):
    store = world("sample")
    found, clock = figures(store, CHOSEN, TARGET_S, session.clock()), session.clock()
    parts = Parts(_file(CHOSEN, "operator", TARGET_S, language))
    assert ("html", {"lang": language}) in parts.tags
    if language == "en":
        for metric in visit(REPORTS, {"period": "last_90"}).metric:
            assert metric.label in parts.texts
            assert metric.value in parts.texts
    rows = parts.rows[-len(groups(store, CHOSEN, "operator", TARGET_S, clock)) :]
    for row, group in zip(rows, groups(store, CHOSEN, "operator", TARGET_S, clock), strict=True):
        assert [cell.replace(",", "") for cell in row[1:3]] == [
            str(group.now.counts["missed"]),
            str(group.now.counts["chats"]),
        ]
    assert len(rows[0]) == 2 + len(FIGURE_CODES)
    assert read("chats", found.now).counted > 0
    assert len([row for row in parts.rows if len(row) == 25]) == 8


def test_nothing_in_the_file_runs_or_loads(world):
    insert(
        world("empty"),
        [chat(f"chat {n}", started_at=NOW, department=text, operators=[text]) for n, text in enumerate(HOSTILE_TEXTS)],
    )
    for by in ("department", "operator", "day"):
        parts = Parts(_file(CHOSEN, by, TARGET_S, "en"))
        assert {tag for tag, _attributes in parts.tags} <= {
            *("html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "div", "span", "table", "thead"),
            *("tbody", "tr", "th", "td", "figure", "figcaption", "svg", "rect", "text"),
        }
        assert not [
            name for _tag, attributes in parts.tags for name in attributes if name in ("src", "href", "onerror")
        ]
