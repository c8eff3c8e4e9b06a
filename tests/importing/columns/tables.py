"""Tables of unknown make, and any mappings of them."""

from typing import Any

from hypothesis import strategies as st

from lib.importing.columns import DATE_ORDERS, FIELDS, TABLE_KINDS, ColumnMapping
from lib.importing.problems import FieldError
from lib.importing.records.fields import CHAT_COLUMNS, CHAT_FIELDS, ROW_FIELDS, SENDERS
from lib.importing.sources import Item

Row = dict[str, Any]

INTERCOM = (
    "message_id", "message_body", "message_type", "message_created_at", "message_author_type", "message_author_id",
    "message_author_name", "message_author_email", "conversation_tags", "conversation_id", "conversation_state",
    "conversation_created_at", "conversation_first_response_at", "conversation_closed_at", "app_id", "app_name",
)  # fmt: skip
_START, _END = "2017-11-14 21:45:08", "2017-11-14 22:45:08"
_CONVERSATION = ("vip,order", "100", "closed", _START, "2017-11-14 21:50:08", _END, "ab12", "Shop")
_OTHER = ("", "101", "open", "2017-11-15 08:00:00", "", "", "ab12", "Shop")
_RIN, _AOI = ("u1", "Rin", "rin@example.com"), ("a1", "Aoi", "aoi@shop.example")
INTERCOM_ROWS = [
    dict(zip(INTERCOM, cells, strict=True))
    for cells in (
        ("1", "Where is my order?", "comment", _START, "user", *_RIN, *_CONVERSATION),
        ("2", "Known as slow", "note", "2017-11-14 21:49:00", "admin", *_AOI, *_CONVERSATION),
        ("3", "I'll look it up.", "comment", "2017-11-14 21:50:08", "admin", *_AOI, *_CONVERSATION),
        ("4", "", "close", _END, "admin", *_AOI, *_CONVERSATION),
        ("5", "Hello, need help?", "comment", "2017-11-15 08:00:00", "bot", "b1", "Helper", "", *_OTHER),
        ("6", "Yes please", "comment", "2017-11-15 08:01:00", "lead", "u2", "Kai", "kai@example.com", *_OTHER),
    )
]


def items(rows: list[Any]) -> list[Item]:
    return [Item(number, row, str(row), 10) for number, row in enumerate(rows, 2)]


COLUMNS = st.sampled_from(["a", "b", "column id", *sorted(CHAT_FIELDS | ROW_FIELDS), *sorted(CHAT_COLUMNS)])
TEXTS = st.text(max_size=12) | st.sampled_from(
    [
        "",
        " ",
        "1",
        "2",
        "visitor",
        "Agent",
        "note",
        "close",
        "2026-03-01",
        "31/12/2026 1:05 PM",
        "0:02:30",
        "4/5",
        "a; b",
    ]
)
VALUES = st.recursive(
    TEXTS | st.none() | st.booleans() | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=4,
)
RECORDS = st.one_of(
    st.dictionaries(COLUMNS | st.text(max_size=3), TEXTS, max_size=8),
    st.dictionaries(COLUMNS, VALUES, max_size=8),
    st.builds(FieldError, st.none(), st.none(), st.just("not_csv")),
)
MAPPINGS = st.builds(
    ColumnMapping,
    kind=st.sampled_from(TABLE_KINDS),
    fields=st.lists(st.tuples(COLUMNS, st.sampled_from([field.name for field in FIELDS])), max_size=12).map(tuple),
    date_order=st.sampled_from(DATE_ORDERS),
    senders=st.lists(st.tuples(TEXTS, st.sampled_from(sorted(SENDERS))), max_size=3).map(tuple),
)
