"""Pages of documents and attachments: as pictures with their text, searched through, as text."""

import codecs
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.pages.presenters import marks, viewer
from backoffice.pages.presenters.marks import Size
from backoffice.pages.presenters.shell import shell
from backoffice.pages.presenters.viewer import Subject, Wish
from backoffice.pages.rows import Link, TextPage, ViewerPage
from backoffice.pages.staff import StaffRequest, signed_in
from efile.kernel.clock import now
from efile.kernel.errors import NotFound
from efile.reading import look_at_document
from efile.storage import default_store
from efile.viewing import pages
from efile.viewing.pool import Unviewable
from workflows.clarifying import kept_attachment
from workflows.evidence import Sought, sought_for
from workflows.office import office_of

# What a picture or a layer may do in a browser that is led straight to it: nothing but be seen.
SEEN_ONLY: Final = "default-src 'none'; img-src 'self'; frame-ancestors 'none'"
TEXTS: Final = frozenset(
    {
        "application/json",
        "application/xml",
        "text/calendar",
        "text/csv",
        "text/markdown",
        "text/plain",
        "text/vcard",
    }
)
LONGEST_TEXT: Final = 256 * 1024
LONGEST_QUERY: Final = 200


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def view(request: StaffRequest, /, **key: Any) -> HttpResponse:
    """The pages, beside the case or on a page of their own. What is searched for is posted."""
    subject = _subject(request, key)
    page = _viewed(subject, Wish.of(request.GET), _query(request))
    return _shown(request, "viewer", page)


@require_safe
@signed_in
def text(request: StaffRequest, /, **key: Any) -> HttpResponse:
    """The text of all pages, for whoever reads with ears, fingers or in large letters."""
    subject = _subject(request, key)
    original = pages.kept(subject.sha256)
    try:
        texts, count = pages.text_of(original), pages.page_count(original)
    except Unviewable as refusal:
        return _shown(request, "viewer", _instead(subject, refusal))
    return _shown(request, "viewer_text", viewer.text_page(subject, texts, count=count))


@require_safe
@signed_in
def image(request: StaffRequest, /, page: int, **key: Any) -> HttpResponse:
    """The picture of a page in one of the widths there are."""
    subject, asked = _subject(request, key), request.GET
    width, turn = _number(asked, "w", 800), _number(asked, "turn", 0)
    if width not in (*pages.WIDTHS, pages.THUMBNAIL) or turn not in pages.TURNS or page < 1:
        raise NotFound
    try:
        picture = pages.page_image(pages.kept(subject.sha256), page, width, turn=turn)
    except Unviewable as refusal:
        return _nothing(refusal)
    is_png = picture.startswith(b"\x89PNG")
    return _seen(HttpResponse(picture, content_type="image/png" if is_png else "image/jpeg"))


@require_safe
@signed_in
def layer(request: StaffRequest, /, page: int, **key: Any) -> HttpResponse:
    """The text of a page where it stands, to be selected; opened by itself, with its picture."""
    subject = _subject(request, key)
    original = pages.kept(subject.sha256)
    try:
        sizes = pages.outline(original).sizes
        if not 0 < page <= len(sizes):
            raise NotFound
        words = pages.page_texts(original, page)
    except Unviewable as refusal:
        # Beside the picture the text is an addition: without it, nothing changes.
        return HttpResponse(status=204) if request.htmx else _nothing(refusal)
    shown = viewer.layer_page(
        subject,
        page,
        Size(*sizes[page - 1]),
        words,
        Wish.of(request.GET),
        alone=not request.htmx,
    )
    media_type = "text/html" if request.htmx else "image/svg+xml"
    response = render(request, "pages/_viewer_layer.svg", {"layer": shown}, content_type=media_type)
    response["Vary"] = "HX-Request"
    return _seen(response)


def _subject(request: StaffRequest, key: dict[str, Any]) -> Subject:
    """What is looked at, if the reader may. Refuses: NotFound."""
    if "document_id" in key:
        return _document(request, key["document_id"])
    return _attachment(request, key["item_id"], key["number"])


