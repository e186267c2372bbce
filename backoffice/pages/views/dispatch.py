"""The dispatch list of a day."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backoffice.pages.forms import DayForm
from backoffice.pages.posting import read
from backoffice.pages.presenters.dispatch import dispatch_page, dispatch_sheet, dispatch_table
from backoffice.pages.presenters.shell import shell
from backoffice.pages.staff import StaffRequest, signed_in
from efile.kernel.clock import local_date, now
from efile.kernel.errors import NotFound
from efile.letters.lists import render_list
from workflows.calendar import next_working_day
from workflows.dispatch import dispatch_list
from workflows.offers import Offer, known_offers
from workflows.office import Office, office_of


@require_safe
@signed_in
def dispatch(request: StaffRequest) -> HttpResponse:
    """The places of a day, by district."""
    office, offers = _asked_of(request)
    offer, day = _wanted(request, office, offers)
    stops = dispatch_list(_calendar(offer), day, by=request.actor)
    page = dispatch_page(offer, day, stops, offers=offers)
    frame = shell(request, office, "dispatch")
    return render(request, "pages/dispatch.html", {"page": page, "shell": frame})


@require_safe
@signed_in
def dispatch_csv(request: StaffRequest) -> HttpResponse:
    """The same as a table to take along."""
    offer, day = _wanted(request, *_asked_of(request))
    table = dispatch_table(dispatch_list(_calendar(offer), day, by=request.actor))
    response = HttpResponse(table, content_type="text/csv; charset=utf-8")
    return _named(response, offer, day, "csv")


@require_safe
@signed_in
def dispatch_pdf(request: StaffRequest) -> HttpResponse:
    """The same on paper, for the crew."""
    office, offers = _asked_of(request)
    offer, day = _wanted(request, office, offers)
    stops = dispatch_list(_calendar(offer), day, by=request.actor)
    sheet = dispatch_sheet(offer, day, stops, office=office, dated=local_date(now()))
    response = HttpResponse(render_list(sheet), content_type="application/pdf")
    return _named(response, offer, day, "pdf")


def _named(response: HttpResponse, offer: Offer, day: date, kind: str) -> HttpResponse:
    name = f"{offer.definition.key}-{day.isoformat()}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _asked_of(request: StaffRequest) -> tuple[Office, list[Offer]]:
    """The office, and its services that have a calendar. Refuses: NotFound where none has."""
    tenant_id = request.actor.tenant_id
    offers = [offer for offer in known_offers(tenant_id) if offer.definition.slots]
    if not offers:
        raise NotFound
    return office_of(tenant_id), offers


def _wanted(request: StaffRequest, office: Office, offers: list[Offer]) -> tuple[Offer, date]:
    """The service and day of the address; without any, the next working day's first list."""
    said = read(DayForm(request.GET))
    key = said["service"] or offers[0].definition.key
    offer = next((one for one in offers if one.definition.key == key), None)
    if offer is None:
        raise NotFound
    tomorrow = local_date(now()) + timedelta(days=1)
    return offer, said["day"] or next_working_day(tomorrow, office.calendar)


def _calendar(offer: Offer) -> str:
    slots = offer.definition.slots
    return slots.calendar if slots else ""
