from unicodedata import normalize

from hypothesis import example, given
from hypothesis import strategies as st

from lib.store.spellings import search_form


@given(st.text())
@example("Ａ ｶﾞ\u3000ß\tİ")
@example("\x1c a\x1f")
def test_the_short_way_for_ascii_gives_the_same(text):
    assert search_form(text) == " ".join(normalize("NFKC", text).casefold().split())
