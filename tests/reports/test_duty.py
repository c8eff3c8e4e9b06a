"""Missed on duty: what came while an operator was seen is what a plain reading of the messages says."""

from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from lib.chats.filter.filter import ChatFilter
from lib.reports.coverage import counted_days
from lib.reports.duty import Duty, duty
from tests.reports.test_coverage import CLOCKS, in_words, said_by, some_chat, some_filter
from tests.worlds import NOW, TOKYO, chat, empty, insert


def plain(world, chosen, span, clock):
    """By operator, read chat by chat: the hours in which they wrote, then what began in these."""
    begun, seen = defaultdict(list), defaultdict(set)
    for entry in world:
        if entry["deleted_at"] or entry["started_at"] is None:
            continue
        is_chosen = chosen.category in ("all", entry["status"]) and (
            not chosen.department or entry["department"] in chosen.department
        )
        slot = in_words(entry["started_at"], clock)
        if not is_chosen or not span.contains(slot[0]):
            continue
        # The hour of the day that is there twice when clocks are set back is one, as the zone's clock shows it.
        begun[slot].append(entry["status"] == "missed")
        for who, moment in said_by(entry):
            if span.contains(in_words(moment, clock)[0]):
                seen[who].add(in_words(moment, clock))
    found = {who: [missed for slot in slots for missed in begun[slot]] for who, slots in seen.items()}
    return {who: Duty(len(each), sum(each)) for who, each in found.items() if each}


def test_the_chats_of_each_operator_are_those_of_a_plain_reading(store, share):
    @settings(max_examples=share(160))
    @given(st.lists(some_chat, max_size=6), some_filter, CLOCKS)
    def same(world, chosen, clock):
        empty(store)
        insert(store, world)
        assert duty(store, chosen, clock) == plain(world, chosen, counted_days(chosen, clock), clock)

    same()


def test_what_nobody_took_counts_for_an_operator_who_is_asked_for(store):
    start = NOW.replace(minute=10)
    said = [{"kind": "operator", "name": "Aoi", "sent_at": start}]
    empty(store)
    insert(
        store,
        [
            chat("answered", started_at=start, operators=["Aoi"], status="completed", messages=said),
            chat("missed", started_at=start, operators=[], status="missed"),
        ],
    )
    found = duty(store, ChatFilter(operator=("Aoi",)), TOKYO)
    assert found == {"Aoi": Duty(chats=2, missed=1)}
    assert found["Aoi"].reading.is_small
