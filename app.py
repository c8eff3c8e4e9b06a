"""The app and its start page, Today: what needs me now. `streamlit run app.py` starts it."""

# The server imports this file; Streamlit then runs it as a script, once for each look at the page.
if __name__ == "__main__":
    from lib.screen.frame.page import TODAY, begin
    from lib.screen.today.inbox import inbox_news
    from lib.screen.today.today import category_cards, freshness_line, last_days, missed_last_days, waiting_chats

    with begin(TODAY):
        freshness_line()
        category_cards()
        missed_last_days()
        waiting_chats()
        inbox_news()
        last_days()
else:
    import streamlit as st

    from lib.screen.frame.serving import keeping, middleware, routes
    from lib.screen.frame.uploads import keep_uploads_on_disk

    keep_uploads_on_disk()
    app = st.App(__file__, lifespan=keeping, routes=routes(), middleware=middleware())
