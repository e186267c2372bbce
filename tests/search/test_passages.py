"""Tests of search.passages: the place on the page, however it is spelled there."""

import pytest

from efile.viewing.pages import TextBox
from search.passages import Frame, Needle, folded

WIDTH, HEIGHT = 0.1, 0.02


def page(*lines: str) -> list[TextBox]:
    """Words of equal width on lines of equal height."""
    return [
        TextBox(column * 0.12, row * 0.03, WIDTH, HEIGHT, word)
        for row, line in enumerate(lines)
        for column, word in enumerate(line.split())
    ]


def found(wanted: str, *lines: str, whole: bool = False) -> list[tuple[Frame, ...]]:
    return Needle(wanted, whole=whole).passages(page(*lines))


class TestANeedle:
    @pytest.mark.parametrize(
        ("wanted", "written"),
        [
            ("müller", "Frau MÜLLER"),
            ("Mueller", "Frau Müller"),
            ("Müller", "Frau Mueller"),
            ("strasse", "Lindenstraße"),
            ("MS-AB 123", "Kennzeichen MS AB 123"),
            ("MS AB 123", "Kennzeichen MS-AB-123,"),
            ("Đorđe Yılmaz", "Yılmaz, Dorde Yilmaz"),
            ("04.03.1991", "geboren am 04.03.1991."),
            ("bescheinigung", "Zulassungsbescheinigung"),
        ],
    )
    def test_finds_in_any_spelling(self, wanted: str, written: str) -> None:
        assert len(found(wanted, written)) == 1
        assert Needle(wanted).is_in(folded(written))

    @pytest.mark.parametrize(
        ("wanted", "written"), [("123", "MS-AB 1234"), ("Linde", "Lindenstraße"), ("rot", "Brot")]
    )
    def test_finds_no_part_of_a_word_where_the_whole_is_meant(
        self, wanted: str, written: str
    ) -> None:
        assert found(wanted, written, whole=True) == []
        assert len(found(wanted, written)) == 1

    def test_finds_what_a_line_breaks(self) -> None:
        (frames,) = found("Bewohnerparkausweis", "der Bewohner-", "parkausweis gilt")

        assert [frame.y for frame in frames] == [0.0, 0.03]

    def test_frames_a_part_of_a_word(self) -> None:
        ((frame,),) = found("schein", "Fahrzeugschein")

        assert frame.x == pytest.approx(WIDTH * 8 / 14)
        assert frame.width == pytest.approx(WIDTH * 6 / 14)

    def test_frames_words_side_by_side_as_one(self) -> None:
        ((frame,),) = found("Frau Müller", "Sehr geehrte Frau Müller")

        assert frame.x == pytest.approx(0.24)
        assert frame.width == pytest.approx(0.22)

    def test_finds_every_place(self) -> None:
        assert len(found("ja", "ja nein ja", "Jahr")) == 3

    @pytest.mark.parametrize("wanted", ["", " ", ".", "-–„"])
    def test_without_a_letter_finds_nothing(self, wanted: str) -> None:
        assert found(wanted, "alles - und nichts.") == []
        assert Needle(wanted).is_empty
        assert not Needle(wanted).is_in("alles")

    def test_takes_no_question_for_a_pattern(self) -> None:
        assert found("(.*)+$", "irgend etwas") == []
