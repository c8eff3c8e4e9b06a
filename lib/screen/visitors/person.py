"""The open person of the page Visitors: what is known, why it is one person, and all chats in the order of time."""

from uuid import UUID

import pandas as pd
import streamlit as st

from lib.chats.channels import channel_name
from lib.language import _, calendar_day, country, duration, language_name, mark, moment_pattern, plural
from lib.mail import is_blocked
from lib.screen.chats.view import ChatView, to_address
from lib.screen.frame import labels, session
from lib.screen.frame.page import CHATS, go
from lib.screen.outbox.do_not_contact import block_button
from lib.screen.parts.table import height_of, row_table
from lib.screen.visitors.joining import part_by, take_back, together_by
from lib.screen.visitors.view import show_person
from lib.visitors.joining import SignName
from lib.visitors.person import Field, Identity, Known, Person, Standing, chats_of_person, person_of

# The chat that a click asked for.
OPEN_KEY = "visitor_chat"
CHATS_HEIGHT = 320
FIELD_NAMES: dict[Field, str] = {
    "visitor_name": mark("Name"),
    "visitor_email": mark("E-mail"),
    "visitor_phone": mark("Phone"),
    "visitor_id": mark("Visitor's id"),
    "visitor_country": mark("Country"),
    "department": mark("Department"),
    "website": mark("Website"),
    "page_url": mark("Address of the page"),
    "language": mark("Language"),
}
SIGN_NAMES: dict[SignName, str] = {
    "email": mark("E-mail"),
    "phone": mark("Phone"),
    "visitor": mark("Visitor's id"),
}
STANDINGS: dict[Standing, str] = {
    "joins": "",
    "shared": mark("Joins nobody: too many names share it"),
    "parted": mark("Joins nobody: people said so"),
}


def visitor_person(chat_id: UUID) -> None:
    """Draws the person of a chat, or says that there is none."""
    with st.container(border=True, gap="small", key="visitor_person"):
        person = person_of(session.store(), chat_id)
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.text(_called(person) if person else _("Nobody"), width="content")
            st.space("stretch")
            st.button(
                "",
                key="close_person",
                icon=":material/close:",
                type="tertiary",
                help=_("Close"),
                on_click=show_person,
                args=(None,),
            )
        if person is None:
            st.info(_("There is no chat with this link any more."), icon=":material/search_off:")
            return
        st.caption(_summary(person))
        _actions(person, chat_id)
        _chats(chat_id)
        st.markdown(_("**Why it is one person**"))
        for n, identity in enumerate(person.identities):
            _identity(n, identity)
        for joining in person.joinings:
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                st.text(plural("Joined by hand: {n} chat", "Joined by hand: {n} chats", joining.chats), width="content")
                if session.may("note"):
                    st.button(
                        _("Take back"),
                        key=f"unjoin_{joining.id}",
                        icon=":material/call_split:",
                        type="tertiary",
                        on_click=take_back,
                        args=(chat_id, joining.id),
                    )
        if not person.identities and not person.joinings:
            st.caption(_("The chat tells no address, number or id, so no other one can be known as the same person's."))
        st.markdown(_("**What is known**"))
        _known(person)


def _called(person: Person) -> str:
    told = {known.field: known.value for known in reversed(person.known)}
    names = (told.get(field) for field in ("visitor_name", "visitor_email", "visitor_phone", "visitor_id"))
    return next(filter(None, names), _("Unnamed visitor"))


def _summary(person: Person) -> str:
    parts = [plural("{n} chat", "{n} chats", person.chats), plural("{n} missed", "{n} missed", person.missed)]
    if person.first_at and person.last_at:
        first, last = (calendar_day(session.clock().local(when).date()) for when in (person.first_at, person.last_at))
        parts.append(f"{first} – {last}" if first != last else first)
    if person.contact_since:
        parts.append(_("a contact since {day}", day=calendar_day(session.clock().local(person.contact_since).date())))
    return " · ".join(parts)


