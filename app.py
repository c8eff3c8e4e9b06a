"""The app and its start page, Today: what needs me now. `streamlit run app.py` starts it."""

import streamlit as st

from lib.screen.inbox_news import inbox_news
from lib.screen.page import TODAY, begin
from lib.screen.serving import keeping, middleware, routes
from lib.screen.today import category_cards, freshness_line, last_days, missed_last_days, waiting_chats

# The server imports this file; Streamlit then runs it as a script, once for each look at the page.
if __name__ == "__main__":
    with begin(TODAY):
        freshness_line()
        category_cards()
        missed_last_days()
        waiting_chats()
        inbox_news()
        last_days()
else:
    app = st.App(__file__, lifespan=keeping, routes=routes(), middleware=middleware())
