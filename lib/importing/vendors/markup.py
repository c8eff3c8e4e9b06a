"""What HTML and the addresses of web pages tell, as plain text."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

BLOCKS = frozenset(["address", "blockquote", "br", "div", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
                    "li", "ol", "p", "pre", "table", "tr", "ul"])  # fmt: skip
SILENT = frozenset(["head", "script", "style", "template", "title"])
TAGS = re.compile(r"<[^<>]*>")
BLANKS = re.compile(r"[ \t\r\n\f\x0b]+")


def plain_text(value: Any) -> Any:
    """The text of HTML in its lines, with the addresses of links and images; what is no HTML is returned as it is."""
    if not isinstance(value, str) or ("<" not in value and "&" not in value):
        return value
    parser = etree.HTMLParser(recover=True, huge_tree=True, no_network=True, encoding="utf-8")
    page = etree.fromstring(value.encode("utf-8", "replace"), parser)
    if page is None:
        return ""
    lines = "".join(_words(page)).split("\n")
    # The parser gives up on absurdly deep nesting; no text may be lost by that.
    return "\n".join(line.strip(" ") for line in lines if line.strip(" ")) or TAGS.sub("", value).strip()


def _words(page: Any) -> Iterator[str]:
    silent = 0
    for event, element in etree.iterwalk(page, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in SILENT:
            silent += 1 if event == "start" else -1
        elif not silent and event == "start":
            if tag in BLOCKS:
                yield "\n- " if tag == "li" else "\n"
            if tag == "img":
                yield " ".join(filter(None, [element.get("alt"), element.get("src")]))
            if element.text and tag:
                yield BLANKS.sub(" ", element.text)
        elif not silent:
            address = (element.get("href") or "") if tag == "a" else ""
            if address and address.removeprefix("mailto:") != "".join(element.itertext()).strip():
                yield f" ({address})"
            if tag in BLOCKS and tag != "br":
                yield "\n"
        if event != "start" and not silent and element.tail:
            yield BLANKS.sub(" ", element.tail)


def host(address: Any) -> str | None:
    """The host of a web address, or None where it is no such address."""
    if not isinstance(address, str):
        return None
    try:
        return urlsplit(address.strip()).hostname
    except ValueError:
        return None
