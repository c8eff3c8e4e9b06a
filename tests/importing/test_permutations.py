"""Every order and every grouping of the same answers of a system gives the same store, whatever came before it.

All of them are tried beside each other: each is a world with a system of its own, and one import takes the next step in
all worlds.
"""

from collections.abc import Iterator
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest

from lib.importing.merge.merging import compare, forget, write
from lib.importing.reading import Manner, read_here
from lib.importing.records.staging import TABLES, Staging
from lib.store import Cursor, Store, now
from tests import worlds
from tests.importing.files import check_consistent, json_file, load
from tests.importing.vendors import chatwoot_answers as chatwoot
from tests.importing.vendors import intercom_answers as intercom
from tests.importing.vendors import livechat_answers as livechat
from tests.importing.vendors import rocketchat_answers as rocketchat
from tests.importing.vendors import zendesk_answers as zendesk
from tests.importing.vendors import zoho_answers as zoho
from tests.thorough import rarely

Answers = dict[str, Any]
# The answers that one import takes, one after the other, and the imports of a world.
Group = tuple[str, ...]
Way = tuple[Group, ...]


def of_chatwoot() -> Answers:
    rated = chatwoot.message(
        9106, 21, 3, "Please rate us", content_type="input_csat", content_attributes=chatwoot.CSAT, account_id=1
    )
    running = chatwoot.conversation(101, "open", chatwoot.RIN, updated_at=chatwoot.second(10))
    closed = chatwoot.CONVERSATIONS[0]
    pages = chatwoot.FILES["messages_101.json"]["payload"]
    sent = {"id": 7, "content": "まだですか", "message_type": "incoming", "private": False, "content_attributes": {},
            "created_at": "2025-03-03T09:05:00.000Z", "sender": {"id": 51, "name": "Rin Kato"}}  # fmt: skip
    return {
        "list": {"data": {"meta": {}, "payload": [running]}},
        "later list": {"data": {"meta": {}, "payload": [{**closed, "messages": [rated]}]}},
        "page": chatwoot.page(101, *pages[:4]),
        "other page": chatwoot.page(101, *pages[2:]),
        "webhook": {"event": "message_created", **sent, "inbox": {"id": 3}, "account": {"id": 1},
                    "conversation": {"id": 101, "inbox_id": 3, "status": "open"}},
        "contact": {"payload": chatwoot.contact(51, "Rin Kato", email="rin@example.com", phone_number="+81355500101")},
    }  # fmt: skip


def of_intercom() -> Answers:
    single = intercom.FILES["conversation_101.json"]
    parts = single["conversation_parts"]["conversation_parts"]
    earlier = {"state": "open", "open": True, "statistics": None, "conversation_rating": None}
    first = {**single, **earlier, "updated_at": intercom.second(3)}
    contact = {"type": "contact", "id": "c-101", "external_id": "70", "role": "user", "email": "rin@example.com",
               "phone": "+81355500101", "name": "Rin Kato", "created_at": intercom.second(0)}  # fmt: skip
    running = {**intercom.LISTED[0], **earlier, "updated_at": intercom.second(2), "id": "101"}
    return {
        "list": {"type": "conversation.list", "total_count": 1, "conversations": [running]},
        "later list": {"type": "conversation.list", "total_count": 1, "conversations": [intercom.LISTED[0]]},
        "single": {**first, "conversation_parts": {**single["conversation_parts"], "conversation_parts": parts[:4]}},
        "later single": single,
        "contact": {"type": "list", "data": [contact], "total_count": 1},
        "teams": {"type": "team.list", "teams": [{"type": "team", "id": "5", "name": "Orders", "admin_ids": [1]}]},
    }


