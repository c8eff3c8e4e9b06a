"""What the browser is told beside what is drawn: the language, the page's heading, names of icons, and the keys."""

from pathlib import Path
from typing import Any

import streamlit as st

from lib.language import _, current, mark
from lib.screen.frame import keys, person

# One meaning for each icon that stands alone on a button.
ICONS = {
    "alarm": mark("Set the due time"),
    "arrow_downward": mark("Descending"),
    "arrow_forward": mark("Open"),
    "arrow_upward": mark("Ascending"),
    "chevron_left": mark("Previous e-mail"),
    "chevron_right": mark("Next e-mail"),
    "close": mark("Close"),
    "code": mark("See the SQL"),
    "delete": mark("Delete"),
    "download": mark("Export"),
    "help": mark("How is this counted?"),
    "keyboard_arrow_down": mark("Next chat of the list"),
    "keyboard_arrow_up": mark("Previous chat of the list"),
    "more_vert": mark("More"),
    "person": mark("You"),
    "move_down": mark("Down"),
    "move_up": mark("Up"),
    "north": mark("Previous hit"),
    "person_add": mark("Assign to somebody"),
    "remove": mark("Remove"),
    "science": mark("Sample"),
    "save": mark("Update this view to what is shown"),
    "south": mark("Next hit"),
}
# What Streamlit says in English to those who hear a page; longer ones first.
WORDS = {
    "Help for": mark("Help: {field}"),
    "Help": mark("Help"),
    "Show/hide columns": mark("Show or hide columns: {field}"),
    "Search": mark("Search: {field}"),
    "Fullscreen": mark("Fullscreen: {field}"),
    "Close fullscreen": mark("Close fullscreen: {field}"),
    "Show data": mark("Show data: {field}"),
    "Show chart": mark("Show chart: {field}"),
    "Download as PNG": mark("Download as PNG: {field}"),
    "Copy Vega-Lite spec": mark("Copy the chart's definition: {field}"),
    "Previous page": mark("Previous page"),
    "Next page": mark("Next page"),
    "Page": mark("Page {field}"),
    "Pagination": mark("Pages of the list"),
    "Clear value": mark("Clear"),
    "Collapse sidebar": mark("Hide the filters"),
    "Expand sidebar": mark("Show the filters"),
    "Sidebar": mark("Filters"),
    "Open": mark("Open"),
    "Close": mark("Close"),
}
_HIDDEN = "position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap"
_component: Any = st.components.v2.component(
    "browser",
    css=Path(__file__).with_suffix(".css").read_text(encoding="utf-8"),
    html=f'<h1 class="told" style="{_HIDDEN}"></h1>',
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def tell_browser(title: str) -> None:
    """Tells the browser what holds for the page of that title."""
    _component(
        key="browser",
        data={
            "language": current(),
            "title": title,
            "menu": _("Pages"),
            "icons": {icon: _(name) for icon, name in ICONS.items()},
            "words": {english: _(said, field="{field}") for english, said in WORDS.items()},
            "keys": {"on": keys.are_on(), "list": keys.LIST_KEY, "search": keys.SEARCH_KEY},
            "cookie": keys.cookie(),
            "fetch": person.cookie_address(),
        },
        on_asked_change=keys.ask_for_list,
    )
