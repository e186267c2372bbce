"""How text is taken: names however they are spelled, and whatever came with what was typed."""

import unicodedata

# Letters that do not decompose, and the spellings that stand for umlauts.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
)
_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))


def fold(text: str) -> str:
    """``text`` without case, accents and umlauts: "Müller" and "Mueller" both give "muller"."""
    text = unicodedata.normalize("NFD", text.casefold().translate(_LETTERS))
    plain = "".join(char for char in text if not unicodedata.combining(char))
    for written, folded in _UMLAUTS:
        plain = plain.replace(written, folded)
    return plain


def storable(text: str) -> str:
    """``text`` without zero bytes: no one can type one, and PostgreSQL holds none."""
    return text.replace("\0", "")


def same_name(one: str, other: str) -> bool:
    """Whether two names are one in different spellings: "Groß-Öztürk" and "gross oeztuerk"."""
    return _words(one) == _words(other)


def _words(name: str) -> list[str]:
    return "".join(char if char.isalnum() else " " for char in fold(name)).split()
