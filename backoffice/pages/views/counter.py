"""The counter: an application taken down for somebody, on the form that the portal has."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.pages import counter_sheet
from backoffice.pages.counter_sheet import Sheet
from backoffice.pages.errors import status_of
from backoffice.pages.presenters.counter import counter_form, counter_page, origin_link
from backoffice.pages.presenters.refusals import told
from backoffice.pages.presenters.shell import shell
from backoffice.pages.schema_reading import Posted
from backoffice.pages.staff import StaffRequest, signed_in
from backoffice.pages.views.matter_pages import form_about
from efile.kernel.clock import now, real_now
from efile.kernel.errors import Conflict, FieldError, Invalid, NotFound, Refusal
from efile.kernel.ids import uuid7
from workflows.catalogue.definition import Definition
from workflows.counter import (
    Scan,
    TakenDown,
    keep_scan,
    kept_scans,
    known_applicant,
    service_for,
    services_for,
    take_down,
)
from workflows.office import office_of


@require_safe
@signed_in
def counter(request: StaffRequest) -> HttpResponse:
    """The services whose applications the reader may take down."""
    origin = _origin(request)
    page = counter_page(
        services_for(by=request.actor),
        query=f"?from={origin}" if origin else "",
        origin=origin_link(origin) if origin else None,
    )
    frame = shell(request, office_of(request.actor.tenant_id), "counter")
    return render(request, "pages/counter.html", {"page": page, "shell": frame})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def form(request: StaffRequest, service: str) -> HttpResponse:
    """The form of a service: filled in, changed by a row or a file, handed in."""
    definition = service_for(service, by=request.actor).definition
    if request.method != "POST":
        origin = _origin(request)
        applicant = known_applicant(origin, by=request.actor) if origin else None
        known = form_about(request)
        return _shown(request, counter_sheet.new_sheet(definition, str(uuid7()), applicant, known))
    posted: Posted = dict(request.POST.lists())
    if gone := request.POST.get("remove"):
        posted = counter_sheet.without(posted, gone)
    scans, faults = _scans(request, definition, posted)
    sheet = counter_sheet.read_sheet(definition, posted, scans)
    if faults or gone or sheet.added:
        return _shown(request, sheet, Invalid(faults) if faults else None)
    try:
        clarify = "clarify" in posted
        taken = take_down(
            sheet.statement(clarify=clarify), key=sheet.key, by=request.actor, at=now()
        )
    except (Conflict, Invalid) as refusal:
        return _shown(request, sheet, refusal)
    return _done(request, taken)


def _done(request: StaffRequest, taken: TakenDown) -> HttpResponse:
    """To what became of it; the receipt can be printed there and then."""
    if taken.case_id is None:
        assert taken.item_id is not None
        messages.success(request, gettext("Aufgenommen. Es liegt jetzt bei „Eingang klären“."))
        return redirect("inbox_item", taken.item_id)
    said = gettext("Aufgenommen unter %(reference)s.") % {"reference": taken.reference}
    receipt = gettext("Eingangsbestätigung drucken")
    url = reverse("case_receipt", args=[taken.case_id])
    messages.success(request, format_html('{} <a href="{}">{}</a>', said, url, receipt))
    return redirect("case", taken.case_id)


def _shown(request: StaffRequest, sheet: Sheet, refusal: Refusal | None = None) -> HttpResponse:
    """The form as far as it is filled in, with what stands against it."""
    faults = refusal.errors if isinstance(refusal, Invalid) else ()
    url = reverse("counter_form", args=[sheet.definition.key])
    origin = _origin(request)
    page = counter_form(
        sheet,
        url=f"{url}?from={origin}" if origin else url,
        at=now(),
        faults=faults,
        said=told(refusal)[1] if refusal and not faults else "",
        origin=origin_link(origin) if origin else None,
    )
    frame = shell(request, office_of(request.actor.tenant_id), "counter", path=page.url)
    status = status_of(type(refusal)) if refusal else 200
    return render(request, "pages/counter_form.html", {"page": page, "shell": frame}, status=status)


def _scans(
    request: StaffRequest, definition: Definition, posted: Posted
) -> tuple[list[tuple[str, Scan]], Sequence[FieldError]]:
    """What was handed in earlier and what comes now, and which files were not taken.

    They are kept whatever becomes of the form: nobody scans a page twice for a typing error.
    """
    named = counter_sheet.kept_ids(definition, posted)
    known = kept_scans([scan_id for _, scan_id in named], by=request.actor)
    found = [(proof, known[scan_id]) for proof, scan_id in named if scan_id in known]
    faults: list[FieldError] = []
    for proof in counter_sheet.proofs_of(definition):
        pointer = counter_sheet.proof_pointer(proof)
        for file in request.FILES.getlist(pointer):
            try:
                scan = keep_scan(
                    file.chunks(),
                    filename=file.name or "",
                    media_type=file.content_type or "",
                    by=request.actor,
                    at=real_now(),
                )
            except Invalid as refusal:
                faults += [FieldError(pointer, one.rule, one.facts) for one in refusal.errors]
            else:
                found.append((proof, scan))
    return found, faults


def _origin(request: StaffRequest) -> UUID | None:
    """The case that the applicant is copied from. Refuses: NotFound for what is none."""
    if not (text := request.GET.get("from")):
        return None
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
