"""The letters of a draft: their words, and beside them the letter as it would be sent."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.pages.presenters.decide import gaps_in
from backoffice.pages.presenters.refusals import told
from backoffice.pages.presenters.schema_forms import element_id
from backoffice.pages.presenters.service_changes import change_rows, done
from backoffice.pages.presenters.service_editor import (
    editor_fields,
    frame_of,
    placeholders_for,
    problems_of,
    with_focus,
)
from backoffice.pages.presenters.service_forms import UNREADABLE
from backoffice.pages.presenters.service_letters import (
    holds,
    letter_kinds,
    letter_parts,
    letter_tabs,
    letter_url,
)
from backoffice.pages.presenters.service_parts import Section
from backoffice.pages.presenters.service_reading import read_parts
from backoffice.pages.presenters.service_sections import SECTIONS
from backoffice.pages.presenters.service_words import language_text
from backoffice.pages.rows import Option, PreviewPage
from backoffice.pages.rows.service_pages import EditorPage, LetterPreview
from backoffice.pages.staff import StaffRequest, signed_in
from backoffice.pages.views.service_saving import Kept, bench_of, keep, onward, page
from efile.kernel.clock import now
from efile.kernel.errors import NotFound, Refusal
from efile.viewing.pages import page_image, text_of
from efile.viewing.pool import Unviewable
from workflows.catalogue.pointers import within
from workflows.catalogue.rules import RuleError
from workflows.definitions.differences import differences
from workflows.definitions.documents import definition_in
from workflows.definitions.drafts import Draft, get_draft, version_document
from workflows.definitions.sample_letters import letter_pdf

_WIDTH = 800


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def letters(request: StaffRequest, service: str) -> HttpResponse:
    """One letter of the draft, in the language asked for; posting saves its words."""
    draft = get_draft(service, by=request.actor)
    kind = _kind(request, draft)
    if request.method != "POST":
        return _shown(request, Kept(draft), kind)
    document, focus = _typed(request, draft, kind), ""
    if what := request.POST.get("do", ""):
        document, focus = done(document, letter_parts(kind), what)
    kept = keep(request, draft, document, holds(kind))
    if kept.status != 200:
        return _shown(request, kept, kind)
    if request.POST.get("to") in SECTIONS:
        return onward(request, kept.draft, "letters")
    messages.success(request, gettext("Gespeichert."))
    address = letter_url(service, kind, _tag(request), focus)
    return redirect(f"{address}#{element_id(focus)}" if focus else address)


@require_POST
@signed_in
def letter_preview(request: StaffRequest, service: str) -> HttpResponse:
    """The letter with what is typed; nothing is saved."""
    draft = get_draft(service, by=request.actor)
    kind, tag = _kind(request, draft), _tag(request)
    document = _typed(request, draft, kind)
    try:
        pdf = _pdf(request, document, kind, tag)
        texts = text_of(pdf)
        pages = tuple(
            PreviewPage(_inline(pdf, number), number, text)
            for number, text in enumerate(texts, start=1)
        )
        changes = _changes(request, draft, document, kind)
        shown = LetterPreview(pages, gaps=gaps_in(texts), changes=changes)
    except _Unshown as reason:
        shown = LetterPreview(denied=str(reason))
    except Unviewable:
        shown = LetterPreview(denied=_not_now())
    return render(request, "pages/_service_letter.html", {"letter": shown})


@require_safe
@signed_in
def letter_page(request: StaffRequest, service: str, number: int) -> HttpResponse:
    """A page of the letter as the draft has it, as a picture."""
    draft = get_draft(service, by=request.actor)
    try:
        pdf = _pdf(request, draft.document, _kind(request, draft), _tag(request))
        image = page_image(pdf, number, _WIDTH)
    except (Unviewable, _Unshown):
        raise NotFound from None
    return HttpResponse(image, content_type="image/png")


class _Unshown(Exception):
    """The letter cannot be shown; the text says why."""


def _pdf(request: StaffRequest, document: Mapping[str, Any], kind: str, tag: str) -> bytes:
    try:
        definition = definition_in(document)
        return letter_pdf(definition, kind, tag, tenant_id=request.actor.tenant_id, at=now())
    except Refusal as refusal:
        raise _Unshown(told(refusal)[1] or _not_yet()) from None
    except (*UNREADABLE, RuleError):
        raise _Unshown(_not_yet()) from None


def _not_yet() -> str:
    return gettext(
        "Der Brief lässt sich zeigen, sobald Formular und Beispielantrag zusammenpassen."
    )


def _not_now() -> str:
    return gettext("Der Brief lässt sich gerade nicht zeigen.")


def _inline(pdf: bytes, number: int) -> str:
    """A page as part of the answer: what is only typed has no address."""
    return "data:image/png;base64," + b64encode(page_image(pdf, number, _WIDTH)).decode()


def _typed(request: StaffRequest, draft: Draft, kind: str) -> dict[str, Any]:
    ground = bench_of(request, draft).ground()
    posted = dict(request.POST.lists())
    return read_parts(letter_parts(kind), posted, "", draft.document, ground)


def _kind(request: StaffRequest, draft: Draft) -> str:
    known = letter_kinds(draft.document) or ["message"]
    asked = request.GET.get("letter", known[0])
    if asked not in known:
        raise NotFound
    return asked


def _tag(request: StaffRequest) -> str:
    return request.GET.get("lang", "de")


def _changes(request: StaffRequest, draft: Draft, document: Mapping[str, Any], kind: str) -> Any:
    """How the letter's words differ from the version in force."""
    try:
        before = version_document(draft.service, by=request.actor, at=now())
    except NotFound:
        return ()
    found = [
        one
        for one in differences(before, document)
        if any(within(base, one.pointer) for base in holds(kind))
    ]
    return change_rows(found, document)


def _shown(request: StaffRequest, kept: Kept, kind: str) -> HttpResponse:
    bench, tag = bench_of(request, kept.draft), _tag(request)
    service, own = kept.draft.service, SECTIONS["letters"]
    section = Section(own.key, own.title, own.lead, holds(kind), letter_parts(kind))
    opened = request.GET.get("open", "")
    fields = with_focus(editor_fields(section, bench.ground(opened)), opened)
    try:
        texts = text_of(_pdf(request, bench.document, kind, tag))
        query = f"?letter={kind}&lang={tag}&v={kept.draft.revision}"
        letter = LetterPreview(
            tuple(
                PreviewPage(f"{frame_url(service)}/pages/{number}{query}", number, text)
                for number, text in enumerate(texts, start=1)
            ),
            gaps=gaps_in(texts),
            changes=_changes(request, kept.draft, bench.document, kind),
        )
    except _Unshown as reason:
        letter = LetterPreview(denied=str(reason))
    except Unviewable:
        letter = LetterPreview(denied=_not_now())
    content = EditorPage(
        frame=frame_of(bench, "letters"),
        fields=fields,
        problems=() if kept.conflict else problems_of(bench, holds(kind), fields),
        said=kept.said,
        conflict=kept.conflict,
        placeholders=placeholders_for(bench, kind),
        tabs=letter_tabs(bench, kind),
        tables=tuple(
            Option(letter_url(service, kind, one), language_text(one), selected=one == tag)
            for one in bench.ground().languages
        ),
        letter=letter,
        preview_url=f"{frame_url(service)}/preview?letter={kind}&lang={tag}",
    )
    path = letter_url(service, kind, tag)
    return page(request, "service_letters.html", content, path=path, status=kept.status)


def frame_url(service: str) -> str:
    return letter_url(service, "").partition("?")[0]
