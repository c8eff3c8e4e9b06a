"""The users of a LiveChat chat: who of them is a visitor, an operator or a bot, and what is known of the visitor."""

import re
from collections.abc import Iterable
from typing import Any

from lib.importing.records.fields import VISITOR_FIELDS
from lib.importing.records.values import flag, text, text_or_number
from lib.importing.vendors.vendor import Answer, LeftOut, Record, drop, first, named, objects, others, part

Users = dict[str, Answer]

CUSTOMER = frozenset(["id", "type", "name", "email", "phone", "phone_number", "last_visit", "visit"])
AGENT = frozenset(["id", "type", "name", "email"])
LEFT_OUT = (
    "present", "avatar", "visibility", "created_at", "events_seen_up_to", "chat_ids",
    "agent_last_event_created_at", "customer_last_event_created_at", "__priv_lc2_customer_id",
)  # fmt: skip
VISIT = frozenset(["id", "ip", "geolocation"])
PLACE = frozenset(["country", "country_code"])

# What a question of a form has to say, and its answer, to tell something of the visitor.
TELLING = {
    "name": (re.compile(r"^(your |full )?name|名前|氏名", re.IGNORECASE), re.compile(r"\w")),
    "email": (re.compile(r"e-?mail|メール", re.IGNORECASE), re.compile(r"^\S+@\S+$")),
    "phone": (re.compile(r"phone|電話", re.IGNORECASE), re.compile(r"^[-+() 0-9]{5,}$")),
}


def users_of(chat: Answer) -> Users:
    """The users of a chat by their ids."""
    found = ((text(user.get("id"), f"users[{n}].id"), user) for n, user in enumerate(objects(chat, "users")))
    return {user_id: user for user_id, user in found if user_id}


def kind_of(user_id: str, users: Users) -> str:
    """What a user is; a bot is an agent whose id is no mail address, and a customer's id has hyphens."""
    given = users.get(user_id, {}).get("type")
    if given != "customer" and "@" in user_id:
        return "operator"
    return "visitor" if given == "customer" or (given is None and "-" in user_id) else "bot"


def name_of(user_id: str, users: Users) -> Any:
    """The name of a user; an operator without one is called by the mail address."""
    name = users.get(user_id, {}).get("name")
    return first(name, user_id) if kind_of(user_id, users) == "operator" else named(name)


def last_visit(customer: Answer) -> Answer:
    """The latest visit of a customer."""
    return part(customer, "last_visit") or part(customer, "visit")


def visitor(customer: Answer, visit: Answer, left_out: LeftOut, path: str) -> Record:
    """A customer as a visitor, who came with this visit; the customer stands at `path` of the answer."""
    place = part(visit, "geolocation")
    drop(customer, LEFT_OUT, left_out, path)
    drop(visit, ["id"], left_out, f"{path}last_visit.")
    return {
        **others(customer, CUSTOMER.union(LEFT_OUT), VISITOR_FIELDS),
        "last_visit": others(visit, VISIT) or None,
        "geolocation": others(place, PLACE) or None,
        "id": customer.get("id"),
        "name": named(customer.get("name")),
        "email": customer.get("email"),
        "phone": first(customer.get("phone"), customer.get("phone_number")),
        "country": first(place.get("country_code"), place.get("country")),
        "ip": visit.get("ip"),
    }


def page_title(visit: Answer, url: Any) -> Any:
    """The title of a page of a visit, which may be a later one than the chat's."""
    return next((page.get("title") for page in objects(visit, "last_pages") if url and page.get("url") == url), None)


def completed(person: Record, answers: Iterable[tuple[Any, Any]]) -> Record:
    """A visitor with what the answers of forms, each behind its question, tell beyond the record."""
    told = [pair for pair in answers if all(isinstance(words, str) for words in pair)]
    return person | {
        field: first(
            person.get(field), *(said for asked, said in told if question.search(asked) and answer.search(said))
        )
        for field, (question, answer) in TELLING.items()
    }


def is_watching(user: Answer, *, active: bool) -> bool:
    """Whether an agent supervises a chat: present, and seen by agents alone; of an ended chat, who did so."""
    is_there = flag(user.get("present"), "users.present", written=False) or not active
    return user.get("visibility") == "agents" and is_there


def department(groups: list[Any], field: str) -> str | None:
    """The ids of groups; their names are in no answer with chats."""
    return ", ".join(filter(None, (text_or_number(group, field) for group in groups))) or None
