"""Where in the original texts the words that were searched for stand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal
from unicodedata import combining, normalize
from uuid import UUID

from lib.chats.chat import Chat, Message
from lib.chats.search.query import WordQuery
from lib.store import Row, Store
from lib.store.spellings import PHONE, folded, is_cjk

Span = tuple[int, int]
# Where a text is from: the kinds of messages, what is known of the visitor, or a note of ours.
HitKind = Literal["visitor", "operator", "bot", "system", "note", "data"]

# Signs around a hit. Where a text has them itself, or what looks the same, others are shown, so that none can pretend.
OPENING, CLOSING = "⟦", "⟧"
INSTEAD = str.maketrans({"⟦": "[[", "〚": "[[", "⟧": "]]", "〛": "]]"})
SNIPPET_LENGTH, SNIPPET_BEFORE = 60, 12


@dataclass(frozen=True)
class Snippet:
    """A short text around the first hit in a chat, the hits marked."""

    kind: HitKind
    text: str


def hit_spans(text: str, terms: Sequence[str], numbers: Sequence[str] = ()) -> list[Span]:
    """Places in the text at which its form for search has one of the terms: in order, not overlapping, none empty.

    The digits of `numbers` are found as part of a phone number, whatever signs stand between them.
    """
    form, places = _mapped(text)
    ends = [span for term in terms if term for span in _all(form, term)]
    for digits in numbers:
        digits_at = [n for n, sign in enumerate(form) if sign.isdecimal()]
        for start, end in _all("".join(form[n] for n in digits_at), digits):
            span = digits_at[start], digits_at[end - 1] + 1
            if PHONE.fullmatch(form[slice(*span)]):
                ends.append(span)
    found = sorted((places[start][0], places[end - 1][1]) for start, end in ends)
    spans: list[Span] = []
    for start, end in found:
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _all(form: str, term: str) -> Iterator[Span]:
    start = form.find(term)
    while start >= 0:
        yield start, start + len(term)
        start = form.find(term, start + len(term))


@lru_cache(maxsize=512)
def _mapped(text: str) -> tuple[str, list[Span]]:
    """The form for search, and for each of its signs the place in the text that it is from."""
    signs: list[str] = []
    places: list[Span] = []
    for part, place in _folded(text):
        for sign in part:
            if sign.isspace():
                if signs and signs[-1] != " ":
                    signs.append(" ")
                    places.append(place)
                continue
            if len(signs) > 1 and signs[-1] == " " and is_cjk(signs[-2]) and is_cjk(sign):
                signs.pop(), places.pop()
            signs.append(sign)
            places.append(place)
    if signs and signs[-1] == " ":
        signs.pop(), places.pop()
    return "".join(signs), places


def _folded(text: str) -> Iterator[tuple[str, Span]]:
    if text.isascii():
        return ((sign, (n, n + 1)) for n, sign in enumerate(folded(text)))
    clusters = list(_clusters(text))
    if "".join(folded(text[start:end]) for start, end in clusters) != folded(text):
        clusters = [(0, len(text))]
    return ((folded(text[start:end]), (start, end)) for start, end in clusters)


def _clusters(text: str) -> Iterator[Span]:
    """The shortest parts of a text, letters with their marks, whose folded forms together are that of the text."""
    start = 0
    for n in range(1, len(text)):
        if not _belongs(text[start:n], text[n]):
            yield start, n
            start = n
    if text:
        yield start, len(text)


def _belongs(before: str, sign: str) -> bool:
    if sign < "\u0300":
        return False
    first = normalize("NFKD", sign)[0]
    is_mark = combining(first) > 0 or not folded(sign)
    return is_mark or normalize("NFKC", before + sign) != normalize("NFKC", before) + normalize("NFKC", sign)


def marked(text: str, terms: Sequence[str], numbers: Sequence[str] = ()) -> str:
    """The text with signs around each hit, which stand nowhere else in it."""
    return _with_signs(text, hit_spans(text, terms, numbers))


def _with_signs(text: str, spans: Sequence[Span]) -> str:
    parts, done = [], 0
    for start, end in spans:
        parts += [text[done:start].translate(INSTEAD), OPENING, text[start:end].translate(INSTEAD), CLOSING]
        done = end
    return "".join([*parts, text[done:].translate(INSTEAD)])


def snippet_of(text: str, terms: Sequence[str], numbers: Sequence[str] = ()) -> str:
    """About SNIPPET_LENGTH characters around the first hit, on one line; the beginning where there is no hit."""
    spans = hit_spans(text, terms, numbers)
    is_short = len(text) <= SNIPPET_LENGTH
    start = max(0, spans[0][0] - SNIPPET_BEFORE) if spans and not is_short else 0
    end = min(len(text), max(start + SNIPPET_LENGTH, spans[0][1] if spans else 0))
    inside = [(a - start, b - start) for a, b in spans if b <= end]
    short = " ".join(_with_signs(text[start:end], inside).split())
    return f"{'…' if start else ''}{short}{'…' if end < len(text) else ''}"


def messages_with_hits(query: WordQuery, said: Sequence[Message]) -> list[int]:
    """Positions in `said` of the entries that have a word that is searched for."""
    return [n for n, message in enumerate(said) if hit_spans(message.text or "", query.texts_for(message.kind))]


def other_hits(store: Store, query: WordQuery, chat: Chat) -> list[HitKind]:
    """Where else than in the transcript of the chat the words stand: its question, the visitor's data, notes."""
    found: dict[HitKind, None] = {}
    for row in _texts(store, query, [chat.id]):
        if row["place"] < 0 or row["kind"] in ("data", "note"):
            found[row["kind"]] = None
    return list(found)


