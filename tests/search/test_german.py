"""What is written and what is asked for meet in the same terms."""

import pytest

from efile.spelling import fold
from search.german import reference_terms, words

MEETING = [
    ("Müller", "Mueller", "MUELLER", "muller", "Mu\u0308ller", "MÜLLER"),
    ("Groß", "Gross", "GROSS", "GROẞ", "gross"),
    ("Öztürk", "Oeztuerk", "ozturk", "ÖZTÜRK"),
    ("Jäger", "Jaeger", "JÄGER"),
    ("Yılmaz", "YILMAZ", "yilmaz"),
    ("İbrahim", "Ibrahim", "ibrahim"),
    ("Đorđe", "Dorde", "ĐORĐE"),
    ("Łukasz", "Lukasz"),
    ("Nguyễn", "Nguyen", "NGUYỄN"),
    ("Ștefănescu", "Stefanescu", "Ştefănescu"),
    ("Sørensen", "Sorensen", "Soerensen"),
    ("Þórðardóttir", "Thordardottir"),
    ("Ærøskøbing", "Aeroskobing"),
    ("O’Brien", "O'Brien"),
    ("José", "Jose\u0301", "JOSE"),
    # DIN 91379 has letters that Unicode writes as two characters alone.
    ("K\u0304ina", "Kina", "K\u0304INA"),
]


class TestFold:
    @pytest.mark.parametrize("spellings", MEETING, ids=lambda spellings: spellings[0])
    def test_lets_every_spelling_meet(self, spellings: tuple[str, ...]) -> None:
        assert len({tuple(words(spelling)) for spelling in spellings}) == 1

    @pytest.mark.parametrize(
        ("one", "other"), [("Meier", "Mayer"), ("Schmidt", "Schmitt"), ("Müller", "Möller")]
    )
    def test_keeps_different_names_apart(self, one: str, other: str) -> None:
        assert fold(one) != fold(other)

    def test_leaves_nothing_to_fold(self) -> None:
        for spelling in (spelling for spellings in MEETING for spelling in spellings):
            assert fold(fold(spelling)) == fold(spelling)


class TestWords:
    def test_are_taken_apart_at_everything_that_is_no_letter(self) -> None:
        assert words("Groß-Öztürk, Amélie (geb. O'Neill)") == [
            "gross",
            "ozturk",
            "amelie",
            "geb",
            "o",
            "neill",
        ]

    def test_keep_their_order_and_their_numbers(self) -> None:
        assert words("Sperrmüll, Lindenstraße 1a") == ["sperrmull", "lindenstrasse", "1a"]

    @pytest.mark.parametrize("text", ["", "  ", "–", "_", "?!"])
    def test_are_none_where_none_are_written(self, text: str) -> None:
        assert words(text) == []


class TestReferenceTerms:
    def test_name_the_whole_and_every_number_with_and_without_zeros(self) -> None:
        assert reference_terms(" 32.2-000123/26-01 ") == sorted(
            {"32.2-000123/26-01", "32", "2", "000123", "123", "26", "01", "1"}
        )

    def test_of_a_permit_are_its_own(self) -> None:
        assert reference_terms("BPA-26-000017") == ["000017", "17", "26", "bpa-26-000017"]

    def test_keep_a_zero_a_zero(self) -> None:
        assert "0" in reference_terms("1-000")
