"""The sheet of paper: DIN 5008 form B for letters, a plain one for permits and lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Frame, KeepInFrame, PageTemplate, Paragraph, Table

from efile.letters.blocks import RULE, style, words
from efile.letters.tables import BARE
from efile.letters.tagging import Element, TaggedCanvas
from efile.letters.text import german_date
from efile.letters.typeface import BOLD

# DIN 5008 form B, in millimetres from the top left corner of the sheet.
_WIDTH, _HEIGHT = 210.0, 297.0
_LEFT, _RIGHT = 25.0, 190.0
_ADDRESS_TOP, _ADDRESS_WIDTH, _ADDRESS_HEIGHT = 45.0, 80.0, 27.3
_RETURN_ZONE = 17.7
_INFORMATION_LEFT, _INFORMATION_TOP = 125.0, 50.0
_INFORMATION_RIGHT, _INFORMATION_HEIGHT = 200.0, 45.0
_TEXT_TOP = 98.46
_FOLDS, _HOLE = (105.0, 210.0), 148.5
_NEXT_TEXT_TOP = 32.0
_TEXT_BOTTOM = 261.0
_CONTACT_WIDTH = 55.0
# The plain sheet.
_PLAIN_TOP, _PLAIN_NEXT_TOP, _PLAIN_FOOT = 38.0, 28.0, 24.0

_AUTHORITY: Final = style(18, 22, bold=True)
_PLAIN_AUTHORITY: Final = style(12, 15, bold=True)
_SMALL: Final = style(8, 10.5)
_SMALL_RIGHT: Final = style(8, 10.5, alignment=TA_RIGHT)
_TINY: Final = style(7, 9)
_ADDRESS: Final = [style(size, size * 1.2) for size in (10.5, 9, 8, 7)]
_VALUE: Final = style(9.5, 13)
_PALE: Final = HexColor("#dcdcdc")
_DRAFT: Final = "ENTWURF"


@dataclass(frozen=True, slots=True)
class Head:
    """What stands around the text. All but ``title`` is printed; ``title`` is metadata.

    ``information``: (label, value) lines of the information block. ``contact``: columns of lines.
    ``draft``: every page is marked as one.
    """

    title: str
    dated: date
    authority: str
    draft: bool = False
    office_holder: str = ""
    return_address: str = ""
    address: Sequence[str] = ()
    information: Sequence[tuple[str, str]] = ()
    contact: Sequence[Sequence[str]] = ()


class Form(Protocol):
    """A sheet of paper: its size and the width of its text (mm), and what is around the text."""

    head: Head
    size: tuple[float, float]
    width: float

    def begin(self, root: Element) -> None:
        """Add what is read before the text."""

    def end(self, root: Element) -> None:
        """Add what is read after the text."""

    def templates(self) -> list[PageTemplate]:
        """The first page, and every next one."""

    def foot(self, canvas: TaggedCanvas, number: int, count: int) -> None:
        """Draw what says which page this is."""


class LetterForm:
    """A letter for the window of an envelope: DIN 5008 form B."""

    size = (_WIDTH, _HEIGHT)
    width = _RIGHT - _LEFT

    def __init__(self, head: Head) -> None:
        self.head = head
        self._authority: list[Paragraph] = []
        self._sender: Paragraph | None = None
        self._window: Flowable | None = None
        self._information: Flowable | None = None
        self._contact: list[list[Paragraph]] = []

    # Drawing order is reading order, but for the foot of the first page: who writes, to whom,
    # about what; the text; where the authority is found.

    def begin(self, root: Element) -> None:
        """Add who writes, to whom, and about what."""
        head, add = self.head, root.add
        self._authority = [
            words(head.authority, _AUTHORITY, self.width, add("P")),
            *(
                words(head.office_holder, _VALUE, self.width, add("P"))
                for _ in head.office_holder[:1]
            ),
        ]
        if head.return_address:
            self._sender = words(head.return_address, _TINY, _ADDRESS_WIDTH, add("P"))
        if head.address:
            self._window = _window(head.address, add("Div"))
        if head.information:
            self._information = _information(head.information, add("Table").add("TBody"))

    def end(self, root: Element) -> None:
        """Add where the authority is found."""
        around = root.add("Div")
        self._contact = [
            [words(line, _TINY, _CONTACT_WIDTH - 4, around.add("P")) for line in lines]
            for lines in self.head.contact
        ]

    def templates(self) -> list[PageTemplate]:
        """The first page with the address, and every next one."""
        bottom = _HEIGHT - _TEXT_BOTTOM
        return [
            PageTemplate(
                "first",
                [_frame(self.size, _LEFT, self.width, _TEXT_TOP, bottom)],
                onPage=self._first_page,
                onPageEnd=self._first_foot,
            ),
            PageTemplate(
                "next",
                [_frame(self.size, _LEFT, self.width, _NEXT_TEXT_TOP, bottom)],
                onPage=self._next_page,
                onPageEnd=_marks,
            ),
        ]

    def foot(self, canvas: TaggedCanvas, number: int, count: int) -> None:
        """Seite x von y."""
        _page_number(canvas, number, count, _LEFT, 265, self.width)

    def _first_page(self, canvas: TaggedCanvas, _: Any) -> None:
        _draft(canvas, self.head)
        top = 14.0
        for line in self._authority:
            top = _place(canvas, line, _LEFT, top, self.width) + 0.5
        _rule(canvas, _LEFT, _INFORMATION_RIGHT, 36)
        zone_bottom = _ADDRESS_TOP + _RETURN_ZONE
        if self._sender:
            _, height = self._sender.wrap(_ADDRESS_WIDTH * mm, _RETURN_ZONE * mm)
            _place(canvas, self._sender, _LEFT, zone_bottom - 1.5 - height / mm, _ADDRESS_WIDTH)
            _rule(canvas, _LEFT, _LEFT + _ADDRESS_WIDTH, zone_bottom - 1, 0.25)
        if self._window:
            _place(canvas, self._window, _LEFT, zone_bottom, _ADDRESS_WIDTH)
        if self._information:
            width = _INFORMATION_RIGHT - _INFORMATION_LEFT
            _place(canvas, self._information, _INFORMATION_LEFT, _INFORMATION_TOP, width)

    def _next_page(self, canvas: TaggedCanvas, _: Any) -> None:
        head = self.head
        _draft(canvas, head)
        running = " · ".join(
            [head.authority, *(value for _, value in head.information[:1]), german_date(head.dated)]
        )
        with canvas.pagination():
            _place(canvas, words(running, _SMALL, self.width, None), _LEFT, 16, self.width)
        _rule(canvas, _LEFT, _RIGHT, 23)

    def _first_foot(self, canvas: TaggedCanvas, document: Any) -> None:
        _rule(canvas, _LEFT, _RIGHT, 271)
        for number, lines in enumerate(self._contact):
            top = 273.0
            for line in lines:
                left = _LEFT + number * _CONTACT_WIDTH
                top = _place(canvas, line, left, top, _CONTACT_WIDTH - 4)
        _marks(canvas, document)


class PlainForm:
    """A sheet without an address: the authority above, the title and the page number below."""

    def __init__(self, head: Head, *, landscape: bool = False) -> None:
        self.head = head
        self.size = (_HEIGHT, _WIDTH) if landscape else (_WIDTH, _HEIGHT)
        # Landscape sheets are filed by their upper edge.
        self._left = 20.0 if landscape else _LEFT
        self.width = self.size[0] - self._left - 20
        self._lines: list[tuple[Paragraph, float, float, float]] = []

    def begin(self, root: Element) -> None:
        """Add who made it, and when."""
        head, dated = self.head, german_date(self.head.dated)
        left = words(head.authority, _PLAIN_AUTHORITY, self.width - 40, root.add("P"))
        right = words(dated, _SMALL_RIGHT, 40, root.add("P"))
        edge = self._left + self.width
        self._lines = [(left, self._left, 16, self.width - 40), (right, edge - 40, 17.2, 40)]

    def end(self, root: Element) -> None:
        """Nothing follows the text."""

    def templates(self) -> list[PageTemplate]:
        """The first page with the authority, and every next one."""
        return [
            PageTemplate(name, [self._frame(top)], onPage=draw)
            for name, top, draw in (
                ("first", _PLAIN_TOP, self._first_page),
                ("next", _PLAIN_NEXT_TOP, self._next_page),
            )
        ]

    def foot(self, canvas: TaggedCanvas, number: int, count: int) -> None:
        """What this is, and Seite x von y."""
        top = self.size[1] - 16
        _rule(canvas, self._left, self._left + self.width, top - 2, 0.25)
        running = words(self.head.title, _SMALL, self.width - 30, None)
        _place(canvas, running, self._left, top, self.width - 30)
        _page_number(canvas, number, count, self._left, top, self.width)

    def _frame(self, top: float) -> Frame:
        return _frame(self.size, self._left, self.width, top, _PLAIN_FOOT)

    def _first_page(self, canvas: TaggedCanvas, _: Any) -> None:
        _draft(canvas, self.head)
        for line, left, top, width in self._lines:
            _place(canvas, line, left, top, width)
        _rule(canvas, self._left, self._left + self.width, 26)

    def _next_page(self, canvas: TaggedCanvas, _: Any) -> None:
        _draft(canvas, self.head)
        with canvas.pagination():
            running = words(self.head.authority, _SMALL, self.width, None)
            _place(canvas, running, self._left, 14, self.width)
        _rule(canvas, self._left, self._left + self.width, 20, 0.25)


def _frame(
    size: tuple[float, float], left: float, width: float, top: float, bottom: float
) -> Frame:
    height = (size[1] - top - bottom) * mm
    return Frame(left * mm, bottom * mm, width * mm, height, 0, 0, 0, 0)


def _place(canvas: Canvas, flowable: Flowable, left: float, top: float, width: float) -> float:
    """Draw ``flowable`` with its upper left corner there; returns its lower edge (all mm)."""
    _, sheet = canvas._pagesize
    _, height = flowable.wrapOn(canvas, width * mm, sheet)
    flowable.drawOn(canvas, left * mm, sheet - top * mm - height)
    return float(top + height / mm)


def _rule(canvas: Canvas, left: float, right: float, top: float, width: float = 0.5) -> None:
    _, sheet = canvas._pagesize
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(width)
    canvas.line(left * mm, sheet - top * mm, right * mm, sheet - top * mm)


def _page_number(
    canvas: Canvas, number: int, count: int, left: float, top: float, width: float
) -> None:
    text = words(f"Seite {number} von {count}", _SMALL_RIGHT, width, None)
    _place(canvas, text, left, top, width)


def _draft(canvas: TaggedCanvas, head: Head) -> None:
    """Say below everything else that this is a draft, where ``head`` says so."""
    if not head.draft:
        return
    width, height = canvas._pagesize
    with canvas.pagination():
        canvas.saveState()
        canvas.translate(width / 2, height / 2)
        canvas.rotate(55)
        canvas.setFillColor(_PALE)
        canvas.setFont(BOLD, 104)
        canvas.drawCentredString(0, -36, _DRAFT)
        canvas.restoreState()


def _marks(canvas: TaggedCanvas, _: Any) -> None:
    """Where to fold twice and where to put the hole punch."""
    for top in _FOLDS:
        _rule(canvas, 4, 8, top, 0.25)
    _rule(canvas, 4, 10, _HOLE, 0.25)


def _window(address: Sequence[str], around: Element) -> Flowable:
    """The lines that the window of the envelope shows: set smaller if need be, never cut."""
    width, height = _ADDRESS_WIDTH * mm, _ADDRESS_HEIGHT * mm
    elements = [around.add("P") for _ in address]

    def lines(how: Any) -> list[Paragraph]:
        return [
            words(line, how, _ADDRESS_WIDTH, element)
            for line, element in zip(address, elements, strict=True)
        ]

    fitting: list[Paragraph] = []
    for how in _ADDRESS:
        fitting = lines(how)
        if sum(line.wrap(width, height)[1] for line in fitting) <= height:
            break
    return KeepInFrame(width, height, fitting, mode="shrink")


def _information(lines: Sequence[tuple[str, str]], body: Element) -> Flowable:
    label_width = 25.0
    width = _INFORMATION_RIGHT - _INFORMATION_LEFT
    rows = []
    for label, value in lines:
        row = body.add("TR")
        head = words(label, _SMALL, label_width, row.add("TH", Scope="Row"))
        rows.append([head, words(value, _VALUE, width - label_width, row.add("TD"))])
    how = [*BARE, ("TOPPADDING", (0, 0), (0, -1), 1.6)]
    table = Table(rows, colWidths=[label_width * mm, (width - label_width) * mm], style=how)
    return KeepInFrame(width * mm, _INFORMATION_HEIGHT * mm, [table], mode="shrink")
