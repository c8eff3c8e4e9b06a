"""What is new about missed chats since the person who looks has last looked; "I have seen these"; and the hand-over, a
text for the next shift, to copy or to take as a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from lib.chats.filter.filter import ChatFilter
from lib.language import _, mark, moment, number, plural
from lib.mail import failed_count, pause_of
from lib.missed.handover import hand_over
from lib.missed.news import LISTED_NEWS, NEWS_KINDS, Mark, NewsKind, Seen, WhatIsNew, news, rows_of_news, see, unsee
from lib.missed.queue import without_tab
from lib.screen.frame import session
from lib.screen.frame.answers import answer
from lib.screen.frame.files import file_for
from lib.screen.frame.page import DELETED, OUTBOX, go
from lib.screen.frame.storing import stores, with_failure
from lib.screen.missed.looks import show_missed
from lib.screen.parts.outcome import Telling, tell, undo_way
from lib.screen.parts.password import asked_lock

ICON = ":material/assignment_turned_in:"
TEXT_HEIGHT = 420


def hand_over_button(chosen: ChatFilter) -> None:
    """Draws the button; a click opens the text for the missed chats of the filter, which whoever may export takes."""
    if not session.may("export"):
        return
    if st.button(_("Hand over"), key="hand_over", icon=ICON, type="tertiary", help=_("A text for the next shift.")):
        store, person = session.store(), session.actor()
        whole = without_tab(chosen, person)
        text = hand_over(store, whole, answer(news, person).since, session.clock(), session.page_address())
        st.dialog(_("Hand over"), width="large", icon=ICON)(_shown)(text)


@with_failure
def _shown(text: str) -> None:
    st.caption(_("Made from the chats that match the filters. Copy the text, or download it."))
    st.code(text, language=None, wrap_lines=True, height=TEXT_HEIGHT)
    lock, name = asked_lock("hand_over_password"), f"hand-over-{session.clock().today.isoformat()}.txt"
    st.download_button(
        _("Download"),
        data=file_for("export", lock.around(text.encode, name)),
        key="download_hand_over",
        icon=":material/download:",
        on_click="ignore",
        **lock.named(name, "text/plain"),
    )


@dataclass(frozen=True)
class Look:
    """What a number is called, its icon and what it counts."""

    label: str
    icon: str
    meaning: str


LOOKS: Mapping[NewsKind, Look] = {
    "missed": Look(mark("**{n}** missed"), "phone_missed", mark("Chats that were missed since then.")),
    "earlier": Look(
        mark("**{n}** from earlier"),
        "move_to_inbox",
        mark("Chats that were missed before and became known here since then; not those that are past."),
    ),
    "came_back": Look(
        mark("**{n}** came back"),
        "person_check",
        mark(
            "Missed chats of which it became known since then that a person served the visitor, before anybody "
            "contacted them; not those that are past."
        ),
    ),
    "contacted": Look(mark("**{n}** contacted"), "outgoing_mail", mark("Missed chats that were contacted since then.")),
    "overdue": Look(
        mark("**{n}** overdue"), "alarm", mark("Chats that became due since then and wait to be contacted still.")
    ),
    "deleted": Look(
        mark("**{n}** deleted"), "delete", mark("Missed chats that were deleted since then. Opens all deleted chats.")
    ),
}


def missed_news(chosen: ChatFilter) -> None:
    """Draws one line with what is new, each number showing its rows; and the hand-over of the filter's chats."""
    found = answer(news, session.actor())
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="missed_news"):
        st.text(_lead(found), width="content")
        if not found.is_nothing:
            for kind in NEWS_KINDS:
                # Deleted chats stand on a page of their own.
                if found.counts[kind] and (kind != "deleted" or session.may("delete")):
                    look, count = LOOKS[kind], found.counts[kind]
                    listed = next((each for each in LISTED_NEWS if each == kind), None)
                    clicked = st.button(
                        _(look.label, n=number(count)),
                        key=f"news_{kind}",
                        icon=f":material/{look.icon}:",
                        type="tertiary",
                        help=_(look.meaning),
                        on_click=show_missed if listed else None,
                        args=(rows_of_news(listed, found.since),) if listed else None,
                    )
                    if clicked and kind == "deleted":
                        go(DELETED)
        if not found.is_nothing:
            st.button(
                _("I have seen these"),
                key="see_news",
                icon=":material/done_all:",
                type="tertiary",
                help=_("From now on, the line tells what happened after this moment. It is kept for you alone."),
                on_click=_see,
                args=(found.until,),
            )
        mail_trouble()
        st.space("stretch")
        hand_over_button(chosen)


def mail_trouble() -> None:
    """Draws the way to the outbox where e-mails are not sent, for whoever may open it."""
    if not session.may("mail"):
        return
    if answer(pause_of) and st.button(
        _("Sending e-mails is paused"),
        key="paused_mails",
        icon=":material/pause_circle:",
        type="tertiary",
        help=_("Opens the outbox, which says why."),
    ):
        go(OUTBOX)
    failed = answer(failed_count)
    if failed and st.button(
        plural("{n} e-mail could not be sent", "{n} e-mails could not be sent", failed),
        key="failed_mails",
        icon=":material/error:",
        type="tertiary",
        help=_("Opens the outbox, which says why."),
    ):
        go(OUTBOX, {"box": "failed"})


def _lead(found: WhatIsNew) -> str:
    since = moment(found.since.moment, session.settings().zone)
    if found.is_nothing:
        nothing = _("Nothing new in the last 24 hours.")
        return nothing if found.first_time else _("Nothing is new since {moment}.", moment=since)
    return _("New here in the last 24 hours:") if found.first_time else _("New here since {moment}:", moment=since)


@stores
def _see(until: Mark) -> None:
    store, person = session.store(), session.actor()
    seen = see(store, person, until)
    if seen:
        way = undo_way(lambda: _unsee(person, seen))
        tell(lambda: Telling(_("What is new counts from now on."), [way]))


@stores
def _unsee(person: str, seen: Seen) -> None:
    is_back = unsee(session.store(), person, seen)
    told = mark("What was new is told again.") if is_back else mark("What is new was looked at again meanwhile.")
    tell(lambda: Telling(_(told)))
