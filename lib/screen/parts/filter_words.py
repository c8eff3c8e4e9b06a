"""A filter in words, with the names that people gave to accounts."""

from lib.chats.accounts import AccountNames, accounts, names_told
from lib.chats.clock import Clock
from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.sentence import phrases, sentence
from lib.screen.frame import session
from lib.screen.frame.answers import answer


def filter_words(chosen: ChatFilter, clock: Clock | None = None) -> str:
    """What is shown, in words, at the present moment or at that of a clock."""
    return sentence(chosen, clock or session.clock(), account_words())


def filter_phrases(chosen: ChatFilter) -> dict[str, str]:
    """What is set besides the category, in words, by its name in the filter."""
    return phrases(chosen, session.clock(), account_words())


def account_words() -> AccountNames:
    """What accounts are called in the middle of a sentence."""
    return names_told(answer(accounts))