def of_livechat() -> Answers:
    whole = {**livechat.SERVED, "access": {"group_ids": [0, 2]}}
    running = {**whole, "active": True, "events": whole["events"][:5], "properties": {}, "tags": []}
    summary = {**whole, "events": None}
    groups = [{"id": 0, "name": "General"}, {"id": 2, "name": "Orders"}]
    kept = {"language_code": "en", "agent_priorities": {}, "routing_status": "offline"}
    customer = {**livechat.RIN_USER, "email": "rin@example.org", "phone_number": "+81 3 5555 0101"}
    return {
        "running": livechat.chat("C_RIN", running, livechat.RIN_USER),
        "closed": {"chats": [livechat.chat("C_RIN", whole, livechat.RIN_USER)], "found_chats": 1},
        "summaries": {"chats_summary": [
            {"id": "C_RIN", "users": [livechat.RIN_USER, *livechat.AGENTS], "last_thread_summary": summary},
        ]},
        "customers": {"customers": [customer], "total_customers": 1},
        "groups": [{**group, **kept} for group in groups],
        "agents": [{"id": livechat.MINA, "account_id": "a", "name": "Mina Abe", "role": "normal", "groups": []}],
    }  # fmt: skip


def of_rocketchat() -> Answers:
    served = rocketchat.ROOMS["rooms"][0]
    closed = {key: value for key, value in served.items() if key != "department"}
    running = rocketchat.room("R_SERVED", visitor=rocketchat.RIN, closed=None, v=closed["v"], departmentId="d1",
                              fname="加藤 凛", _updatedAt=rocketchat.at(4), lm=rocketchat.at(4))  # fmt: skip
    said = rocketchat.SERVED["messages"][::-1]
    department = {"_id": "d1", "name": "Orders", "enabled": True, "numAgents": 2}
    return {
        "rooms": {"rooms": [running], "count": 1, "offset": 0, "total": 1, "success": True},
        "room": {"room": closed, "success": True},
        "page": rocketchat.page(*said[:6]),
        "other page": rocketchat.page(*said[4:]),
        "visitor": rocketchat.RIN_VISITOR,
        "departments": {"departments": [department], "count": 1, "offset": 0, "total": 1, "success": True},
    }


def of_zendesk() -> Answers:
    closed = {**zendesk.FULL, "department_id": 77, "department_name": None, "agent_ids": ["7"], "agent_names": []}
    running = {**closed, "missed": None, "rating": None, "comment": None, "tags": [], "end_timestamp": None,
               "duration": None}  # fmt: skip
    history = closed["history"]
    return {
        "chat": {**running, "history": history[:3], "update_timestamp": zendesk.at(2)},
        "later chat": {"docs": {"2503.1": {**running, "history": history[:5], "update_timestamp": zendesk.at(4)}}},
        "closed": {"chats": [closed], "count": 1},
        "again": {"results": [closed], "count": 1, "next_url": None, "prev_url": None},
        "departments": [{"id": 77, "name": "Orders", "description": "", "enabled": True, "members": [7],
                         "settings": {}}],
        "agents": [{"id": 7, "display_name": "Aoi", "first_name": "Aoi", "email": "a@example.com", "enabled": True}],
    }  # fmt: skip


def of_zoho() -> Answers:
    closed = {**zoho.CONVERSATIONS[0], "department": {"id": "801"}}
    running = zoho.conversation(1, "connected", **zoho.ATTENDED, visitor=zoho.RIN, department={"id": "801"},
                                participants=[zoho.AOI], question="注文はどこですか",
                                last_modified_time=zoho.at(4))  # fmt: skip
    return {
        "conversations": {"url": "/api/v2/acme/conversations", "object": "list", "data": [running]},
        "conversation": {"url": "/api/v2/acme/conversations/19001", "object": "conversations", "data": closed},
        "new page": zoho.FILES["messages_1_new.json"],
        "old page": zoho.FILES["messages_1_old.json"],
        "departments": {"url": "/api/v2/acme/departments", "object": "list", "data": [{"id": "801", "name": "Orders"}]},
        "webhook": {**zoho.message(8, 7, zoho.OPERATOR, "Bye"), "conversation_id": "19001"},
    }


# What happens after the end: reopened, deleted, and deleted messages.


def later_of_chatwoot() -> Answers:
    def listed(status: str, minute: int, *messages: Any) -> Any:
        given = {"updated_at": chatwoot.second(minute), "last_activity_at": chatwoot.second(minute)}
        return {"payload": [chatwoot.conversation(101, status, chatwoot.RIN, messages=list(messages), **given)]}

    said = chatwoot.message(3, 1, 1, "The wrong words", **chatwoot.AOI_SENDS)
    reopened = {**chatwoot.REOPENED, "conversation_id": 101}
    return {
        "list": {"data": {"meta": {}, **listed("open", 10)}},
        "page": chatwoot.page(101, chatwoot.message(1, 0, 0, "Hello", **chatwoot.RIN_SENDS), said),
        "deleted": chatwoot.page(101, {**said, "content": "Deleted", "content_attributes": {"deleted": True}}),
        "closed": {"data": {"meta": {}, **listed("resolved", 20, chatwoot.RESOLVED)}},
        "open again": {"data": {"meta": {}, **listed("open", 25, reopened)}},
    }


