"""Every column of a chat, once: what it holds, what it is called, who may see it, and where it is shown.

Conditions, the list and its orders, exports, the schema of Explore and what an import stores are made from it. Where an
order of its own matters (columns of the list, members of an export, facts in a digest), there is a list of names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from lib.chats.categories import CATEGORY_SQL, STATUS_NAMES
from lib.chats.causes import CAUSE_NAMES
from lib.chats.channels import channel_name
from lib.chats.states import DUE_SQL, REASON_NAMES, STATE_NAMES, STATE_SQL
from lib.language import _, country, language_name, mark

Kind = Literal["text", "choice", "list", "number", "duration", "moment", "flag"]
# Orders of the list.
SortKey = Literal["start", "end", "wait", "duration", "visitor", "operator", "rating", "messages", "due"]
# What a value may name of a person, and so how an export masks it: within a text, wholly, or by leaving it out.
Personal = Literal["", "text", "names", "emails", "phones", "ips", "id", "dropped"]

TYPES: dict[Kind, str] = {
    "text": "VARCHAR",
    "choice": "VARCHAR",
    "list": "VARCHAR[]",
    "number": "INTEGER",
    "duration": "DOUBLE",
    "moment": "TIMESTAMP",
    "flag": "BOOLEAN",
}

MISSED_REASONS: dict[str, str] = {
    "vendor_flag": mark("Marked by the chat system"),
    "vendor_status": mark("Status in the chat system"),
    "offline_form": mark("Offline form"),
    "no_human_reply": mark("No human reply"),
    "bot_handoff_failed": mark("Bot hand-off failed"),
}
CONTACTED_HOW: dict[str, str] = {"mail": mark("By e-mail"), "by_hand": mark("Outside this app")}


@dataclass(frozen=True)
class ListWords:
    """How a filter by a list of values is told: by values, by no value, and the contrary of both."""

    values: str
    nothing: str
    not_values: str
    something: str


@dataclass(frozen=True)
class Column:
    """A column of the store's table, or where `expression` is given, what is made of some.

    - `meaning`: what Explore says of it; what has none is not shown there.
    - `code` and `label`: the field of conditions and links that it is, and its name there; nothing without a label.
    - `choices`: the names of all values that it can have; a known one has `offered` values in the store.
    - `listed`: how it is told where the sidebar has a list of its values.
    - `heading` and `width`: of its place in the list, in pixels; `sort`: its order there.
    - `path`: its place in a record of our own format and in an export.
    - `imported`: whether an import writes it; all else is our own work, or made of both.
    """

    name: str
    kind: Kind
    meaning: str = ""
    type: str = ""
    expression: str = ""
    code: str = ""
    label: str = ""
    choices: Mapping[Any, str] | None = None
    offered: bool = False
    listed: ListWords | None = None
    personal: Personal = ""
    heading: str = ""
    width: int = 0
    sort: SortKey | None = None
    path: str = ""
    imported: bool = False

    def __post_init__(self) -> None:
        for name, usual in {
            "type": TYPES[self.kind],
            "code": self.name,
            "heading": self.label,
            "path": self.name,
        }.items():
            object.__setattr__(self, name, getattr(self, name) or usual)

    @property
    def sql(self) -> str:
        """Its value, over the store's table."""
        return self.expression or self.name


def _given(name: str, kind: Kind, meaning: str = "", **more: Any) -> Column:
    """A column that an import writes."""
    return Column(name, kind, meaning, imported=True, **more)


