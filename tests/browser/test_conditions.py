"""Conditions: built by hand in the dialog, told in a sentence, kept in the link."""

import pytest
from playwright.sync_api import expect

from lib.chats.filter.filter import EMPTY, ChatFilter, Condition, Conditions
from lib.chats.filter.sentence import sentence
from tests.browser.conftest import OpenScreen, Sample
from tests.browser.server import App
from tests.browser.test_filters import count, shows_exactly
from tests.browser.verbs import Screen

UNRATED_OR_FROM_JAPAN = Conditions("any", (Condition("rating", "empty"), Condition("country", "is", ("JP",))))
WAITED = ChatFilter(conditions=Conditions("all", (Condition("wait", "more", ("120",)), UNRATED_OR_FROM_JAPAN)))


def pick(screen: Screen, key: str, option: str) -> None:
    """Picks an option of a long list in the dialog, which Escape would close."""
    screen.keyed(key).locator("input").first.fill(option)
    with screen.rerun():
        screen.page.get_by_role("option", name=option, exact=True).click()


def build(screen: Screen, sample: Sample) -> None:
    """Builds the conditions by hand, from the one row with which the dialog opens; rows are numbered from 2."""
    screen.press("open_conditions")
    outcome = screen.keyed("conditions_outcome")
    expect(outcome).to_contain_text(screen.word("All chats"))
    screen.fill("rule_2_wait_more_minutes_0", "2")
    screen.press("add_group")
    pick(screen, "rule_4_field", screen.word("Rating"))
    pick(screen, "rule_4_rating_operator", screen.word("is empty"))
    screen.press("add_rule_3")
    pick(screen, "rule_5_field", screen.word("Country"))
    pick(screen, "rule_5_country_is_value", "日本")
    expect(outcome).to_contain_text(screen.say(lambda: sentence(WAITED, sample.clock)))
    expect(outcome).to_contain_text(screen.counted("{n} chat", "{n} chats", count(sample, WAITED)))


@pytest.mark.thorough
def test_conditions_by_hand_in_sentence_list_and_link(reading: App, screens: OpenScreen, sample: Sample) -> None:
    screen = screens(reading, "ja").open_chats()
    build(screen, sample)
    screen.press("apply_conditions")
    expect(screen.page.get_by_role("dialog")).to_have_count(0)
    shows_exactly(screen, sample, WAITED)
    screen.reload()
    shows_exactly(screen, sample, WAITED)
    other = screens(reading, "ja").open_chats(**screen.query)
    shows_exactly(other, sample, WAITED)
    other.press("open_conditions")
    other.page.keyboard.press("Escape")
    expect(other.page.get_by_role("dialog")).to_have_count(0)
    other.choose_category("Missed")
    expect(other.page.get_by_role("dialog")).to_have_count(0)
    screen.press("open_conditions")
    screen.press("clear_conditions")
    screen.address_has(where=None)
    shows_exactly(screen, sample, EMPTY)
