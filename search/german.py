"""German analysis: what is written and what is asked for meet in the same terms."""

import re

from efile.spelling import fold

_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def words(text: str) -> list[str]:
    """The folded words of ``text``, in order."""
    # Folded first: a letter written as two characters (DIN 91379) is not where a word ends.
    return _WORD.findall(fold(text))


def reference_terms(reference: str) -> list[str]:
    """A reference as a whole and in its parts: "32.2-000123/26-01" is found by "123/26" too."""
    whole = fold(reference.strip())
    numbers = re.findall(r"\d+", whole)
    parts = {whole, *numbers, *(number.lstrip("0") or "0" for number in numbers)}
    return sorted(parts)
