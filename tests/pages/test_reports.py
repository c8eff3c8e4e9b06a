"""Reports: what is shown of nothing, what is kept from click to click, and the report as a file."""

import csv
from datetime import timedelta
from html.parser import HTMLParser
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest

from lib.chats.filter.filter import ChatFilter, Condition, Conditions
from lib.chats.filter.link import to_query
from lib.language import percent
from lib.missed.groups import groups as missed_groups
from lib.reports.coverage import EVERY_DAY, coverage
from lib.reports.duty import duty
from lib.reports.figures import FIGURE_CODES, figures, read
from lib.reports.groups import groups
from lib.reports.replies import replies
from lib.screen.frame import session
from lib.screen.reports import groups as report_groups
from lib.screen.reports.document import Chosen, _file, _tables
from tests.pages.driving import REPORTS, body, captions, chart_rows, click, has, run, table, visit
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
    assert "There are no chats yet. Import an export of your chat system to begin." in [each.value for each in at.info]
    assert not at.metric


def test_where_no_chat_meets_the_filters_it_is_said(world):
    world("one")
    at = visit(REPORTS, {"department": "Nowhere"})
    assert "No chat of these days meets the filters." in captions(at)
    assert at.metric[0].value == "0"


def test_chats_without_a_start_are_reported_without_days(world):
    insert(world("empty"), [chat(f"chat {n}", started_at=None, status="missed") for n in range(12)])
    at = visit(REPORTS, {"period": "unknown"})
    assert "Chats without a start time" in body(at)
    assert "Chats without a start time belong to no day or hour." in captions(at)
    assert [metric.value for metric in at.metric][:2] == ["12", "100.0%"]


def test_the_time_within_which_an_answer_is_wanted_changes_what_is_in_time(world):
    waits = [10.0] * 8 + [100.0] * 12
    insert(
        world("empty"),
        [chat(f"chat {n}", started_at=NOW, wait_s=wait, operators=["Aoi"]) for n, wait in enumerate(waits)],
    )
    at = visit(REPORTS)
    in_time = next(metric for metric in at.metric if metric.label == "In time")
    assert in_time.value == "40.0%"
    at = run(at.selectbox(key="w_target").set_value(120))
    assert next(metric for metric in at.metric if metric.label == "In time").value == "100.0%"
    at = run(at.selectbox(key="w_target").set_value(15))
    assert at.query_params["within"] == "15"
    at = click(at, "report_in_time")
    assert "15" in str(at.query_params)


def test_a_link_shows_the_same_report(world):
    world("sample")
    at = run(visit(REPORTS, {"period": "last_90"}).selectbox(key="w_target").set_value(300))
    at = run(at.selectbox(key="w_report_by").set_value("operator"))
    other = visit(REPORTS, dict(at.query_params.items()))
    assert [metric.value for metric in other.metric] == [metric.value for metric in at.metric]
    assert table(other, "report_operator").equals(table(at, "report_operator"))
    assert run(other.selectbox(key="w_target").set_value(60)).query_params == {"period": "last_90", "by": "operator"}


def test_what_is_chosen_beside_the_filters_widens_and_narrows_nothing(world):
    world("sample")
    beside = {"within": "300", "waits": "working_hours", "by": "operator", "ranked_by": "wait"}
    at = visit(REPORTS, {"period": "last_90", **beside, "coverage_of": "2", "missed_under": "10"})
    assert at.metric[0].value == visit(REPORTS, {"period": "last_90"}).metric[0].value != "0"
    assert at.selectbox(key="w_coverage_day").value == 2
    # Each of them is in the address still after another one was changed.
    assert run(at.selectbox(key="w_target").set_value(60)).query_params.keys() == {
        *("period", "waits", "by", "ranked_by", "coverage_of", "missed_under")
    }


def test_chats_of_more_conditions_than_a_filter_takes_are_not_opened_as_none(world):
    world("sample")
    many = Conditions("all", tuple(Condition("messages", "least", (str(n),)) for n in range(-48, 0)))
    query = to_query(ChatFilter(period="last_90", conditions=many))
    at = click(visit(REPORTS, query), "report_in_time")
    assert "A filter takes 50 conditions at most. Remove some to open these chats." in body(at)
    assert at.query_params["period"] == "last_90" and "within" not in at.query_params
    assert has(at, "report_in_time")
    assert not has(click(at, "report_low"), "report_in_time")


def test_a_chat_that_nobody_answered_has_no_wait_for_an_answer(world):
    own = {"started_at": NOW, "ended_at": NOW, "status": "completed"}
    answered = [chat(f"chat {n}", wait_s=20.0, operators=["Aoi"], **own) for n in range(10)]
    insert(world("empty"), [*answered, chat("left alone", wait_s=1800.0, operators=[], **own)])
    at = visit(REPORTS)
    assert {each.label: each.value for each in at.metric}["Wait of 95 %"] == "20 s"


def test_the_newest_days_are_in_the_table_and_days_without_chats_in_the_chart(world, monkeypatch):
    days = (0, 1, 5, 6)
    insert(world("empty"), [chat(f"chat {n}", started_at=NOW - timedelta(days=n)) for n in days])
    monkeypatch.setattr(report_groups, "MOST_GROUPS", 3)
    at = visit(REPORTS, {"period": "last_7"})
    assert [day.isoformat() for day in table(at, "report_day")["name"]] == ["2026-11-23", "2026-11-22", "2026-11-18"]
    assert "The table has the first 3; 1 more are left out." in captions(at)
    assert list(chart_rows(at, -1)["chats"]) == [1, 1, 0, 0, 0, 1, 1]
    hours = chart_rows(run(at.selectbox(key="w_report_by").set_value("hour")), -1)
    assert len(hours) == 24


