"""The words of a letter before they are set."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from efile.letters.text import (
    PlaceholderMissing,
    breakable,
    euros,
    filled,
    german_date,
    listed,
    paragraphs,
    printable,
    size,
)

LATIN = frozenset(range(0x20, 0x370))


class TestFilled:
    def test_puts_values_in_and_leaves_their_braces_alone(self) -> None:
        values = {"a": "{b}", "b": "2", "pickup.street": "Lindenstraße"}
        assert filled("{a} {b} {pickup.street}", values) == "{b} 2 Lindenstraße"

    def test_leaves_what_is_no_placeholder(self) -> None:
        assert filled("{} {A} { a } {1}", {}) == "{} {A} { a } {1}"

    @pytest.mark.parametrize("value", ["", " ", "\n", "\u202e", "\x00\t"])
    def test_refuses_a_value_of_which_nothing_would_be_seen(self, value: str) -> None:
        with pytest.raises(PlaceholderMissing):
            filled("bis zum {day}", {"day": value})


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (0, "0,00 €"),
        (5, "0,05 €"),
        (2500, "25,00 €"),
        (123450, "1.234,50 €"),
        (123456789, "1.234.567,89 €"),
        (-150, "−1,50 €"),
    ],
)
def test_euros_are_written_as_germans_do(cents: int, words: str) -> None:
    assert euros(cents) == words.replace(" ", "\N{NO-BREAK SPACE}")


def test_german_date_is_day_month_year() -> None:
    assert german_date(date(2026, 2, 3)) == "03.02.2026"


def test_paragraphs_are_the_lines_that_say_something() -> None:
    assert paragraphs("eins\r\n\r\nzwei\n \u200b\ndrei") == ["eins", "zwei", "drei"]


class TestListed:
    def test_finds_lines_that_count_from_one(self) -> None:
        assert listed("Davor\n1. eins\n2) zwei\n\n3. drei\nDanach") == [
            [("", "Davor")],
            [("1.", "eins"), ("2.", "zwei"), ("3.", "drei")],
            [("", "Danach")],
        ]

    @pytest.mark.parametrize("dash", ["-", "–", "•", " *"])
    def test_finds_dashes_and_prints_them_alike(self, dash: str) -> None:
        assert listed(f"{dash} eins\n{dash} zwei") == [[("–", "eins"), ("–", "zwei")]]

    @pytest.mark.parametrize(
        "text", ["3. Februar 2026", "1. Februar 2026", "2. eins\n3. zwei", "1.5 km", "-5 °C", "-"]
    )
    def test_takes_no_date_or_amount_for_a_list(self, text: str) -> None:
        assert listed(text) == [[("", line) for line in text.splitlines()]]

    def test_begins_a_new_list_where_counting_begins_again(self) -> None:
        lists = listed("1. a\n2. b\n1. c\n2. d\n– e")
        assert [[label for label, _ in lines] for lines in lists] == [
            ["1.", "2."],
            ["1.", "2."],
            ["–"],
        ]

    @given(st.text("12.)– \na", max_size=40))
    def test_loses_no_word(self, text: str) -> None:
        kept = "".join(words for lines in listed(text) for _, words in lines)
        assert kept.count("a") == text.count("a")


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "1 kB"), (96_123, "96 kB"), (999_499, "999 kB"), (1_234_567, "1,2 MB")],
)
def test_size_is_what_people_read(count: int, words: str) -> None:
    assert size(count) == words.replace(" ", "\N{NO-BREAK SPACE}")


class TestPrintable:
    def test_keeps_what_belongs_together_on_one_line(self) -> None:
        bound = "§\N{NO-BREAK SPACE}45 Abs.\N{NO-BREAK SPACE}1b Nr.\N{NO-BREAK SPACE}2a StVO"
        assert printable("§ 45 Abs. 1b Nr. 2a StVO", LATIN) == bound

    def test_keeps_a_no_break_space(self) -> None:
        assert printable("10\u00a0km", LATIN) == "10\u00a0km"

    def test_prints_a_space_for_one_it_does_not_have(self) -> None:
        assert printable("a\u3000b", LATIN) == "a b"

    @given(st.text())
    def test_needs_nothing_that_the_typeface_lacks(self, text: str) -> None:
        assert {*map(ord, printable(text, LATIN))} <= {*LATIN, 0xFFFD}

    @given(st.text(st.characters(max_codepoint=0x36F)))
    def test_is_the_same_when_done_twice(self, text: str) -> None:
        once = printable(text, LATIN)
        assert printable(once, LATIN) == once


class TestBreakable:
    @pytest.mark.parametrize(
        ("text", "lines"),
        [
            ("short words stay", "short words stay"),
            ("Groß-Öztürk-Meier", "Groß- Öztürk- Meier"),
            ("abcdefghijklmnopqrstu", "abcdefghij klmnopqrst u"),
            ("ab-cdefghijklmnop", "ab- cdefghijkl mnop"),
            ("C̆" * 6, "C̆" * 5 + " C̆"),
            ("two  spaces", "two  spaces"),
        ],
    )
    def test_breaks_what_is_wider_than_a_line(self, text: str, lines: str) -> None:
        assert breakable(text, 10, len) == lines

    @given(st.text("ab-/ ", max_size=60), st.integers(1, 12))
    def test_loses_nothing_and_leaves_no_room_for_two_pieces(self, text: str, width: int) -> None:
        broken = breakable(text, width, len)
        assert broken.replace(" ", "") == text.replace(" ", "")
        for word in text.split(" "):
            pieces = breakable(word, width, len).split(" ")
            assert all(len(piece) <= width for piece in pieces)
            assert all(len(one + other) > width for one, other in pairwise(pieces))