def later_of_intercom() -> Answers:
    opening = intercom.source("<p>Hello</p>")
    parts = [intercom.part(1, 1, intercom.AOI, "<p>Hi</p>"), intercom.part(2, 2, intercom.AOI, None, "close"),
             intercom.part(3, 3, intercom.RIN, "<p>Again</p>", "open")]  # fmt: skip
    redacted = intercom.part(1, 1, intercom.AOI, None, redacted=True)
    return {
        "single": intercom.single(1, "open", opening, parts[0], updated_at=intercom.second(1)),
        "closed": intercom.single(1, "closed", opening, *parts[:2], updated_at=intercom.second(2)),
        "open again": intercom.single(1, "open", opening, *parts, updated_at=intercom.second(3)),
        "redacted": intercom.single(1, "open", opening, redacted, *parts[1:], updated_at=intercom.second(4)),
        "deletion": {"id": "1", "object": "conversation", "deleted": True},
    }


def later_of_livechat() -> Answers:
    again = {**livechat.AGAIN, "events": livechat.AGAIN["events"][:2]}
    said = {"text": "Slip", "custom_id": "c"}
    # What is deleted alone leaves no trace of when: of records as old as each other the last one counts.
    deleted = {**livechat.AGAIN, "events": [*livechat.AGAIN["events"], livechat.event(13, livechat.REN, "Sorry")]}
    whole = livechat.chat("C_RIN", {**again, "events": [*again["events"], livechat.event(12, livechat.REN, **said)]},
                          livechat.RIN_USER)  # fmt: skip
    return {
        "first": {"chats": [livechat.chat("C_RIN", livechat.SERVED, livechat.RIN_USER)]},
        "again": {"chats": [livechat.chat("C_RIN", {**again, "active": True}, livechat.RIN_USER)]},
        "more": {"chats": [whole]},
        "deleted": {"chats": [livechat.chat("C_RIN", deleted, livechat.RIN_USER)]},
        "summaries": {"chats_summary": [
            {"id": "C_RIN", "users": [livechat.RIN_USER], "last_thread_summary": {**deleted, "events": None}},
        ]},
    }  # fmt: skip


def later_of_rocketchat() -> Answers:
    def rooms(minute: int, **more: Any) -> Any:
        times = {"_updatedAt": rocketchat.at(minute), "lm": rocketchat.at(minute)}
        room = rocketchat.room("R", **times, **more)
        return {"rooms": [room], "count": 1, "offset": 0, "total": 1, "success": True}

    said = [rocketchat.said("R", 1, "visitor", "Hi"), rocketchat.said("R", 2, "mina", "The wrong words")]
    return {
        "open": rooms(2, closed=None),
        "closed": rooms(9),
        "open again": rooms(12, open=True, closer=None),
        "page": rocketchat.page(*said),
        "removed": rocketchat.page(rocketchat.said("R", 2, "mina", "", t="rm", _updatedAt=rocketchat.at(5))),
    }


def later_of_zendesk() -> Answers:
    closed = {**zendesk.SPOKEN, "rating": None, "update_timestamp": zendesk.at(21)}
    return {
        "running": {**closed, "update_timestamp": zendesk.at(2), "end_timestamp": None, "duration": None,
                    "history": closed["history"][:1]},
        "closed": {"chats": [closed], "count": 1},
        "rated": {"docs": {"2503.9": {**closed, "rating": "good", "update_timestamp": zendesk.at(22)}}},
        "deleted": {"results": [{**closed, "rating": "good", "deleted": True, "update_timestamp": zendesk.at(23)}]},
        "offline": zendesk.OFFLINE,
    }  # fmt: skip


