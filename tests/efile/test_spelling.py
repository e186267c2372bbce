"""Names are compared however they are spelled, written or typed."""

import pytest

from efile.spelling import fold, same_name, storable


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller", "mueller"),
        ("Müller", "Mu\u0308ller"),
        ("Groß-Öztürk", "gross oeztuerk"),
        ("O’Brien", "O'Brien"),
        ("Đorđe", "Dorde"),
        (" Nguyễn  Thị ", "nguyen thi"),
        ("", "  "),
    ],
)
def test_one_name_in_two_spellings_is_one(one: str, other: str) -> None:
    assert same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("Müller", "Müllerin"), ("Meier", "Meyer"), ("Anna Lena", "Lena Anna")]
)
def test_another_name_is_another(one: str, other: str) -> None:
    assert not same_name(one, other)


def test_folding_is_for_comparing_only() -> None:
    assert fold("Käthe ẞ") == "kathe ss"


def test_what_nobody_can_type_is_not_there() -> None:
    assert storable("a\0b\0") == "ab"
