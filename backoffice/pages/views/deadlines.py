"""The list of a day's deadlines and its signature; what is done about the deadlines of a case."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.pages.forms import ArrivedForm, ExtendForm, SignForm, UnitDayForm
from backoffice.pages.posting import Said, read
from backoffice.pages.presenters.deadline_list import address, deadlines_page, deadlines_sheet
from backoffice.pages.presenters.refusals import told
from backoffice.pages.presenters.shell import shell
from backoffice.pages.staff import StaffRequest, signed_in
from backoffice.pages.views.follow_ups import taken
from efile.kernel.clock import local_date, now
from efile.kernel.errors import Conflict, NotFound
from efile.letters.lists import render_list
from workflows.deadline_list import DayList, day_list, listed_units, may_sign, sign_list
from workflows.extending import extend_deadline
from workflows.notification import note_receipt
from workflows.office import office_of
from workflows.receipt_stamp import correct_receipt

posted = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@signed_in
def deadlines(request: StaffRequest) -> HttpResponse:
    """What was entered, due and overdue in a unit on a day."""
    by, at = request.actor, now()
    found, units = _wanted(request, local_date(at))
    may = may_sign(found.unit_id, by=by)
    page = deadlines_page(found, units=units, can_sign=may, at=at)
    frame = shell(request, office_of(by.tenant_id), "deadlines")
    return render(request, "pages/deadlines.html", {"page": page, "shell": frame})


@require_safe
@signed_in
def deadlines_pdf(request: StaffRequest) -> HttpResponse:
    """The same as an accessible PDF."""
    at = now()
    found, _units = _wanted(request, local_date(at))
    sheet = deadlines_sheet(found, office=office_of(request.actor.tenant_id), at=at)
    response = HttpResponse(render_list(sheet), content_type="application/pdf")
    name = f"fristen-{found.unit_id}-{found.day.isoformat()}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@signed_in
def sign(request: StaffRequest) -> HttpResponse:
    """The head has gone through the list."""
    said = read(SignForm(request.POST))
    try:
        sign_list(said["unit"], said["day"], note=said["note"], by=request.actor, at=now())
    except Conflict as refusal:
        messages.error(request, told(refusal)[1])
    else:
        messages.success(request, gettext("Die Liste ist gegengezeichnet."))
    return redirect(address("deadlines", said["unit"], said["day"]))


@posted
@signed_in
def extend(request: StaffRequest, case_id: UUID, deadline_id: UUID) -> HttpResponse:
    """Put a deadline off."""

    def act(said: Said) -> None:
        to, reason, revision = said["to"], said["reason"], said["version"]
        by = request.actor
        extend_deadline(
            case_id, deadline_id, to=to, reason=reason, by=by, at=now(), revision=revision
        )

    done = gettext("Die Frist ist verlängert.")
    return taken(request, case_id, f"extend-{deadline_id}", ExtendForm, act, done)


@posted
@signed_in
def receipt_of_letter(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Note that the decision arrived later than presumed."""

    def act(said: Said) -> None:
        day, revision = said["received_on"], said["version"]
        note_receipt(case_id, day, by=request.actor, at=now(), revision=revision)

    done = gettext("Der Zugang ist eingetragen; die Frist ist neu berechnet.")
    return taken(request, case_id, "note_receipt", ArrivedForm, act, done)


@posted
@signed_in
def entrance(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Put the day of receipt right."""

    def act(said: Said) -> None:
        day, reason, revision = said["received_on"], said["reason"], said["version"]
        correct_receipt(case_id, day, reason, by=request.actor, at=now(), revision=revision)

    done = gettext("Der Eingangstag ist berichtigt; die Fristen sind neu berechnet.")
    return taken(request, case_id, "correct_receipt", ArrivedForm, act, done)


def _wanted(request: StaffRequest, today: date) -> tuple[DayList, list[tuple[int, str]]]:
    """The list of the address; without any, today's of one's first unit. Refuses: NotFound."""
    said = read(UnitDayForm(request.GET))
    units = listed_units(request.actor)
    if not units:
        raise NotFound
    unit_id = said["unit"] or units[0][0]
    return day_list(unit_id, said["day"] or today, by=request.actor), units
