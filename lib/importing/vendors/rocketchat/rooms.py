"""The rooms of Rocket.Chat's omnichannel and their visitors."""

from lib.importing.problems import FieldError
from lib.importing.records.fields import CHAT_FIELDS, VISITOR_FIELDS
from lib.importing.records.values import flag, text
from lib.importing.vendors.rocketchat.messages import is_bot, plain
from lib.importing.vendors.vendor import (
    Answer,
    LeftOut,
    Record,
    drop,
    first,
    moment,
    named,
    objects,
    others,
    part,
    rated,
)

# Live chats, and telephone calls (voice); all other rooms are of colleagues among themselves.
OMNICHANNEL = frozenset(["l", "v"])
# The closing message is written a moment after a room is closed.
CLOSING_US = 60_000_000
ROOM_LEFT_OUT = (
    "name", "usersCount", "departmentAncestors", "waitingResponse", "status", "lastMessage", "pdfTranscriptFileId",
    "cl", "priorityWeight", "uids", "usernames", "u", "ro", "default", "sysMes",
)  # fmt: skip
ROOM = frozenset([
    *ROOM_LEFT_OUT, "_id", "_updatedAt", "t", "fname", "ts", "lm", "open", "closedAt", "v", "servedBy", "department",
    "departmentId", "tags", "source", "msgs",
])  # fmt: skip
VISITOR_LEFT_OUT = (
    "token", "status", "ts", "_updatedAt", "department", "lastChat", "lastAgent", "lastMessageTs", "contactManager",
    "activity", "statusConnection",
)  # fmt: skip
VISITOR = frozenset([*VISITOR_LEFT_OUT, "_id", "username", "name", "ip"])


def rooms(given: Answer, left_out: LeftOut) -> list[Record]:
    """A room, with what it tells of its visitor."""
    room = plain(given)
    if (kind := text(room.get("t"), "t")) not in OMNICHANNEL:
        raise FieldError("t", kind, "bad_choice" if kind else "missing")
    source, served, survey = part(room, "source"), part(room, "servedBy"), part(room, "surveyFeedback")
    place, (person,) = room.get("department"), visitors(part(room, "v"), left_out, "rooms[].v.")
    operator = text(served.get("username"), "servedBy.username")
    drop(room, ROOM_LEFT_OUT, left_out, "rooms[].")
    drop(source, ["id"], left_out, "rooms[].source.")
    drop(served, ["_id"], left_out, "rooms[].servedBy.")
    return [{
        **others(room, ROOM, CHAT_FIELDS),
        "source": others(source, frozenset(["id", "type", "alias"])) or None,
        "servedBy": others(served, frozenset(["_id", "username"])) or None,
        "id": room.get("_id"),
        "started_at": room.get("ts"),
        "ended_at": room.get("closedAt"),
        "updated_at": first(room.get("_updatedAt"), room.get("lm")),
        "status": _status(room),
        # A telephone call has no messages that could tell whether somebody answered.
        "judged": kind != "v",
        **_channel(source),
        "department": first(place.get("name") if isinstance(place, dict) else place, room.get("departmentId")),
        "operator": None if is_bot(operator) else operator,
        "visitor": person | {"name": first(named(room.get("fname")), person["name"])},
        **rated(survey.get("satisfaction")),
        "comment": survey.get("additionalFeedback"),
        "tags": room.get("tags"),
        "message_total": room["msgs"] if isinstance(room.get("msgs"), int) and room["msgs"] >= 0 else None,
    }]  # fmt: skip


SESSION = {
    "ts": "createdAt", "lm": "lastMessageAt", "fname": "label", "closedAt": "closedAt", "servedBy": "servedBy",
    "departmentId": "departmentId", "tags": "tags", "livechatData": "customFields",
}  # fmt: skip
SESSION_LEFT_OUT = ("type", "agent")


def session(answer: Answer, left_out: LeftOut) -> tuple[Record, list[Record]]:
    """What a webhook sends, as a room and its messages."""
    visitor, agent = part(answer, "visitor"), part(answer, "agent")
    drop(answer, SESSION_LEFT_OUT, left_out)
    room = {
        **others(answer, frozenset(["_id", "visitor", "messages", *SESSION_LEFT_OUT, *SESSION.values()])),
        **{ours: answer.get(field) for ours, field in SESSION.items() if answer.get(field) is not None},
        "_id": answer.get("_id"),
        "t": "l",
        "open": not answer.get("closedAt"),
        "_updatedAt": first(answer.get("closedAt"), answer.get("lastMessageAt"), answer.get("createdAt")),
        "v": {**visitor, "visitorEmails": visitor.get("email")} if visitor.get("email") else visitor,
    }
    if agent and "servedBy" not in room:
        room["servedBy"] = {"username": agent.get("username")}
    room["v"].pop("email", None)
    return room, [{**said, "rid": answer.get("_id")} for said in objects(answer, "messages")]


def _channel(source: Answer) -> Record:
    """The channel; an app names it by its alias, and a widget is of the web, however it is called."""
    kind, alias = (text(source.get(field), f"source.{field}") for field in ("type", "alias"))
    if kind in ("widget", "livechat"):
        return {"channel": kind, "source_alias": alias}
    return {"channel": ": ".join(filter(None, (kind, alias)))}


def _status(room: Answer) -> str | None:
    closed, last = moment(room, "closedAt"), moment(room, "lm")
    if flag(room.get("open"), "open", written=False):
        return "reopened" if closed else "ongoing"
    if closed is None:
        return None
    return "reopened" if last and last - closed > CLOSING_US else "completed"


def visitors(given: Answer, left_out: LeftOut, path: str = "visitors[].") -> list[Record]:
    """A visitor, who stands at `path` of the answer."""
    visitor = plain(given)
    drop(visitor, VISITOR_LEFT_OUT, left_out, path)
    emails = [email.get("address") for email in objects(visitor, "visitorEmails")]
    phones = [phone.get("phoneNumber") for phone in objects(visitor, "phone")]
    return [{
        **others({**visitor, "visitorEmails": emails[1:], "phone": phones[1:]}, VISITOR, VISITOR_FIELDS),
        "id": visitor.get("_id"),
        "name": first(named(visitor.get("name")), named(visitor.get("username"))),
        "email": first(*emails),
        "phone": first(*phones),
        "ip": visitor.get("ip"),
    }]  # fmt: skip
