"""A click that follows a click loses nothing: neither what the first one changed, nor what it had begun."""

import time
from types import SimpleNamespace

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.scriptrunner import ScriptRunner
from streamlit.testing.v1 import AppTest

from lib.screen.frame import whole_clicks
from tests.pages.driving import CHATS, EXPLORE, MISSED, OUTBOX, TODAY, go_back, run, visit
from tests.worlds import id_of


def late(at: AppTest) -> AppTest:
    """The next click comes before the browser knows what the last one did to the address."""
    at.query_params = {}
    return at


REMOVED_AT_ONCE = MediaFileManager._remove_orphaned_deferred_callables


@pytest.mark.parametrize("page", [CHATS, MISSED])
def test_two_filters_chosen_at_once_are_both_there(world, page):
    world("review")
    at = run(visit(page).segmented_control(key="w_email").select("yes"))
    at = run(late(at).segmented_control(key="w_reply").select("yes"))
    assert (at.query_params["email"], at.query_params["reply"]) == ("yes", "yes")
    assert at.segmented_control(key="w_email").value == "yes"


def test_what_changes_nothing_itself_keeps_what_the_click_before_changed(world):
    world("review")
    at = run(visit(CHATS).segmented_control(key="w_email").select("yes"))
    at = run(late(at))
    assert at.query_params == {"email": "yes"}


def test_a_chat_closed_and_a_filter_chosen_at_once(world):
    world("review")
    at = visit(CHATS, {"chat": str(id_of("done"))})
    at = run(at.button(key="close_chat").click())
    at.query_params = {"chat": str(id_of("done"))}
    assert run(at.segmented_control(key="w_email").select("yes")).query_params == {"email": "yes"}


@pytest.mark.parametrize(
    ("page", "key", "choice", "address"),
    [(OUTBOX, "w_box", "failed", {"box": "failed"}), (TODAY, "person_language", "ja", {"lang": "ja"})],
)
def test_a_part_of_the_outbox_and_a_language_stay(world, page, key, choice, address):
    world("review")
    at = run(visit(page).segmented_control(key=key).select(choice))
    assert run(late(at)).query_params == address


def test_a_query_that_was_run_stays(world):
    world("review")
    at = visit(EXPLORE)
    at.text_area(key="w_sql").input("SELECT 1 AS one")
    at = run(at.button(key="run_query").click())
    asked = dict(at.query_params)
    assert asked
    assert run(late(at)).query_params == asked


def test_back_forward_and_links_are_believed(world):
    world("review")
    at = run(visit(CHATS).segmented_control(key="w_email").select("yes"))
    assert go_back(at, {}).query_params == {}
    assert at.segmented_control(key="w_email").value == "any"
    assert go_back(at, {"email": "no"}).segmented_control(key="w_email").value == "no"
    at.switch_page(MISSED)
    at.query_params = {"category": "missed", "queue": "any"}
    assert run(at).query_params == {"category": "missed", "queue": "any"}


def test_the_menu_leads_from_a_filtered_list_to_all_chats_and_they_stay(world):
    world("review")
    at = run(visit(CHATS).segmented_control(key="w_email").select("yes"))
    # The browser keeps its own address when the page is the same, and tells it with the next click.
    (link,) = (each for each in at.get("page_link") if each.proto.label == "Chats")
    at.query_params = dict(part.split("=") for part in link.proto.query_string.split("&"))
    at = run(at)
    assert at.query_params == {}
    at.query_params = {"email": "yes"}
    at = run(at.segmented_control(key="w_reply").select("yes"))
    assert at.query_params == {"reply": "yes"}


def test_what_a_click_began_is_done_when_the_next_one_comes(monkeypatch):
    def page():
        import streamlit as st
        from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

        def send():
            get_script_run_ctx().script_requests.request_rerun(RerunData(query_string="next=click"))
            st.session_state["words"] = "read"
            st.query_params["sent"] = "yes"
            st.session_state["sent"] = True

        st.button("Send", key="send", on_click=send)
        st.text(f"{st.session_state.get('sent')} {st.query_params.get('next')}")

    def after_a_click():
        return run(run(AppTest.from_function(page)).button(key="send").click()).text[0].value

    name = "_maybe_handle_execution_control_request"
    monkeypatch.setattr(ScriptRunner, name, whole_clicks._stop_where_asked_to)
    monkeypatch.setattr(AppSession, "request_rerun", whole_clicks._run_again)
    assert after_a_click() != "True click"
    whole_clicks.let_callbacks_end()
    assert after_a_click() == "True click"


@pytest.mark.parametrize(
    ("is_busy", "page", "is_look", "is_asked"),
    [
        (False, "today", True, True),
        (True, "today", True, False),
        (False, "the page before", True, False),
        (True, "the page before", False, True),
    ],
)
def test_a_look_amid_an_answer_or_from_the_page_before_is_left_to_the_next_one(
    is_busy, page, is_look, is_asked, monkeypatch
):
    asked = []
    monkeypatch.setattr(whole_clicks, "_run_again", lambda _session, wanted: asked.append(wanted))
    session = SimpleNamespace(
        _scriptrunner=object() if is_busy else None, _client_state=ClientState(page_script_hash="today")
    )
    wanted = ClientState(is_auto_rerun=is_look, fragment_id="watch", page_script_hash=page)
    whole_clicks._look_another_time(session, wanted)
    assert asked == ([wanted] if is_asked else [])


def test_a_file_can_be_asked_for_by_the_name_of_the_run_before(monkeypatch):
    manager = MediaFileManager(MemoryMediaFileStorage("/media"))

    def file_of_the_run_before() -> str:
        name = manager.add_deferred(lambda: b"words typed last", "text/plain", "1.2", file_name="mail.eml")
        manager.clear_session_refs()
        manager.remove_orphaned_files()
        return name

    monkeypatch.setattr(MediaFileManager, "_remove_orphaned_deferred_callables", REMOVED_AT_ONCE)
    with pytest.raises(MediaFileStorageError):
        manager.execute_deferred(file_of_the_run_before())
    whole_clicks.let_callbacks_end()
    name = file_of_the_run_before()
    assert manager.execute_deferred(name)
    later = time.monotonic() + whole_clicks.NAMES_KEPT_S + 1
    monkeypatch.setattr(whole_clicks, "time", SimpleNamespace(monotonic=lambda: later))
    manager.remove_orphaned_files()
    with pytest.raises(MediaFileStorageError):
        manager.execute_deferred(name)
    assert name not in whole_clicks._unused_since
