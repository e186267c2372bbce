"""A letter being written: what stands in it, from the title to the last line, and its bytes."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Final

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    Spacer,
)

from efile.letters.blocks import (
    HEADING,
    HEADLINE,
    STRONG,
    TEXT,
    TITLE,
    Code,
    Words,
    item,
    link,
    words,
)
from efile.letters.finishing import About, finish
from efile.letters.forms import Form
from efile.letters.tables import (
    FORM,
    PADDING,
    FormStyle,
    Measure,
    beside,
    boxed,
    data_table,
    form_table,
    to_sign,
)
from efile.letters.tagging import Element, Kind, TaggedCanvas
from efile.letters.text import listed, printable
from efile.letters.typeface import GLYPHS, REGULAR

# reportlab shapes text and cuts a font's subset with one state per font, shared by all threads: two
# letters at once fail, or print each other's outlines.
_BUILDING: Final = Lock()
_SHORT: Final = 120.0  # points


class Sheet:
    """What is written on a form, in reading order; every part gets its place in the structure."""

    canvas: type[TaggedCanvas] = TaggedCanvas

    def __init__(self, form: Form) -> None:
        self._form = form
        self._root = self._at = Element("Document")
        self._flow: list[Flowable] = []
        self._width = form.width
        self._is_apart = False
        # What stands in the window is measured to fit.
        with _BUILDING:
            form.begin(self._root)

    @property
    def width(self) -> float:
        """Of the text, in mm."""
        return self._width

    def title(self, text: str, subtitle: str = "") -> None:
        """The subject, what kind of letter it is, and the blank lines of DIN 5008 below them."""
        self._words(text, TITLE, "H1")
        if subtitle:
            self._words(subtitle, TITLE, "P")
        self._flow.append(Spacer(0, 15.5))

    def headline(self, text: str, subtitle: str = "") -> None:
        """The title of a sheet that is no letter."""
        self._words(text, HEADLINE, "H1")
        if subtitle:
            self._words(subtitle, TEXT, "P")

    def heading(self, text: str, kind: Kind = "H2") -> None:
        """A heading; it does not stay behind at the foot of a page."""
        if not self._is_apart:
            self._flow.append(CondPageBreak(24 * mm))
        self._words(text, HEADING, kind)

    def text(self, *paragraphs: str) -> None:
        """Paragraphs of running text."""
        for paragraph in paragraphs:
            self._words(paragraph, TEXT, "P")

    def prose(self, text: str) -> None:
        """A text that somebody typed: its paragraphs, and its lists where lines are counted."""
        for lines in listed(text):
            if lines[0][0]:
                self.items(lines)
            else:
                self.text(*(line for _, line in lines))

    def emphasis(self, text: str) -> None:
        """A paragraph that must not be overlooked."""
        self._words(text, STRONG, "P")

    def items(self, lines: Sequence[tuple[str, str]]) -> None:
        """A list of (label, text)."""
        is_numbered = lines[0][0][:1].isdigit()
        around = self._at.add("L", ListNumbering="Decimal" if is_numbered else "Disc")
        self._flow += [item(label, text, self._width, around.add("LI")) for label, text in lines]
        self._flow.append(Spacer(0, 4))

    def link(self, url: str) -> None:
        """An address of the web, as a paragraph that leads there."""
        self._flow.append(link(url, TEXT, self._width, self._at.add("P")))

    def table(
        self,
        measures: Sequence[Measure],
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        total: Sequence[str] = (),
    ) -> None:
        """Rows between repeated heads and a total of (label, number)."""
        self._flow.append(data_table(self._at, measures, head, rows, total))

    def form(self, rows: Sequence[tuple[str, str]], how: FormStyle = FORM) -> None:
        """Rows of a label and what it says."""
        if rows:
            self._flow.append(form_table(self._at, rows, self._width, how))

    def to_sign(self, labels: Sequence[str]) -> None:
        """Lines to sign on by hand."""
        if labels:
            self._flow += [CondPageBreak(30 * mm), Spacer(0, 42)]
            self._flow.append(to_sign(self._at, labels, self._width))

    def space(self, height: float) -> None:
        """Room to breathe, in points."""
        self._flow.append(Spacer(0, height))

    def new_page(self) -> None:
        """Go on at the head of the next page."""
        self._flow.append(PageBreak())

    @contextmanager
    def section(self, lang: str = "") -> Iterator[None]:
        """What is written meanwhile is a section of its own, in ``lang`` (BCP 47)."""
        around, self._at = self._at, self._at.add("Sect", lang=lang)
        yield
        self._at = around

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is written meanwhile stands on one page, if it fits one."""
        with self._apart(self._width) as blocks:
            yield
        self._flow.append(KeepTogether(blocks))

    @contextmanager
    def ending(self) -> Iterator[None]:
        """What is written meanwhile stands on one page, with the paragraph before if it is short.

        A signature below nothing could be put below anything.
        """
        before = self._flow.pop() if self._ends_briefly() else Spacer(0, 0)
        with self._apart(self._width) as blocks:
            yield
        self._flow.append(KeepTogether([before, *blocks]))

    def _ends_briefly(self) -> bool:
        last = self._flow[-1] if self._flow else None
        if not isinstance(last, Words):
            return False
        with _BUILDING:
            _, height = last.wrap(self._width * mm, _SHORT)
        return float(height) < _SHORT

    @contextmanager
    def box(self) -> Iterator[None]:
        """What is written meanwhile stands in a box."""
        with self._apart(self._width - 2 * PADDING) as blocks:
            yield
        self._flow.append(boxed(blocks, self._width))

    @contextmanager
    def beside_code(self, content: str, says: str, side: float = 32) -> Iterator[None]:
        """What is written meanwhile stands left of a QR code; ``says`` describes the code."""
        with self._apart(self._width - side - 8) as blocks:
            yield
        code = Code(content, side, self._at.add("Figure", alt=printable(says, GLYPHS)))
        self._flow.append(beside(blocks, code, self._width))

    def pdf(self) -> bytes:
        """The letter as PDF/UA-1 and PDF/A-2a, the same bytes for the same letter."""
        form, head, output = self._form, self._form.head, io.BytesIO()
        form.end(self._root)
        canvases: list[TaggedCanvas] = []

        def canvas(*args: object, **options: object) -> TaggedCanvas:
            canvases.append(self.canvas(*args, foot=form.foot, **options))
            return canvases[-1]

        document = BaseDocTemplate(
            output,
            pagesize=tuple(length * mm for length in form.size),
            pageTemplates=form.templates(),
            initialFontName=REGULAR,
            invariant=1,
        )
        with _BUILDING:
            document.build([NextPageTemplate("next"), *self._flow], canvasmaker=canvas)
        about = About(printable(head.title, GLYPHS), printable(head.authority, GLYPHS), head.dated)
        return finish(output.getvalue(), about, self._root, canvases[0].owners)

    def _words(self, text: str, how: ParagraphStyle, kind: Kind) -> None:
        self._flow.append(words(text, how, self._width, self._at.add(kind)))

    @contextmanager
    def _apart(self, width: float) -> Iterator[list[Flowable]]:
        # What is kept together breaks no page by itself.
        around = self._flow, self._width, self._is_apart
        self._flow, self._width, self._is_apart = [], width, True
        yield self._flow
        self._flow, self._width, self._is_apart = around
