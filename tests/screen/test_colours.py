"""Category colours can be read on both themes, and are the same in table, tabs and chart."""

import tomllib

import pytest
from streamlit.testing.v1 import AppTest

from lib.chats.categories import CATEGORIES, STATUSES
from lib.screen.frame.labels import CATEGORIES as LOOKS
from lib.settings import ROOT
from tests.pages.driving import CHATS, open_chat, visit

AA = 4.5
# Streamlit's own, where the theme sets none.
BACKGROUNDS = {"light": "#ffffff", "dark": "#0e1117"}
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]


def background(theme: str) -> str:
    return str(CONFIG[theme].get("backgroundColor", CONFIG.get("backgroundColor", BACKGROUNDS[theme])))


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    brighter, darker = sorted([luminance(one), luminance(other)], reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def test_the_measure_of_contrast_is_right():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("category", CATEGORIES)
def test_a_category_can_be_read_on_the_page(category, theme: str):
    assert contrast(getattr(LOOKS[category], theme), background(theme)) >= AA


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("category", STATUSES)
def test_a_status_can_be_read_in_the_marked_row_of_the_open_chat(world, category, theme: str):
    world("review")
    mark = next(style for style in styles(open_chat("done", context={"theme": theme})) if "background" in style)
    colour = mark.split("background-color:")[1].split(";")[0].strip()
    assert contrast(getattr(LOOKS[category], theme), colour) >= AA


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_two_statuses_share_a_colour(theme: str):
    assert len({getattr(LOOKS[status], theme) for status in STATUSES}) == len(STATUSES)
    assert len({LOOKS[category].badge for category in CATEGORIES}) == len(CATEGORIES)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_links_and_buttons_can_be_read(theme: str):
    primary = CONFIG[theme]["primaryColor"]
    assert contrast(CONFIG[theme].get("linkColor", primary), background(theme)) >= AA
    assert contrast(primary, "#ffffff") >= AA
    # What is not text, as the switch that is on, is to be told from the page.
    assert contrast(primary, background(theme)) >= 3


def test_captions_can_be_read_on_the_page():
    ink = int(CONFIG["light"]["textColor"][1:3], 16)
    assert contrast(f"#{round(0.6 * ink + 0.4 * 255):02x}" + f"{round(0.6 * ink + 0.4 * 255):02x}" * 2, "#f8f8f7") >= AA


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_list_paints_each_row_in_the_colour_of_its_category(world, theme: str):
    world("review")
    found = " ".join(styles(visit(CHATS, context={"theme": theme})))
    shown = [category for category in CATEGORIES if category != "all"]
    assert all(getattr(LOOKS[category], theme) in found for category in shown)
    other = "dark" if theme == "light" else "light"
    assert not any(getattr(LOOKS[category], other) in found for category in shown)


def test_tabs_and_badges_have_the_same_colour_and_icon(world):
    world("review")
    tabs = visit(CHATS).segmented_control(key="w_category").options
    for category, tab in zip(CATEGORIES, tabs, strict=True):
        sign = f":{LOOKS[category].badge}[:material/{LOOKS[category].icon}:]"
        assert tab.startswith(sign) or category == "all"
    badges = [markdown.value for markdown in open_chat("watched").markdown]
    assert f":violet-badge[:material/{LOOKS['monitored'].icon}: Monitored]" in badges


def styles(at: AppTest) -> list[str]:
    """Rules of the list's styles."""
    proto = next(found.proto for found in at.dataframe if (found.key or "").startswith("chats_"))
    return proto.arrow_data.styler.styles.split("}")