# fmt: off
COLUMNS: tuple[Column, ...] = (
    _given("id", "text", mark("Id of the chat; the same after another import"), type="UUID"),
    _given("status", "choice", mark("ongoing, missed, reopened or completed"), label=mark("Status"),
        choices=STATUS_NAMES, width=110),
    Column("monitored", "flag", expression=f"({CATEGORY_SQL['monitored']})", label=mark("Monitored")),
    _given("started_at", "moment", mark("Start, in UTC"), code="start", label=mark("Start"), width=135,
        sort="start"),
    _given("ended_at", "moment", mark("End, in UTC"), code="end", label=mark("End"), sort="end"),
    _given("wait_s", "duration",
        mark("Seconds from what the visitor wrote first, after a bot's last words, to the answer"), code="wait",
        label=mark("Wait"), width=85, sort="wait"),
    _given("duration_s", "duration", mark("Seconds from start to end"), code="duration", label=mark("Duration"),
        width=95, sort="duration"),
    _given("message_count", "number", mark("Number of messages, notes not counted"), code="messages",
        label=mark("Number of messages"), heading=mark("Messages"), width=80, sort="messages"),
    _given("messages_missing", "number",
        mark("Messages that the chat system has and that did not come; NULL: none known"), type="INTEGER",
        label=mark("Missing messages")),
    _given("deleted_there", "flag", mark("Whether it was deleted in the chat system"),
        label=mark("Deleted in the chat system"), path="deleted"),
    _given("question", "text", mark("What the visitor asked first"), label=mark("Question"), personal="text",
        width=260),
    _given("question_search", "text", mark("`question` in the form for search")),
    _given("rating", "number", mark("Rating by the visitor, 1 to 5"), type="TINYINT", label=mark("Rating"),
        offered=True, width=65, sort="rating",
        listed=ListWords(mark("rated {values}"), mark("without a rating"), mark("not rated {values}"),
            mark("with a rating"))),
    _given("comment", "text", mark("What the visitor wrote with the rating"), label=mark("Comment"),
        personal="text"),
    _given("tags", "list", mark("All tags; one a row in `tags`"), code="tag", label=mark("Tag"), offered=True,
        listed=ListWords(mark("tagged {values}"), mark("without a tag"), mark("not tagged {values}"),
            mark("with at least one tag"))),
    _given("channel", "text", mark("Channel, such as web or line"), label=mark("Channel"), offered=True, width=75,
        listed=ListWords(mark("by channel {values}"), mark("without a channel"), mark("not by channel {values}"),
            mark("with a known channel"))),
    _given("website", "text", mark("Website on which it was held"), label=mark("Website"), offered=True, width=130,
        listed=ListWords(mark("on website {values}"), mark("without a website"), mark("not on website {values}"),
            mark("with a known website"))),
    _given("department", "text", mark("Department"), label=mark("Department"), offered=True, width=95,
        listed=ListWords(mark("in department {values}"), mark("without a department"),
            mark("not in department {values}"), mark("with a department"))),
    _given("operator", "text", mark("Operator who served it last"), heading=mark("Operator"), width=85,
        sort="operator"),
    _given("operators", "list", mark("All operators in it; one a row in `operators`"), code="operator",
        label=mark("Operator"), offered=True,
        listed=ListWords(mark("served by {values}"), mark("without an operator"), mark("not served by {values}"),
            mark("with an operator"))),
    _given("supervisors", "list", mark("Supervisors who watch it"), code="supervisor", label=mark("Supervisor"),
        offered=True),
    _given("language", "choice", mark("Language of the visitor, as a code; NULL where it is unknown"),
           label=mark("Language"), offered=True),
    _given("visitor_country", "choice", mark("Country of the visitor, two letters"), code="country",
        label=mark("Country"), offered=True, path="visitor.country",
        listed=ListWords(mark("from {values}"), mark("without a country"), mark("not from {values}"),
            mark("with a known country"))),
    _given("page_url", "text", mark("Address of the page on which it began"), code="page_address",
        label=mark("Address of the page"), personal="text"),
    _given("page_title", "text", mark("Title of that page"), label=mark("Title of the page"), personal="text"),
    _given("visitor_name", "text", mark("Name of the visitor"), label=mark("Visitor's name"), personal="names",
        heading=mark("Visitor"), width=120, sort="visitor", path="visitor.name"),
    _given("visitor_email", "text", mark("E-mail address of the visitor"), label=mark("Visitor's e-mail address"),
        personal="emails", heading=mark("E-mail"), width=150, path="visitor.email"),
    _given("visitor_phone", "text", mark("Phone number of the visitor"), label=mark("Visitor's phone number"),
        personal="phones", path="visitor.phone"),
    _given("visitor_phone_e164", "text", mark("Phone number in the form by which the visitor is known again"),
        personal="phones"),
    _given("visitor_ip", "text", mark("IP address of the visitor"), label=mark("Visitor's IP address"),
        personal="ips", path="visitor.ip"),
    _given("visitor_id", "text", mark("Id of the visitor in the chat system"), label=mark("Visitor's id"),
        personal="id", path="visitor.id"),
    _given("visitor_search", "text", mark("Name, e-mail address and phone number in the form for search")),
    _given("system", "text", mark("Chat system that it came from"), label=mark("System"), offered=True,
        listed=ListWords(mark("from the system {values}"), mark("without a system"),
            mark("not from the system {values}"), mark("with a known system"))),
    _given("account", "text", mark("Account of that system; NULL is its first one"), label=mark("Account"),
        offered=True, width=95,
        listed=ListWords(mark("of the account {values}"), mark("of the first account"),
            mark("not of the account {values}"), mark("of another account than the first"))),
    _given("vendor_id", "text", mark("Id of the chat in that system"), code="chat_id",
        label=mark("Id in the system"), personal="id", path="id"),
    Column("mails", "number", mark("Number of e-mails to the visitor"), label=mark("E-mails written to the visitor"),
        path="follow_up.mails"),
    _given("missed_reason", "choice", mark("Why it counts as missed: vendor_status or no_human_reply"),
        label=mark("Why it counts as missed"), choices=MISSED_REASONS),
    # What is derived of missed chats (lib/missed/derive.py).
    Column("missed_cause", "choice", mark("Why it was missed, such as out_of_hours"), code="cause",
        label=mark("Why it was missed"), choices=CAUSE_NAMES, path="follow_up.cause",
        listed=ListWords(mark("missed because of: {values}"), mark("without a known cause"),
            mark("not missed because of: {values}"), mark("with a known cause"))),
    Column("state", "choice", expression=f"(CASE WHEN status = 'missed' THEN {STATE_SQL} END)",
        label=mark("Follow-up state"), choices=STATE_NAMES, path="follow_up.state"),
    Column("missed_repeats", "number", mark("Missed chats of the same visitor within 30 days, this one included"),
        code="repeats", label=mark("Times missed in 30 days")),
    Column("missed_noticed_at", "moment", mark("When it was first known here as missed, in UTC")),
    Column("missed_past", "flag", mark("Whether it was too old to follow up when it first came in")),
    Column("visitor_wrote_at", "moment", mark("When the visitor last wrote, or else when the chat began, in UTC")),
    Column("reply_channel", "text", mark("Channel in which the visitor can be answered, such as whatsapp")),
    Column("reply_until", "moment", mark("Until when that is possible, in UTC; NULL: without an end")),
    Column("reply_closed_at", "moment", mark("When that ended, in UTC")),
    Column("due_derived_at", "moment", mark("Due time by the working hours, in UTC")),
    Column("came_back_chat", "text", type="UUID"),
    Column("came_back_noticed_at", "moment", mark("When that was first known here, in UTC")),
    Column("recovered_chat", "text", type="UUID"),
    Column("contacted_noticed_at", "moment", mark("When the contact was first known here, in UTC")),
    Column("deleted_noticed_at", "moment"),
    # What people do about missed chats (lib/missed/changes.py).
    Column("taken_in_at", "moment",
        mark("When somebody first did something about it, in UTC; it is never past from then on")),
    Column("assignee", "text", mark("Who looks after the missed chat"), label=mark("Assigned to"), offered=True,
        path="follow_up.assignee",
        listed=ListWords(mark("assigned to {values}"), mark("assigned to nobody"), mark("not assigned to {values}"),
            mark("assigned to somebody"))),
    Column("due_set_at", "moment", mark("Due time that somebody set, in UTC")),
    Column("due_at", "moment", expression=DUE_SQL, code="due", label=mark("Due time"), heading=mark("Due"),
        sort="due", path="follow_up.due_at"),
    Column("contacted_at", "moment", mark("When the visitor was contacted, in UTC"), label=mark("Time of contact"),
        path="follow_up.contacted_at"),
    Column("contacted_by", "text", mark("Who contacted the visitor"), label=mark("Contacted by"), offered=True,
        path="follow_up.contacted_by"),
    Column("contacted_how", "choice", mark("How the visitor was contacted: mail or by_hand"),
        label=mark("How it was contacted"), choices=CONTACTED_HOW, path="follow_up.contacted_how"),
    Column("came_back_at", "moment", mark("When the visitor was served without having been written to, in UTC"),
        label=mark("Time of return")),
    Column("recovered_at", "moment", mark("When the visitor was served again after the contact, in UTC"),
        label=mark("Time of recovery")),
    Column("not_needed", "choice", mark("Why no follow-up is needed: spam, test, duplicate or other"),
        label=mark("Why it is not needed"), choices=REASON_NAMES, path="follow_up.not_needed"),
    Column("not_needed_text", "text", mark("The reason in words"), personal="text",
        path="follow_up.not_needed_text"),
    Column("follow_up_version", "number"),
    Column("follow_up_at", "moment", mark("When the follow-up was changed last, in UTC"), code="changed_at",
        label=mark("Last change of the follow-up")),
    Column("follow_up_by", "text", mark("Who changed the follow-up last"), code="changed_by",
        label=mark("Follow-up changed by"), offered=True),
    Column("deleted_at", "moment"),
    Column("anonymised_at", "moment", mark("When it was made a chat without its person, in UTC"), code="anonymised",
        label=mark("Time of anonymising")),
    # What only an import needs: what the chat system said where the columns above say more, and how rows are compared.
    _given("ordinal", "number", type="BIGINT"),
    _given("status_derived", "flag"),
    _given("given_status", "text", path="given.status"),
    _given("given_missed_reason", "text", path="given.missed_reason"),
    _given("given_wait_s", "duration", path="given.wait_s"),
    _given("given_operators", "list", path="given.operators"),
    _given("given_language", "text", path="given.language"),
    _given("given_question", "text", personal="text", path="given.question"),
    # Which of the visitor's fields the chat itself did not give: they came from the visitor's own record.
    _given("filled", "list", path="given.filled"),
    _given("judged", "flag"),
    _given("given_answered", "flag", path="answered"),
    _given("rule_reason", "text"),
    _given("vendor_updated_at", "moment", path="updated_at"),
    _given("messages_there", "number", type="INTEGER", path="message_total"),
    _given("unknown_fields", "text", personal="dropped"),
    # Which facts were ever given, a bit for each, and when, where not all are as new as the chat's newest record: see
    # importing/merge/facts.py.
    _given("facts_given", "number", type="BIGINT"),
    _given("fact_times", "list", type="TIMESTAMP[]"),
    _given("facts_digest", "text"),
    _given("messages_digest", "text"),
    _given("import_id", "text", type="UUID"),
)
# fmt: on

BY_NAME: dict[str, Column] = {column.name: column for column in COLUMNS}
# What means something to people: the fields of conditions, by their codes.
FIELDS: dict[str, Column] = {column.code: column for column in COLUMNS if column.label}
SORTS: dict[SortKey, Column] = {
    key: next(column for column in COLUMNS if column.sort == key) for key in get_args(SortKey)
}


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
