"""What is typed into the field for words, as terms that all must hold.

A term is a word or an "exact phrase"; `-` before it asks for chats without it; `from:visitor` and `from:operator` tell
who must have written what follows. What names one chat goes straight to it: its id, or an e-mail address or phone
number that only one chat has.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal
from unicodedata import normalize
from uuid import UUID

from lib.language import _, _p, mark
from lib.store import Store, spellings
from lib.store.spellings import ADDRESS, lone_accents, search_form

Scope = Literal["any", "visitor", "operator"]

SCOPES: dict[str, Scope] = {
    "from:visitor": "visitor",
    "from:訪問者": "visitor",
    "from:operator": "operator",
    "from:担当者": "operator",
}

# Quotes as they are typed in English and Japanese; of the first ones any two are a pair, as keyboards have them singly.
ALIKE, OPENING, CLOSING = '"“”„‟〝〞〟', "「『«", "」』»"
MINUS = "-−–"

# A phrase may lack its last quote; a word ends at a blank or a quote.
_PHRASES = [f"[{ALIKE}]([^{ALIKE}]*)[{ALIKE}]?", *(f"{a}([^{b}]*){b}?" for a, b in zip(OPENING, CLOSING, strict=True))]
_TOKEN = re.compile(rf"([{MINUS}]*+)(?:{'|'.join(_PHRASES)}|([^\s{ALIKE}{OPENING}{CLOSING}]+))")
_SOUGHT: dict[Scope, str] = {
    "any": mark("with the words “{words}”"),
    "visitor": mark("where the visitor wrote “{words}”"),
    "operator": mark("where the operator wrote “{words}”"),
}
_EXCLUDED: dict[Scope, str] = {
    "any": mark("without “{words}”"),
    "visitor": mark("where the visitor did not write “{words}”"),
    "operator": mark("where the operator did not write “{words}”"),
}


@dataclass(frozen=True)
class Term:
    """A text in the form for search, as it was typed, and where it must, or with `is_excluded` must not, occur."""

    text: str
    typed: str
    scope: Scope = "any"
    is_excluded: bool = False


@dataclass(frozen=True)
class WordQuery:
    """All terms must hold, each anywhere in the chat; `digits` are of a phone number, which may stand instead."""

    terms: tuple[Term, ...] = ()
    digits: str = ""

    @property
    def sought(self) -> tuple[Term, ...]:
        """The terms that must occur."""
        return tuple(term for term in self.terms if not term.is_excluded)

    @property
    def excluded(self) -> tuple[Term, ...]:
        """The terms that must not occur."""
        return tuple(term for term in self.terms if term.is_excluded)

    @property
    def numbers(self) -> list[str]:
        """What is sought in the digits of a phone number, whatever signs stand between them."""
        # The 0 before the digits of a number, which is not looked for, is a part of it.
        own = [self.digits, f"0{self.digits}"] if self.digits else []
        return own + [text for text in self.texts_for("data") if text.isdecimal()]

    def texts_for(self, kind: str) -> list[str]:
        """What is sought in a text of this kind, in the form for search; see lib.chats.search.hits for the kinds."""
        return [term.text for term in self.sought if term.scope in ("any", kind)]


@lru_cache(maxsize=256)
def parse(words: str) -> WordQuery:
    """What the words ask for; without terms where there is nothing to search for. Never fails."""
    found: dict[Term, Term] = {}
    scope: Scope = "any"
    for token in _TOKEN.finditer(_plain(words)):
        sign, *phrases, word = token.groups()
        typed = " ".join((word or next((p for p in phrases if p), "")).split())
        text = search_form(typed)
        if word and not sign and text in SCOPES:
            scope = SCOPES[text]
        elif text:
            term = Term(text, typed, scope, bool(sign))
            found[replace(term, typed="")] = term
    return WordQuery(tuple(found.values()), phone_digits(words))


def phone_digits(words: str) -> str:
    """The digits by which a phone number is found; empty where the words are none."""
    return spellings.phone_digits(_plain(words).strip())


def _plain(words: str) -> str:
    # Half a character, which JSON can hold, is nothing that a text can have.
    return normalize("NFKC", lone_accents(words.encode("utf-8", "ignore").decode()))


def words_in_words(words: str) -> str:
    """The words as they were typed where all are sought anywhere, else told one scope after the other."""
    terms = parse(words).terms
    if all(term.scope == "any" and not term.is_excluded for term in terms):
        return _(_SOUGHT["any"], words=words.strip())
    phrases = [_told(_SOUGHT[scope], [t for t in terms if t.scope == scope and not t.is_excluded]) for scope in _SOUGHT]
    # Of what is left out each word counts alone, so each is told alone.
    phrases += [_told(_EXCLUDED[term.scope], [term]) for term in terms if term.is_excluded]
    return _p("between conditions", ", ").join(filter(None, phrases))


def _told(sentence: str, terms: list[Term]) -> str:
    words = [f'"{term.typed}"' if " " in term.typed and len(terms) > 1 else term.typed for term in terms]
    return _(sentence, words=" ".join(words)) if words else ""


@dataclass(frozen=True)
class Straight:
    """The one chat that is meant; `by_id` where the words are its id, which a search for words would not find."""

    chat: UUID
    by_id: bool


def straight(store: Store, words: str) -> Straight | None:
    """The chat that the words name, deleted ones left out; None where it is none, or more than one."""
    typed = words.strip()
    by_id = _only(store, "vendor_id = $value", typed)
    if not by_id:
        with suppress(ValueError):
            by_id = _only(store, "id = $value::UUID", str(UUID(typed)))
    if by_id:
        return Straight(by_id, by_id=True)
    form = search_form(typed)
    contact = phone_digits(typed) or (form if ADDRESS.fullmatch(form) else "")
    found = _only(store, "contains(visitor_search, $value)", contact) if contact else None
    return Straight(found, by_id=False) if found else None


def _only(store: Store, condition: str, value: str) -> UUID | None:
    sql = f"SELECT id FROM chats WHERE deleted_at IS NULL AND {condition} LIMIT 2"
    found = store.read(sql, {"value": value})
    return UUID(str(found[0]["id"])) if len(found) == 1 else None
