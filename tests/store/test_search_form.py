from unicodedata import normalize

from hypothesis import example, given
from hypothesis import strategies as st

from lib.store import spellings
from lib.store.spellings import folded, plain_form, search_form, unescaped


@given(st.text())
@example("Ａ ｶﾞ\u3000ß\tİ")
@example("\x1c a\x1f")
@example("O`Brien")
def test_the_short_way_for_ascii_gives_the_same(text):
    # Beside a sign that is not ASCII the text goes the long way.
    assert search_form(f"{text} д") == f"{search_form(text)} д".strip()
    assert plain_form(text) == " ".join(normalize("NFKC", text).casefold().split())


@given(st.text())
@example("ﬁ ﾊﾟ ㌔ Ǽ ǿ ᾳ")
def test_a_text_in_nfkc_has_the_same_form(text):
    text = spellings.lone_accents(text)
    assert search_form(normalize("NFKC", text)) == search_form(text)


def test_what_stands_for_a_sign_stands_for_itself():
    assert all(folded(usual) == usual for usual in spellings._ALIKE_SIGNS.values())


@given(st.text() | st.text("&#x;amp0123lt"))
def test_a_name_has_no_entities_when_they_are_read(name):
    assert unescaped(unescaped(name)) == unescaped(name)
