"""A letter on A4 after DIN 5008 form B: where everything stands, and how it is set."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from threading import Lock
from typing import Any, Final

from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepInFrame,
    KeepTogether,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from efile.letters.text import breakable, german_date, has_marks, printable
from efile.letters.typeface import BOLD, GLYPHS, REGULAR, SpelledText

# reportlab cuts a font's subset with one reading position per font, shared by all threads: two
# letters at once fail, or print each other's outlines.
_BUILDING: Final = Lock()

# Streams as base 85 would cost a third of the time and a quarter more bytes.
rl_config.useA85 = 0

# DIN 5008 form B, in millimetres from the top left corner of the sheet.
_HEIGHT = 297.0
_LEFT, _RIGHT = 25.0, 190.0
_ADDRESS_TOP, _ADDRESS_WIDTH, _ADDRESS_HEIGHT = 45.0, 80.0, 27.3
_RETURN_ZONE = 17.7
_INFORMATION_LEFT, _INFORMATION_TOP = 125.0, 50.0
_INFORMATION_RIGHT, _INFORMATION_HEIGHT = 200.0, 45.0
_TEXT_TOP = 98.46
_FOLDS, _HOLE = (105.0, 210.0), 148.5
_NEXT_TEXT_TOP = 32.0
_TEXT_BOTTOM = 261.0
_FOOTER_WIDTH = 55.0
# Of the fee table: words, then numbers.
_COLUMNS: Final = (93.0, 16.0, 28.0, 28.0)

_INK, _RULE = HexColor("#000000"), HexColor("#767676")
# A table without lines and padding, and without reportlab's own font, which is not embedded.
_BARE: Final = [
    ("FONTNAME", (0, 0), (-1, -1), REGULAR),
    *((f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
]


def _style(role: str, size: float, leading: float, *, bold: bool = False, **more: Any) -> Any:
    return ParagraphStyle(
        role,
        fontName=BOLD if bold else REGULAR,
        bulletFontName=REGULAR,
        fontSize=size,
        leading=leading,
        textColor=_INK,
        allowWidows=0,
        allowOrphans=0,
        **more,
    )


# The names are the structure types of ISO 32000-1, 14.8.4: what a tagging canvas needs to know.
_P: Final = _style("P", 10.5, 14.5, spaceAfter=7)
_H1: Final = _style("H1", 11.5, 15.5, bold=True)
_H2: Final = _style("H2", 10.5, 14.5, bold=True, spaceBefore=8, spaceAfter=3)
_TH: Final = _style("TH", 9.5, 13, bold=True)
_TH_AMOUNT: Final = _style("TH", 9.5, 13, bold=True, alignment=TA_RIGHT)
_TD: Final = _style("TD", 9.5, 13)
_TD_AMOUNT: Final = _style("TD", 9.5, 13, alignment=TA_RIGHT)
_AUTHORITY: Final = _style("P", 18, 22, bold=True)
_SMALL: Final = _style("P", 8, 10.5)
_TINY: Final = _style("P", 7, 9)
_ADDRESS: Final = [_style("P", size, size * 1.2) for size in (10.5, 9, 8, 7)]
_VALUE: Final = _style("P", 9.5, 13)
_PAGE: Final = _style("P", 8, 10.5, alignment=TA_RIGHT)


@lru_cache(maxsize=64)
def _setting(style: Any, shaping: bool) -> tuple[Any, Any]:
    shaped = ParagraphStyle(style.name, parent=style, shaping=int(shaping))
    return shaped, Paragraph("x", shaped).frags[0]


def _paragraph(text: str, style: Any, width: float = _RIGHT - _LEFT) -> Paragraph:
    """``text`` set in ``style`` for a column ``width`` mm wide.

    Built without reportlab's markup parser: what people typed is never read as tags.
    """
    seen = printable(text, GLYPHS)
    font, size = style.fontName, style.fontSize
    # No character is wider than 1.7 em: most texts need no measuring.
    if max(map(len, seen.split(" "))) * size * 1.7 > width * mm:
        seen = breakable(seen, width * mm, lambda part: float(stringWidth(part, font, size)))
    # Placing marks costs a third more and only matters where there are some.
    setting, fragment = _setting(style, has_marks(seen))
    return Paragraph(None, setting, frags=[fragment.clone(text=seen)])


def _place(canvas: Canvas, flowable: Flowable, left: float, top: float, width: float) -> float:
    """Draw ``flowable`` with its upper left corner there; returns its lower edge (all mm)."""
    _, height = flowable.wrapOn(canvas, width * mm, _HEIGHT * mm)
    flowable.drawOn(canvas, left * mm, (_HEIGHT - top) * mm - height)
    return float(top + height / mm)


def _rule(canvas: Canvas, left: float, right: float, top: float, width: float = 0.5) -> None:
    canvas.setStrokeColor(_RULE)
    canvas.setLineWidth(width)
    canvas.line(left * mm, (_HEIGHT - top) * mm, right * mm, (_HEIGHT - top) * mm)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands around the text. All but ``title`` is printed; ``title`` is metadata.

    ``information``: (label, value) lines of the information block. ``footer``: columns of lines.
    """

    title: str
    dated: date
    authority: str
    office_holder: str
    return_address: str
    address: Sequence[str]
    information: Sequence[tuple[str, str]]
    footer: Sequence[Sequence[str]]


