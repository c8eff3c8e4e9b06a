"""What the questions are about: the store, the present moment, and values drawn anew for each round."""

from dataclasses import dataclass, replace
from random import Random
from typing import cast
from uuid import UUID

from benchmarks.building import SPECIAL
from lib.chats.chat import Chat, find_chat
from lib.chats.clock import Clock
from lib.chats.facets import facet
from lib.chats.filter.filter import EMPTY, NO_VALUE, ChatFilter, FacetField
from lib.chats.listing import PAGE_SIZE
from lib.importing import chat_id
from lib.sample import LONG_CHAT_ID
from lib.store import Confinement, Store

MOST_CHATS = 2000


@dataclass(frozen=True)
class World:
    """The store with what can be asked about it; `chats` are drawn by chance, and none is deleted."""

    store: Store
    clock: Clock
    chats: tuple[UUID, ...]
    longest: UUID
    operators: tuple[str, ...]
    tags: tuple[str, ...]
    countries: tuple[str, ...]
    total: int


def look_around(store: Store, clock: Clock, seed: int) -> World:
    """Draws what the rounds draw from."""
    total = store.read("SELECT count(*) AS n FROM chats")[0]["n"]
    drawn = sorted(Random(seed).sample(range(total), min(total, MOST_CHATS)))
    places = ", ".join(map(str, drawn))
    found = store.read(f"SELECT id FROM chats WHERE ordinal IN ({places}) AND deleted_at IS NULL ORDER BY ordinal")
    return World(
        store,
        clock,
        chats=tuple(row["id"] for row in found),
        longest=chat_id(SPECIAL, None, LONG_CHAT_ID),
        operators=_named(store, clock, "operator"),
        tags=_named(store, clock, "tag"),
        countries=_named(store, clock, "country"),
        total=total,
    )


def _named(store: Store, clock: Clock, field: FacetField) -> tuple[str, ...]:
    return tuple(sorted(value for value in facet(store, EMPTY, field, clock).names if value != NO_VALUE))


class Draw:
    """One round's values."""

    def __init__(self, world: World, seed: str) -> None:
        self.world = world
        self.random = Random(seed)

    def of_half(self) -> "Draw":
        """The same values for somebody who sees the first two of the departments."""
        store, clock = self.world.store, self.world.clock
        known = sorted(name for name in facet(store, EMPTY, "department", clock).names if name != NO_VALUE)
        seen = store.confined_to(Confinement((("department", tuple(known[:2])),)))
        own = Draw(replace(self.world, store=seen), "")
        own.random = self.random
        return own

    def chat_id(self) -> UUID:
        """Any chat."""
        return self.random.choice(self.world.chats)

    def chat(self) -> Chat:
        """Any chat, read."""
        return cast(Chat, find_chat(self.world.store, self.chat_id()))

    def filter(self) -> ChatFilter:
        """An operator, a tag and a country."""
        pick, world = self.random.choice, self.world
        return ChatFilter(operator=(pick(world.operators),), tag=(pick(world.tags),), country=(pick(world.countries),))

    def page(self) -> int:
        """Any page but the first of a list of all chats."""
        return self.random.randint(2, max(2, self.world.total // PAGE_SIZE))

    def one_of(self, *words: str) -> str:
        """One of the words."""
        return self.random.choice(words)
