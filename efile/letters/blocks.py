"""What a letter is set from: paragraphs, list items, links, codes.

Every block is made for an element of the structure. It may be split over pages, and it may be drawn
again at the head of the next page: its parts share the element, a repetition is decoration.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, TypeVar

import segno
from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, Paragraph

from efile.letters.tagging import Element
from efile.letters.text import breakable, has_marks, printable
from efile.letters.typeface import BOLD, GLYPHS, REGULAR

# Streams as base 85 would cost a third of the time and a quarter more bytes.
rl_config.useA85 = 0

INK: Final = HexColor("#000000")
RULE: Final = HexColor("#767676")
INDENT: Final = 6.0  # of list items, in mm


def style(size: float, leading: float, *, bold: bool = False, **more: Any) -> ParagraphStyle:
    """How a paragraph is set; sizes in points."""
    return ParagraphStyle(
        f"{size}/{leading}",
        fontName=BOLD if bold else REGULAR,
        bulletFontName=REGULAR,
        fontSize=size,
        leading=leading,
        textColor=INK,
        allowWidows=0,
        allowOrphans=0,
        **more,
    )


TEXT: Final = style(10.5, 14.5, spaceAfter=7)
STRONG: Final = style(10.5, 14.5, bold=True, spaceAfter=7)
TITLE: Final = style(11.5, 15.5, bold=True)
HEADLINE: Final = style(20, 25, bold=True, spaceAfter=6)
HEADING: Final = style(10.5, 14.5, bold=True, spaceBefore=8, spaceAfter=3)
ITEM: Final = style(10.5, 14.5, spaceAfter=3, leftIndent=INDENT * mm)
_LABEL: Final = style(10.5, 14.5)


@lru_cache(maxsize=64)
def _setting(of: ParagraphStyle, shaping: bool) -> tuple[Any, Any]:
    shaped = ParagraphStyle(of.name, parent=of, shaping=int(shaping))
    return shaped, Paragraph("x", shaped).frags[0]


class Words(Paragraph):  # type: ignore[misc]
    """A paragraph that is content of ``element``; None: decoration."""

    element: Element | None = None
    is_drawn = False

    def split(self, width: float, height: float) -> list["Words"]:
        parts: list[Words] = super().split(width, height)
        for part in parts:
            part.element = self.element
        return parts

    def draw(self) -> None:
        if self.element is None or self.is_drawn or not self.blPara.lines:
            super().draw()
            return
        self.is_drawn = True
        with self.canv.marked(self.element):
            super().draw()


class Item(Words):
    """The text of a list item; its label hangs in front of the first line."""

    label: Words | None = None

    def split(self, width: float, height: float) -> list[Words]:
        parts = super().split(width, height)
        if parts:
            parts[0].label = self.label
        return parts

    def draw(self) -> None:
        if self.label is not None:
            _, height = self.label.wrapOn(self.canv, INDENT * mm, self.height)
            self.label.drawOn(self.canv, 0, self.height - height)
        super().draw()


class Address(Words):
    """Words that are a link, every line of it."""

    url = ""

    def draw(self) -> None:
        super().draw()
        top = self.height
        for spare, words in self.blPara.lines:
            box = (0, top - self.style.leading, self.width - spare, top)
            self.canv.target(self.element, box, self.url, " ".join(words))
            top -= self.style.leading


_W = TypeVar("_W", bound=Words)


class Code(Flowable):  # type: ignore[misc]
    """A QR code (ISO 18004) of ``content``, ``side`` mm wide, drawn for the figure ``element``."""

    def __init__(self, content: str, side: float, element: Element) -> None:
        super().__init__()
        self._content, self._element = content, element
        self.width = self.height = side * mm

    def wrap(self, *_: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        code = segno.make(self._content, error="m", micro=False, boost_error=False)
        unit = self.width / len(code.matrix)
        path = self.canv.beginPath()
        for down, row in enumerate(code.matrix, start=1):
            for first, last in _runs(row):
                path.rect(first * unit, self.height - down * unit, (last - first) * unit, unit)
        left, bottom = self.canv.absolutePosition(0, 0)
        box = (left, bottom, left + self.width, bottom + self.height)
        self._element.attributes["Layout"] = {"Placement": "Block", "BBox": box}
        with self.canv.marked(self._element):
            self.canv.setFillColor(INK)
            self.canv.drawPath(path, stroke=0, fill=1)


def _runs(row: Sequence[int]) -> list[tuple[int, int]]:
    """Where dark modules begin and end: one rectangle each."""
    edges = [at for at, (a, b) in enumerate(zip([0, *row], [*row, 0], strict=True)) if a != b]
    return list(zip(edges[::2], edges[1::2], strict=True))


def words(text: str, how: ParagraphStyle, width: float, element: Element | None) -> Words:
    """``text`` set in ``how`` for a column ``width`` mm wide, as content of ``element``."""
    return _made(Words, text, how, width, element)


def item(label: str, text: str, width: float, element: Element) -> Item:
    """A list item: ``label`` hangs in front of ``text``."""
    mark, body = element.add("Lbl"), element.add("LBody")
    block = _made(Item, text, ITEM, width, body)
    block.label = words(label, _LABEL, INDENT, mark)
    return block


def link(url: str, how: ParagraphStyle, width: float, element: Element) -> Address:
    """``url`` as a paragraph that leads there."""
    block = _made(Address, url, how, width, element.add("Link"))
    block.url = url
    return block


def _made(
    made: type[_W], text: str, how: ParagraphStyle, width: float, element: Element | None
) -> _W:
    # Built without reportlab's markup parser: what people typed is never read as tags.
    seen = printable(text, GLYPHS)
    font, size = how.fontName, how.fontSize
    room = width * mm - how.leftIndent
    # No character is wider than 1.7 em: most texts need no measuring.
    if max(map(len, seen.split(" "))) * size * 1.7 > room:
        seen = breakable(seen, room, lambda part: float(stringWidth(part, font, size)))
    # Placing marks costs a third more and only matters where there are some.
    setting, fragment = _setting(how, has_marks(seen))
    block = made(None, setting, frags=[fragment.clone(text=seen)])
    block.element = element if seen.strip() else None
    return block
