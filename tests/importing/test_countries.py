"""One code for a country, however it was written."""

import pytest

from lib.importing.records.countries import country_code

NAMED = [
    ("us", "US"), ("United States", "US"), ("the united states", "US"), ("USA", "US"), ("U.S.A.", "US"),
    ("Vereinigte Staaten", "US"), ("アメリカ合衆国", "US"), ("米国", "US"), ("Japan", "JP"), ("日本", "JP"),
    ("JPN", "JP"),
    (" japon ", "JP"), ("UK", "GB"), ("United Kingdom", "GB"), ("イギリス", "GB"), ("Korea, Republic of", "KR"),
    ("South Korea", "KR"), ("대한민국", "KR"), ("Hong Kong", "HK"), ("Hong Kong SAR China", "HK"), ("Turkey", "TR"),
    ("Türkiye", "TR"), ("Turkiye", "TR"), ("Czech Republic", "CZ"), ("Côte d’Ivoire", "CI"), ("Россия", "RU"),
    ("Niger", "NE"), ("Nigeria", "NG"), ("Österreich", "AT"), ("DEU", "DE"), ("台湾", "TW"), ("中国", "CN"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "code"), NAMED)
def test_a_country_has_one_code(written, code):
    assert country_code(written) == code


@pytest.mark.parametrize("written", ["Atlantis", "Europe", "081", "unknown", "—", "world"])
def test_what_is_no_country_stays_as_it_was_written(written):
    assert country_code(written) == written
