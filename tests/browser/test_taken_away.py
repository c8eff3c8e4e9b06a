"""A window that stays open when its person signs out elsewhere shows nothing more."""

from tests.browser.conftest import Sample
from tests.browser.server import App
from tests.browser.test_roles import SignIn, app, sign_in
from tests.browser.verbs import Screen

__all__ = ["app", "sign_in"]


def test_a_window_left_open_shows_no_chat_any_more_soon_after_its_person_has_signed_out(
    app: App, sign_in: SignIn, sample: Sample
) -> None:
    lea, chat = sign_in("lea"), sample.rows("visitor_email IS NOT NULL")[0]
    lea.open_chat(chat["id"])
    lea.shows(chat["visitor_email"])
    other = Screen(lea.page.context.new_page(), app, lea.language)
    other.open()
    other.unfold(other.page.get_by_role("button", name=other.word("You"), exact=True))
    other.page.get_by_role("button", name=other.word("Sign out"), exact=True).click()
    other.page.wait_for_url("**/oauth2/end_session**")
    other.page.close()
    lea.page.bring_to_front()
    lea.page.get_by_role("button", name=lea.word("Sign in"), exact=True).wait_for()
    assert chat["visitor_email"] not in lea.text