class LetterCanvas(Canvas):  # type: ignore[misc]
    """A canvas that knows at the end how many pages there are."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._pages: list[dict[str, Any]] = []

    def beginText(self, x: float = 0, y: float = 0, direction: Any = None) -> SpelledText:  # noqa: N802
        return SpelledText(self, x, y, direction=direction)

    def showPage(self) -> None:  # noqa: N802
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._pages, start=1):
            self.__dict__.update(page)
            words = f"Seite {number} von {len(self._pages)}"
            _place(self, _paragraph(words, _PAGE), _LEFT, 265, _RIGHT - _LEFT)
            super().showPage()
        super().save()


class Sheet:
    """A letter being written, from the subject line to the signature.

    What tagging needs is laid out: the canvas to put underneath, styles named by structure type,
    reading order as drawing order, and one table of data (the information block is layout).
    """

    canvas: type[Canvas] = LetterCanvas

    def __init__(self, head: Head) -> None:
        self._head = head
        self._flow: list[Flowable] = []

    def subject(self, *lines: str) -> None:
        """The subject lines, and the blank lines that DIN 5008 puts below them."""
        self._flow += [*(_paragraph(line, _H1) for line in lines), Spacer(0, 15.5)]

    def heading(self, text: str) -> None:
        """A heading; it does not stay behind at the foot of a page."""
        self._flow += [CondPageBreak(24 * mm), _paragraph(text, _H2)]

    def text(self, *paragraphs: str) -> None:
        """Paragraphs of running text."""
        self._flow += [_paragraph(text, _P) for text in paragraphs]

    def table(
        self, head: Sequence[str], rows: Sequence[Sequence[str]], total: Sequence[str]
    ) -> None:
        """Four columns of rows between repeated heads and a total: words, then numbers."""
        cells = [_cells(head, _TH, _TH_AMOUNT), *(_cells(row, _TD, _TD_AMOUNT) for row in rows)]
        cells.append(_cells(total, _TH, _TH_AMOUNT))
        style = [
            *_BARE,
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("RIGHTPADDING", (0, 0), (0, -1), 8),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
            ("LINEBELOW", (0, 0), (-1, 0), 0.75, _INK),
            ("LINEBELOW", (0, 1), (-1, -2), 0.25, _RULE),
            ("LINEABOVE", (0, -1), (-1, -1), 0.75, _INK),
        ]
        table = Table(
            cells,
            colWidths=[width * mm for width in _COLUMNS],
            style=style,
            repeatRows=1,
            splitInRow=1,
            spaceBefore=2,
            spaceAfter=9,
        )
        self._flow.append(table)

    def closing(self, *lines: str) -> None:
        """The last lines, on one page together; an empty one leaves room."""
        last = [_paragraph(line, _P) if line else Spacer(0, 20) for line in lines]
        self._flow.append(KeepTogether([Spacer(0, 8), *last]))

    def pdf(self) -> bytes:
        """The letter as PDF, the same bytes for the same letter."""
        first = PageTemplate(
            "first", [_frame(_TEXT_TOP)], onPage=self._first_page, onPageEnd=self._footer
        )
        following = PageTemplate(
            "next", [_frame(_NEXT_TEXT_TOP)], onPage=self._next_page, onPageEnd=_marks
        )
        author, output = printable(self._head.authority, GLYPHS), io.BytesIO()
        document = BaseDocTemplate(
            output,
            pagesize=A4,
            pageTemplates=[first, following],
            title=printable(self._head.title, GLYPHS),
            author=author,
            subject="",
            creator="Laufmappe",
            lang="de",
            displayDocTitle=True,
            initialFontName=REGULAR,
            invariant=1,
        )
        with _BUILDING:
            document.build([NextPageTemplate("next"), *self._flow], canvasmaker=self.canvas)
        return output.getvalue()

    # Reading order is drawing order: who writes, to whom, about what; the text; the foot.

    def _first_page(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        head = self._head
        canvas.setDateFormatter(lambda *_: f"D:{head.dated:%Y%m%d}000000Z")
        bottom = _place(canvas, _paragraph(head.authority, _AUTHORITY), _LEFT, 14, 165)
        _place(canvas, _paragraph(head.office_holder, _VALUE), _LEFT, bottom + 0.5, 165)
        _rule(canvas, _LEFT, _INFORMATION_RIGHT, 36)
        self._address(canvas)
        self._information(canvas)

    def _next_page(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        head = self._head
        running = " · ".join(
            [head.authority, *(value for _, value in head.information[:1]), german_date(head.dated)]
        )
        _place(canvas, _paragraph(running, _SMALL), _LEFT, 16, _RIGHT - _LEFT)
        _rule(canvas, _LEFT, _RIGHT, 23)

    def _address(self, canvas: Canvas) -> None:
        head, zone_bottom = self._head, _ADDRESS_TOP + _RETURN_ZONE
        sender = _paragraph(head.return_address, _TINY, _ADDRESS_WIDTH)
        _, height = sender.wrap(_ADDRESS_WIDTH * mm, _RETURN_ZONE * mm)
        _place(canvas, sender, _LEFT, zone_bottom - 1.5 - height / mm, _ADDRESS_WIDTH)
        _rule(canvas, _LEFT, _LEFT + _ADDRESS_WIDTH, zone_bottom - 1, 0.25)
        _place(canvas, _window(head.address), _LEFT, zone_bottom, _ADDRESS_WIDTH)

    def _information(self, canvas: Canvas) -> None:
        widths = (25.0, _INFORMATION_RIGHT - _INFORMATION_LEFT - 25)
        rows = [
            [_paragraph(label, _SMALL, widths[0]), _paragraph(value, _VALUE, widths[1])]
            for label, value in self._head.information
        ]
        style = [
            *_BARE,
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (0, -1), 1.6),
        ]
        table = Table(rows, colWidths=[width * mm for width in widths], style=style)
        block = KeepInFrame(sum(widths) * mm, _INFORMATION_HEIGHT * mm, [table], mode="shrink")
        _place(canvas, block, _INFORMATION_LEFT, _INFORMATION_TOP, sum(widths))

    def _footer(self, canvas: Canvas, document: BaseDocTemplate) -> None:
        _rule(canvas, _LEFT, _RIGHT, 271)
        for number, lines in enumerate(self._head.footer):
            top = 273.0
            for line in lines:
                text = _paragraph(line, _TINY, _FOOTER_WIDTH - 4)
                top = _place(canvas, text, _LEFT + number * _FOOTER_WIDTH, top, _FOOTER_WIDTH - 4)
        _marks(canvas, document)


def _frame(top: float) -> Frame:
    width, height = (_RIGHT - _LEFT) * mm, (_TEXT_BOTTOM - top) * mm
    return Frame(_LEFT * mm, (_HEIGHT - _TEXT_BOTTOM) * mm, width, height, 0, 0, 0, 0)


def _window(address: Sequence[str]) -> Flowable:
    """The lines that the window of the envelope shows: set smaller if need be, never cut."""
    width, height = _ADDRESS_WIDTH * mm, _ADDRESS_HEIGHT * mm
    lines: list[Paragraph] = []
    for style in _ADDRESS:
        lines = [_paragraph(line, style, _ADDRESS_WIDTH) for line in address]
        if sum(line.wrap(width, height)[1] for line in lines) <= height:
            break
    return KeepInFrame(width, height, lines, mode="shrink")


def _cells(texts: Sequence[str], words: Any, number: Any) -> list[Paragraph]:
    first, *further = zip(texts, _COLUMNS, strict=True)
    return [
        _paragraph(first[0], words, first[1] - 3),
        *(_paragraph(text, number, width) for text, width in further),
    ]


def _marks(canvas: Canvas, _: BaseDocTemplate) -> None:
    """Where to fold twice and where to put the hole punch."""
    for top in _FOLDS:
        _rule(canvas, 4, 8, top, 0.25)
    _rule(canvas, 4, 10, _HOLE, 0.25)
