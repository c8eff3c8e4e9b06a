"""List and open chat side by side, where there is room; what is written about the chat stands in the list's place.

So the chat itself stays where it is, to be read while one writes.
"""

from collections.abc import Callable, Hashable, Mapping

import streamlit as st

from lib.chats.chat import Chat, find_chat
from lib.language import _
from lib.screen.chat.deleting import stop_asking_unless
from lib.screen.chat.notes import chat_notes
from lib.screen.chat.pane import TAB_NAMES, chat_pane
from lib.screen.chat.reply import reply
from lib.screen.chats.empty import unreadable_link
from lib.screen.chats.searching import is_searching, search_progress, stopped_search
from lib.screen.chats.table import HEIGHT
from lib.screen.chats.view import ChatView, Tab, in_queue, read_view, show_chat
from lib.screen.frame import session
from lib.screen.frame.part import part
from lib.screen.missed.questions import follow_up_dialog

# Two columns of this width fit beside an open sidebar at 1024 pixels; below the list a chat would open out of sight.
LEAST_WIDTH = 300
DESKS: Mapping[Tab, Callable[[Chat], None]] = {"notes": chat_notes, "reply": reply}


def review_part(draw: Callable[[ChatView], None]) -> None:
    """Draws what has the review in it; to open a chat or to step to the next one leaves the rest of the page alone."""
    part(lambda: draw(read_view()), _around, key="review_part")


def _around() -> Hashable:
    view = read_view()
    # On Missed chats there is less around an open chat.
    return view.chosen, view.sort, view.page, in_queue() and view.chat is not None


def review(view: ChatView, draw_list: Callable[[], None]) -> None:
    """Draws the open chat, and beside it what is being written, or the list, as far as it is known."""
    stop_asking_unless(view.chat)
    with st.grid(2 if view.chat else 1, min_column_width=LEAST_WIDTH, gap="small", key="review") as grid:
        chat = find_chat(session.store(), view.chat) if view.chat and view.tab in DESKS else None
        with grid.cell():
            if chat and not chat.deleted_at:
                with st.container(border=True, height=HEIGHT, gap="xsmall", autoscroll=False, key="desk"):
                    with st.container(horizontal=True, vertical_alignment="center"):
                        st.markdown(f"**{_(TAB_NAMES[view.tab])}**", width="content")
                        st.space("stretch")
                        st.button(
                            _("Back to the list"),
                            key="back_to_list",
                            icon=":material/list:",
                            type="tertiary",
                            on_click=show_chat,
                            args=(chat.id,),
                            kwargs={"came_from": view.came_from},
                        )
                    DESKS[view.tab](chat)
            elif view.chosen.unreadable:
                unreadable_link(view.chosen)
            elif is_searching(view.chosen):
                search_progress(view)
            else:
                stopped_search(view.chosen)
                draw_list()
        if view.chat:
            with grid.cell():
                chat_pane(view)
    follow_up_dialog()
