"""What a system says beyond our own fields is kept with the chat, in all six readers."""

import json
from collections import Counter

import pytest

from lib.importing.vendors import VENDORS
from tests.importing.files import json_file, load, only_chat
from tests.importing.vendors import chatwoot_answers as chatwoot
from tests.importing.vendors import intercom_answers as intercom
from tests.importing.vendors import livechat_answers as livechat
from tests.importing.vendors import rocketchat_answers as rocketchat
from tests.importing.vendors import zendesk_answers as zendesk

PLACE = {"country": "Japan", "country_code": "JP", "city": "Osaka", "region": "Kansai", "timezone": "Asia/Tokyo"}
CUSTOMER = {
    "id": "1111-a", "type": "customer", "name": "Rin", "phone_number": "+81 3 1234 5678", "avatar": "https://a",
    "statistics": {"chats_count": 3}, "last_visit": {"id": 1, "user_agent": "Firefox", "geolocation": PLACE},
}  # fmt: skip
AGENT = {"id": "mina@example.com", "type": "agent", "name": "Mina", "present": True, "visibility": "all"}
WATCHING = {"id": "ren@example.com", "type": "agent", "name": "Ren", "present": True, "visibility": "agents"}
THREAD = {"id": "T", "created_at": "2026-03-01T09:00:00Z", "active": True, "events": [],
          "user_ids": ["1111-a", "mina@example.com", "ren@example.com"],
          "queue": {"position": 2, "wait_time": 40}, "queues_duration": 44}  # fmt: skip
LIVECHAT = {"id": "C", "users": [CUSTOMER, AGENT, WATCHING], "thread": THREAD}
LEGACY = livechat.legacy("L", messages=[], duration=90, queue={"duration": 12},
                         visitor={"id": "S1", "city": "Osaka", "region": "Kansai", "user_agent": "Fx"})  # fmt: skip
SALESIQ = {
    "data": [{
        "id": "1", "chat_status": {"state_key": "closed"}, "attender": {"name": "Aoi", "image_key": "x"},
        "start_time": "1772355600000", "attended_time": "1772355660000", "end_time": "1772355700000",
        "chat_duration": "100000", "unread_chats": "3",
        "visitor": {"id": "$1", "city": "Osaka", "browser": "Firefox", "os": "Linux"},
    }],
}  # fmt: skip
CHATS = {
    "zendesk": (
        {"chats": [zendesk.chat(1, zendesk.item(1, "visitor", "Rin", "Hi"),
                                webpath=[zendesk.page("/a", "A"), zendesk.page("/b", "B")])]},
        {"started_by": "visitor", "response_time": {"first": 12, "avg": 20, "max": 40},
         "count": {"total": 2, "agent": 1, "visitor": 1}, "session.city": "Kyoto", "session.browser": "Firefox",
         "session.platform": "Linux", "webpath.0.title": "A"},
    ),
    "zoho": (SALESIQ, {"attended_time": "1772355660000", "chat_duration": "100000", "visitor.city": "Osaka",
                       "visitor.browser": "Firefox", "visitor.os": "Linux"}),
    "chatwoot": (
        chatwoot.conversation(
            1, "open", chatwoot.contact(5, "Rin", identifier="R-1", additional_attributes={"city": "Osaka"}),
            first_reply_created_at=chatwoot.second(1), waiting_since=chatwoot.second(2), applied_sla={"id": 1},
            additional_attributes={"browser": {"browser_name": "Firefox"}},
        ),
        {"first_reply_created_at": chatwoot.second(1), "waiting_since": chatwoot.second(2), "applied_sla.id": 1,
         "additional_attributes.browser.browser_name": "Firefox", "visitor.identifier": "R-1",
         "visitor.additional_attributes.city": "Osaka"},
    ),
    "intercom": (
        intercom.conversation(
            1, "open", intercom.source("Hello"), priority="high", sla_applied={"sla_name": "Gold"},
            statistics={"type": "conversation_statistics", "time_to_admin_reply": 60, "median_time_to_reply": 70},
        ),
        {"priority": "high", "sla_applied.sla_name": "Gold", "statistics.time_to_admin_reply": 60,
         "statistics.median_time_to_reply": 70},
    ),
    "livechat": (
        LIVECHAT,
        {"visitor.geolocation.city": "Osaka", "visitor.geolocation.region": "Kansai",
         "visitor.last_visit.user_agent": "Firefox", "visitor.statistics.chats_count": 3,
         "thread.queues_duration": 44, "thread.queue.wait_time": 40},
    ),
    "livechat 2": (LEGACY, {"duration": 90, "queue.duration": 12, "visitor.city": "Osaka", "visitor.region": "Kansai",
                            "visitor.user_agent": "Fx"}),
    "rocketchat": (
        rocketchat.room("R", closer="visitor", queuedAt="2026-03-01T09:00:00Z",
                        metrics={"response": {"avg": 4}, "v": {"lq": 1}},
                        servedBy={"_id": "u", "username": "mina", "ts": "2026-03-01T09:01:00Z"}),
        {"closer": "visitor", "queuedAt": "2026-03-01T09:00:00Z", "metrics.response.avg": 4,
         "servedBy.ts": "2026-03-01T09:01:00Z"},
    ),
}  # fmt: skip


