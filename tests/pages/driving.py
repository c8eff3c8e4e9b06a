"""Drives the pages as a browser would, and finds out what arrived where on the screen."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pandas as pd
import pyarrow as pa
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.testing.v1 import AppTest, local_script_runner

from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.link import PRIVATE_NAME, private_part
from lib.screen.frame.page import PAGES as MENU
from lib.screen.frame.session import whole_store
from lib.views.kept import keep
from tests.worlds import id_of

ROOT = Path(__file__).parents[2]
TODAY, CHATS, IMPORT, DELETED = "app.py", "pages/chats.py", "pages/imports.py", "pages/deleted.py"
MISSED = "pages/missed.py"
REPORTS = "pages/reports.py"
TEMPLATES = "pages/templates.py"
OUTBOX = "pages/outbox.py"
TEAM = "pages/team.py"
EXPLORE = "pages/explore.py"
ACTIVITY = "pages/activity.py"
PAGES = tuple(entry.path for entry in MENU)

# Where text of people may stand: none of these takes Markdown or HTML (see design.md, section 6).
SAFE_PLACES = frozenset(
    [
        "text.body",
        "code.code_text",
        "dataframe.arrow_data.data",
        "dataframe.arrow_data.styler.display_values",
        "multiselect.options",
        "selectbox.options",
        "selectbox.raw_value",
        "text_input.value",
        "text_input.default",
        "text_area.value",
        "text_area.default",
        "multiselect.raw_values",
        "multiselect.default",
        "code.language",
    ]
)
# What no browser shows: ids that Streamlit makes out of a widget's arguments.
UNSEEN = frozenset(["id", "form_id", "element_hash", "uuid"])

Query = Mapping[str, str | Sequence[str]]


def visit(
    page: str,
    query: Query | None = None,
    *,
    user: Mapping[str, Any] | None = None,
    context: Mapping[str, Any] | None = None,
    session: Mapping[str, Any] | None = None,
) -> AppTest:
    """The page after its first run, as somebody sees it who follows a link to it."""
    at = AppTest.from_file(ROOT / TODAY, default_timeout=60)
    if page != TODAY:
        at.switch_page(page)
    at.query_params = {name: value if isinstance(value, str) else list(value) for name, value in (query or {}).items()}
    # Looking through all packages for components takes longer than most pages; the app has none.
    at._bidi_component_manager = BidiComponentManager()
    at.user = dict(user or {})
    at.context = dict(context or {})
    for key, value in (session or {}).items():
        at.session_state[key] = value
    return run(at)


def ended(runner: local_script_runner.LocalScriptRunner, timeout: float) -> None:
    """Waits for the end of a run. AppTest looks for it every millisecond, which takes a tenth of the run's own time."""
    thread = runner._script_thread
    assert thread
    thread.join(timeout)
    if thread.is_alive():
        runner.request_stop()
        raise TimeoutError(f"the page took longer than {timeout} s")


def with_words(words: str) -> dict[str, str]:
    """The parameter of a link that stands for the words."""
    return {PRIVATE_NAME: keep(whole_store(), private_part(ChatFilter(words=words)), "Tester")}


def run(at: Any) -> AppTest:
    """The page after another run; `at` may be a widget that was just changed."""
    after = at.run()
    assert not after.exception
    return after


def go_back(at: AppTest, query: Query) -> AppTest:
    """The page after the browser's Back (or Forward) to an address with these parameters."""
    at.query_params = {name: value if isinstance(value, str) else list(value) for name, value in query.items()}
    with patch.object(local_script_runner, "RerunData", partial(RerunData, is_history_navigation=True)):
        return run(at)


def click(at: AppTest, key: str) -> AppTest:
    """The page after a click on a button."""
    return run(at.button(key=key).click())


def outcome_key(at: AppTest, name: str) -> str | None:
    """Key of a button beside what came of the last action: "undo", "stop", "open" or "close"; None: there is none."""
    keys = (str(getattr(node, "key", None)) for node in at)
    return next((key for key in keys if key.startswith(f"{name}_outcome_")), None)


def press(at: AppTest, name: str) -> AppTest:
    """The page after a click on such a button."""
    key = outcome_key(at, name)
    assert key, f"nothing to {name}"
    return click(at, key)


def open_chat(name: str, tab: str | None = None, query: Query | None = None, **how: Any) -> AppTest:
    """The Chats page with the chat that the world calls by this name."""
    return visit(CHATS, {"chat": str(id_of(name)), **({"tab": tab} if tab else {}), **(query or {})}, **how)


def body(at: AppTest) -> str:
    """All that `st.text` shows, one line after the other."""
    return "\n".join(text.value for text in at.text)


def captions(at: AppTest) -> str:
    """All captions, one line after the other."""
    return "\n".join(caption.value for caption in at.caption)


def has(at: AppTest, key: str) -> bool:
    """Whether something with this key is on the screen."""
    return any(getattr(node, "key", None) == key for node in at)


def table(at: AppTest, prefix: str) -> pd.DataFrame | None:
    """What the table shows whose key begins so; None where there is none."""
    return next((found.value for found in at.dataframe if (found.key or "").startswith(prefix)), None)


def listed(at: AppTest) -> pd.DataFrame:
    """The rows of the list of chats."""
    found = table(at, "chats_")
    return pd.DataFrame() if found is None else found


def names(at: AppTest) -> list[str]:
    """The visitors' names in the list, from its top."""
    shown = listed(at)
    return [] if shown.empty else list(shown["visitor_name"])


def chart_rows(at: AppTest, place: int = 0) -> pd.DataFrame:
    """The rows that a chart of the page draws."""
    return rows_of(at.get("vega_lite_chart")[place])


def rows_of(chart: Any) -> pd.DataFrame:
    """The rows that a chart draws: one of Altair's has a name for them."""
    (rows,) = (dataset.data for dataset in chart.proto.datasets) if chart.proto.datasets else (chart.proto.data,)
    return pa.ipc.open_stream(rows.data).read_pandas()


def strings(at: AppTest) -> Iterator[tuple[str, str]]:
    """Each text that was sent to the browser, with its place: the type of its element and the field in it."""
    for node in at:
        proto = getattr(node, "proto", None)
        if isinstance(proto, Message):
            yield from _strings(proto, str(node.type))


def places(at: AppTest, marker: str) -> set[str]:
    """The places at which a text with the marker arrived."""
    return {place for place, text in strings(at) if marker in text}


def _strings(message: Message, path: str) -> Iterator[tuple[str, str]]:
    for field, value in message.ListFields():
        if field.name in UNSEEN:
            continue
        for item in _items(field, value):
            if isinstance(item, Message):
                yield from _strings(item, f"{path}.{field.name}")
            elif isinstance(item, str):
                yield f"{path}.{field.name}", item
            elif isinstance(item, bytes):
                yield f"{path}.{field.name}", item.decode("utf-8", "replace")


def _items(field: FieldDescriptor, value: Any) -> list[Any]:
    if not field.is_repeated:
        return [value]
    is_map = field.message_type is not None and field.message_type.GetOptions().map_entry
    return [part for item in value.items() for part in item] if is_map else list(value)
