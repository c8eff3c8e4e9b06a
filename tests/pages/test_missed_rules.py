"""When a chat counts as missed: told and switched by system on the Import page, and kept with the chat."""

import pytest
from streamlit.testing.v1 import AppTest

from lib.importing import VENDORS, chat_id, import_files, missed_rules
from lib.language import in_language
from lib.screen.frame.labels import MISSED_REASONS
from lib.store import Store
from tests.importing.files import json_file
from tests.importing.vendors.chatwoot_answers import EXPECTED, FILES
from tests.pages.driving import CHATS, IMPORT, captions, run, visit
from tests.pages.import_page import frame_with, said, switch
from tests.worlds import chat, insert

SWITCHES = {"rule_chatwoot", "rule_intercom", "rule_rocketchat"}
MISSED = [name for name, expected in EXPECTED.items() if expected["status"] == "missed"]


@pytest.fixture
def store(world) -> Store:
    found = world("empty")
    import_files(found, [json_file(FILES["conversations.json"])], zone="UTC", actor="Tester")
    return found


def rules(at: AppTest | None = None, **how: object) -> AppTest:
    """The Import page with the part about missed chats opened."""
    return visit(IMPORT, session={"missed_rules": True}, **how)


def missed(store: Store) -> int:
    return int(store.read("SELECT count(*) AS n FROM chats WHERE status = 'missed'")[0]["n"])


def test_each_reason_has_a_meaning(store: Store):
    shown = frame_with(rules(), "reason", "meaning")
    assert list(shown["reason"]) == list(MISSED_REASONS.values())
    assert all(shown["meaning"])


def test_each_system_tells_when(store: Store):
    at = rules()
    assert all(said(at, vendor.name) for vendor in VENDORS.values())
    assert "Zendesk marked the chat as missed." in captions(at)


def test_only_systems_without_missed_chats_have_a_switch(store: Store):
    at = rules()
    assert {toggle.key for toggle in at.toggle} == SWITCHES
    assert all(toggle.value for toggle in at.toggle)


def test_each_switch_tells_on_how_many_chats_it_decides(store: Store):
    decided = {rule.system: rule.chats for rule in missed_rules(store)}
    assert decided["Chatwoot"] > 1
    shown = captions(rules()).splitlines()
    assert f"The rule decides on {decided['Chatwoot']} chats." in shown
    assert shown.count("The rule decides on 0 chats.") == 2


def test_switching_changes_the_chats_at_once_and_back(store: Store):
    before = missed(store)
    assert before > 1
    at = switch(rules(), "rule_chatwoot")
    assert [toast.value for toast in at.toast] == [f"{before} chats changed their status."]
    assert not at.toggle(key="rule_chatwoot").value
    assert at.toggle(key="rule_intercom").value
    assert missed(store) == 0
    at = switch(at, "rule_chatwoot")
    assert [toast.value for toast in at.toast] == [f"{before} chats changed their status."]
    assert missed(store) == before


def test_a_switch_shows_on_the_other_pages_and_stays(store: Store):
    at = switch(rules(), "rule_chatwoot")
    at = run(at.switch_page(CHATS))
    assert "**0**" in next(tab for tab in at.segmented_control(key="w_category").options if "Missed" in tab)
    assert not rules().toggle(key="rule_chatwoot").value


def test_a_switch_of_a_system_without_chats_changes_nothing(store: Store):
    at = switch(rules(), "rule_intercom")
    assert [toast.value for toast in at.toast] == ["0 chats changed their status."]


def test_a_switch_tells_who_did_it(store: Store):
    switch(rules(), "rule_chatwoot")
    assert store.read("SELECT actor FROM events WHERE action = 'switch_rule'") == [{"actor": "Tester"}]


def facts(at: AppTest) -> dict[str, str]:
    frames = [found.value for found in at.dataframe if "field" in found.value]
    return {row["field"]: row["value"] for frame in frames for row in frame.to_dict("records")}


@pytest.mark.parametrize("reason", MISSED_REASONS)
def test_the_info_tab_tells_why_a_chat_counts_as_missed(world, reason: str):
    made = chat(reason, status="missed", missed_reason=reason)
    insert(world("empty"), [made])
    assert (
        facts(visit(CHATS, {"chat": str(made["id"]), "tab": "info"}))["Why it counts as missed"]
        == (MISSED_REASONS[reason])
    )


def test_the_info_tab_of_other_chats_has_a_dash_there(world):
    made = chat("done")
    insert(world("empty"), [made])
    assert facts(visit(CHATS, {"chat": str(made["id"]), "tab": "info"}))["Why it counts as missed"] == "–"


def test_the_reason_goes_with_the_rule(store: Store):
    query = {"chat": str(chat_id("Chatwoot", None, MISSED[0])), "tab": "info"}
    told = facts(visit(CHATS, query))
    assert (told["Status"], told["Why it counts as missed"]) == ("Missed", "No human reply")
    assert told["Where the status is from"].startswith("derived: no operator replied")
    switch(rules(), "rule_chatwoot")
    told = facts(visit(CHATS, query))
    assert (told["Status"], told["Why it counts as missed"]) == ("Completed", "–")
    assert not told["Where the status is from"].startswith("derived")


def test_the_reason_is_told_in_japanese(store: Store):
    with in_language("ja"):
        at = visit(CHATS, {"chat": str(chat_id("Chatwoot", None, MISSED[0])), "tab": "info"}, context={"locale": "ja"})
    assert facts(at)["未対応の理由"] == "担当者の返信なし"
