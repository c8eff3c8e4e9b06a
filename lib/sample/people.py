"""Visitors with made-up names and addresses that belong to nobody."""

import unicodedata
from dataclasses import dataclass
from typing import Any

from .choices import Draw, pick, weighted
from .scripts import load_json

_DOMAINS = {"ja": ("example.jp", "example.jp", "example.com"), "en": ("example.com", "example.com", "example.org")}
# Only numbers that are reserved for fiction or never given out; other countries get none.
_PHONES = {
    "US": "+1 202-555-01{:02d}",
    "CA": "+1 613-555-01{:02d}",
    "GB": "+44 7700 9002{:02d}",
    "JP": "090-0000-12{:02d}",
}
_NETWORKS = ("192.0.2.", "198.51.100.", "203.0.113.")
_NAMELESS, _WITHOUT_EMAIL, _WITHOUT_COUNTRY = 0.09, 0.17, 0.06
_BECOMES_REGULAR, _IS_REGULAR, _MOST_REGULARS = 0.1, 0.2, 20_000


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person who writes, and how the operators and the texts name them."""

    fields: dict[str, Any]
    name: str
    email: str
    city: str
    money: str
    casual: bool
    called: str


class People:
    """Makes visitors and remembers some that come back."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._number = 0
        self._data = load_json("people.json")
        self._countries = weighted({code: each["share"] for code, each in self._data["countries"].items()})
        self._ja_countries = weighted(dict(map(tuple, self._data["ja_countries"])))
        self._regulars: dict[str, list[Visitor]] = {"ja": [], "en": []}

    def visitor(self, language: str, email_share: float | None = None) -> Visitor:
        """Return a visitor who is new or has been here before."""
        draw, regulars = self._draw, self._regulars[language]
        email_share = 1 - _WITHOUT_EMAIL if email_share is None else email_share
        if regulars and draw() < _IS_REGULAR:
            return pick(draw, regulars)
        if draw() >= _BECOMES_REGULAR:
            return self._new(language, email_share)
        visitor = self._new(language, 1.0)
        if len(regulars) < _MOST_REGULARS:
            regulars.append(visitor)
        else:
            regulars[int(draw() * _MOST_REGULARS)] = visitor
        return visitor

    def _new(self, language: str, email_share: float) -> Visitor:
        draw = self._draw
        self._number += 1
        country = pick(draw, self._ja_countries if language == "ja" else self._countries)
        shown, called, given, family = self._name(language, country)
        name = "" if draw() < _NAMELESS else shown
        email = self._email(language, given, family) if draw() < email_share else ""
        if language == "ja":
            city, money = pick(draw, self._data["ja_cities"]), "円"
        else:
            place = self._data["countries"][country]
            city, money = pick(draw, place["cities"]), place["money"]
        known = draw() >= _WITHOUT_COUNTRY
        phone = _PHONES[country].format(int(draw() * 100)) if country in _PHONES and draw() < 0.22 else ""
        address = f"{pick(draw, _NETWORKS)}{1 + int(draw() * 254)}" if draw() < 0.5 else ""
        optional = {"name": name, "email": email, "phone": phone, "country": country if known else "", "ip": address}
        fields = {"id": f"V-{self._number:06d}", **{key: value for key, value in optional.items() if value}}
        return Visitor(fields, name, email, city, money, draw() < 0.25, called if name else "")

    def _name(self, language: str, country: str) -> tuple[str, str, str, str]:
        draw, data = self._draw, self._data
        if language == "ja":
            family, roman_family = pick(draw, data["ja_family"])
            given, roman_given = pick(draw, data["ja_given"])
            style = draw()
            if style < 0.12:
                return f"{roman_given} {roman_family}", roman_family, roman_given.lower(), roman_family.lower()
            shown = family if style < 0.24 else f"{family} {given}"
            return shown, family, roman_given.lower(), roman_family.lower()
        group = data["groups"][data["countries"][country]["group"]]
        given, family = pick(draw, group["given"]), pick(draw, group["family"])
        shown = given if draw() < 0.15 else f"{given} {family}"
        return shown, given, _ascii(given), _ascii(family)

    def _email(self, language: str, given: str, family: str) -> str:
        styles = (
            f"{given}.{family}{self._number}",
            f"{given}{self._number}",
            f"{given[0]}.{family}{self._number}",
            f"{family}_{given}{self._number}",
        )
        return f"{pick(self._draw, styles)}@{pick(self._draw, _DOMAINS[language])}"


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return plain.lower().replace(" ", "")
