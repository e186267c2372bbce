"""A document to be looked at: pages with what is marked on them, text, or why there is none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.documents import KINDS, SHOWN_INLINE, media_text
from backoffice.pages.presenters.marks import MOST_HITS, Marks, Size, points
from backoffice.pages.rows import (
    EmptyState,
    FileFacts,
    Findings,
    LayerPage,
    LineRow,
    Link,
    SheetRow,
    TextPage,
    TextSection,
    ViewerPage,
    WordRow,
    ZoomStep,
)
from efile.viewing.pages import PAGES_SHOWN, THUMBNAIL, TURNS, WIDTHS, Outline, TextBox
from efile.viewing.pool import Reason

FIT: Final = "fit"
ZOOMS: Final = ("50", "75", "100", "125", "150", "200", "300")
# What a page is drawn at where nobody says otherwise, in points to CSS pixels.
_PIXELS: Final = 96 / 72
_LOADED: Final = 800
_THUMB_SHOWN: Final = 60
# A page may be as long as it likes, but not push everything else out of reach.
_LONGEST: Final = 8
# The letters of a word fill so much of its box; below is room for what hangs down.
_ASCENT: Final = 0.8

PROBLEMS: Final[Mapping[Reason, Promise]] = {
    "encrypted": _("Die Datei ist mit einem Kennwort geschützt."),
    "damaged": _("Die Datei ist beschädigt und lässt sich nicht anzeigen."),
    "too_many_pages": _("Diese Seite wird hier nicht mehr angezeigt."),
    "too_large": _("Die Seiten sind zu groß, um sie hier anzuzeigen."),
    "not_a_document": _("Dateien dieser Art werden hier nicht angezeigt."),
    "timeout": _("Das Anzeigen dauert zu lange und wurde abgebrochen."),
    "busy": _("Gerade werden viele Dokumente geöffnet. Versuchen Sie es gleich noch einmal."),
}
_OUT_OF_OUR_HANDS: Final = frozenset({"encrypted", "damaged"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is looked at. ``route`` and ``key`` make its addresses; ``size`` in bytes."""

    route: str
    key: tuple[Any, ...]
    title: str
    kind: str
    filename: str
    media_type: str
    size: int
    sha256: str
    back: Link
    filed_at: datetime | None = None
    case_id: UUID | None = None
    is_from_outside: bool = True

    def url(self, what: str = "", *more: Any) -> str:
        """The address of something of it."""
        return reverse(f"{self.route}_{what}" if what else self.route, args=[*self.key, *more])

    @property
    def open_url(self) -> str:
        """The file itself: shown by the browser if it is merely looked at."""
        return self.url("" if self.media_type in SHOWN_INLINE else "download")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How it is to be shown: ``zoom`` of ``ZOOMS`` or ``FIT``, ``turn`` of ``TURNS``."""

    zoom: str = FIT
    turn: int = 0
    mark: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Wish":
        """What an address asks for; whatever else it says is not heard."""
        zoom, turn = asked.get("zoom", ""), asked.get("turn", "")
        return cls(
            zoom=zoom if zoom in ZOOMS else FIT,
            turn=int(turn) if turn in map(str, TURNS) else 0,
            mark=asked.get("mark", "")[:60],
        )

    def written(self, **changes: Any) -> str:
        """The query that asks for this, with ``changes``."""
        wish = replace(self, **changes)
        said = {"zoom": wish.zoom, "turn": str(wish.turn), "mark": wish.mark}
        kept = {name: value for name, value in said.items() if value not in ("", FIT, "0")}
        return f"?{urlencode(kept)}" if kept else ""


def pages_of(
    subject: Subject, outline: Outline, wish: Wish, marks: Marks, query: str = ""
) -> ViewerPage:
    """The pages, with ``marks`` by page; ``query`` is what was asked for, if something was."""
    sheets = tuple(
        _sheet(subject, number, outline, wish, marks) for number in range(1, len(outline.sizes) + 1)
    )
    smaller, now, larger = _zooms(subject, wish)
    search = _findings(query, marks) if query else Findings()
    return replace(
        _page(subject, pages=outline.count),
        url=subject.url("view") + wish.written(),
        text_url=subject.url("text"),
        sheets=sheets,
        notice=_more_pages(outline.count),
        zoom=now,
        smaller=smaller,
        larger=larger,
        fit=ZoomStep(FIT, gettext("Breite"), subject.url("view") + wish.written(zoom=FIT)),
        turn_url=subject.url("view") + wish.written(turn=(wish.turn + 90) % 360),
        search=search,
        go=_start(wish, marks, search),
    )


def only_text(subject: Subject, text: str, *, is_cut: bool) -> ViewerPage:
    """A file that is nothing but text."""
    notice = gettext("Gezeigt wird der Anfang; die ganze Datei können Sie herunterladen.")
    return replace(_page(subject), text=text, notice=notice if is_cut else "")


def problem(subject: Subject, reason: Reason) -> ViewerPage:
    """Why there is nothing to see, and what helps."""
    if reason == "not_a_document":
        hint = gettext("Laden Sie sie herunter, um sie mit dem passenden Programm zu öffnen.")
    else:
        hint = gettext("Die Datei selbst können Sie öffnen oder herunterladen.")
    again = None
    if subject.case_id and subject.is_from_outside and reason in _OUT_OF_OUR_HANDS:
        address = f"{reverse('case', args=[subject.case_id])}#a-request_proof"
        again = Link(gettext("Noch einmal anfordern"), address)
    empty = EmptyState(str(PROBLEMS[reason]), hint)
    return replace(_page(subject), problem=empty, again=again)


def text_page(subject: Subject, texts: Sequence[str], *, count: int) -> TextPage:
    """The text of each page under its heading."""
    pages_url = subject.url("view")
    sections = tuple(
        TextSection(
            gettext("Seite %(number)d") % {"number": number},
            text.strip(),
            f"{pages_url}#page-{number}",
        )
        for number, text in enumerate(texts, start=1)
    )
    return TextPage(
        key=str(subject.key[-1]),
        title=subject.title,
        url=subject.url("text"),
        pages_url=pages_url,
        open_url=subject.open_url,
        download_url=subject.url("download"),
        opens_inline=subject.media_type in SHOWN_INLINE,
        sections=sections,
        notice=_more_pages(count),
        back=subject.back,
    )


def layer_page(
    subject: Subject, number: int, size: Size, words: Sequence[TextBox], wish: Wish, *, alone: bool
) -> LayerPage:
    """The text of a page, to lie over its image; ``alone`` it brings the image along."""
    view_box, transform = _turned(size, wish.turn)
    image = _image(subject, number, WIDTHS[-1], 0) if alone else ""
    return LayerPage(
        label=gettext("Text der Seite %(number)d") % {"number": number},
        view_box=view_box,
        width=points(size.width),
        height=points(size.height),
        transform=transform,
        image_url=image,
        lines=tuple(_line(line, size) for line in _lines(words)),
    )


def _page(subject: Subject, *, pages: int | None = None) -> ViewerPage:
    return ViewerPage(
        key=str(subject.key[-1]),
        title=subject.title,
        url=subject.url("view"),
        open_url=subject.open_url,
        download_url=subject.url("download"),
        opens_inline=subject.media_type in SHOWN_INLINE,
        facts=FileFacts(
            kind=str(KINDS[subject.kind]),
            filename=subject.filename,
            media=media_text(subject.media_type),
            size=subject.size,
            sha256=subject.sha256,
            pages=pages,
            filed_at=subject.filed_at,
        ),
        back=subject.back,
    )


def _more_pages(count: int) -> str:
    if count <= PAGES_SHOWN:
        return ""
    return gettext("Gezeigt werden die ersten %(shown)d von %(count)d Seiten.") % {
        "shown": PAGES_SHOWN,
        "count": count,
    }


def _sheet(subject: Subject, number: int, outline: Outline, wish: Wish, marks: Marks) -> SheetRow:
    size = Size(*outline.sizes[number - 1])
    view_box, transform = _turned(size, wish.turn)
    _left, _top, wide, high = view_box.split()
    slimness = min(max(float(high) / max(float(wide), 0.1), 1 / _LONGEST), _LONGEST)
    width = max(1, round(float(wide) * _PIXELS))
    said = {"number": number, "count": outline.count}
    images = [(_image(subject, number, each, wish.turn), each) for each in WIDTHS]
    return SheetRow(
        number=number,
        label=gettext("Seite %(number)d von %(count)d") % said,
        width=width,
        height=max(1, round(width * slimness)),
        thumb_height=max(1, round(_THUMB_SHOWN * slimness)),
        image_url=_image(subject, number, _LOADED, wish.turn),
        srcset=", ".join(f"{url} {each}w" for url, each in images),
        thumb_url=_image(subject, number, THUMBNAIL, wish.turn),
        layer_url=subject.url("layer", number) + Wish(turn=wish.turn).written(),
        view_box=view_box,
        transform=transform,
        marks=tuple(marks.get(number, ())),
    )


def _image(subject: Subject, number: int, width: int, turn: int) -> str:
    turned = f"&turn={turn}" if turn else ""
    return f"{subject.url('page', number)}?w={width}{turned}"


def _turned(size: Size, turn: int) -> tuple[str, str]:
    """View box and transform of a page that is turned clockwise by ``turn`` degrees."""
    wide, high = points(size.width), points(size.height)
    match turn:
        case 90:
            return f"0 0 {high} {wide}", f"matrix(0 1 -1 0 {high} 0)"
        case 180:
            return f"0 0 {wide} {high}", f"matrix(-1 0 0 -1 {wide} {high})"
        case 270:
            return f"0 0 {high} {wide}", f"matrix(0 -1 1 0 0 {wide})"
    return f"0 0 {wide} {high}", ""


def _zooms(subject: Subject, wish: Wish) -> tuple[ZoomStep | None, ZoomStep, ZoomStep | None]:
    """One step smaller, as it is, one step larger; from the width both lead to what is nearest."""

    def step(value: str) -> ZoomStep:
        label = gettext("Breite") if value == FIT else f"{value} %"
        return ZoomStep(value, label, subject.url("view") + wish.written(zoom=value))

    if wish.zoom == FIT:
        return step("75"), step(FIT), step("125")
    at = ZOOMS.index(wish.zoom)
    smaller = step(ZOOMS[at - 1]) if at else None
    larger = step(ZOOMS[at + 1]) if at + 1 < len(ZOOMS) else None
    return smaller, step(wish.zoom), larger


def _findings(query: str, marks: Marks) -> Findings:
    hits = [(mark.id, page) for page in sorted(marks) for mark in marks[page] if mark.is_hit]
    count = len(hits)
    if not hits:
        summary = gettext("Kein Treffer")
    elif count >= MOST_HITS:
        summary = gettext("Mehr als %(count)d Treffer") % {"count": MOST_HITS}
    else:
        summary = ngettext("%(count)d Treffer", "%(count)d Treffer", count) % {"count": count}
    links = [
        Link(gettext("Seite %(number)d") % {"number": page}, f"#{anchor}") for anchor, page in hits
    ]
    return Findings(query=query, summary=summary, hits=tuple(links[:MOST_HITS]))


def _start(wish: Wish, marks: Marks, search: Findings) -> str:
    if search.hits:
        return search.hits[0].url.removeprefix("#")
    chosen = (mark.id for page in sorted(marks) for mark in marks[page] if mark.is_chosen)
    return next(chosen, "") if wish.mark else ""


def _lines(words: Sequence[TextBox]) -> list[list[TextBox]]:
    """Words in reading order, those side by side together: what is copied has its lines."""
    lines: list[list[TextBox]] = []
    for word in words:
        last = lines[-1][-1] if lines else None
        if last and word.x >= last.x and abs(word.y - last.y) < last.height / 2:
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _line(line: Sequence[TextBox], size: Size) -> LineRow:
    height = max(word.height for word in line) * size.height
    top = min(word.y for word in line) * size.height
    return LineRow(
        points(top + height * _ASCENT),
        points(max(height * _ASCENT, 1)),
        tuple(
            WordRow(points(word.x * size.width), points(max(word.width * size.width, 1)), word.text)
            for word in line
        ),
    )
