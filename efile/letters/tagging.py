"""Tagged PDF (ISO 32000-1, 14.7 and 14.8): the structure of a letter, and a canvas that marks it.

The tree is built first, in reading order. What is drawn then refers to it; whatever is drawn
without referring to it is decoration and marked as an artifact. Nothing is left untagged.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from reportlab.pdfgen.canvas import Canvas

from efile.letters.typeface import SpelledText

Kind = Literal[
    "Document", "Sect", "Div", "H1", "H2", "H3", "P", "L", "LI", "Lbl", "LBody", "Link", "Figure",
    "Table", "THead", "TBody", "TFoot", "TR", "TH", "TD",
]  # fmt: skip
_PAGINATION: Final = "/Artifact <</Type /Pagination>> BDC"


@dataclass(frozen=True, slots=True)
class Content:
    """A marked piece of a page's content, numbered within the page; both count from 0."""

    page: int
    mcid: int


@dataclass(frozen=True, slots=True)
class Target:
    """Where a click leads: ``box`` is left, bottom, right, top in points on the page."""

    page: int
    box: tuple[float, float, float, float]
    url: str
    says: str


@dataclass(slots=True, eq=False)
class Element:
    """A structure element: its parts in reading order, and what readers are told about it.

    ``lang`` is BCP 47 ("": as around it). ``alt`` describes a figure. ``attributes`` by owner
    ("Table", "List", "Layout"); a text stands for a PDF name.
    """

    kind: Kind
    lang: str = ""
    alt: str = ""
    attributes: dict[str, dict[str, Any]] = field(default_factory=dict)
    kids: list["Element | Content | Target"] = field(default_factory=list)

    def add(self, kind: Kind, *, lang: str = "", alt: str = "", **attributes: Any) -> "Element":
        """A new last part; ``attributes`` are those of the owner that ``kind`` belongs to."""
        owner = {"L": "List", "Figure": "Layout"}.get(kind, "Table")
        part = Element(kind, lang, alt, {owner: attributes} if attributes else {})
        self.kids.append(part)
        return part


def _decorative(paint: Callable[..., Any]) -> Callable[..., Any]:
    """``paint``, marked as an artifact wherever it happens outside of marked content."""

    def painted(self: "TaggedCanvas", *args: Any, **options: Any) -> None:
        if self.is_marking:
            paint(self, *args, **options)
            return
        self._code.append("/Artifact BMC")
        paint(self, *args, **options)
        self._code.append("EMC")

    return painted


class TaggedCanvas(Canvas):  # type: ignore[misc]
    """A canvas on which everything is part of the structure or an artifact.

    ``owners``: for every page the elements whose content it shows, by their numbers (MCID).
    ``foot(canvas, number, count)`` is drawn last on every page.
    """

    def __init__(
        self, *args: Any, foot: Callable[["TaggedCanvas", int, int], None], **options: Any
    ) -> None:
        self.is_marking = False
        self.owners: list[list[Element]] = [[]]
        self._foot = foot
        self._drawn: list[dict[str, Any]] = []
        super().__init__(*args, **options)

    @contextmanager
    def marked(self, element: Element) -> Iterator[None]:
        """What is drawn meanwhile is content of ``element``."""
        owners = self.owners[-1]
        element.kids.append(Content(len(self.owners) - 1, len(owners)))
        with self._marking(f"/{element.kind} <</MCID {len(owners)}>> BDC"):
            yield
        owners.append(element)

    @contextmanager
    def pagination(self) -> Iterator[None]:
        """What is drawn meanwhile repeats on every page: running heads, page numbers, marks."""
        with self._marking(_PAGINATION):
            yield

    @contextmanager
    def _marking(self, operator: str) -> Iterator[None]:
        self.is_marking = True
        self._code.append(operator)
        yield
        self._code.append("EMC")
        self.is_marking = False

    def target(self, element: Element, box: tuple[float, ...], url: str, says: str) -> None:
        """``element`` leads to ``url`` when ``box`` (as seen from the current origin) is hit."""
        left, bottom = self.absolutePosition(box[0], box[1])
        right, top = self.absolutePosition(box[2], box[3])
        page = len(self.owners) - 1
        element.kids.append(Target(page, (left, bottom, right, top), url, says))

    def beginText(self, x: float = 0, y: float = 0, direction: Any = None) -> SpelledText:  # noqa: N802
        return SpelledText(self, x, y, direction=direction)

    line = _decorative(Canvas.line)
    lines = _decorative(Canvas.lines)
    rect = _decorative(Canvas.rect)
    drawPath = _decorative(Canvas.drawPath)  # noqa: N815 - reportlab's name
    drawText = _decorative(Canvas.drawText)  # noqa: N815
    drawImage = _decorative(Canvas.drawImage)  # noqa: N815
    doForm = _decorative(Canvas.doForm)  # noqa: N815

    def showPage(self) -> None:  # noqa: N802
        self._drawn.append(dict(self.__dict__))
        self.owners.append([])
        self._startPage()

    def save(self) -> None:
        del self.owners[len(self._drawn) :]
        for number, page in enumerate(self._drawn, start=1):
            self.__dict__.update(page)
            with self.pagination():
                self._foot(self, number, len(self._drawn))
            super().showPage()
        super().save()