def later_of_zoho() -> Answers:
    def given(key: str, minute: int, status: str = "open", **more: Any) -> Any:
        told = zoho.conversation(1, key, status, **zoho.ATTENDED, last_modified_time=zoho.at(minute), **more)
        return {"url": "/api/v2/acme/conversations", "object": "list", "data": [told]}

    pages = zoho.FILES["messages_1_old.json"]["data"], zoho.FILES["messages_1_new.json"]["data"]
    return {
        "running": given("connected", 3),
        "closed": given("closed", 10, "closed", end_time=zoho.at(10)),
        "open again": given("connected", 12, end_time=zoho.at(10)),
        "page": zoho.page(1, *pages[0], pages[1][0]),
        "other page": zoho.page(1, *pages[0][2:], *pages[1]),
    }


ANSWERS = {
    "chatwoot": of_chatwoot, "intercom": of_intercom, "livechat": of_livechat, "rocketchat": of_rocketchat,
    "zendesk": of_zendesk, "zoho": of_zoho,
    "chatwoot later": later_of_chatwoot, "intercom later": later_of_intercom, "livechat later": later_of_livechat,
    "rocketchat later": later_of_rocketchat, "zendesk later": later_of_zendesk, "zoho later": later_of_zoho,
}  # fmt: skip
# What each run tries, and of the answers how many; `--thorough` tries all.
EACH_RUN = ("chatwoot", "chatwoot later")
FEW, ALL = 4, 6

TOLD = """
SELECT system, 'chat' AS what, row({chat}, {fields})::VARCHAR AS told FROM chats AS c
UNION ALL
SELECT c.system, 'message', row(c.vendor_id, {message}, m.unknown_fields)::VARCHAR
FROM messages AS m JOIN chats AS c ON c.id = m.chat_id
UNION ALL SELECT system, 'visitor', row({visitor})::VARCHAR FROM visitors AS c
UNION ALL SELECT system, 'waiting', row({waiting})::VARCHAR FROM waiting_messages AS c
UNION ALL SELECT system, 'name', row({name})::VARCHAR FROM known_names AS c
"""
# Whatever the order of the fields in it.
FIELDS = """list_sort(list_transform(json_keys({0}), lambda name:
    (name, json_extract({0}, '/' || replace(replace(name, '~', '~0'), '/', '~1')))))"""
# What may differ from import to import, and what the worlds differ in.
OWN = {"unknown_fields", "id", "ordinal", "system", "import_id", "facts_digest", "chat_id", "file", "row_number"}


def groupings(order: Group) -> Iterator[Way]:
    """All ways to divide answers among imports, in this order."""
    for first in range(1, len(order)):
        for rest in groupings(order[first:]):
            yield (order[:first], *rest)
    yield (order,)


def put_plan(cursor: Cursor, answers: Answers, ways: list[Way]) -> None:
    """Keeps what the answers hold, and which of them are imported when in which world."""
    Staging(cursor)
    for name in TABLES:
        cursor.execute(f"CREATE OR REPLACE TEMP TABLE of_{name} AS SELECT ''::VARCHAR AS answer, * FROM {name}")

    for answer, content in answers.items():

        def keep(name: str, batch: Any, answer: str = answer) -> None:
            cursor.register("batch", batch)
            cursor.execute(f"INSERT INTO of_{name} SELECT $answer, * FROM batch", {"answer": answer})

        read_here([json_file(content, answer)], Manner("UTC"), keep, lambda *_: None)
    assert cursor.execute("FROM of_staged_rejects").fetchall() == []
    cursor.execute("CREATE OR REPLACE TEMP TABLE plan (world BIGINT, step BIGINT, place BIGINT, answer VARCHAR)")
    rows = [
        (world, step, place, answer)
        for world, way in enumerate(ways)
        for step, group in enumerate(way)
        for place, answer in enumerate(group)
    ]
    columns = {name: list(values) for name, values in zip(("a", "b", "c", "d"), zip(*rows, strict=True), strict=True)}
    cursor.execute("INSERT INTO plan SELECT unnest($a), unnest($b), unnest($c), unnest($d)", columns)


