"""Joining persons by hand, and parting them: what people know of visitors and the signs of their chats do not tell."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID, uuid4

from lib.chats.same_visitor import MOST_NAMES, SIGNS, chats_of, names_beside
from lib.chats.stale import mark_persons
from lib.commands import command
from lib.store import Cursor, Store, changed, now, record_event, rows

SignName = Literal["email", "phone", "visitor"]
# Why nothing was done: it is one person already, is not known here, has not what parts it, or too many share that.
Refusal = Literal["same", "unknown", "nothing", "shared"]
_SIGNS = {sign.name: sign for sign in SIGNS}


@dataclass(frozen=True)
class Joined:
    """A joining, by which `chats` chats are one person's."""

    id: UUID
    chats: int


@command("person.join", "note", "persons_joined", undone_by="person.unjoin", chats="chat_ids")
def join(store: Store, chat_ids: tuple[UUID, UUID], actor: str) -> Joined | Refusal:
    """Makes the persons of two chats one, whatever imports say later."""

    def work(cursor: Cursor) -> Joined | Refusal:
        persons = [_person_of(cursor, chat_id) for chat_id in chat_ids]
        if None in persons:
            return "unknown"
        if persons[0] == persons[1]:
            return "same"
        joined = uuid4()
        theirs = f"SELECT ordinal FROM person_chats WHERE person IN ({persons[0]}, {persons[1]})"
        mark_persons(cursor, theirs)
        count = changed(
            cursor,
            f"INSERT INTO person_joins SELECT $joined, id FROM chats WHERE ordinal IN ({theirs})",
            {"joined": joined},
        )
        record_event(cursor, "persons_joined", actor, chat_ids[0], now(), joined=str(joined), chats=count)
        return Joined(joined, count)

    return store.write(work)


@command("person.unjoin", "note", "persons_parted", undone_by="person.join", chats="chat_id")
def unjoin(store: Store, chat_id: UUID, joined: UUID, actor: str) -> bool:
    """Takes a joining back, by which a chat is of its person; whether there was one."""

    def work(cursor: Cursor) -> bool:
        if _person_of(cursor, chat_id) is None:
            return False
        params = {"joined": joined}
        of_it = "SELECT ordinal FROM chats WHERE id IN (SELECT chat_id FROM person_joins WHERE join_id = $joined)"
        mark_persons(cursor, of_it, params)
        count = changed(cursor, "DELETE FROM person_joins WHERE join_id = $joined", params)
        if count:
            record_event(cursor, "persons_parted", actor, chat_id, now(), joined=str(joined), chats=count)
        return bool(count)

    return store.write(work)


@command("person.part", "note", "persons_parted", undone_by="person.put_together", chats="chat_id")
def part(store: Store, chat_id: UUID, by: SignName, actor: str) -> int | Refusal:
    """From now on a chat's address, number or id makes nobody one person, whatever imports bring; in how many chats it
    is."""

    def work(cursor: Cursor) -> int | Refusal:
        sign = _SIGNS[by]
        if _person_of(cursor, chat_id) is None:
            return "unknown"
        found = _sign_of(cursor, chat_id, by, sign.key)
        if not found:
            return "nothing"
        count = _mark_with(cursor, chat_id, by)
        cursor.execute(
            "INSERT INTO shared_signs (digest, parted_at) VALUES (md5($key), $moment)", {"key": found, "moment": now()}
        )
        record_event(cursor, "persons_parted", actor, chat_id, now(), by=by, chats=count)
        return count

    return store.write(work)


@command("person.put_together", "note", "persons_joined", undone_by="person.part", chats="chat_id")
def put_together(store: Store, chat_id: UUID, by: SignName, actor: str) -> int | Refusal:
    """Makes the chats one person's again that were parted by a chat's address, number or id; how many there are."""

    def work(cursor: Cursor) -> int | Refusal:
        if _person_of(cursor, chat_id) is None:
            return "unknown"
        found = _sign_of(cursor, chat_id, by, _SIGNS[by].anybodys)
        of_it = {"key": found or ""}
        if not changed(cursor, "DELETE FROM shared_signs WHERE digest = md5($key) AND parted_at IS NOT NULL", of_it):
            return "nothing"
        cursor.execute("CREATE OR REPLACE TEMP TABLE together AS SELECT md5($key) AS digest", of_it)
        names = rows(cursor.execute(f"SELECT names FROM ({names_beside('together')})"))
        cursor.execute("DROP TABLE together")
        if names and names[0]["names"] > MOST_NAMES:
            cursor.execute("INSERT INTO shared_signs (digest) VALUES (md5($key))", of_it)
            return "shared"
        count = _mark_with(cursor, chat_id, by)
        record_event(cursor, "persons_joined", actor, chat_id, now(), by=by, chats=count)
        return count

    return store.write(work)


def _person_of(cursor: Cursor, chat_id: UUID) -> int | None:
    """Whose a chat is; None where that is nobody's, or not known to who sees only some chats."""
    sql = "SELECT person FROM person_chats WHERE ordinal = (SELECT ordinal FROM chats WHERE id = $id)"
    return next((int(row["person"]) for row in rows(cursor.execute(sql, {"id": chat_id}))), None)


def _sign_of(cursor: Cursor, chat_id: UUID, by: SignName, key: str) -> str | None:
    (found,) = rows(cursor.execute(f"SELECT any_value({key}) AS key FROM chats WHERE id = $id", {"id": chat_id}))
    return found["key"]  # type: ignore[no-any-return]


def _mark_with(cursor: Cursor, chat_id: UUID, by: SignName) -> int:
    """Marks the chats that have the same sign as a chat; how many there are."""
    sign = _SIGNS[by]
    own = f"SELECT '{by}' AS sign, {sign.value} AS value, {sign.key} AS key FROM chats WHERE id = $id"
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE own_sign AS {own}", {"id": chat_id})
    theirs = f"SELECT ordinal FROM ({chats_of('own_sign', 'ordinal', 'TRUE', [sign])})"
    mark_persons(cursor, theirs)
    (found,) = rows(cursor.execute(f"SELECT count(*) AS n FROM ({theirs})"))
    cursor.execute("DROP TABLE own_sign")
    return int(found["n"])
