"""A person at a browser, as the app sees one: a websocket, with what the pages draw and what is clicked there."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect

LONGEST_S = 120
# The app leaves a look of a page out that comes amid a run.
LONGEST_LOOK_S = 20
FRAGMENT_DONE = ForwardMsg.ScriptFinishedStatus.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
AGAIN = ForwardMsg.ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN


class Person:
    """Opens pages and clicks; keeps the ids of what can be clicked, the texts that were drawn, and what went wrong."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._page, self._query, self._script = "", "", ""
        # By the key that the page gave it: the id of a widget, and of the part of the page that it belongs to.
        self._ids: dict[str, tuple[str, str]] = {}
        self._repeated: dict[str, tuple[float, float]] = {}
        self.texts: list[str] = []
        self.errors: list[str] = []

    def open(self, page: str, query: str = "") -> float:
        """Goes to another page of the app ("" is Today); seconds until all of it was drawn."""
        self._page, self._query, self._script = page, query, ""
        self._repeated.clear()
        return self._run([])

    def press(self, key: str, **typed: str) -> float:
        """Presses a button, by its key or the newest whose key begins so; seconds until all was drawn anew."""
        button, part = self._drawn(key)
        fields = [WidgetState(id=self._ids[field][0], string_value=text) for field, text in typed.items()]
        return self._run([*fields, WidgetState(id=button, trigger_value=True)], part)

    def write(self, key: str, text: str) -> float:
        """Writes a text into a field and leaves it; seconds until all was drawn anew."""
        field, part = self._drawn(key)
        return self._run([WidgetState(id=field, string_value=text)], part)

    def click_row(self, table: str, row: int, column: str) -> float:
        """Clicks a cell of a table; seconds until all was drawn anew."""
        return self.write(table, json.dumps({"selection": {"rows": [], "columns": [], "cells": [[row, column]]}}))

    def read(self, seconds: float) -> None:
        """Looks at the page for a while; the parts of it that renew themselves do so."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            due = min(self._repeated, key=lambda each: self._repeated[each][1], default=None)
            if due is None or self._repeated[due][1] > until:
                time.sleep(left)
                return
            every, moment = self._repeated[due]
            time.sleep(max(0.0, moment - time.monotonic()))
            self._repeated[due] = every, time.monotonic() + every
            self._run([], due, by_itself=True)

    def _drawn(self, key: str) -> tuple[str, str]:
        """What was drawn with the key, or last with one that begins so."""
        drawn = [key] if key in self._ids else [each for each in self._ids if each.startswith(key)]
        assert drawn, f"there is no {key} among {self.texts}; {self.errors}"
        return self._ids[drawn[-1]]

    def _run(self, states: list[WidgetState], part: str = "", *, by_itself: bool = False) -> float:
        asked = BackMsg()
        script = asked.rerun_script
        script.query_string, script.page_name, script.fragment_id = self._query, self._page, part
        script.is_auto_rerun, script.page_script_hash = by_itself, self._script
        script.widget_states.widgets.extend(states)
        script.context_info.timezone, script.context_info.locale = "Asia/Tokyo", "en-US"
        if not part:
            self.texts.clear()
        began = time.perf_counter()
        self._connection.send(asked.SerializeToString())
        while True:
            try:
                data = self._connection.recv(timeout=LONGEST_LOOK_S if by_itself else LONGEST_S)
            except TimeoutError:
                if by_itself:
                    return LONGEST_LOOK_S
                raise
            assert isinstance(data, bytes)
            told = ForwardMsg.FromString(data)
            if self._is_end(told, of_part=bool(part)):
                return time.perf_counter() - began

    def _is_end(self, told: ForwardMsg, *, of_part: bool) -> bool:
        match told.WhichOneof("type"):
            case "delta" if told.delta.WhichOneof("type") == "new_element":
                self._see(told.delta.new_element, told.delta.fragment_id)
            case "auto_rerun":
                every = told.auto_rerun.interval
                self._repeated.setdefault(told.auto_rerun.fragment_id, (every, time.monotonic() + every))
            case "navigation":
                self._script = told.navigation.page_script_hash
            case "page_info_changed":
                self._query = told.page_info_changed.query_string
            case "session_event" if told.session_event.WhichOneof("type") == "script_compilation_exception":
                self.errors.append("the page could not be read")
            case "script_finished":
                # A part can ask for the whole page, and then that is the end.
                return told.script_finished != AGAIN and (of_part or told.script_finished != FRAGMENT_DONE)
        return False

    def _see(self, element: Message, part: str) -> None:
        kind = element.WhichOneof("type")
        drawn = getattr(element, kind)
        if kind == "exception":
            self.errors.append(f"{drawn.type}: {drawn.message}")
        # The end of the id is the key that the page gave it.
        widget = getattr(drawn, "id", "")
        if widget.count("-") >= 2:
            self._ids[widget.split("-", 2)[2]] = widget, part
        self.texts.append(getattr(drawn, "body", "") or getattr(drawn, "label", ""))


@contextmanager
def person_at(url: str) -> Iterator[Person]:
    """A person who opens the app at `url`, and closes it with the block."""
    cookies = "; ".join(f"{name}={value}" for name, value in httpx.get(url).cookies.items())
    socket = f"ws://{urlsplit(url).netloc}/_stcore/stream"
    with connect(
        socket, origin=url, subprotocols=["streamlit"], additional_headers={"Cookie": cookies}, max_size=None
    ) as connection:
        yield Person(connection)
