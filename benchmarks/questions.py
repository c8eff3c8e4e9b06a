"""The questions that the pages ask of the store: the same functions, without the cache of Streamlit."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from benchmarks.asking import Draw
from benchmarks.missed_questions import missed_questions
from benchmarks.question import ACTOR, Answer, Limit, Question
from lib.chats.chat import find_chat, messages, vendor_notes
from lib.chats.counts import category_counts, daily_counts, freshness, loosened
from lib.chats.facets import facets
from lib.chats.filter.filter import EMPTY, LIST_FIELDS, ChatFilter
from lib.chats.histogram import days_of_all, histogram
from lib.chats.listing import NEWEST_FIRST, SORT_KEYS, Sort, chat_page, neighbours
from lib.chats.notes import add_note, notes
from lib.chats.removal import delete_chat, deleted_chats, restore_chats
from lib.chats.same_visitor import chats_of_visitor
from lib.chats.search import search as word_search
from lib.importing import has_sample
from lib.reports.coverage import coverage
from lib.reports.figures import TARGET_S, figures
from lib.reports.groups import GroupBy, groups, heat
from lib.reports.replies import replies
from lib.reports.usual import yesterday
from lib.visitors.listing import Chosen, visitor_counts, visitor_page
from lib.visitors.person import chats_of_person, person_of

COMMON_JAPANESE = ("返金", "注文", "配送", "商品", "返品")
ENGLISH = ("refund", "password", "invoice", "delivery", "discount")


def questions() -> tuple[Question, ...]:
    """All lines, in the order of the table; those that write come last."""
    return (
        *_counts(),
        *_lists(),
        *_values(),
        *_by_who_sees_half(),
        *_one_chat(),
        *_words(),
        *_today(),
        *_visitors(),
        *_reports(),
        *_writes(),
        *missed_questions(),
    )


def _counts() -> Iterator[Question]:
    yield Question("tab counts", lambda draw: _count(draw, EMPTY))
    yield Question("tab counts, operator + tag + country", lambda draw: _count(draw, draw.filter()))
    yield Question("tab counts, last 30 days", lambda draw: _count(draw, ChatFilter(period="last_30")))
    yield Question("which filter to loosen (three are set)", _loosened)


def _lists() -> Iterator[Question]:
    for key in SORT_KEYS:
        for descending in (True, False):
            order = Sort(key, descending)
            yield Question(f"list by {key}, {_way(order)}", _page(EMPTY, order))
    for key in SORT_KEYS:
        yield Question(f"list by {key}, any later page", _page(EMPTY, Sort(key), later=True))
    for key in ("start", "wait"):
        yield Question(f"list of missed chats by {key}", _page(ChatFilter(category="missed"), Sort(key)))
    yield Question("list, operator + tag + country", _filtered_page)


def _values() -> Iterator[Question]:
    yield Question("values of all lists with their counts", lambda draw: _facets(draw, EMPTY), "facets")
    yield Question("– operator + tag + country", lambda draw: _facets(draw, draw.filter()), "facets")
    yield Question("– last 30 days", lambda draw: _facets(draw, ChatFilter(period="last_30")), "facets")
    yield Question("histogram of everything", lambda draw: _histogram(draw, EMPTY), "histogram")
    yield Question("histogram, operator + tag + country", lambda draw: _histogram(draw, draw.filter()), "histogram")
    yield Question("histogram, last 30 days", lambda draw: _histogram(draw, ChatFilter(period="last_30")), "histogram")


def _by_who_sees_half() -> Iterator[Question]:
    """The figures of the Chats page for somebody who sees two of the four departments."""
    yield Question("by who sees half: tab counts", lambda draw: _count(draw.of_half(), EMPTY))
    yield Question("– list", lambda draw: _page(EMPTY, NEWEST_FIRST)(draw.of_half()))
    yield Question("– values of all lists", lambda draw: _facets(draw.of_half(), EMPTY), "facets")
    yield Question("– histogram", lambda draw: _histogram(draw.of_half(), EMPTY), "histogram")


def _one_chat() -> Iterator[Question]:
    yield Question("open a chat: all of it", _open)
    yield Question("– the chat", lambda draw: _with(draw.chat_id(), lambda i: find_chat(draw.world.store, i)))
    yield Question("– its messages", lambda draw: _with(draw.chat(), lambda chat: messages(draw.world.store, chat)))
    yield Question("– its neighbours, newest first", _neighbours(NEWEST_FIRST))
    yield Question("– its neighbours, by wait", _neighbours(Sort("wait")))
    yield Question("open the longest chat", _open_longest)
    yield Question("earlier chats", lambda draw: _with(draw.chat(), lambda c: chats_of_visitor(draw.world.store, c)))
    yield Question("notes of the export", lambda draw: _with(draw.chat(), lambda c: vendor_notes(draw.world.store, c)))
    yield Question("our notes", lambda draw: _with(draw.chat_id(), lambda i: notes(draw.world.store, i)))


def _words() -> Iterator[Question]:
    periods: tuple[tuple[str, str, Limit], ...] = (
        ("last 30 days", "last_30", "words"),
        ("all time", "any", "all_words"),
    )
    for name, period, limit in periods:
        chosen = ChatFilter(period=period)  # type: ignore[arg-type]
        yield Question(f"common Japanese word, {name}", _search(chosen, COMMON_JAPANESE), limit)
        yield Question(f"English word, {name}", _search(chosen, ENGLISH), limit)
        yield Question(f"rare word, {name}", _search(chosen, ()), limit)
    yield Question("two words, last 30 days", _two_words, "words")


def _today() -> Iterator[Question]:
    waiting = ChatFilter(category="missed", period="last_7", reply="no")
    yield Question("chats of 14 days by day", _fourteen_days)
    yield Question("missed chats that wait for a reply", _page(waiting, Sort("start", descending=False)))
    yield Question("how fresh the data is", lambda draw: lambda: freshness(draw.world.store))
    yield Question("whether the sample is there", lambda draw: lambda: has_sample(draw.world.store))
    yield Question("all that the page Chats asks after a write", _all_anew, "none")


def _visitors() -> Iterator[Question]:
    """The lists of persons, and one of them."""
    every = Chosen()
    yield Question("visitors: counts of all lists", lambda draw: _of_visitors(draw, visitor_counts, ""))
    yield Question("visitors: contacts", lambda draw: _of_visitors(draw, visitor_page, every, "last_at", 1))
    yield Question(
        "visitors: returning, any later page",
        lambda draw: _of_visitors(draw, visitor_page, Chosen(tab="returning"), "chats", 20),
    )
    yield Question(
        "one visitor: all that is known", lambda draw: _with(draw.chat_id(), lambda i: person_of(draw.world.store, i))
    )
    yield Question("– the chats", lambda draw: _with(draw.chat_id(), lambda i: chats_of_person(draw.world.store, i)))


def _of_visitors(draw: Draw, question: Callable[..., object], *args: object) -> Answer:
    return lambda: question(draw.world.store, draw.world.clock, *args)


def _reports() -> Iterator[Question]:
    yield Question("yesterday beside what is usual", lambda draw: lambda: yesterday(draw.world.store, draw.world.clock))
    yield Question("report by operator, last 30 days", lambda draw: _grouped(draw, "operator"))
    yield Question("all of a report, last 30 days", lambda draw: _report(draw, 30), "report")
    yield Question("all of a report, three years", lambda draw: _report(draw, 3 * 365), "long_report")


def _writes() -> Iterator[Question]:
    yield Question("add a note", lambda draw: _with(draw.chat_id(), lambda i: _note(draw, i)))
    yield Question("delete", lambda draw: _with(draw.chat_id(), lambda i: delete_chat(draw.world.store, i, ACTOR)))
    yield Question("deleted chats", lambda draw: lambda: deleted_chats(draw.world.store))
    yield Question("restore", _restore)


def _way(order: Sort) -> str:
    return "falling" if order.descending else "rising"


def _with(value: object, answer: Callable[..., object]) -> Answer:
    return lambda: answer(value)


def _count(draw: Draw, chosen: ChatFilter) -> Answer:
    return lambda: category_counts(draw.world.store, chosen, draw.world.clock)


def _loosened(draw: Draw) -> Answer:
    chosen = draw.filter()
    return lambda: loosened(draw.world.store, chosen, draw.world.clock)


def _page(chosen: ChatFilter, order: Sort, *, later: bool = False) -> Callable[[Draw], Answer]:
    def prepare(draw: Draw) -> Answer:
        page = draw.page() if later else 1
        return lambda: chat_page(draw.world.store, chosen, draw.world.clock, order, page)

    return prepare


def _filtered_page(draw: Draw) -> Answer:
    return _page(draw.filter(), NEWEST_FIRST)(draw)


def _facets(draw: Draw, chosen: ChatFilter) -> Answer:
    return lambda: facets(draw.world.store, chosen, LIST_FIELDS, draw.world.clock)


def _histogram(draw: Draw, chosen: ChatFilter) -> Answer:
    """As the page asks: what it needs of all chats it has already."""
    all_days = days_of_all(draw.world.store, draw.world.clock)
    return lambda: histogram(draw.world.store, chosen, draw.world.clock, all_days)


def _open(draw: Draw) -> Answer:
    wanted, world = draw.chat_id(), draw.world

    def answer() -> None:
        chat = find_chat(world.store, wanted)
        assert chat
        neighbours(world.store, EMPTY, world.clock, NEWEST_FIRST, chat.id)
        messages(world.store, chat)

    return answer


def _open_longest(draw: Draw) -> Answer:
    return _open(Draw(replace(draw.world, chats=(draw.world.longest,)), ""))


def _neighbours(order: Sort) -> Callable[[Draw], Answer]:
    def prepare(draw: Draw) -> Answer:
        chat, world = draw.chat_id(), draw.world
        return lambda: neighbours(world.store, EMPTY, world.clock, order, chat)

    return prepare


def _search(chosen: ChatFilter, words: tuple[str, ...]) -> Callable[[Draw], Answer]:
    def prepare(draw: Draw) -> Answer:
        sought = draw.one_of(*words) if words else f"T-{draw.random.randint(10000, 99999)}"
        return _found(draw, replace(chosen, words=sought))

    return prepare


def _two_words(draw: Draw) -> Answer:
    first, second = draw.random.sample(COMMON_JAPANESE, 2)
    return _found(draw, ChatFilter(period="last_30", words=f"{first} {second}"))


def _found(draw: Draw, chosen: ChatFilter) -> Answer:
    """The tab counts and the list: the second finds the hits of the first, which finds none of before."""
    world = draw.world

    def answer() -> None:
        category_counts(world.store, chosen, world.clock)
        chat_page(world.store, chosen, world.clock, NEWEST_FIRST, 1)

    word_search._searches.clear()
    return answer


def _fourteen_days(draw: Draw) -> Answer:
    today = draw.world.clock.today
    chosen = ChatFilter(period="custom", first_day=today - timedelta(days=13), last_day=today)
    return lambda: daily_counts(draw.world.store, chosen, draw.world.clock)


def _all_anew(draw: Draw) -> Answer:
    world, chosen = draw.world, draw.filter()

    def answer() -> None:
        for asked in (EMPTY, chosen):
            category_counts(world.store, asked, world.clock)
        chat_page(world.store, chosen, world.clock, NEWEST_FIRST, 1)
        facets(world.store, chosen, LIST_FIELDS, world.clock)
        histogram(world.store, chosen, world.clock)
        has_sample(world.store)

    return answer


def _grouped(draw: Draw, by: GroupBy) -> Answer:
    chosen = ChatFilter(period="last_30")
    return lambda: groups(draw.world.store, chosen, by, TARGET_S, draw.world.clock)


def _report(draw: Draw, days: int) -> Answer:
    store, clock = draw.world.store, draw.world.clock
    chosen = ChatFilter(period="custom", first_day=clock.today - timedelta(days=days - 1), last_day=clock.today)

    def answer() -> None:
        figures(store, chosen, TARGET_S, clock)
        heat(store, chosen, TARGET_S, clock)
        coverage(store, chosen, clock)
        groups(store, chosen, "day", TARGET_S, clock)
        replies(store, chosen, "day", clock)

    return answer


def _note(draw: Draw, chat_id: object) -> object:
    return add_note(draw.world.store, chat_id, "Called back.", ACTOR)  # type: ignore[arg-type]


def _restore(draw: Draw) -> Answer:
    chat = draw.chat_id()
    delete_chat(draw.world.store, chat, ACTOR)
    return lambda: restore_chats(draw.world.store, [chat], ACTOR)