def at(kept, path):
    """What stands at a path; names may have points in them."""
    if not path:
        return kept
    if isinstance(kept, list):
        step, _, rest = path.partition(".")
        return at(kept[int(step)], rest)
    name = next(name for name in kept if path == name or path.startswith(f"{name}."))
    return at(kept[name], path.removeprefix(name).removeprefix("."))


@pytest.mark.parametrize("system", CHATS)
def test_nothing_that_a_chat_tells_is_thrown_away(in_file, system):
    answer, wanted = CHATS[system]
    load(in_file, json_file(answer))
    kept = json.loads(only_chat(in_file)["unknown_fields"])
    assert {path: at(kept, path) for path in wanted} == wanted


def test_marks_and_pictures_are_left_out():
    left_out = Counter()
    for code, answer in (("livechat", LIVECHAT), ("zoho", SALESIQ)):
        list(VENDORS[code].read(answer, left_out))
    named = {path.rpartition("[].")[2] for path in left_out}
    assert {"avatar", "unread_chats", "attender.image_key"} <= named


def test_what_a_record_of_a_visitor_tells_beside_is_said_to_be_left_out(store):
    contacts = {"payload": [chatwoot.contact(5, "Rin", identifier="R-1")]}
    report = load(store, json_file(contacts))
    assert (report.left_out["identifier"], report.unknown_fields) == (1, {})


def test_an_agent_who_is_seen_by_agents_alone_supervises(in_file):
    load(in_file, json_file(LIVECHAT))
    chat = only_chat(in_file)
    assert (chat["operators"], chat["supervisors"]) == (["Mina"], ["Ren"])
    assert chat["visitor_phone"] == "+81 3 1234 5678"


def test_a_supervisor_who_left_a_running_chat_does_not_watch_it(in_file):
    load(in_file, json_file({**LIVECHAT, "users": [CUSTOMER, AGENT, {**WATCHING, "present": False}]}))
    assert (only_chat(in_file)["operators"], only_chat(in_file)["supervisors"]) == (["Mina"], [])


ROOM = rocketchat.room("R")
WORDS = rocketchat.said("R", 2, "server", "Boots - https://shop.example.com/boots", t="livechat_navigation_history")
VISITS = rocketchat.page(
    WORDS,
    rocketchat.said("R", 0, "server", "", t="livechat_navigation_history", navigation=rocketchat.NAVIGATION),
)


@pytest.mark.parametrize("answers", [(ROOM, VISITS), (VISITS, ROOM)])
@pytest.mark.parametrize("together", [True, False])
def test_the_page_of_a_room_is_the_first_that_its_visitor_opened(in_file, answers, together):
    for files in [answers] if together else [[answer] for answer in answers]:
        load(in_file, *map(json_file, files))
    chat = only_chat(in_file)
    assert (chat["page_url"], chat["page_title"]) == ("https://shop.example.com/shoes", "Shoes")
    assert chat["website"] == "shop.example.com"


def test_a_visit_may_be_told_in_words_alone(in_file):
    load(in_file, json_file(ROOM), json_file({**VISITS, "messages": [WORDS]}))
    assert (only_chat(in_file)["page_url"], only_chat(in_file)["page_title"]) == (
        "https://shop.example.com/boots", "Boots",
    )  # fmt: skip
