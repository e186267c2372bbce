"""Rows of documents: the list beside a case, the pages of one, its text."""

from dataclasses import dataclass
from datetime import datetime

from backoffice.pages.rows.frame import EmptyState, Link, Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """``view_url`` shows its pages, ``select_url`` the case with it, ``open_url`` the file itself.

    ``size`` in bytes. ``key`` tells it from the others of the same list. ``hold`` stands in
    the place of one that cannot be opened.
    """

    key: str
    title: str
    kind: str
    media: str
    size: int
    filed_at: datetime
    view_url: str
    open_url: str
    download_url: str
    select_url: str
    source: str = ""
    filename: str = ""
    sha256: str = ""
    tag: Tag | None = None
    hold: EmptyState | None = None
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page in points, written as SVG writes numbers."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRow:
    """Something found on a page; ``id`` is where a link leads, ``label`` says what it is."""

    id: str
    label: str
    boxes: tuple[Box, ...]
    is_hit: bool = False
    is_chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """A page. ``width`` and ``height`` in CSS pixels at 100 %, ``thumb_height`` for 60 of width.

    ``view_box`` and ``transform`` (SVG) lead from the page as it was written to the page as it is
    turned.
    """

    number: int
    label: str
    width: int
    height: int
    thumb_height: int
    image_url: str
    srcset: str
    thumb_url: str
    layer_url: str
    view_box: str
    transform: str = ""
    marks: tuple[MarkRow, ...] = ()


@dataclass(frozen=True, slots=True)
class WordRow:
    """A word of the text layer: where it begins and how long it is, in points."""

    x: str
    length: str
    text: str


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of the text layer: its base line and the size of its letters, in points."""

    y: str
    size: str
    words: tuple[WordRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerPage:
    """The text of a page over its image; ``image_url`` is empty where that is shown already."""

    label: str
    view_box: str
    width: str
    height: str
    transform: str = ""
    image_url: str = ""
    lines: tuple[LineRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What is known of a file beside its pages."""

    kind: str
    filename: str
    media: str
    size: int
    sha256: str
    pages: int | None = None
    filed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """``query`` is what was asked, ``summary`` how often it was found, ``hits`` where (anchors)."""

    query: str = ""
    summary: str = ""
    hits: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class ZoomStep:
    """``value`` is a percentage or ``fit``, ``label`` how it is written."""

    value: str
    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewerPage:
    """A document to be looked at.

    Pages, or a ``text`` where the file is nothing but text, or the ``problem`` why there is
    neither. ``go`` is the anchor to begin at; ``again`` asks the applicant once more.
    """

    key: str
    title: str
    url: str
    open_url: str
    download_url: str
    opens_inline: bool
    facts: FileFacts
    text_url: str = ""
    sheets: tuple[SheetRow, ...] = ()
    notice: str = ""
    text: str = ""
    problem: EmptyState | None = None
    zoom: ZoomStep | None = None
    smaller: ZoomStep | None = None
    larger: ZoomStep | None = None
    fit: ZoomStep | None = None
    turn_url: str = ""
    search: Findings = Findings()
    go: str = ""
    again: Link | None = None
    back: Link | None = None


@dataclass(frozen=True, slots=True)
class TextSection:
    """The text of a page under its heading; ``text`` is empty on a scan."""

    heading: str
    text: str
    page_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPage:
    """A document as text."""

    key: str
    title: str
    url: str
    pages_url: str
    open_url: str
    download_url: str
    opens_inline: bool
    sections: tuple[TextSection, ...] = ()
    notice: str = ""
    back: Link | None = None


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """Where a document says what a check went by; ``url`` shows it, ``anchor`` is its place."""

    document: str
    page: int
    url: str
    anchor: str
