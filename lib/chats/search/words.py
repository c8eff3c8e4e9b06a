"""What is searched for, as a part of the sentence above the list."""

from lib.chats.search.query import Scope, Term, parse
from lib.language import _, _p, mark

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
