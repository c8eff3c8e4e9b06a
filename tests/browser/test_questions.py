"""Questions that nobody foresaw: each answered by hand in one language, its link opened in the other one."""

from collections.abc import Callable
from datetime import date

import pytest

from lib.chats.filter.filter import NO_VALUE, ChatFilter, Condition, Conditions
from lib.language import country, duration
from tests.browser.conftest import LANGUAGES, OpenScreen, Sample
from tests.browser.server import App
from tests.browser.test_conditions import WAITED, build
from tests.browser.test_filters import shows_exactly
from tests.browser.test_saved_views import open_view
from tests.browser.verbs import Screen
from tests.thorough import rarely

Ask = Callable[[Screen, Sample], ChatFilter]


def words(text: str) -> Ask:
    """A search for words."""

    def ask(screen: Screen, sample: Sample) -> ChatFilter:
        screen.fill("words", text)
        return ChatFilter(words=text)

    return ask


def missed_from_japan_that_waited(screen: Screen, sample: Sample) -> ChatFilter:
    """Missed chats from Japan of the last 90 days, without a rating, longer than two minutes' wait."""
    screen.choose_category("Missed")
    screen.pick("w_period", screen.word("Last 90 days"))
    screen.pick("w_country", screen.say(lambda: country("JP")))
    screen.pick("w_rating", screen.word("No value"))
    screen.pick("w_waited_longer_than_s", screen.say(lambda: duration(120)))
    return ChatFilter(
        category="missed", period="last_90", country=("JP",), rating=(NO_VALUE,), waited_longer_than_s=120
    )


def neither_sales_nor_without_a_department(screen: Screen, sample: Sample) -> ChatFilter:
    """Which chats are of another department than Sales?"""
    screen.pick("w_department", "Sales")
    screen.pick("w_department", screen.word("No value"))
    with screen.rerun():
        screen.keyed("w_not_department").get_by_text(screen.word("Leave these out")).click()
    return ChatFilter(department=("Sales", NO_VALUE), excluded=("department",))


def waited_and_unrated_or_from_japan(screen: Screen, sample: Sample) -> ChatFilter:
    """Who waited more than two minutes, and did not rate or is from Japan?"""
    build(screen, sample)
    screen.press("apply_conditions")
    return WAITED


def completed_in_the_days_of_the_bars(screen: Screen, sample: Sample) -> ChatFilter:
    """What was completed in those weeks?"""
    screen.choose_category("Completed")
    screen.drag_over_bars(0.4, 0.6)
    first, last = (date.fromisoformat(screen.query[name][0]) for name in ("from", "to"))
    return ChatFilter(category="completed", period="custom", first_day=first, last_day=last)


def without_contact_data_and_by_the_web(screen: Screen, sample: Sample) -> ChatFilter:
    """Which completed chats came by the web from somebody without an address, and got no reply?"""
    screen.choose_category("Completed")
    screen.pick("w_channel", screen.word("Web chat"))
    screen.choose("w_email", screen.word("Without"))
    screen.choose("w_reply", screen.word("Without"))
    return ChatFilter(category="completed", channel=("web",), email="no", reply="no")


QUESTIONS: dict[str, tuple[Ask, str]] = {
    "missed": (missed_from_japan_that_waited, "en"),
    "japanese": (words("返金"), "ja"),
    "phrase": (words('"a refund" -parcel'), "en"),
    "sender": (words("from:operator refund from:visitor order"), "en"),
    "full-width": (words("ＲＥＦＵＮＤ　－ｏｒｄｅｒ"), "ja"),
    "excluded": (neither_sales_nor_without_a_department, "ja"),
    "conditions": (waited_and_unrated_or_from_japan, "ja"),
    "days": (completed_in_the_days_of_the_bars, "en"),
    "unreachable": (without_contact_data_and_by_the_web, "en"),
}


# How words are read and found, tests of the search see; that values are left out, conditions built and days drawn, page
# tests and other stories show.
MORE = ("missed", "japanese", "phrase", "sender", "full-width", "excluded", "conditions", "days")


@pytest.mark.parametrize("question", [*(each for each in QUESTIONS if each not in MORE), *rarely(MORE)])
def test_a_question_is_answered_and_its_link_gives_the_same_rows(
    question: str, reading: App, screens: OpenScreen, sample: Sample
) -> None:
    ask, language = QUESTIONS[question]
    screen = screens(reading, language).open_chats()
    chosen = ask(screen, sample)
    shows_exactly(screen, sample, chosen)
    assert chosen.words not in screen.page.url or not chosen.words
    other = screens(reading, next(each for each in LANGUAGES if each != language)).open_chats(**screen.query)
    shows_exactly(other, sample, chosen)


@pytest.mark.thorough
def test_the_tenth_question_is_a_view_that_is_there_from_the_start(
    reading: App, screens: OpenScreen, sample: Sample
) -> None:
    chosen = ChatFilter(rating=("1", "2"), conditions=Conditions("all", (Condition("comment", "filled"),)))
    screen = screens(reading, "ja").open_chats()
    open_view(screen, screen.word("Low ratings with comment"))
    shows_exactly(screen, sample, chosen)
    other = screens(reading, "en").open_chats(**screen.query)
    shows_exactly(other, sample, chosen)
