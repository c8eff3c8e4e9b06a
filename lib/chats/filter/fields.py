"""The fields of conditions: every column of a chat that means something to people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lib.chats.categories import CATEGORY_SQL
from lib.chats.causes import CAUSE_NAMES
from lib.chats.channels import channel_name
from lib.chats.filter.filter import Rule, Rules
from lib.chats.states import DUE_SQL, STATE_NAMES, STATE_SQL, Reason
from lib.language import _, country, language_name, mark

Kind = Literal["text", "choice", "list", "number", "duration", "moment", "flag"]

STATUSES: dict[str, str] = {
    "ongoing": mark("Ongoing"),
    "missed": mark("Missed"),
    "reopened": mark("Reopened"),
    "completed": mark("Completed"),
}
MISSED_REASONS: dict[str, str] = {
    "vendor_flag": mark("Marked by the chat system"),
    "vendor_status": mark("Status in the chat system"),
    "offline_form": mark("Offline form"),
    "no_human_reply": mark("No human reply"),
    "bot_handoff_failed": mark("Bot hand-off failed"),
}
NOT_NEEDED: dict[Reason, str] = {
    "spam": mark("Spam"),
    "test": mark("Test"),
    "duplicate": mark("Duplicate"),
    "other": mark("Other"),
}
CONTACTED_HOW: dict[str, str] = {"mail": mark("By e-mail"), "by_hand": mark("Outside this app")}


@dataclass(frozen=True)
class RuleField:
    """A field: `choices` are the names of all values that it can have; a known one has `offered` values in the store.

    `personal` says that its values may name a person, so that they stand in no link.
    """

    name: str
    kind: Kind
    sql: str
    choices: Mapping[Any, str] | None = None
    offered: bool = False
    personal: bool = False


FIELDS: dict[str, RuleField] = {
    "status": RuleField(mark("Status"), "choice", "status", STATUSES),
    "monitored": RuleField(mark("Monitored"), "flag", f"({CATEGORY_SQL['monitored']})"),
    "start": RuleField(mark("Start"), "moment", "started_at"),
    "end": RuleField(mark("End"), "moment", "ended_at"),
    "wait": RuleField(mark("Wait"), "duration", "wait_s"),
    "duration": RuleField(mark("Duration"), "duration", "duration_s"),
    "messages": RuleField(mark("Number of messages"), "number", "message_count"),
    "question": RuleField(mark("Question"), "text", "question", personal=True),
    "rating": RuleField(mark("Rating"), "number", "rating", offered=True),
    "comment": RuleField(mark("Comment"), "text", "comment", personal=True),
    "tag": RuleField(mark("Tag"), "list", "tags", offered=True),
    "channel": RuleField(mark("Channel"), "text", "channel", offered=True),
    "website": RuleField(mark("Website"), "text", "website", offered=True),
    "department": RuleField(mark("Department"), "text", "department", offered=True),
    "operator": RuleField(mark("Operator"), "list", "operators", offered=True),
    "supervisor": RuleField(mark("Supervisor"), "list", "supervisors", offered=True),
    "language": RuleField(mark("Language"), "choice", "language", offered=True),
    "country": RuleField(mark("Country"), "choice", "visitor_country", offered=True),
    "page_address": RuleField(mark("Address of the page"), "text", "page_url", personal=True),
    "page_title": RuleField(mark("Title of the page"), "text", "page_title", personal=True),
    "visitor_name": RuleField(mark("Visitor's name"), "text", "visitor_name", personal=True),
    "visitor_email": RuleField(mark("Visitor's e-mail address"), "text", "visitor_email", personal=True),
    "visitor_phone": RuleField(mark("Visitor's phone number"), "text", "visitor_phone", personal=True),
    "visitor_ip": RuleField(mark("Visitor's IP address"), "text", "visitor_ip", personal=True),
    "visitor_id": RuleField(mark("Visitor's id"), "text", "visitor_id", personal=True),
    "system": RuleField(mark("System"), "text", "system", offered=True),
    "chat_id": RuleField(mark("Id in the system"), "text", "vendor_id", personal=True),
    "mails": RuleField(mark("E-mails written to the visitor"), "number", "mails"),
    "missed_reason": RuleField(mark("Why it counts as missed"), "choice", "missed_reason", MISSED_REASONS),
    "cause": RuleField(mark("Why it was missed"), "choice", "missed_cause", CAUSE_NAMES),
    "state": RuleField(
        mark("Follow-up state"), "choice", f"(CASE WHEN status = 'missed' THEN {STATE_SQL} END)", STATE_NAMES
    ),
    "repeats": RuleField(mark("Times missed in 30 days"), "number", "missed_repeats"),
    "assignee": RuleField(mark("Assigned to"), "text", "assignee", offered=True),
    "due": RuleField(mark("Due time"), "moment", DUE_SQL),
    "contacted_at": RuleField(mark("Time of contact"), "moment", "contacted_at"),
    "contacted_by": RuleField(mark("Contacted by"), "text", "contacted_by", offered=True),
    "contacted_how": RuleField(mark("How it was contacted"), "choice", "contacted_how", CONTACTED_HOW),
    "came_back_at": RuleField(mark("Time of return"), "moment", "came_back_at"),
    "recovered_at": RuleField(mark("Time of recovery"), "moment", "recovered_at"),
    "not_needed": RuleField(mark("Why it is not needed"), "choice", "not_needed", NOT_NEEDED),
    "changed_at": RuleField(mark("Last change of the follow-up"), "moment", "follow_up_at"),
    "changed_by": RuleField(mark("Follow-up changed by"), "text", "follow_up_by", offered=True),
}

# Fields whose values may name a person; the names of operators and colleagues stand in links anyway.
PERSONAL: frozenset[str] = frozenset(code for code, field in FIELDS.items() if field.personal)


def value_name(code: str, stored: str) -> str:
    """What a stored value of a field is called, in the current language; most are called what they are."""
    field = FIELDS[code]
    if field.choices is not None:
        return _(field.choices[stored]) if stored in field.choices else stored
    if code == "country":
        return country(stored)
    if code == "channel":
        return channel_name(stored) or ""
    return language_name(stored) if code == "language" else stored


def names_people(rules: Rules) -> bool:
    """Whether any of the rules has a value that may name a person."""
    return any(names_people(item) if isinstance(item, Rules) else _names_people(item) for item in rules.items)


def _names_people(rule: Rule) -> bool:
    return rule.field in PERSONAL and bool(rule.values)
