"""Where on a page something is written, however it is spelled, hyphenated or broken over lines."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from efile.spelling import fold
from efile.viewing.pages import TextBox
from search.german import words

# Between two words anything but letters and digits may stand: "MS-AB 12" is "MS AB 12".
_GAP: Final = r"[\W_]*"
_ALONE: Final = r"(?<![^\W_]){}(?![^\W_])"


@dataclass(frozen=True, slots=True)
class Frame:
    """A part of a page, as fractions of its width and height from the top left."""

    x: float
    y: float
    width: float
    height: float


def folded(text: str) -> str:
    """``text`` as a ``Needle`` looks at it."""
    return _joined(text.split())[0]


class Needle:
    """Something to look for. Upper and lower case, accents, umlauts, punctuation do not matter.

    ``whole`` finds no parts of words.
    """

    def __init__(self, wanted: str, *, whole: bool = False) -> None:
        pattern = _GAP.join(map(re.escape, words(wanted)))
        # Without any letter or digit there is nothing to look for.
        self._pattern = re.compile(_ALONE.format(pattern) if whole else pattern)
        self.is_empty = not pattern

    def is_in(self, folded_text: str) -> bool:
        """Whether it is written there: quicker than looking for the place."""
        return not self.is_empty and self._pattern.search(folded_text) is not None

    def passages(self, page: Sequence[TextBox]) -> list[tuple[Frame, ...]]:
        """Each place where it stands, as one frame per line."""
        if self.is_empty:
            return []
        text, starts = _joined([box.text for box in page])
        return [
            tuple(_lines(_parts(page, starts, text, *found.span())))
            for found in self._pattern.finditer(text)
        ]


def _joined(written: Sequence[str]) -> tuple[str, list[int]]:
    """The folded text and where in it each word begins; a word hyphenated at its end goes on."""
    parts: list[str] = []
    starts, length = [], 0
    for number, word in enumerate(written):
        starts.append(length)
        part = fold(word)
        following = written[number + 1] if number + 1 < len(written) else ""
        goes_on = part.endswith("-") and len(part) > 1 and following[:1].islower()
        part = part[:-1] if goes_on else f"{part} "
        parts.append(part)
        length += len(part)
    return "".join(parts), starts


def _parts(
    page: Sequence[TextBox], starts: Sequence[int], text: str, start: int, stop: int
) -> Iterator[Frame]:
    """The parts of the words from ``start`` to ``stop``; within a word letters count alike."""
    for number in range(bisect_right(starts, start) - 1, len(page)):
        begin = starts[number]
        if begin >= stop:
            return
        end = starts[number + 1] if number + 1 < len(page) else len(text)
        length = max(len(text[begin:end].rstrip()), 1)
        left = min(max(start - begin, 0) / length, 1.0)
        right = min((stop - begin) / length, 1.0)
        box = page[number]
        yield Frame(box.x + left * box.width, box.y, (right - left) * box.width, box.height)


def _lines(parts: Iterator[Frame]) -> Iterator[Frame]:
    """Parts that stand side by side become one frame."""
    line: Frame | None = None
    for part in parts:
        if line and part.x >= line.x and abs(part.y - line.y) < line.height / 2:
            top, bottom = min(line.y, part.y), max(line.y + line.height, part.y + part.height)
            line = Frame(line.x, top, part.x + part.width - line.x, bottom - top)
            continue
        if line:
            yield line
        line = part
    if line:
        yield line
