"""Appointments: who comes on a day, another time for a case, the hours of a calendar."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django import forms as shapes
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.pages import forms
from backoffice.pages.posting import Refused, Said, read, tried
from backoffice.pages.presenters.appointments import (
    calendar_address,
    calendar_page,
    day_address,
    day_page,
    move_page,
)
from backoffice.pages.presenters.attempts import Attempt
from backoffice.pages.presenters.refusals import told
from backoffice.pages.presenters.shell import shell
from backoffice.pages.staff import StaffRequest, signed_in
from backoffice.pages.views.case import desk_of, shown_case
from efile.kernel.actors import Actor
from efile.kernel.clock import local_date, now
from efile.kernel.errors import NotFound, Unavailable
from efile.policy import MATRIX, Action, may_anywhere
from workflows.appointments.booking import district_of
from workflows.appointments.calendar_of import free_times
from workflows.appointments.calendars import (
    Hours,
    Plan,
    close_day,
    districts_of,
    lay_out_hours,
    may_lay_out,
    plan,
    weeks,
)
from workflows.appointments.days import day_list
from workflows.appointments.missing import note_missed
from workflows.appointments.moving import hold_elsewhere, move_appointment
from workflows.offers import Offer, current_offers
from workflows.office import office_of

_AHEAD: Final = timedelta(days=60)
_WEEKS: Final = 12
_MOST: Final = 300
_DAYS: Final = ["%Y-%m-%d", "%d.%m.%Y"]


class MoveForm(forms.ReasonForm):
    """Which time instead, and why."""

    slot = shapes.CharField(max_length=64)


class MissedForm(forms.VersionedForm):
    """Whether another may be chosen, and a note."""

    again = shapes.BooleanField(required=False)
    note = shapes.CharField(required=False, max_length=4000)


class HoursForm(shapes.Form):
    """Weekly hours."""

    kind = shapes.CharField(max_length=20)
    weekdays = forms.Keys(coerce=int)
    opens = shapes.TimeField(input_formats=["%H:%M"])
    closes = shapes.TimeField(input_formats=["%H:%M"])
    minutes = shapes.IntegerField(required=False, min_value=1, max_value=600)
    capacity = shapes.IntegerField(min_value=1, max_value=1000)
    first = shapes.DateField(input_formats=_DAYS)
    last = shapes.DateField(input_formats=_DAYS)
    districts = forms.Choices(required=False)


class DayForm(shapes.Form):
    """A day."""

    day = shapes.DateField(input_formats=_DAYS)


@require_safe
@signed_in
def appointments(request: StaffRequest) -> HttpResponse:
    """Who comes on a day."""
    offers = _offers(request)
    said = read(forms.DayForm(request.GET))
    offer = _chosen(offers, said["service"], request.actor)
    day = said["day"] or local_date(now())
    if not may_anywhere(Action.APPOINT, by=request.actor):
        return redirect(calendar_address(offer.definition.key))
    coming = day_list(_calendar(offer), day, by=request.actor)
    page = day_page(offer, day, coming, offers=offers, may_lay_out=may_lay_out(request.actor))
    return _shown(request, "pages/appointments.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def move(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Another time for the appointment of a case, or a first one."""
    if request.method != "POST":
        return _moving(request, case_id, None)
    desk = desk_of(request, case_id)
    at = now()

    def act(said: Said) -> None:
        elsewhere = hold_elsewhere(desk.dossier.process, said["slot"], at=at)
        move_appointment(
            case_id,
            said["slot"],
            reason=said["reason"],
            by=request.actor,
            at=at,
            revision=said["version"],
            elsewhere=elsewhere,
        )

    outcome = tried(request, "move", MoveForm, act)
    if isinstance(outcome, Refused):
        return _moving(request, case_id, outcome)
    messages.success(request, gettext("Der Termin ist verlegt."))
    return redirect("case", case_id)


