"""JSON pointers are written, read and followed as RFC 6901 says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.catalogue.pointers import follow, join, sort_key, split

# RFC 6901, section 5
RFC_DOCUMENT = {
    "foo": ["bar", "baz"],
    "": 0,
    "a/b": 1,
    "c%d": 2,
    "e^f": 3,
    "g|h": 4,
    "i\\j": 5,
    'k"l': 6,
    " ": 7,
    "m~n": 8,
}


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("", RFC_DOCUMENT),
        ("/foo", ["bar", "baz"]),
        ("/foo/0", "bar"),
        ("/", 0),
        ("/a~1b", 1),
        ("/c%d", 2),
        ("/e^f", 3),
        ("/g|h", 4),
        ("/i\\j", 5),
        ('/k"l', 6),
        ("/ ", 7),
        ("/m~0n", 8),
    ],
)
def test_the_examples_of_the_rfc_are_followed(pointer: str, value: object) -> None:
    assert follow(RFC_DOCUMENT, pointer) == value


@pytest.mark.parametrize("pointer", ["/bar", "/foo/2", "/foo/x", "/foo/0/0", "/a~1b/c"])
def test_what_is_not_there_is_none(pointer: str) -> None:
    assert follow(RFC_DOCUMENT, pointer) is None


@settings(deadline=None)
@given(st.lists(st.text()))
def test_splitting_undoes_joining(tokens: list[str]) -> None:
    assert split(join("", *tokens)) == tokens


def test_positions_are_ordered_as_numbers() -> None:
    pointers = ["/items/10", "/items/9", "/plate", "/items"]
    assert sorted(pointers, key=sort_key) == ["/items", "/items/9", "/items/10", "/plate"]
