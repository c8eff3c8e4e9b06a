"""Erasing for good: what would go is shown, a reason asked for, and a word typed; then what was erased, and when."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

import streamlit as st

from lib.chats.holds import Held
from lib.chats.persons import Wanted
from lib.erasure.erasing import LONGEST_REASON, Erased, erase, erasures
from lib.erasure.finding import Found, Part, find
from lib.erasure.known import as_json, as_page, take_along
from lib.erasure.later import DELAYS, Delay, Due, Refusal, erase_later, to_be_erased
from lib.language import _, current, listing, mark, moment, number, plural
from lib.screen.deleted.erased import erased_list
from lib.screen.deleted.waiting import waiting_list
from lib.screen.export.files import exports
from lib.screen.frame import session
from lib.screen.frame.answers import answer
from lib.screen.frame.files import file_for
from lib.screen.frame.storing import stores, with_failure
from lib.screen.parts.dialog import Dialog
from lib.screen.parts.held import held_sentence
from lib.screen.parts.known_person import KINDS, NOBODY, person_fields, person_meant, value_key
from lib.screen.parts.outcome import Telling, tell
from lib.screen.parts.password import asked_lock
from lib.store import now
from lib.store.nightly import backup_state

_PREFIX = "erased"
_REASON, _WORD, _REFUSED, _ERASED = "erasure_reason", "erasure_word", "erasure_refused", "was_erased"
_DELAY = "erasure_delay"
_CHATS = "erasure_chats"
# 0 is at once.
DAYS = (0, *DELAYS)
ERASING = Dialog("erasing", Wanted)
PARTS: Mapping[Part, str] = {
    "chats": mark("Chats"),
    "messages": mark("Messages"),
    "notes": mark("Notes"),
    "mails": mark("E-mails"),
    "events": mark("Entries about what was done"),
    "visitors": mark("Visitor records"),
    "waiting": mark("Messages that wait for their chat"),
    "rejected": mark("Rejected rows of imports"),
    "replaced": mark("What imports replaced"),
    "links": mark("Kept links"),
    "views": mark("Saved views"),
    "requests": mark("Exports that were asked for"),
    "later": mark("Other wishes to have the person erased"),
    "do_not_contact": mark("Addresses that are not written to"),
    "holds": mark("Legal holds that were lifted"),
}
KNOWN_FILES = {"html": "text/html", "json": "application/json"}
REFUSALS: Mapping[Refusal | str, str] = {
    "already": mark("It is going to be erased already: see “To be erased” on this page."),
    "no_reason": mark("Write why, in words that name nobody: the reason stays."),
    "nothing": mark("There is nothing of it here."),
    "no_word": mark("Type the word to confirm."),
    "nobody": NOBODY,
}


def ask_to_erase(chat_ids: list[UUID]) -> None:
    """Opens the question about some deleted chats with the next run; for a button's callback."""
    _open(Wanted("chats", tuple(chat_ids)))


def erasing_part() -> None:
    """Draws the way to erase a person, and what was erased so far; for whoever may."""
    if not session.may("erase"):
        return
    if st.session_state.pop(_ERASED, False):
        st.session_state[value_key(_PREFIX)] = ""
    with st.container(border=True):
        st.markdown(_("**Erase a person for good**"))
        st.caption(
            _("All that is known of a person goes, in every chat, and no import brings it back. You see it before.")
        )
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            person_fields(_PREFIX)
            st.button(_("See what is known…"), key="see_known", icon=":material/person_search:", on_click=_look)
        _refused("nobody")
    if waiting := to_be_erased(session.store()):
        waiting_list(waiting)
    done = erasures(session.store())
    if done:
        erased_list(done)
    if ERASING.about:
        title = _("Erase for good?") if ERASING.about.kind == "chats" else _("What is known of a person")
        ERASING.draw(title, _question, ERASING.about, icon=":material/delete_forever:", width="medium")


def _look() -> None:
    wanted = person_meant(_PREFIX)
    if wanted.is_somebody:
        _open(wanted)
    else:
        st.session_state[_REFUSED] = "nobody"


def _open(wanted: Wanted) -> None:
    for key in (_REASON, _WORD, _REFUSED, _DELAY, _CHATS):
        st.session_state.pop(key, None)
    ERASING.open(wanted)


def _refused(*reasons: str) -> None:
    reason = st.session_state.get(_REFUSED)
    if reason in reasons:
        st.badge(_(REFUSALS[reason]), icon=":material/error:", color="red")


@with_failure
def _question(wanted: Wanted) -> None:
    with st.spinner(_("Looking in all tables…")):
        # It reads everything, so not once more for each field that is left.
        found: Found = answer(find, wanted)
    if wanted.value:
        st.text(_("{what}: {told}", what=_(KINDS[wanted.kind]), told=wanted.value))
    if found.held:
        held_sentence(found.held)
        ERASING.cancel_button("cancel_erasure", is_usual=True)
        return
    if found.is_nothing:
        st.info(_(REFUSALS["nothing"]), icon=":material/search_off:")
        ERASING.cancel_button("cancel_erasure", is_usual=True)
        return
    _parts(found)
    if wanted.value and session.may("export"):
        _files(wanted)
    keeps_chats = bool(wanted.value and found.counts.get("chats")) and _keeps_chats()
    days = _when(wanted)
    folder = session.settings().backup_folder
    if folder and backup_state(folder).newest:
        st.text(
            _("Backups that were made before hold it until they go: the newest {n} are kept.",
              n=session.settings().backups_kept)
        )  # fmt: skip
    st.text_input(_("Reason (names nobody)"), max_chars=LONGEST_REASON, key=_REASON)
    word = _("ERASE")
    st.text_input(_("Type {word} to confirm", word=word), max_chars=20, key=_WORD)
    _refused("no_reason", "no_word", "nothing", "already")
    with st.container(horizontal=True, horizontal_alignment="right"):
        ERASING.cancel_button("cancel_erasure", is_usual=True)
        label = plural("Erase in {n} day", "Erase in {n} days", days) if days else _("Erase for good")
        if st.button(label, key="confirm_erasure", icon=":material/delete_forever:"):
            _erase(wanted, word, days, keeps_chats)
            st.rerun()