@require_POST
@signed_in
def cancel(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Take the appointment of a case away."""

    def act(said: Said) -> None:
        reason, revision = said["reason"], said["version"]
        move_appointment(
            case_id, None, reason=reason, by=request.actor, at=now(), revision=revision
        )

    outcome = tried(request, "cancel", forms.ReasonForm, act)
    if isinstance(outcome, Refused):
        return _moving(request, case_id, outcome)
    messages.success(request, gettext("Der Termin ist abgesagt."))
    return redirect("case", case_id)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def missed(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Note that nobody came; the address that is merely opened is the case."""
    if request.method != "POST":
        return redirect("case", case_id)

    def act(said: Said) -> None:
        note_missed(
            case_id,
            again=said["again"],
            note=said["note"],
            by=request.actor,
            at=now(),
            revision=said["version"],
        )

    outcome = tried(request, "appointment-missed", MissedForm, act)
    if isinstance(outcome, Refused):
        return shown_case(request, case_id, refused=outcome)
    messages.success(request, gettext("Nichterscheinen ist eingetragen."))
    return redirect("case", case_id)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def calendar(request: StaffRequest) -> HttpResponse:
    """The hours of a calendar; a posted form is looked at and changes nothing."""
    offer = _chosen(_offers(request), request.GET.get("service", ""), request.actor)
    if request.method != "POST":
        return _calendar_shown(request, offer)
    key = offer.definition.key
    looked = tried(
        request, "hours", HoursForm, lambda said: plan(key, _hours(said), by=request.actor)
    )
    if isinstance(looked, Refused):
        return _calendar_shown(request, offer, refused=looked)
    typed = Attempt("hours", dict(request.POST.lists()))
    return _calendar_shown(request, offer, typed=typed, planned=looked)


@require_POST
@signed_in
def lay_out(request: StaffRequest) -> HttpResponse:
    """Open the hours that were looked at."""
    offer = _chosen(_offers(request), request.GET.get("service", ""), request.actor)
    key = offer.definition.key
    done = tried(
        request,
        "hours",
        HoursForm,
        lambda said: lay_out_hours(key, _hours(said), by=request.actor, at=now()),
    )
    if isinstance(done, Refused):
        return _calendar_shown(request, offer, refused=done)
    text = ngettext("%(count)d Zeit angelegt.", "%(count)d Zeiten angelegt.", done)
    messages.success(request, text % {"count": done})
    return redirect(calendar_address(key))


@require_POST
@signed_in
def close(request: StaffRequest) -> HttpResponse:
    """Take no more bookings on a day."""
    offer = _chosen(_offers(request), request.GET.get("service", ""), request.actor)
    key = offer.definition.key
    done = tried(request, "close", DayForm, lambda said: _closed(request, key, said["day"]))
    if isinstance(done, Refused):
        return _calendar_shown(request, offer, refused=done)
    day, booked = done
    text = ngettext(
        "Der Tag ist geschlossen. %(count)d Termin ist noch zu verlegen.",
        "Der Tag ist geschlossen. %(count)d Termine sind noch zu verlegen.",
        booked,
    )
    messages.success(request, text % {"count": booked})
    return redirect(day_address(key, day) if booked else calendar_address(key))


def _closed(request: StaffRequest, service: str, day: date) -> tuple[date, int]:
    return day, close_day(service, day, by=request.actor, at=now())


def _moving(request: StaffRequest, case_id: UUID, refused: Refused | None) -> HttpResponse:
    desk, at = desk_of(request, case_id), now()
    definition = desk.dossier.definition
    if definition.slots is None or not desk.may(Action.APPOINT):
        raise NotFound
    district = district_of(desk.dossier.application, request.actor.tenant_id)
    wish = definition.slot_wish(desk.dossier.application.form)
    try:
        found = free_times(
            request.actor.tenant_id,
            definition,
            first=desk.today,
            last=desk.today + _AHEAD,
            district=district or "",
            at=at,
        )
    except Unavailable as refusal:
        messages.error(request, told(refusal)[1])
        found = []
    fitting = [one for one in found if wish is None or one.kind == wish.kind]
    page = move_page(desk, fitting[:_MOST], refused.attempt if refused else None)
    status = refused.status if refused else 200
    return _shown(request, "pages/appointments_move.html", page, status=status)


def _calendar_shown(
    request: StaffRequest,
    offer: Offer,
    *,
    refused: Refused | None = None,
    typed: Attempt | None = None,
    planned: Plan | None = None,
) -> HttpResponse:
    today = local_date(now())
    found = weeks(offer.definition.key, first=today, count=_WEEKS, by=request.actor)
    page = calendar_page(
        offer,
        found,
        offers=[one for one in _offers(request) if _is_ours(one)],
        districts=districts_of(request.actor.tenant_id),
        today=today,
        attempt=refused.attempt if refused else typed,
        plan=planned,
    )
    status = refused.status if refused else 200
    return _shown(request, "pages/appointments_calendar.html", page, status=status)


def _hours(said: Said) -> Hours:
    return Hours(
        weekdays=frozenset(said["weekdays"]),
        opens=said["opens"],
        closes=said["closes"],
        minutes=said["minutes"],
        capacity=said["capacity"],
        kind=said["kind"],
        first=said["first"],
        last=said["last"],
        districts=tuple(said["districts"]),
    )


def _offers(request: StaffRequest) -> list[Offer]:
    """The services with a calendar. Refuses: NotFound where there is none, or no right to it."""
    by = request.actor
    if not (may_anywhere(Action.APPOINT, by=by) or may_lay_out(by)):
        raise NotFound
    found = [offer for offer in current_offers(by.tenant_id) if offer.definition.slots]
    if not found:
        raise NotFound
    return found


def _is_ours(offer: Offer) -> bool:
    return bool(offer.definition.slots and offer.definition.slots.provider == "builtin")


def _chosen(offers: list[Offer], key: str, by: Actor) -> Offer:
    """The calendar asked for, else the first one of the reader's own units."""
    reach = set(by.scopes_of(MATRIX[Action.APPOINT]))

    def is_theirs(offer: Offer) -> bool:
        return f"{offer.version.unit_id}:{offer.definition.access_class}" in reach

    known = [one for one in offers if key in ("", one.definition.key)]
    found = next((one for one in known if is_theirs(one)), next(iter(known), None))
    if found is None:
        raise NotFound
    return found


def _calendar(offer: Offer) -> str:
    return offer.definition.slots.calendar if offer.definition.slots else ""


def _shown(
    request: StaffRequest, template: str, page: object, *, status: int = 200
) -> HttpResponse:
    office = office_of(request.actor.tenant_id)
    frame = shell(request, office, "appointments")
    return render(request, template, {"page": page, "shell": frame}, status=status)
