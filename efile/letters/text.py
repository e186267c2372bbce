"""The words of a letter: templates filled, amounts and days in German, and only what prints."""

import re
import unicodedata
from collections.abc import Callable, Container, Iterator, Mapping
from datetime import date
from itertools import zip_longest
from typing import Final

from efile.kernel.errors import Conflict

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
_BOUND: Final = "\N{NO-BREAK SPACE}"

_PLACEHOLDER: Final = re.compile(r"\{([a-z][a-z0-9_.]*)\}")
_LINE_END: Final = re.compile("\r\n?|[\n\v\f\x85\u2028\u2029]")
# What follows the first picture of an emoji: joined pictures, skin tones, variants, tags, keycap.
_EMOJI_TAIL: Final = re.compile(
    "\u200d[\u2190-\u2bff\U0001f000-\U0001faff]"
    "|[\u20e3\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0000-\U000e01ef]"
)
# Control and format characters (among them all that turn the direction of text), private use,
# halves of characters, and what is no character.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
# No name of DIN 91379 has more than two marks on a letter; heaps of them grow into other lines.
_HEAP: Final = 2
_COUNTED: Final = re.compile(r"\s*(\d{1,2})[.)]\s+(?=\S)")
_DASHED: Final = re.compile(r"\s*[-–—•*·]\s+(?=\S)")
_DASH: Final = "–"
_REFERENCE: Final = re.compile(r"(§|\bAbs\.|\bArt\.|\bNr\.|\bSatz) (?=\d)")


class PlaceholderMissing(Conflict):
    """The text of a letter has a gap that nothing fills: ``placeholder`` names it."""

    code = "placeholder_missing"


def filled(template: str, values: Mapping[str, str]) -> str:
    """``template`` with every ``{name}`` replaced; braces inside a value stay as they are.

    A value makes no paragraph of its own: the words between are the authority's.
    Refuses: PlaceholderMissing, also for a blank value: a letter never skips a word.
    """

    def value(match: re.Match[str]) -> str:
        found = values.get(match[1], "")
        if is_blank(found):
            raise PlaceholderMissing(placeholder=match[1])
        return _LINE_END.sub(" ", found)

    return _PLACEHOLDER.sub(value, template)


def euros(cents: int) -> str:
    """An amount as German letters have it: 123450 is "1.234,50 €"."""
    whole = f"{abs(cents) / 100:,.2f}".translate(str.maketrans(",.", ".,"))
    return f"{'−' if cents < 0 else ''}{whole}{_BOUND}€"


def size(count: int) -> str:
    """A number of bytes as people read it: "96 kB", "1,2 MB"."""
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))}{_BOUND}kB"
    return f"{count / 1_000_000:.1f}{_BOUND}MB".replace(".", ",")


def german_date(day: date) -> str:
    """The day as dd.mm.yyyy."""
    return f"{day:%d.%m.%Y}"


def day_in(day: date, language: str) -> str:
    """The day as a text in ``language`` has it: in English with the month spelt out."""
    return f"{day:%d %B %Y}" if language.startswith("en") else german_date(day)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text that somebody typed: its lines, without the blank ones."""
    return [line for line in _LINE_END.split(text) if not is_blank(line)]


def listed(text: str) -> list[list[tuple[str, str]]]:
    """The paragraphs of ``text`` as (label, words), in groups: a list, or paragraphs without label.

    Lines are a list where they begin with dashes, or with numbers that count from 1: a line that
    begins with "3. Februar" is none.
    """
    groups: list[list[tuple[str, str]]] = []
    lines, before = paragraphs(text), 0
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        number = _number(line)
        begins = number == 1 and _number(following) == 2
        goes_on = before > 0 and number == before + 1
        before = number if begins or goes_on else 0
        if before:
            label, said = f"{number}.", _COUNTED.sub("", line, count=1)
        elif _DASHED.match(line):
            label, said = _DASH, _DASHED.sub("", line, count=1)
        else:
            label, said = "", line
        if not (goes_on or (not begins and groups and groups[-1][-1][0] == label)):
            groups.append([])
        groups[-1].append((label, said))
    return groups


def _number(line: str) -> int:
    counted = _COUNTED.match(line)
    return int(counted[1]) if counted else 0


def is_blank(text: str) -> bool:
    """Whether nothing of ``text`` would be seen."""
    return not _seen(text).strip()


def printable(text: str, glyphs: Container[int]) -> str:
    """``text`` as one line in NFC that can be printed and cannot disguise itself.

    ``glyphs`` are the code points that the typeface has; whatever else would be seen becomes
    U+FFFD, what would not be seen is dropped (U+202E would turn the text around).
    """
    line = _EMOJI_TAIL.sub("", _LINE_END.sub(" ", text).replace("\t", " "))
    printed, marks = [], 0
    for character in unicodedata.normalize("NFC", _seen(line)):
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if marks > _HEAP:
            continue
        if ord(character) in glyphs:
            printed.append(character)
        elif not marks:
            printed.append(" " if character.isspace() else REPLACEMENT)
    return _REFERENCE.sub(rf"\1{_BOUND}", "".join(printed))


def breakable(text: str, width: float, measure: Callable[[str], float]) -> str:
    """``text`` with a space wherever a word wider than a line has to go on in the next one.

    That is after a hyphen or slash if there is one. ``measure`` gives the width of characters;
    pieces are as long as lines allow, so that no two share a line and show the space.
    """
    return " ".join(piece for word in text.split(" ") for piece in _pieces(word, width, measure))


def _pieces(word: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    start, after_hyphen, used = 0, 0, 0.0
    for at, character in enumerate(word):
        advance = measure(character)
        if used + advance > width and at > start and not has_marks(character):
            cut = after_hyphen if after_hyphen > start else at
            yield word[start:cut]
            start, used = cut, measure(word[cut:at])
        used += advance
        if character in "-/":
            after_hyphen = at + 1
    yield word[start:]


def has_marks(text: str) -> bool:
    """Whether letters carry marks that the typeface has to place (C̆, K͟h)."""
    return any(map(unicodedata.combining, text))


def _seen(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c) not in _UNSEEN)
