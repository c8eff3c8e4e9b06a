"""Every code that an import can give has a name on the screen."""

from lib.chats.columns import MISSED_REASONS
from lib.importing import REFUSAL_REASONS, REJECTION_REASONS, VENDORS, missed_rules
from lib.importing.wording import REASONS, REFUSALS
from lib.screen.imports import about as import_about


def test_each_reason_of_a_missed_chat_has_a_name_and_a_meaning():
    assert import_about.REASONS.keys() == MISSED_REASONS.keys()


def test_each_reason_of_a_refusal_or_rejection_has_words():
    assert REFUSALS.keys() == {*REFUSAL_REASONS}
    assert REASONS.keys() == {*REJECTION_REASONS}


def test_each_rule_that_can_be_switched_is_of_a_system_that_is_shown(world):
    shown = {vendor.name for vendor in VENDORS.values()}
    assert {rule.system for rule in missed_rules(world("empty"))} <= shown


def test_each_system_tells_what_is_read_left_out_and_missed():
    for vendor in VENDORS.values():
        assert vendor.reads.endswith(".")
        assert vendor.leaves_out.endswith(".")
        assert vendor.missed
