"""The app and its start page, Today: what needs me now. `streamlit run app.py` starts it."""

# The server imports this file; Streamlit then runs it as a script, once for each look at the page.
if __name__ == "__main__":
    from lib.screen.export.requests import waiting_exports
    from lib.screen.frame.page import TODAY, begin
    from lib.screen.today.days import today_by_hour, yesterday_line
    from lib.screen.today.inbox import inbox_news
    from lib.screen.today.today import freshness_line, last_days, missed_last_days, needs_me, waiting_chats

    with begin(TODAY):
        needs_me()
        waiting_exports()
        waiting_chats()
        yesterday_line()
        missed_last_days()
        today_by_hour()
        freshness_line()
        inbox_news()
        last_days()
else:
    import streamlit as st

    from lib.logs import keep_values_out
    from lib.screen.frame.serving import keeping, middleware, require_sign_in_or_own_machine, routes
    from lib.screen.frame.uploads import keep_uploads_on_disk

    keep_values_out()
    require_sign_in_or_own_machine()
    keep_uploads_on_disk()
    app = st.App(__file__, lifespan=keeping, routes=routes(), middleware=middleware())