def stage(cursor: Cursor, step: int) -> None:
    """Puts what is imported now, in all worlds, where the merge expects it."""
    Staging(cursor)
    for name, columns in TABLES.items():
        if name == "staged_phones":
            cursor.execute(f"INSERT INTO {name} SELECT DISTINCT * EXCLUDE (answer) FROM of_{name}")
            continue
        own = {
            "system": "concat(t.system, '|', p.world)",
            **{number: f"p.world * 1000000 + p.place * 1000 + t.{number}" for number in ("number", "chat_number")},
            **{key: f"md5(concat(t.{key}, p.world))::UUID" for key in ("id", "chat_id") if name != "staged_names"},
        }
        values = (own.get(column, f"t.{column}") for column in columns)
        cursor.execute(
            f"""INSERT INTO {name} SELECT {", ".join(values)} FROM of_{name} AS t JOIN plan AS p USING (answer)
                WHERE p.step = $step ORDER BY p.world, p.place, t.rowid""",
            {"step": step},
        )


def take_step(cursor: Cursor, step: int) -> None:
    stage(cursor, step)
    import_id, moment = uuid4(), now()
    compared = compare(cursor, import_id, moment, "UTC", lambda *_: None)
    write(cursor, import_id, moment, compared, lambda *_: None)
    forget(cursor)


def told(cursor: Cursor) -> str:
    """A query for all that a store holds of each system, without what may differ."""

    def columns(table: str, row: str = "c") -> str:
        found = cursor.execute(
            "SELECT column_name FROM duckdb_columns() WHERE table_name = $t AND database_name <> 'confined'",
            {"t": table},
        ).fetchall()
        names = sorted({name for (name,) in found} - (OWN - {"id"} if table == "known_names" else OWN))
        return ", ".join(f"{row}.{name}" for name in names)

    return TOLD.format(
        chat=columns("chats"),
        fields=FIELDS.format("c.unknown_fields"),
        message=columns("messages", "m"),
        visitor=columns("visitors"),
        waiting=columns("waiting_messages"),
        name=columns("known_names"),
    )


def digests(cursor: Cursor) -> dict[str, str]:
    """By the number of the world, what is the same for the same content."""
    each = "md5(string_agg(concat(what, told), chr(10) ORDER BY what, told))"
    found = cursor.execute(f"SELECT system, {each} FROM ({told(cursor)}) GROUP BY ALL").fetchall()
    return {system.partition("|")[2]: digest for system, digest in found}


def rows_of(cursor: Cursor, world: int) -> set[tuple[str, str]]:
    here = f"split_part(system, '|', 2) = '{world}'"
    return set(cursor.execute(f"SELECT what, told FROM ({told(cursor)}) WHERE {here}").fetchall())


@pytest.mark.parametrize("answers_tried", [FEW, *rarely([ALL])])
@pytest.mark.parametrize("code", [*EACH_RUN, *rarely(code for code in ANSWERS if code not in EACH_RUN)])
def test_every_order_and_grouping_gives_the_same_store(in_file: Store, code: str, answers_tried: int) -> None:
    answers = dict(list(ANSWERS[code]().items())[:answers_tried])
    ways = [way for order in permutations(answers) for way in groupings(order)]
    # By what was imported so far: what there is then, and how it came in the world in which it was found first.
    known: dict[frozenset[str], tuple[str, Way, set[tuple[str, str]]]] = {}
    load(in_file, *(json_file(content, answer) for answer, content in answers.items()))
    with in_file.cursor() as cursor:
        put_plan(cursor, answers, ways)
        (usual,) = digests(cursor).values()
        worlds.empty(in_file)
        for step in range(len(answers)):
            in_file.write(lambda turn, step=step: take_step(turn, step), cursor=cursor)
            found = digests(cursor)
            for world, way in enumerate(ways):
                if step < len(way):
                    so_far = frozenset(answer for group in way[: step + 1] for answer in group)
                    if so_far not in known:
                        known[so_far] = (found[str(world)], way[: step + 1], rows_of(cursor, world))
                    wanted, other, rows = known[so_far]
                    if found[str(world)] != wanted:
                        differ = sorted(rows_of(cursor, world) ^ rows)
                        pytest.fail(f"{way[: step + 1]} and {other} differ in {differ}")
        assert known[frozenset(answers)][0] == usual
    check_consistent(in_file)
    print(f"{code}: {len(ways)} ways, {len(known)} sets of answers")
