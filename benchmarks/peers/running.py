"""Makes the peers, holds their answers against the product's, and then times all of them."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from pkgutil import resolve_name

from benchmarks.measuring import Result, result_of, timed
from benchmarks.peers import product
from benchmarks.peers.answer import MissingPeerError, Peer, plain
from benchmarks.peers.chats import chats_of
from benchmarks.peers.comparing import compare
from benchmarks.progress import done, tell
from benchmarks.question import Answer
from lib.chats.clock import Clock
from lib.chats.facets import facet
from lib.chats.filter.filter import EMPTY, NO_VALUE, ChatFilter, FacetField
from lib.store import Store

# Each is loaded only when it is made: what it needs may not be installed.
PEERS = {
    "pandas": "benchmarks.peers.pandas_peer:PandasPeer",
    "Polars": "benchmarks.peers.polars_peer:PolarsPeer",
    "SQLite": "benchmarks.peers.sqlite_peer:SqlitePeer",
    "PostgreSQL": "benchmarks.peers.postgres_peer:PostgresPeer",
}


@dataclass(frozen=True)
class Made:
    """The peers that could be made, how many seconds each took after `read_s` for all, and why the others could not."""

    read_s: float
    peers: list[Peer] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """How long each took for the screen of a filter: results by name, the product's among them."""

    name: str
    results: dict[str, Result]


@contextmanager
def made(store: Path, clock: Clock) -> Iterator[Made]:
    """The peers with the chats of a store that nobody has open, until the end of the block."""
    tell("reading the chats out of the store")
    began = time.monotonic()
    chats = chats_of(store, clock)
    found = Made(_seconds_since(began))
    with ExitStack() as closing:
        for name, place in PEERS.items():
            tell(f"{len(chats.table):,} chats into {name}")
            began = time.monotonic()
            try:
                peer = resolve_name(place)(chats)
            except (ModuleNotFoundError, MissingPeerError) as error:
                found.missing[name] = str(error)
                continue
            closing.callback(peer.close)
            found.peers.append(peer)
            found.seconds[name] = _seconds_since(began)
        done()
        yield found


def filters(store: Store, clock: Clock) -> dict[str, ChatFilter]:
    """The filters by what they are called; the operator has the most chats, the country most of theirs."""
    operator = (_most(store, EMPTY, "operator", clock),)
    country = (_most(store, ChatFilter(operator=operator), "country", clock),)
    return {
        "none": EMPTY,
        "category Missed": ChatFilter(category="missed"),
        "last 30 days": ChatFilter(period="last_30"),
        "operator and country": ChatFilter(operator=operator, country=country),
    }


def measured(store: Store, clock: Clock, peers: Sequence[Peer], rounds: int) -> list[Line]:
    """A line for each filter; raises DifferenceError before anything is timed."""
    asked = filters(store, clock)
    for name, chosen in asked.items():
        expected = product.answer(store, chosen, clock)
        for peer in peers:
            tell(f"comparing {peer.name}, filter “{name}”")
            compare(expected, peer.answer(plain(chosen, clock)), peer.name, name)
    lines = []
    for name, chosen in asked.items():
        questions: dict[str, Answer] = {product.NAME: partial(product.screen, store, chosen, clock)}
        questions |= {peer.name: partial(peer.answer, plain(chosen, clock)) for peer in peers}
        lines.append(Line(name, {who: _result(name, who, question, rounds) for who, question in questions.items()}))
    done()
    return lines


def _seconds_since(began: float) -> float:
    return round(time.monotonic() - began, 1)


def _most(store: Store, chosen: ChatFilter, field_name: FacetField, clock: Clock) -> str:
    return next(value for value in facet(store, chosen, field_name, clock).names if value != NO_VALUE)


def _result(name: str, who: str, question: Answer, rounds: int) -> Result:
    tell(f"timing {who}, filter “{name}”")
    return result_of(name, timed(lambda _number: question, rounds))