def test_hours_without_a_chat_are_framed_where_people_work(world):
    insert(world("empty"), [chat("one", started_at=NOW)])
    cells = chart_rows(visit(REPORTS))
    assert cells["rate"].notna().all()
    assert cells[cells["is_open"]].groupby("weekday").size().to_dict() == dict.fromkeys(range(1, 6), 9)


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
    parts = Parts(_file(CHOSEN, Chosen("operator", TARGET_S), language))
    assert ("html", {"lang": language}) in parts.tags
    if language == "en":
        for metric in visit(REPORTS, {"period": "last_90"}).metric:
            assert metric.label in parts.texts
            assert metric.value in parts.texts
    _header, *rows = [row for row in parts.rows if len(row) == 3 + len(FIGURE_CODES)]
    for row, group in zip(rows, groups(store, CHOSEN, "operator", TARGET_S, clock), strict=True):
        assert [cell.replace(",", "") for cell in row[1:3]] == [
            str(group.now.counts["chats"]),
            str(group.now.counts["missed"]),
        ]
    on_duty = duty(store, CHOSEN, clock)
    assert {row[0]: row[-1] for row in rows if row[-1] != "–"} == {
        name: percent(each.reading.value, 1) for name, each in on_duty.items()
    }
    hours = [hour for hour in coverage(store, CHOSEN, clock).of_days(EVERY_DAY) if hour.chats or hour.seen]
    assert len([row for row in parts.rows if len(row) == 6]) == 1 + len(hours)
    inside = replies(store, CHOSEN, "operator", clock)
    _header, whole, *others = [row for row in parts.rows if len(row) == 7]
    of_operators, (_weeks, *weeks) = others[: len(inside.groups)], others[len(inside.groups) :]
    assert [cell.replace(",", "") for cell in whole[1:3]] == [str(inside.whole.chats), str(inside.whole.answers)]
    assert len(of_operators) == len(inside.groups)
    ledger = [group.now for group in missed_groups(store, CHOSEN, "week", clock) if group.now.missed]
    assert [(row[1], row[-1]) for row in weeks] == [(str(each.missed), str(each.overdue)) for each in ledger]
    assert read("chats", found.now).counted > 0
    assert len([row for row in parts.rows if len(row) == 25]) == 8


def csv_tables(by):
    """The rows of each table of the report as CSV, by the name of its file."""
    with ZipFile(BytesIO(_tables(CHOSEN, Chosen(by, TARGET_S), "en"))) as files:
        return {name: [*csv.reader(StringIO(files.read(name).decode("utf-8-sig")))] for name in files.namelist()}


def test_the_tables_have_the_numbers_of_the_page(world):
    store = world("sample")
    tables = csv_tables("operator")
    assert tables.keys() == {"coverage.csv", "figures.csv", "ledger.csv", "replies.csv"}
    header, *rows = tables["figures.csv"]
    assert header[:5] == ["Operator", "Chats", "Missed", "Missed rate (%)", "Wait (min)"]
    found = groups(store, CHOSEN, "operator", TARGET_S, session.clock())
    for row, group in zip(rows, found, strict=True):
        assert row[1:3] == [str(group.now.counts["chats"]), str(group.now.counts["missed"])]
        seconds = read("wait", group.now).value
        assert row[4] == ("" if seconds is None else str(seconds / 60))
    whole = replies(store, CHOSEN, "operator", session.clock()).whole
    assert tables["replies.csv"][1] == [
        "All chats",
        str(whole.chats),
        str(whole.answers),
        *tables["replies.csv"][1][3:],
    ]
    assert float(tables["replies.csv"][1][3]) == whole.wait / 60


def test_no_spreadsheet_runs_what_stands_in_a_table(world):
    insert(world("empty"), [chat("one", started_at=NOW, department="=1+1")])
    assert csv_tables("department")["figures.csv"][1][0] == "'=1+1"


def test_nothing_in_the_file_runs_or_loads(world):
    insert(
        world("empty"),
        [chat(f"chat {n}", started_at=NOW, department=text, operators=[text]) for n, text in enumerate(HOSTILE_TEXTS)],
    )
    for by in ("department", "operator", "day"):
        parts = Parts(_file(CHOSEN, Chosen(by, TARGET_S), "en"))
        assert {tag for tag, _attributes in parts.tags} <= {
            *("html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "div", "span", "table", "thead"),
            *("tbody", "tr", "th", "td", "figure", "figcaption", "svg", "rect", "text"),
        }
        assert not [
            name for _tag, attributes in parts.tags for name in attributes if name in ("src", "href", "onerror")
        ]


def test_operators_are_ranked_by_what_is_chosen_and_a_link_keeps_it(world):
    store = world("sample")
    at = run(visit(REPORTS, {"period": "last_90", "by": "operator"}).selectbox(key="w_report_order").set_value("wait"))
    shown = table(at, "report_operator_wait")
    many = shown[shown["chats"] >= 10]
    assert len(many) > 2
    assert many["wait"].dropna().is_monotonic_decreasing
    other = visit(REPORTS, dict(at.query_params.items()))
    assert table(other, "report_operator_wait").equals(shown)
    found = duty(store, CHOSEN, session.clock())
    assert shown["on_duty"].notna().sum() == len(found) > 2
    assert not has(visit(REPORTS, {"period": "last_90", "by": "day"}), "w_report_order")
