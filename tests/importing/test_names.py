"""Lists of departments and agents: their names stand in chats instead of their ids, whatever comes first."""

import pytest

from lib.importing.merge.undoing import undo_import
from tests import worlds
from tests.importing.files import content, json_file, load, only_chat
from tests.importing.vendors import intercom_answers as intercom
from tests.importing.vendors import livechat_answers as livechat
from tests.importing.vendors import rocketchat_answers as rocketchat
from tests.importing.vendors import zendesk_answers as zendesk

GROUPS = [
    {"id": 0, "name": "General", "language_code": "en", "agent_priorities": {}, "routing_status": "offline"},
    {"id": 2, "name": "Orders", "language_code": "en", "agent_priorities": {}, "routing_status": "offline"},
]  # fmt: skip
AGENTS = [{"id": livechat.MINA, "account_id": "a", "name": "Mina Abe", "role": "normal", "groups": []}]
LIVECHAT = livechat.chat("C", livechat.thread("T", [livechat.KENTO, livechat.MINA], [
    livechat.event(1, livechat.KENTO, "Hi"), livechat.event(2, livechat.MINA, "Hello"),
], access={"group_ids": [0, 2]}), users=[{"id": livechat.MINA, "type": "agent", "present": True}])  # fmt: skip
DEPARTMENTS = {
    "departments": [{"_id": "xnmX", "name": "Orders", "enabled": True, "numAgents": 2}],
    "count": 1, "offset": 0, "total": 1, "success": True,
}  # fmt: skip
USERS = {
    "users": [{"_id": "u1", "username": "mina", "name": "Mina Abe", "statusLivechat": "available"}],
    "count": 1, "offset": 0, "total": 1, "success": True,
}  # fmt: skip
ROOM = rocketchat.room("R", departmentId="xnmX", servedBy={"_id": "u1", "username": "mina"})
SAID = rocketchat.page(rocketchat.said("R", 1, "visitor", "Hi"), rocketchat.said("R", 2, "mina", "Hello"))
OF_ZENDESK = zendesk.chat(1, zendesk.item(1, "visitor", "Rin", "Hi"), department_id=77, agent_names=[], agent_ids=["5"])
CASES = {
    "livechat": ([LIVECHAT, GROUPS, AGENTS], ("General, Orders", ["Mina Abe"])),
    "rocketchat": ([ROOM, SAID, DEPARTMENTS, USERS], ("Orders", ["Mina Abe"])),
    "zendesk": (
        [
            {"chats": [OF_ZENDESK]},
            [{"id": 77, "name": "Orders", "description": "", "enabled": True, "members": [5], "settings": {}}],
            [{"id": 5, "display_name": "Mina Abe", "first_name": "Mina", "email": "m@example.com", "enabled": True}],
        ],
        ("Orders", ["Mina Abe"]),
    ),
    "intercom": (
        [
            intercom.conversation(1, "open", intercom.source("Hello"), team_assignee_id=814),
            {"type": "team.list", "teams": [{"type": "team", "id": "814", "name": "Orders", "admin_ids": [1]}]},
            {"type": "admin.list", "admins": [{"type": "admin", "id": "1", "name": "Mina Abe", "email": "m@e.com"}]},
        ],
        ("Orders", []),
    ),
    "zoho": (
        [
            {"data": [{"chat_id": "1", "chatinitiated_time": "1772355600000", "department_id": "88",
                       "attender_id": "9", "end_time": "1772355700000", "participants": ["10"]}]},
            {"url": "/api/v2/acme/departments", "object": "list", "data": [{"id": "88", "name": "Orders"}]},
            {"url": "/api/v2/acme/operators", "object": "list", "data": [
                {"id": "10", "first_name": "Mina", "last_name": "Abe", "nick_name": "min"},
            ]},
        ],
        ("Orders", ["Mina Abe"]),
    ),
}  # fmt: skip


@pytest.mark.parametrize("system", CASES)
def test_names_stand_instead_of_ids_in_any_order(store, system, thorough):
    answers, wanted = CASES[system]
    stores = []
    for order in (answers, answers[::-1]) if thorough else (answers[::-1],):
        worlds.empty(store)
        for answer in order:
            assert load(store, json_file(answer)).rows_rejected == 0
        chat = only_chat(store)
        assert (chat["department"], chat["operators"]) == wanted
        stores.append(content(store, "ordinal"))
    worlds.empty(store)
    report = load(store, *map(json_file, answers))
    assert (only_chat(store)["department"], only_chat(store)["operators"]) == wanted
    assert report.names_read > 0
    stores.append(content(store, "ordinal"))
    assert all(each == stores[0] for each in stores)


TEAM = {"id": 2, "name": "Orders", "description": None, "allow_auto_assign": True, "account_id": 1, "is_member": True}
AGENT = {"id": 7, "account_id": 1, "availability_status": "online", "confirmed": True, "name": "Aoi", "role": "agent"}


def test_teams_and_agents_of_chatwoot_are_recognised(store):
    report = load(store, json_file([TEAM]), json_file([AGENT]))
    assert [file.system for file in report.files] == ["Chatwoot", "Chatwoot"]
    assert store.read("SELECT kind, id, name FROM known_names ORDER BY kind") == [
        {"kind": "agent", "id": "7", "name": "Aoi"}, {"kind": "department", "id": "2", "name": "Orders"},
    ]  # fmt: skip


def test_the_same_chat_again_changes_nothing(store):
    load(store, json_file(GROUPS))
    assert load(store, json_file(LIVECHAT)).new == 1
    again = load(store, json_file(LIVECHAT))
    assert (again.unchanged, again.updated) == (1, 0)


def test_a_new_name_replaces_the_old_one_where_its_id_stands(store):
    load(store, json_file(LIVECHAT))
    assert load(store, json_file(GROUPS)).updated == 1
    assert load(store, json_file(GROUPS)).updated == 0


def test_a_list_of_names_can_be_undone(store):
    load(store, json_file(LIVECHAT))
    report = load(store, json_file(GROUPS))
    undo_import(store, report.import_id, "Aoi")
    assert only_chat(store)["department"] == "0, 2"
    assert store.read("FROM known_names") == []


def test_two_accounts_count_their_departments_alike(store):
    for account, name in (("one", "Orders"), ("two", "Returns")):
        load(store, json_file([{**GROUPS[1], "name": name}]), account=account)
        load(store, json_file({**LIVECHAT, "thread": {**LIVECHAT["thread"], "access": {"group_ids": [2]}}}),
             account=account)  # fmt: skip
    assert sorted(row["department"] for row in store.read("SELECT department FROM chats")) == ["Orders", "Returns"]
