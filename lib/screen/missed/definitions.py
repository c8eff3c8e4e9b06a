"""What the words about missed chats mean, with the thresholds as they are now."""

from collections.abc import Mapping

import streamlit as st

from lib.chats.causes import CAUSE_NAMES, Cause
from lib.chats.causes import CAUSE_NAMES as IN_ORDER
from lib.chats.channels import CHANNELS, NAMES
from lib.chats.states import FollowUpState
from lib.language import _, listing, mark, number
from lib.missed.derive import REPEATED_WITHIN_D
from lib.missed.settings import Rules, rules_of
from lib.screen.frame import session
from lib.screen.missed.looks import STATES

STATE_MEANINGS: dict[FollowUpState, str] = {
    "to_do": mark(
        "Can be written to, also in the channel of the chat; nobody has taken it, and nobody has written yet."
    ),
    "assigned": mark("Somebody has taken it, and nobody has written yet."),
    "contacted": mark("Somebody wrote or called. An e-mail that is sent from here counts by itself."),
    "recovered": mark("After the contact, a person served the visitor in another chat."),
    "not_needed": mark("Somebody decided that nothing is to be done, and said why."),
    "came_back": mark(
        "Before anybody wrote, and within {recovery_h} hours, a person served the visitor in another chat."
    ),
    "past": mark(
        "When it first came in as missed, the visitor had last written more than {past_after_d} days before, and "
        "nobody has done anything about it since. It is not to do and never overdue; figures on missed chats count it."
    ),
    "no_contact": mark(
        "Neither an e-mail address nor a phone number is known, and the visitor cannot be answered in the chat's "
        "channel, or no longer."
    ),
}
CAUSE_MEANINGS: dict[Cause, str] = {
    "offline_form": mark("The chat system says that the visitor left a message in an offline form."),
    "out_of_hours": mark("It began outside the working hours, or on a holiday."),
    "left_early": mark("It lasted {left_within_s} seconds or less, and no operator answered."),
    "bot_handoff_failed": mark("A bot wrote, no operator is named, and none answered."),
    "assigned_silent": mark("It began in working hours, an operator is named, and none answered."),
    "nobody_assigned": mark("It began in working hours, no operator is named, and none answered."),
    "unknown": mark("The start is not known, or an operator answered although the chat counts as missed."),
}
OTHERS: dict[str, str] = {
    mark("Due"): mark("{due_after_h} working hours after the chat began, unless somebody set another time."),
    mark("Due, of what was past"): mark("{due_after_h} working hours after somebody first did something about it."),
    mark("Reachable in the channel"): mark(
        "{without_end}: always. {with_end}: until 24 hours after the visitor's last message, and the chat is due no "
        "later than that; afterwards the window is closed, and without other contact data nobody can write."
    ),
    mark("Overdue"): mark("To do or assigned, and the due time is over."),
    mark("Missed repeatedly"): mark("The same visitor was missed twice or more within {repeated_d} days."),
    mark("The same visitor"): mark(
        "Has the same e-mail address, the same phone number, or the same id in the same chat system."
    ),
    mark("Answered"): mark("An operator wrote. An automatic text, such as a welcome, is no answer."),
    mark("Served by a person"): mark("The chat is not missed, and names an operator."),
}


def folded_definitions() -> None:
    """Draws them for who asks."""
    with st.expander(_("What the states and causes mean"), icon=":material/help:"):
        definitions()


def definitions() -> None:
    """Draws what each state, cause and other word means."""
    rules = rules_of(session.store())
    states, causes = st.columns(2, gap="large")
    with states:
        st.caption(_("States: the first that fits, from what is known of the chat and its visitor"))
        _meanings({look.name: STATE_MEANINGS[state] for state, look in STATES.items()}, rules)
    with causes:
        st.caption(_("Causes: they are tried in this order, and the first that fits counts"))
        _meanings({CAUSE_NAMES[cause]: CAUSE_MEANINGS[cause] for cause in IN_ORDER}, rules)
    st.caption(_("Other words"))
    _meanings(OTHERS, rules)


def _channels(*, with_end: bool) -> list[str]:
    return [_(NAMES[code]) for code, each in CHANNELS.items() if each.is_answered and bool(each.window) == with_end]


def _meanings(meanings: Mapping[str, str], rules: Rules) -> None:
    values = {
        "due_after_h": number(rules.due_after_h),
        "recovery_h": number(rules.recovery_h),
        "left_within_s": number(rules.left_within_s),
        "past_after_d": number(rules.past_after_d),
        "without_end": listing(_channels(with_end=False)),
        "with_end": listing(_channels(with_end=True)),
        "repeated_d": number(REPEATED_WITHIN_D),
    }
    with st.container(gap="xxsmall"):
        for name, meaning in meanings.items():
            st.text(_("{name}: {meaning}", name=_(name), meaning=_(meaning, **values)))