def _document(request: StaffRequest, document_id: UUID) -> Subject:
    found = look_at_document(document_id, by=request.actor, at=now())
    return Subject(
        route="document",
        key=(found.id,),
        title=found.title,
        kind=found.kind,
        filename=found.filename,
        media_type=found.media_type,
        size=found.size,
        sha256=found.sha256,
        filed_at=found.filed_at,
        case_id=found.case_id,
        is_from_outside=found.direction == "in",
        back=Link(
            gettext("Zum Vorgang"),
            f"{reverse('case', args=[found.case_id])}?document={found.id}",
        ),
    )


def _attachment(request: StaffRequest, item_id: UUID, number: int) -> Subject:
    found = kept_attachment(item_id, number, by=request.actor)
    return Subject(
        route="inbox_attachment",
        key=(item_id, number),
        title=found.filename,
        kind="proof" if found.proof else "attachment",
        filename=found.filename,
        media_type=found.media_type,
        size=found.size,
        sha256=found.sha256,
        back=Link(gettext("Zum Eingang"), reverse("inbox_item", args=[item_id])),
    )


def _viewed(subject: Subject, wish: Wish, query: str) -> ViewerPage:
    original = pages.kept(subject.sha256)
    try:
        outline = pages.outline(original)
        found = _marks(subject, original, outline, wish, query)
    except Unviewable as refusal:
        return _instead(subject, refusal)
    return viewer.pages_of(subject, outline, wish, found, query)


def _marks(
    subject: Subject, original: pages.Original, outline: pages.Outline, wish: Wish, query: str
) -> marks.Marks:
    """What is outlined. Text that nobody asks for is looked at only if it has been read before."""
    asked = query or wish.mark
    texts = pages.text_of(original) if asked else pages.known_text(original)
    if not texts:
        return {}
    sizes = [Size(*size) for size in outline.sizes]
    if query:
        return marks.hits(original, texts, sizes, query)
    sought: Sought = sought_for(subject.case_id) if subject.case_id else {}
    return marks.evidence(original, texts, sizes, sought, wish.mark)


def _instead(subject: Subject, refusal: Unviewable) -> ViewerPage:
    """The text of what is nothing but text; else why there is nothing to see."""
    if refusal.reason != "not_a_document" or subject.media_type not in TEXTS:
        return viewer.problem(subject, refusal.reason)
    with default_store().open(subject.sha256) as file:
        beginning = file.read(LONGEST_TEXT)
    # Cut off within a letter, it ends before it.
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    written = decoder.decode(beginning)
    return viewer.only_text(subject, written, is_cut=subject.size > LONGEST_TEXT)


def _shown(request: StaffRequest, name: str, page: ViewerPage | TextPage) -> HttpResponse:
    """Into the pane, or as a page of its own."""
    if request.htmx:
        return render(request, f"pages/_{name}.html", {"page": page})
    frame = shell(request, office_of(request.actor.tenant_id), "worklist", path=page.url)
    return render(request, f"pages/{name}.html", {"page": page, "shell": frame})


def _query(request: StaffRequest) -> str:
    query = request.POST.get("q", "").strip()[:LONGEST_QUERY]
    return query if len(query) >= marks.SHORTEST_QUERY else ""


def _number(asked: QueryDict, name: str, unsaid: int) -> int:
    said = asked.get(name, str(unsaid))
    return int(said) if said.isdecimal() and len(said) < 6 else -1


def _nothing(refusal: Unviewable) -> HttpResponse:
    """No picture: the viewer has said why; here a status will do."""
    status = {"too_many_pages": 404, "not_a_document": 404, "busy": 503}.get(refusal.reason, 422)
    response = _seen(HttpResponse(status=status))
    if status == 503:
        response["Retry-After"] = "5"
    return response


def _seen(response: HttpResponse) -> HttpResponse:
    response["Content-Security-Policy"] = SEEN_ONLY
    response["X-Content-Type-Options"] = "nosniff"
    return response
