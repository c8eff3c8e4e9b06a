"""The text for the next shift."""

import unicodedata
from datetime import timedelta

from lib.chats.accounts import name_account
from lib.chats.clock import Clock
from lib.chats.filter.filter import ChatFilter
from lib.language import in_language
from lib.missed.handover import MOST_CHATS, hand_over
from lib.missed.news import Mark
from tests.worlds import HOSTILE_TEXTS, NOW, TOKYO, chat, id_of, insert

HOUR = timedelta(hours=1)
SINCE = Mark(NOW - 24 * HOUR, NOW - 24 * HOUR)
MISSED = ChatFilter(category="missed")


def waiting(name, due, **fields):
    return chat(name, status="missed", **{"visitor_email": "rin@example.com", "due_derived_at": due} | fields)


def test_it_tells_all_that_the_next_shift_needs(store):
    insert(
        store,
        [
            waiting("later", NOW + 2 * HOUR, visitor_name="Mia", visitor_email=None, visitor_phone="+49 1"),
            waiting(
                "overdue",
                NOW - HOUR,
                visitor_name="Rin",
                department="Orders",
                assignee="Aoi",
                missed_cause="out_of_hours",
                question="Where is\nmy parcel?",
            ),
            waiting("without due", None),
            waiting("written", NOW, contacted_at=NOW - HOUR),
            waiting("written long ago", NOW, contacted_at=NOW - 48 * HOUR),
            waiting("back", NOW, came_back_at=NOW - 2 * HOUR, came_back_noticed_at=NOW - HOUR),
            waiting("no contact data", NOW, visitor_email=None),
            waiting("spam", NOW, not_needed="spam"),
            waiting("gone", NOW, deleted_at=NOW),
            chat("served"),
        ],
    )
    assert hand_over(store, MISSED, SINCE, TOKYO) == (
        "Hand-over of missed chats, 23 Nov 2026, 12:00\n"
        "Missed chats\n"
        "Times in Asia/Tokyo (UTC+9)\n"
        "\n"
        "3 chats wait to be contacted\n"
        "- 1 of them is overdue\n"
        "Since 22 Nov 2026, 12:00:\n"
        "- 1 chat was contacted\n"
        "- 1 visitor came back unasked\n"
        "\n"
        "To do, the most urgent first:\n"
        "1. OVERDUE since 23 Nov 2026, 11:00 · Rin · rin@example.com · Orders · with Aoi · Out of hours\n"
        "   Where is my parcel?\n"
        "2. due 23 Nov 2026, 14:00 · Mia · +49 1 · with nobody\n"
        "3. without a due time · rin@example.com · with nobody\n"
    )


def test_it_is_of_the_chats_that_the_filter_means_whatever_part_is_open(store):
    insert(store, [waiting("a", NOW, department="Orders"), waiting("b", NOW, department="Returns")])
    chosen = ChatFilter(category="missed", department=("Orders",), queue="done", news="overdue", since=NOW)
    text = hand_over(store, chosen, SINCE, TOKYO)
    assert "Missed chats in department Orders\n" in text
    assert "1 chat waits to be contacted\n" in text
    assert "Returns" not in text


def test_each_chat_has_its_link(store):
    insert(store, [waiting("a", NOW, question="Where is my parcel?"), waiting("b", NOW + HOUR)])
    lines = hand_over(store, MISSED, SINCE, TOKYO, "https://chats.example/missed").splitlines()
    links = [line.strip() for line in lines if "https:" in line]
    assert links == [f"https://chats.example/missed?chat={id_of(name)}" for name in ("a", "b")]


def test_without_open_chats_there_is_no_list(store):
    text = hand_over(store, MISSED, SINCE, TOKYO)
    assert "0 chats wait to be contacted\n" in text
    assert "To do" not in text


def test_a_long_queue_is_cut_and_the_rest_counted(store):
    insert(store, [waiting(f"{n}", NOW + n * HOUR, visitor_name=f"V{n}") for n in range(MOST_CHATS + 2)])
    lines = hand_over(store, MISSED, SINCE, TOKYO).splitlines()
    assert lines[-1] == "… and 2 more"
    assert lines[-2].startswith(f"{MOST_CHATS}. due ")
    assert f"V{MOST_CHATS - 1}" in lines[-2]


def test_it_is_in_the_readers_language(store):
    insert(store, [waiting("a", NOW - HOUR, missed_cause="out_of_hours")])
    with in_language("ja"):
        text = hand_over(store, MISSED, SINCE, Clock(NOW, "Asia/Tokyo"))
    assert "2026年11月23日 11:00" in text
    assert not any(word in text for word in ("Hand", "OVERDUE", "nobody", "hours", "Since", "wait", "back"))


def test_what_people_wrote_breaks_no_line(store):
    fields = ("visitor_name", "visitor_email", "visitor_phone", "department", "assignee", "question")
    insert(store, [waiting(f"{n}", NOW, **dict.fromkeys(fields, text)) for n, text in enumerate(HOSTILE_TEXTS)])
    chosen = ChatFilter(category="missed", department=HOSTILE_TEXTS)
    text = hand_over(store, chosen, SINCE, TOKYO)
    lines = text.split("\n")
    assert f"{len(HOSTILE_TEXTS)} chats wait to be contacted" in lines
    assert not [c for c in text if c != "\n" and unicodedata.category(c) in {"Cc", "Zl", "Zp", "Cs"}]
    entries = [line for line in lines[lines.index("To do, the most urgent first:") + 1 :] if line]
    assert sum(line[0].isdigit() for line in entries) == len(HOSTILE_TEXTS)
    assert all(line[0].isdigit() or line.startswith("   ") for line in entries)


def test_an_account_is_told_by_its_name(store):
    insert(store, [waiting("a", NOW, account="2")])
    name_account(store, store.read("SELECT system FROM chats")[0]["system"], "2", "Osaka shop", "Ann")
    text = hand_over(store, ChatFilter(category="missed", account=("2",)), SINCE, Clock(NOW, TOKYO.zone))
    assert "Missed chats of the account Osaka shop" in text.splitlines()
