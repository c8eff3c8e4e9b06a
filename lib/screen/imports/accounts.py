"""The accounts of chat systems, and what they are called."""

import pandas as pd
import streamlit as st

from lib.chats.accounts import LONGEST_NAME, Account, accounts, name_account
from lib.language import _
from lib.screen.frame import session
from lib.screen.frame.answers import answer
from lib.screen.frame.storing import stores
from lib.screen.parts.outcome import draw_failure

_WHICH, _NAME, _TAKEN = "account_which", "account_name", "account_taken"


def account_names_form() -> None:
    """Draws, once it is asked for, the accounts that chats are of, with a field for the name of one."""
    known = answer(accounts)
    if not known:
        return
    with st.expander(_("Accounts"), icon=":material/storefront:", on_change="rerun", key="accounts") as opened:
        if not opened.open:
            return
        _table(known)
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            st.selectbox(
                _("Account"),
                range(len(known)),
                format_func=lambda place: f"{known[place].system} · {known[place].name or _key(known[place])}",
                key=_WHICH,
                width=260,
            )
            st.text_input(_("Name"), max_chars=LONGEST_NAME, key=_NAME, width=200)
            st.button(_("Name it"), key="name_account", on_click=_named, args=(known,))
        if taken := st.session_state.pop(_TAKEN, ""):
            st.warning(_("Another account of this system has this name:"), icon=":material/storefront:")
            st.text(taken)
        draw_failure()


def _table(known: list[Account]) -> None:
    st.caption(
        _(
            "Whose chats they are, where you have several accounts of one system. The first account has the chats of"
            " which no file says otherwise."
        )
    )
    st.dataframe(
        pd.DataFrame(
            {
                "system": [each.system for each in known],
                "account": [_key(each) for each in known],
                "name": [each.name or "" for each in known],
            }
        ),
        hide_index=True,
        row_height=30,
        height="content" if len(known) <= 8 else 270,
        column_config={
            "system": st.column_config.TextColumn(_("System"), width=160),
            "account": st.column_config.TextColumn(_("Account"), width=200),
            "name": st.column_config.TextColumn(_("Name")),
        },
        alt=_("Accounts"),
    )


@stores
def _named(known: list[Account]) -> None:
    chosen, name = known[st.session_state[_WHICH]], str(st.session_state.get(_NAME) or "")
    if name_account(session.store(), chosen.system, chosen.account, name, session.actor()):
        st.session_state[_NAME] = ""
    else:
        st.session_state[_TAKEN] = name


def _key(account: Account) -> str:
    if account.account:
        return account.account
    return _("First account ({names})", names=account.told) if account.told else _("First account")