def _keeps_chats() -> bool:
    """Draws the question what becomes of the chats; whether they stay, without their person."""
    keeps = st.segmented_control(
        _("The chats"),
        (False, True),
        default=False,
        format_func=lambda keeps: _("Stay, without the person") if keeps else _("Go, too"),
        key=_CHATS,
        required=True,
    )
    if keeps:
        st.text(
            _("Times, operators, ratings and tags stay, so that no figure changes. What was said goes, and by whom.")
        )
    return bool(keeps)


def _when(wanted: Wanted) -> Delay | None:
    """Draws the question when; in how many days, or None for at once."""
    chosen = st.segmented_control(
        _("When to erase"),
        DAYS,
        default=0,
        format_func=lambda days: plural("In {n} day", "In {n} days", days) if days else _("At once"),
        key=_DELAY,
        required=True,
    )
    days = next((each for each in DELAYS if each == chosen), None)
    if days is None:
        st.text(_("This cannot be undone, and no import brings it back. Only how much it was, and why, is kept."))
        return None
    st.text(_("Until then it stands under “To be erased” and can be cancelled there. Then all goes that is there."))
    if wanted.kind == "chats":
        st.text(_("The chats stay deleted. What is restored before is not erased."))
    else:
        st.text(_("Chats that are not deleted can be read by everybody until then."))
    return days


def _parts(found: Found) -> None:
    there = [part for part in PARTS if found.counts.get(part)]
    lines = [_("{what}: {told}", what=_(PARTS[part]), told=number(found.counts[part])) for part in there]
    st.text("\n".join(f"• {line}" for line in lines))
    if found.name_count:
        told = listing([*found.names, *(["…"] if found.name_count > len(found.names) else [])])
        st.text(plural("Under {n} name: {names}", "Under {n} names: {names}", found.name_count, names=told))
    if found.views:
        st.text(_("These saved views go, too: {names}", names=listing(found.views)))
    if found.named_elsewhere:
        st.text(
            plural(
                "Messages in {n} other chat name the person, and stay. Search for it, and delete that chat if need be.",
                "Messages in {n} other chats name the person, and stay. Search for them, and delete those if need be.",
                found.named_elsewhere,
            )
        )
    if found.kept_by_holds:
        st.text(
            plural(
                "{n} note or e-mail about the person stays, since its chat is under legal hold.",
                "{n} notes or e-mails about the person stay, since their chats are under legal hold.",
                found.kept_by_holds,
            )
        )


def _files(wanted: Wanted) -> None:
    """Draws what is known as files, for the person who asks what is there; they are made at the click."""
    st.caption(_("If the person asks what is known of them, take it along before. The download is recorded."))
    lock = asked_lock("known_password")
    with st.container(horizontal=True, gap="small"):
        for kind, mime in KNOWN_FILES.items():
            name = f"known-{session.clock().today.isoformat()}.{kind}"
            # The language and the person are bound: the file is made outside the session.
            make = partial(_known_file, wanted, kind, current(), session.actor())
            st.download_button(
                _("To read (HTML)") if kind == "html" else _("JSON"),
                data=file_for("erase", lock.around(make, name)),
                key=f"known_{kind}",
                icon=":material/download:",
                on_click="ignore",
                **lock.named(name, mime),
            )


def _known_file(wanted: Wanted, kind: str, language: str, actor: str) -> bytes:
    known = take_along(session.store(), wanted, actor)
    if kind == "json":
        return as_json(known, now())
    return as_page(known, now(), session.settings().zone, language)


@stores
def _erase(wanted: Wanted, word: str, days: Delay | None, keeps_chats: bool) -> None:
    state = st.session_state
    if str(state.get(_WORD) or "").strip().casefold() != word.casefold():
        state[_REFUSED] = "no_word"
        return
    store, reason, actor = session.store(), str(state.get(_REASON) or ""), session.actor()
    if days:
        outcome: Due | Erased | Held | Refusal = erase_later(
            store, wanted, reason, days, actor, keeps_chats=keeps_chats
        )
    else:
        outcome = erase(store, wanted, reason, actor, keeps_chats=keeps_chats)
    if isinstance(outcome, str):
        state[_REFUSED] = outcome
        return
    if isinstance(outcome, Held):
        # It was put while the question was open, which says so when it is drawn anew.
        return
    ERASING.close()
    state[_ERASED] = True
    if isinstance(outcome, Due):
        due = moment(outcome.due_at, session.settings().zone)
        tell(lambda: Telling(_("It will be erased at {time}.", time=due)))
        return
    # Their files may hold what was erased.
    exports().end_all()
    chats = outcome.counts["chats"]
    if keeps_chats:
        tell(lambda: Telling(plural("{n} chat is anonymised.", "{n} chats are anonymised.", chats)))
    else:
        tell(lambda: Telling(plural("{n} chat is erased for good.", "{n} chats are erased for good.", chats)))
