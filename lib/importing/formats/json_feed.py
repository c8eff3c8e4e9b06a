"""Finds out from its content what a file of JSON is: a vendor's answers, our own format, or a table inside of it."""

import io
from collections.abc import Sequence
from typing import Any, BinaryIO

from lib.importing.formats.feed import RAW, Feed, Format, Known, is_own, with_mapping
from lib.importing.formats.head import LONG_HEAD_BYTES, is_lines, pieces, text_of
from lib.importing.formats.json_lines import read_json_lines
from lib.importing.formats.json_values import NO_LISTS, Lists, read_json
from lib.importing.formats.nested_rows import Place, are_alike, likeliest, places_in, rows_inside
from lib.importing.formats.unfit_answers import is_older_intercom, reason_of
from lib.importing.problems import FieldError, ImportRefused
from lib.importing.vendors import VENDORS, Vendor


def json_feed(name: str, content: BinaryIO, head: bytes, known: Known) -> Feed:
    """What a file that begins like JSON gives; raises ImportRefused."""
    found = pieces(head)
    if not found:
        text_of(head, name)
        # A file that ends inside its first record is told as such; of a longer one this is only the beginning.
        first = next(read_json(io.BytesIO(head)), None) if len(head) < LONG_HEAD_BYTES // 2 else None
        if first is not None and isinstance(first.record, FieldError) and first.record.reason == "cut_off":
            raise ImportRefused("cut_off", name)
    if known.choice != RAW and any(map(is_older_intercom, found)):
        raise ImportRefused("intercom_1", name)
    vendor, evidence = _vendor(found, known.choice)
    unfit = None if vendor or known.choice else reason_of(found)
    is_row = vendor or len(found) != 1 or is_own(found[0])
    places = () if is_row else places_in(found[0])
    form: Format = "json"
    unread = dict[str, int]()
    if places:
        chosen = _chosen_places(name, found[0], places, known)
        nested = Lists(frozenset(".".join(place.path) for place in chosen if not place.by_id))
        items, evidence = rows_inside(read_json(content, nested), chosen, unread), ", ".join(map(str, chosen))
        found = [row for place in chosen for row in place.records(found[0])]
    elif is_lines(head, fewest=2 if vendor else 1):
        # An answer of a vendor on a single line is no list of lines.
        items, form = read_json_lines(content), "json_lines"
    else:
        items = read_json(content, Lists(vendor.lists, vendor.maps) if vendor else NO_LISTS)
    columns = tuple(dict.fromkeys(field for piece in found for field in piece))
    if unfit and known.mapping_for(columns) is None:
        raise ImportRefused(unfit, name)
    lists = tuple(map(str, places))
    # Of our own format, one list may hold chats and another one messages.
    feed = Feed(name, form, False, None, items, vendor, evidence, joined=bool(places), lists=lists, unread=unread)
    if vendor or known.choice == RAW or not found or (known.mapping is None and any(map(is_own, found))):
        return feed
    return with_mapping(feed, columns, known)


def late_json_feed(name: str, content: BinaryIO, text: str) -> Feed | None:
    """JSON Lines whose first lines are no JSON, or None."""
    if any(line.lstrip().startswith("{") for line in text.splitlines()):
        return Feed(name, "json_lines", False, None, read_json_lines(content))
    return None


def _chosen_places(name: str, record: dict[str, Any], places: Sequence[Place], known: Known) -> Sequence[Place]:
    """Where the rows to read stand; raises ImportRefused where that cannot be told."""
    mapped = {place: known_as[0] for place in places if (known_as := known.mapping_for(place.columns(record)))}
    if known.choice == RAW:
        return [next((place for place in places if str(place) == known.rows), places[0])]
    if chosen := [place for place in mapped if mapped[place] == known.mapping]:
        return chosen
    if own := [place for place in places if any(map(is_own, place.records(record)))]:
        return own
    found = likeliest(record, places)
    if are_alike(record, found):
        return found
    # Of mappings that were made for several of them, the newest one counts.
    newest = next((name for name, *_ in known.mappings if name in mapped.values()), None)
    if newest is None:
        raise ImportRefused("several_lists", name, lists=", ".join(map(str, found)))
    return [place for place in mapped if mapped[place] == newest]


def _vendor(pieces: Sequence[dict[str, Any]], choice: str | None) -> tuple[Vendor | None, str | None]:
    if choice in VENDORS:
        return VENDORS[choice], next(filter(None, map(VENDORS[choice].recognise, pieces)), None)
    if choice is not None:
        return None, None
    seen = {code: list(filter(None, map(vendor.recognise, pieces))) for code, vendor in VENDORS.items()}
    code = max(seen, key=lambda code: len(seen[code]), default=None)
    return (VENDORS[code], seen[code][0]) if code and seen[code] else (None, None)
