"""Why the outbox pauses: said once, with what to do, and a button that tries one e-mail at once."""

from typing import Final

import streamlit as st

from lib.language import _, mark, moment, plural
from lib.mail import mail_sentence, pause_of, try_now
from lib.screen.chat.mails import problem_lines
from lib.screen.frame import session
from lib.screen.frame.storing import stores
from lib.screen.parts.outcome import Telling, tell

_ACCOUNT: Final = mark(
    "Set CHAT_HISTORY_SMTP_USER and CHAT_HISTORY_SMTP_PASSWORD right (see README) and restart the app."
)
_SERVER: Final = mark("Check the mail server, and CHAT_HISTORY_SMTP_HOST, _PORT and _SECURITY (see README).")
_CERTIFICATE: Final = mark("Have the certificate renewed, or set CHAT_HISTORY_SMTP_CERTIFICATES (see README).")
_SENDER: Final = mark("Check CHAT_HISTORY_SMTP_SENDER, and what the mail account may send (see README).")
_ADVICE: Final = {
    "sign_in_failed": _ACCOUNT,
    "no_sign_in": _ACCOUNT,
    "bad_certificate": _CERTIFICATE,
    "certificates_unreadable": _CERTIFICATE,
    "bad_sender": _SENDER,
    "sender_refused": _SENDER,
}


def outbox_pause() -> None:
    """Draws the pause; nothing while e-mails are sent."""
    pause = pause_of(session.store())
    if pause is None or session.settings().smtp is None:
        return
    with st.container(border=True, gap="small", key="outbox_pause"):
        st.markdown(_("**Sending is paused.** E-mails wait, and leave by themselves once an attempt works."))
        st.text(f"{problem_lines(pause.problem)}\n{_(_ADVICE.get(pause.problem.code, _SERVER))}")
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.button(_("Try now"), key="try_now", icon=":material/refresh:", on_click=_try_now)
            zone = session.settings().zone
            figures = [
                _("Since {time}", time=moment(pause.since, zone)),
                plural("{n} attempt", "{n} attempts", pause.attempts),
                _("Next attempt: {time}", time=moment(pause.next_attempt_at, zone)),
            ]
            st.text(" · ".join(figures), width="content")


@stores
def _try_now() -> None:
    store, smtp, actor = session.store(), session.settings().smtp, session.actor()
    if smtp is None:
        return
    was_tried = try_now(store, smtp, actor)

    def told() -> Telling:
        if not was_tried:
            return Telling(_("No e-mail waits, so none was tried."))
        pause = pause_of(session.store())
        if pause:
            return Telling(f"{_('Sending is still paused.')} {mail_sentence(pause.problem)}")
        return Telling(_("Sending goes on."))

    tell(told)