def _actions(person: Person, chat_id: UUID) -> None:
    addresses = [known.value for known in person.known if known.field == "visitor_email"]
    if not addresses or not session.may("mail"):
        return
    blocked = is_blocked(session.store(), addresses)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="person_actions"):
        if st.button(_("Send e-mail"), key="person_mail", icon=":material/mail:"):
            go(CHATS, to_address(ChatView(chat=chat_id, tab="reply")))
        if len(blocked) < len(addresses):
            block_button([each for each in addresses if each not in blocked], "person")
        if blocked:
            st.badge(_("Do not contact"), icon=":material/unsubscribe:", color="red")


def _chats(chat_id: UUID) -> None:
    found = chats_of_person(session.store(), chat_id)
    shown = pd.DataFrame(
        {
            "started_at": found["started_at"],
            "status": [labels.status_name(status) for status in found["status"]],
            "operator": found["operator"],
            "wait": [duration(None if pd.isna(wait) else float(wait)) for wait in found["wait_s"]],
            "rating": found["rating"],
            "channel": [channel_name(each) if isinstance(each, str) else "" for each in found["channel"]],
            "question": found["question"],
        }
    )
    column = st.column_config
    row_table(
        shown,
        list(found["id"]),
        _want,
        key=f"person_chats_{hash(tuple(found['id']))}",
        height=height_of(len(found), CHATS_HEIGHT),
        columns={
            "started_at": column.DatetimeColumn(
                _("Start"), format=moment_pattern(), timezone=session.settings().zone, width=135
            ),
            "status": column.TextColumn(_("Status"), width=90),
            "operator": column.TextColumn(_("Operator"), width=90),
            "wait": column.TextColumn(_("Wait"), width=70),
            "rating": column.NumberColumn(_("Rating"), width=55),
            "channel": column.TextColumn(_("Channel"), width=90),
            "question": column.TextColumn(_("Question")),
        },
        alt=_("All chats of this person"),
    )


def _want(chat_id: UUID) -> None:
    st.session_state[OPEN_KEY] = chat_id


def _identity(number: int, identity: Identity) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        same = plural("in {n} chat", "in {n} chats", identity.chats)
        told = _("{field}: {value}", field=_(SIGN_NAMES[identity.sign]), value=identity.value)
        st.text(f"{told} · {same}", width="content")
        if identity.standing != "joins":
            st.caption(_(STANDINGS[identity.standing]), width="content")
        if not session.may("note"):
            return
        if identity.standing == "parted":
            st.button(
                _("Join again"),
                key=f"together_{number}",
                icon=":material/merge:",
                type="tertiary",
                on_click=together_by,
                args=(identity.chat, identity.sign),
            )
        elif identity.standing == "joins" and identity.chats > 1:
            st.button(
                _("Not one person's"),
                key=f"part_{number}",
                icon=":material/call_split:",
                type="tertiary",
                help=_("For an address, a number or an id that several people share: it joins nobody any more."),
                on_click=part_by,
                args=(identity.chat, identity.sign),
            )


def _known(person: Person) -> None:
    column = st.column_config
    st.dataframe(
        pd.DataFrame(
            {
                "field": [_(FIELD_NAMES[known.field]) for known in person.known],
                "value": [_value(known) for known in person.known],
                "chats": [known.chats for known in person.known],
                "last_at": pd.Series([known.last_at for known in person.known], dtype="datetime64[us]"),
            }
        ),
        hide_index=True,
        height="content",
        row_height=30,
        column_config={
            "field": column.TextColumn(_("Field"), width=110),
            "value": column.TextColumn(_("Value"), width=230),
            "chats": column.NumberColumn(_("Chats"), width=60),
            "last_at": column.DatetimeColumn(
                _("Last"), format=moment_pattern(), timezone=session.settings().zone, width=135
            ),
        },
        alt=_("What is known"),
    )


def _value(known: Known) -> str:
    if known.field == "visitor_country":
        return country(known.value) or known.value
    return language_name(known.value) or known.value if known.field == "language" else known.value
