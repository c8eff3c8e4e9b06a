"""The questions of the page Missed chats, and what is done there."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from typing import cast
from uuid import UUID

from benchmarks.asking import Draw
from benchmarks.question import ACTOR, Answer, Question
from lib.chats.filter.filter import EMPTY, ChatFilter
from lib.chats.stale import mark_due
from lib.chats.states import QUEUE_SQL
from lib.missed import changes
from lib.missed.apply import apply, undo
from lib.missed.derive import derive_due
from lib.missed.figures import figures
from lib.missed.groups import GROUPINGS, GroupBy, groups
from lib.missed.news import news
from lib.missed.queue import QUEUE_SORT, all_matching, chosen_by, of_same_visitor, queue_counts, queue_page

SEVERAL = 10_000


def missed_questions() -> Iterator[Question]:
    """The lines in the order of the screen; those that write come last."""
    yield Question("queue: counts of the tabs", lambda draw: _counts(draw, EMPTY))
    yield Question("queue: counts, last 30 days", lambda draw: _counts(draw, ChatFilter(period="last_30")))
    yield Question("queue: to do, what is due first", lambda draw: _page(draw, chosen_by("open", EMPTY, ACTOR)))
    yield Question("queue: all missed chats", lambda draw: _page(draw, chosen_by("any", EMPTY, ACTOR)))
    yield Question("queue: mine", lambda draw: _page(draw, chosen_by("mine", EMPTY, ACTOR)))
    yield Question("queue: other missed chats of a visitor", _same_visitor)
    yield Question("what is new", lambda draw: lambda: news(draw.world.store, draw.world.clock, ACTOR))
    yield Question("figures, last 30 days", lambda draw: _figures(draw, ChatFilter(period="last_30")))
    yield Question("figures, last 90 days", lambda draw: _figures(draw, ChatFilter(period="last_90")))
    for by in GROUPINGS:
        yield Question(f"figures by {by}, last 30 days", _grouped(by))
    yield Question("take a chat", _take, "action")
    yield Question("take it back", _take_back, "action")
    yield Question(f"set the due time of {SEVERAL:,} chats", _set_due_of_several, "bulk")
    yield Question("derive one chat and its visitor's", _derive, "none")


def _counts(draw: Draw, chosen: ChatFilter) -> Answer:
    return lambda: queue_counts(draw.world.store, chosen, draw.world.clock, ACTOR)


def _page(draw: Draw, chosen: ChatFilter) -> Answer:
    return lambda: queue_page(draw.world.store, chosen, draw.world.clock, QUEUE_SORT, 1)


def _figures(draw: Draw, chosen: ChatFilter) -> Answer:
    return lambda: figures(draw.world.store, chosen, draw.world.clock)


def _grouped(by: GroupBy) -> Callable[[Draw], Answer]:
    return lambda draw: lambda: groups(draw.world.store, ChatFilter(period="last_30"), by, draw.world.clock)


def _same_visitor(draw: Draw) -> Answer:
    chat = _free(draw)
    return lambda: of_same_visitor(draw.world.store, chat)


def _take(draw: Draw) -> Answer:
    chat = _free(draw)
    return lambda: apply(draw.world.store, changes.take(ACTOR), {chat: None}, ACTOR)


def _take_back(draw: Draw) -> Answer:
    done = apply(draw.world.store, changes.take(ACTOR), {_free(draw): None}, ACTOR)
    return lambda: undo(draw.world.store, done, ACTOR)


def _set_due_of_several(draw: Draw) -> Answer:
    """As the page does it: who is meant is asked for at the click."""
    world = draw.world
    due = world.clock.now + timedelta(minutes=draw.random.randint(1, 10**6))

    def answer() -> None:
        every = all_matching(world.store, chosen_by("open", EMPTY, ACTOR), world.clock)
        apply(world.store, changes.set_due(due), dict.fromkeys(islice(every, SEVERAL)), ACTOR)

    return answer


def _derive(draw: Draw) -> Answer:
    world, chat = draw.world, _free(draw)
    world.store.write(lambda cursor: mark_due(cursor, [chat]))
    return lambda: derive_due(world.store, world.clock.zone, world.clock.now)


def _free(draw: Draw) -> UUID:
    """A chat that is to do and that nobody has."""
    found = draw.world.store.read(
        f"SELECT id FROM chats WHERE status = 'missed' AND {QUEUE_SQL['to_do']} ORDER BY hash(id, $seed) LIMIT 1",
        {"seed": draw.random.random()},
    )
    return cast(UUID, found[0]["id"])
