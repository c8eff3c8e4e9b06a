"""The answers of all vendors, and what a store holds after them."""

from collections.abc import Iterable
from typing import Any

from lib.importing import Source
from lib.importing.vendors import VENDORS
from lib.store import Store
from tests.importing.files import json_file
from tests.importing.vendors import (
    chatwoot_answers,
    intercom_answers,
    livechat_answers,
    rocketchat_answers,
    zendesk_answers,
    zoho_answers,
)

ANSWERS = {
    "chatwoot": chatwoot_answers,
    "intercom": intercom_answers,
    "livechat": livechat_answers,
    "rocketchat": rocketchat_answers,
    "zendesk": zendesk_answers,
    "zoho": zoho_answers,
}


def answers(code: str) -> list[Any]:
    """All answers of a vendor, those of a list one by one."""
    found = ANSWERS[code].FILES.values()
    return [answer for given in found for answer in (given if isinstance(given, list) else [given])]


def sources(code: str, names: Iterable[str] | None = None, **options: Any) -> list[Source]:
    """The files of a vendor, all or those with these names; `options` say how their JSON is written."""
    files = ANSWERS[code].FILES
    return [json_file(files[name], name, **options) for name in (files if names is None else names)]


def check_expected(store: Store, code: str) -> None:
    """Fails where the store does not hold what the vendor's answers say, and nothing else of the vendor."""
    expected, system = ANSWERS[code].EXPECTED, {"system": VENDORS[code].name}
    found = {row["vendor_id"]: row for row in store.read("SELECT * FROM chats WHERE system = $system", system)}
    kinds = store.read(
        """SELECT c.vendor_id, list(m.kind ORDER BY m.position) AS kinds
           FROM chats AS c JOIN messages AS m ON m.chat_id = c.id WHERE c.system = $system GROUP BY ALL""",
        system,
    )
    of_chat = {row["vendor_id"]: row["kinds"] for row in kinds}
    told = {chat: {**row, "kinds": of_chat.get(chat, [])} for chat, row in found.items()}
    assert told.keys() == expected.keys()
    for chat, facts in expected.items():
        assert {name: told[chat][name] for name in facts} == facts, chat
