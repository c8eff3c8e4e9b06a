"""One person: what is known of them and from how many chats, why these are one person's, and the chats."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal, get_args
from uuid import UUID

from lib.chats.same_visitor import SIGNS, of_visitor
from lib.store import Store
from lib.visitors.joining import SignName

if TYPE_CHECKING:  # It takes long to load, which the processes that only read files need not wait for.
    import pandas as pd

# Of more, the newest are shown.
MOST_CHATS: Final = 500
MOST_VALUES: Final = 100
Field = Literal[
    "visitor_name", "visitor_email", "visitor_phone", "visitor_id", "visitor_country", "department", "website",
    "page_url", "language",
]  # fmt: skip
FIELDS: Final[tuple[Field, ...]] = get_args(Field)
# Whether an address, number or id makes its chats one person's; if not, too many share it, or people said so.
Standing = Literal["joins", "shared", "parted"]


@dataclass(frozen=True)
class Known:
    """A value that was told in so many `chats`, last in the one that began at `last_at` (naive UTC)."""

    field: Field
    value: str
    chats: int
    last_at: datetime | None


@dataclass(frozen=True)
class Identity:
    """An address, number or id by which chats are one person's, in how many of these it is, and one that has it."""

    sign: SignName
    value: str
    chats: int
    chat: UUID
    standing: Standing


@dataclass(frozen=True)
class Joining:
    """What people joined by hand: how many chats."""

    id: UUID
    chats: int


@dataclass(frozen=True)
class Person:
    """A person; `missed` of the `chats` that there are were missed."""

    chats: int
    missed: int
    first_at: datetime | None
    last_at: datetime | None
    contact_since: datetime | None
    known: tuple[Known, ...]
    identities: tuple[Identity, ...]
    joinings: tuple[Joining, ...]


def person_of(store: Store, chat_id: UUID) -> Person | None:
    """Whose chat it is; None where there is no such chat, or only deleted ones."""
    theirs, params = of_visitor(store, chat_id)
    among = f"ordinal IN ({theirs}) AND deleted_at IS NULL"
    has_contact = " OR ".join(f"{sign.anybodys} IS NOT NULL" for sign in SIGNS[:2])
    (facts,) = store.read(
        f"""SELECT count(*) AS chats, count(*) FILTER (status = 'missed') AS missed, min(started_at) AS first_at,
                max(started_at) AS last_at, min(started_at) FILTER ({has_contact}) AS contact_since
            FROM chats WHERE {among}""",
        params,
    )
    if not facts["chats"]:
        return None
    values = " UNION ALL ".join(
        f"""SELECT {n} AS place, '{name}' AS field, {name} AS value, count(*) AS chats, max(started_at) AS last_at
            FROM own WHERE {name} <> '' GROUP BY {name}"""
        for n, name in enumerate(FIELDS)
    )
    known = store.read(
        f"""WITH own AS MATERIALIZED (SELECT {", ".join(FIELDS)}, started_at FROM chats WHERE {among})
            SELECT field, value, chats, last_at FROM ({values})
            ORDER BY place, last_at DESC NULLS LAST, value LIMIT {MOST_VALUES}""",
        params,
    )
    shared = "SELECT {column} FROM shared_signs WHERE digest = md5(key)"
    signs = " UNION ALL ".join(
        f"""SELECT '{sign.name}' AS sign, any_value(visitor_{"id" if sign.name == "visitor" else sign.name}) AS value,
                {sign.anybodys} AS key, count(*) AS chats, min(id) AS chat FROM own
            WHERE {sign.anybodys} IS NOT NULL GROUP BY key"""
        for sign in SIGNS
    )
    identities = store.read(
        f"""WITH own AS MATERIALIZED (FROM chats WHERE {among})
            SELECT sign, value, chats, chat, CASE
                WHEN EXISTS ({shared.format(column="digest")} AND parted_at IS NOT NULL) THEN 'parted'
                WHEN EXISTS ({shared.format(column="digest")}) THEN 'shared' ELSE 'joins' END AS standing
            FROM ({signs}) ORDER BY sign, chats DESC, value LIMIT {MOST_VALUES}""",
        params,
    )
    joinings = store.read(
        f"""SELECT join_id AS id, count(*) AS chats FROM person_joins
            WHERE chat_id IN (SELECT id FROM chats WHERE {among}) GROUP BY join_id ORDER BY chats DESC, id""",
        params,
    )
    return Person(
        **facts,
        known=tuple(Known(**row) for row in known),
        identities=tuple(Identity(**row) for row in identities),
        joinings=tuple(Joining(**row) for row in joinings),
    )


def chats_of_person(store: Store, chat_id: UUID) -> "pd.DataFrame":
    """The newest MOST_CHATS chats of the person of a chat, newest first: id, started_at (naive UTC), status, operator,
    wait_s, rating, channel, question."""
    theirs, params = of_visitor(store, chat_id)
    return store.frame(
        f"""SELECT id, started_at, status, operator, wait_s, rating, channel, question FROM chats
            WHERE ordinal IN ({theirs}) AND deleted_at IS NULL
            ORDER BY started_at DESC NULLS LAST, id LIMIT {MOST_CHATS}""",
        params,
    )
