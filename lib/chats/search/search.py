"""Finds the chats that have words, by reading the normalised texts, newest chats first, in slices of days."""

import threading
import time
import weakref
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa

from lib.chats.clock import Clock
from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.parts import days_of
from lib.chats.filter.sql import Clause, clauses
from lib.chats.search.query import WordQuery, parse
from lib.chats.search.slices import slices, within
from lib.chats.search.sql import hits_within
from lib.store import Store

# Every query of one screen asks for the same hits; a few screens' worth are kept.
KEPT = 16
# A search that nobody has asked for in this time has been left: it ends.
LEFT_AFTER_S = 10


@dataclass(frozen=True)
class Progress:
    """Ids of the chats found so far, and the day back to which all chats were read; None before the first slice."""

    hits: pa.Table
    searched_back_to: date | None = None
    is_done: bool = False


class WordSearch:
    """One search, in a thread of its own; safe to ask from others."""

    def __init__(self, store: Store, query: WordQuery, scope: Clause, clock: Clock) -> None:
        """Begins to search the chats of `scope`."""
        self._store, self._query, self._scope, self._clock = store, query, scope, clock
        self._progress = Progress(pa.table({"id": pa.array([], pa.string())}))
        self._error: Exception | None = None
        self._waiting = 0
        self._ended, self._stopping = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self.began = self._asked = time.monotonic()
        self._moment: Future[int] = Future()
        threading.Thread(target=self._run, daemon=True, name="words").start()

    @property
    def moment(self) -> int:
        """The moment of the store that is searched; raises the error that kept the search from beginning."""
        return self._moment.result()

    @property
    def progress(self) -> Progress:
        """What is found so far."""
        self._asked = time.monotonic()
        return self._progress

    @property
    def is_left(self) -> bool:
        """Whether it was stopped before its end."""
        return self._stopping.is_set() and not self._progress.is_done

    def wait(self, seconds: float | None = None) -> bool:
        """Whether the search came to its end within so many seconds (without: however long); raises its error."""
        self._asked = time.monotonic()
        with self._lock:
            self._waiting += 1
        try:
            self._ended.wait(seconds)
        finally:
            with self._lock:
                self._waiting -= 1
        if self._error:
            raise self._error
        return self._progress.is_done

    def stop(self) -> None:
        """Ends the search after the slice that it is reading."""
        self._stopping.set()

    def _run(self) -> None:
        try:
            with self._store.snapshot():
                self._moment.set_result(self._store.moment)
                for each in slices(self._store, self._scope, self._clock):
                    began = time.monotonic()
                    found = hits_within(self._store, self._query, within(self._scope, each, self._clock))
                    hits = pa.concat_tables([self._progress.hits, found])
                    self._progress = Progress(hits, each.first_day or self._progress.searched_back_to)
                    each.took(time.monotonic() - began)
                    if self._stopping.is_set() or (not self._waiting and time.monotonic() - self._asked > LEFT_AFTER_S):
                        self._stopping.set()
                        return
                self._progress = replace(self._progress, is_done=True)
        except Exception as error:  # Whoever waits for the hits is told.
            self._error = error
            if not self._moment.done():
                self._moment.set_exception(error)
        finally:
            self._ended.set()


class Finished:
    """Hits that are known: those of one moment, or of the days that a search came to read before it was stopped."""

    is_left = False

    def __init__(self, hits: pa.Table, moment: int) -> None:
        """Takes the hits over, which were found in this moment of the store."""
        self.began = time.monotonic()
        self.moment = moment
        self.progress = Progress(hits, is_done=True)

    def wait(self, seconds: float | None = None) -> bool:
        """True: there is nothing to wait for."""
        return True

    def stop(self) -> None:
        """Nothing: it has ended."""


_searches: "OrderedDict[tuple[Any, ...], WordSearch | Finished]" = OrderedDict()
_lock = threading.Lock()


def word_search(store: Store, chosen: ChatFilter, clock: Clock) -> WordSearch | Finished:
    """The search for the words of a filter within its period, begun where it is not on its way; all else is ignored.

    It has a snapshot of its own: where somebody writes at this moment, that may be a later one than that of the caller.
    """
    key, query = _key(store, store.moment, chosen, clock), parse(chosen.words)
    with _lock:
        found = _searches.get(key)
        if found is None or found.is_left:
            found = WordSearch(store, query, _scope(chosen, clock), clock)
            key = _key(store, found.moment, chosen, clock)
        _keep(key, found)
    return found


def word_hits(store: Store, chosen: ChatFilter, clock: Clock) -> pa.Table:
    """Ids of all chats of the filter's period that have its words; waits until they are found.

    They are of the same moment as what else the caller reads in its snapshot.
    """
    with store.snapshot():
        while (search := word_search(store, chosen, clock)).moment == store.moment:
            if search.wait():
                return search.progress.hits
        # Somebody wrote between the two snapshots.
        hits = hits_within(store, parse(chosen.words), _scope(chosen, clock))
        with _lock:
            _keep(_key(store, store.moment, chosen, clock), Finished(hits, store.moment))
        return hits


def hits_so_far(store: Store, chosen: ChatFilter, clock: Clock) -> pa.Table:
    """Ids of the chats that the search has found by now."""
    return word_search(store, chosen, clock).progress.hits


def stop_searching(store: Store, chosen: ChatFilter, clock: Clock) -> ChatFilter:
    """Stops the search; the filter that means exactly what was searched: the same since the day that was reached.

    Where the search has come to its end, or not yet to a first day, the filter stays as it is.
    """
    search = word_search(store, chosen, clock)
    search.stop()
    reached = search.progress
    if reached.is_done or reached.searched_back_to is None:
        return chosen
    last_day = days_of(chosen, clock)[1]
    stopped = replace(chosen, period="custom", first_day=reached.searched_back_to, last_day=last_day)
    with _lock:
        _keep(_key(store, search.moment, stopped, clock), Finished(reached.hits, search.moment))
    return stopped


def _key(store: Store, moment: int, chosen: ChatFilter, clock: Clock) -> tuple[Any, ...]:
    scope = _scope(chosen, clock)
    query = parse(chosen.words)
    terms = tuple(replace(term, typed="") for term in query.terms)
    # The id of a store that is gone may be given to another; its weak reference is not.
    return (weakref.ref(store), moment, terms, query.digits, scope.sql, tuple(scope.params.items()))


def _scope(chosen: ChatFilter, clock: Clock) -> Clause:
    # Deleted chats are searched like others: `matching` tells them apart, and one search serves both.
    return clauses(chosen, clock).get("period", Clause("true", {}))


def _keep(key: tuple[Any, ...], search: WordSearch | Finished) -> None:
    _searches[key] = search
    _searches.move_to_end(key)
    while len(_searches) > KEPT:
        _searches.popitem(last=False)[1].stop()