def snippets(store: Store, query: WordQuery, chats: Sequence[UUID]) -> dict[UUID, Snippet]:
    """Of a few chats the text around the first hit: in the question, the messages, the visitor's data, or a note."""
    found: dict[UUID, Snippet] = {}
    for row in _texts(store, query, chats) if query.sought and chats else []:
        if row["id"] not in found:
            numbers = query.numbers if row["kind"] == "data" else ()
            found[row["id"]] = Snippet(row["kind"], snippet_of(row["text"], query.texts_for(row["kind"]), numbers))
    return found


def _texts(store: Store, query: WordQuery, chats: Sequence[UUID]) -> list[Row]:
    """The first text of each kind and chat with a hit: id, kind, place and text; first the question, at -1."""
    ids = {"ids": [str(each) for each in chats]}
    tests, bound = _tests(query)
    # The rows are found first by few columns, then their texts are read: otherwise it takes several times as long.
    sql = f"""
        WITH own AS (
            SELECT id, ordinal, question, question_search, visitor_name, visitor_email, visitor_phone, visitor_search
            FROM chats WHERE rowid IN (SELECT rowid FROM chats WHERE id IN (SELECT unnest($ids::UUID[])))
        ),
        said AS (
            SELECT * FROM messages
            WHERE rowid IN (SELECT rowid FROM messages WHERE ordinal IN (SELECT ordinal FROM own))
        ),
        texts AS (
            SELECT id, 'visitor' AS kind, -1 AS place, question AS text, question_search AS form FROM own
            UNION ALL
            SELECT chat_id, kind, position, text, search_text FROM said WHERE chat_id IN (SELECT id FROM own)
            UNION ALL
            SELECT id, 'data', 1 << 30, concat_ws(' · ', visitor_name, visitor_email, visitor_phone), visitor_search
            FROM own
            UNION ALL
            SELECT chat_id, 'note', (1 << 30) + 1, json_extract_string(detail, '$.text'),
                search_form(json_extract_string(detail, '$.text'))
            FROM events WHERE action = 'note' AND chat_id IN (SELECT id FROM own)
        )
        SELECT id, kind, place, text FROM texts WHERE {tests}
        QUALIFY row_number() OVER (PARTITION BY id, kind, place < 0 ORDER BY place) = 1 ORDER BY id, place
    """
    return store.read(sql, ids | bound)


def _tests(query: WordQuery) -> tuple[str, dict[str, Any]]:
    tests = [
        f"(contains(form, $word_{n}){'' if term.scope == 'any' else f' AND kind = {chr(39)}{term.scope}{chr(39)}'})"
        for n, term in enumerate(query.sought)
    ]
    bound: dict[str, Any] = {f"word_{n}": term.text for n, term in enumerate(query.sought)}
    if query.digits:
        tests.append("(kind = 'data' AND contains(form, $digits))")
        bound["digits"] = query.digits
    return f"({' OR '.join(tests) or 'false'})", bound
