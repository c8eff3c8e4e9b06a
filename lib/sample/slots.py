"""The words that fill the slots of a script: products, amounts, days, order numbers."""

from typing import Any

from .choices import Draw, pick
from .people import Visitor
from .scripts import Language, load_json

_RATES = {"$": 1.0, "£": 0.82, "€": 0.94}


class Slots:
    """Makes the words for one chat after the other."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._words = load_json("words.json")
        products = self._words["products"]
        self._products = {**products, "": [item for kind in products.values() for item in kind]}

    def words(self, language: Language, visitor: Visitor, kind: str, hour_of_week: int, recent: bool) -> dict[str, Any]:
        """Return what every slot stands for in one chat."""
        draw, column = self._draw, 0 if language.code == "ja" else 1
        weekday, hour = divmod(hour_of_week, 24)
        part_of_day = "morning" if 5 <= hour < 10 else "day" if 10 <= hour < 18 else "evening"
        words = {name: pick(draw, self._words[listed])[column] for name, listed in _LISTED}
        words.update(self._numbers())
        words.update(self._prices(column, visitor.money, kind, words["number"]))
        words.update(self._days(column, weekday, recent))
        words.update(
            city=visitor.city,
            email=visitor.email,
            coupon=pick(draw, self._words["coupons"]),
            size=pick(draw, self._words["sizes"]),
            email_host="info@example.com",
            customer=f"{visitor.called}様" if visitor.called else "お客様",
            dear=f" {visitor.called}" if visitor.called else "",
            hello=pick(draw, language.hello["any" if recent else part_of_day]),
        )
        return words

    def _numbers(self) -> dict[str, Any]:
        number = int(self._draw() * 10**12)
        digits = f"{number:012d}"
        return {
            "number": number,
            "order": f"{503 + number % 4}-{digits[:7]}",
            "last4": digits[7:11],
            "tracking": f"{digits[2:6]}-{digits[5:9]}-{digits[8:]}",
            "ticket": f"T-{digits[4:9]}",
            "code3": 100 + number % 900,
            "room": 101 + number % 8 * 100 + number % 7,
            "days": 2 + number % 4,
            "qty": 15 + number % 22 * 5,
            "weight_g": 180 + number % 40 * 20,
            "version": f"5.{number % 14}.{number % 5}",
        }

    def _prices(self, column: int, money: str, kind: str, number: int) -> dict[str, Any]:
        item, plan = pick(self._draw, self._products[kind]), pick(self._draw, self._words["plans"])
        quantity = 15 + number % 22 * 5
        words = {"product": item[column], "slug": item[2], "plan": plan[column]}
        if column == 0:
            return {
                **words,
                "amount": f"{item[3]:,}円",
                "quote": f"{int(item[3] * quantity * 0.92):,}円",
                "plan_price": plan[2],
            }
        price = item[4] * _RATES[money]
        return {
            **words,
            "amount": f"{money}{price:.2f}",
            "quote": f"{money}{price * quantity * 0.92:,.2f}",
            "plan_price": money + plan[3],
        }

    def _days(self, column: int, weekday: int, recent: bool) -> dict[str, Any]:
        # Days are weekdays or relative: dates would be wrong once the loader has shifted the chats by weeks.
        back = 1 if recent else 1 + int(self._draw() * 5)
        ahead = 1 if recent else 1 + int(self._draw() * 4)
        past, future = (self._words["weekdays"][(weekday + days) % 7][column] for days in (-back, ahead))
        if column == 0:
            day_before, day_after = ("昨日" if back == 1 else past), ("明日" if ahead == 1 else future)
            return {
                "past_day": day_before,
                "next_day": day_after,
                "past": day_before + "に" * (back > 1),
                "next": day_after + "に" * (ahead > 1),
            }
        day_before, day_after = ("yesterday" if back == 1 else past), ("tomorrow" if ahead == 1 else future)
        return {
            "past_day": day_before,
            "next_day": day_after,
            "past": "on " * (back > 1) + day_before,
            "next": "on " * (ahead > 1) + day_after,
        }


_LISTED = (
    ("color", "colors"),
    ("company", "companies"),
    ("window", "windows"),
    ("phone_os", "phones"),
    ("depot", "depots"),
    ("longago", "long_ago"),
)
