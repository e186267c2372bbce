"""Appointments: what the case page says of one, who comes on a day, the hours of a calendar."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.pages.presenters.attempts import Attempt, reshown
from backoffice.pages.presenters.desk import LONGEST_TEXT, Desk
from backoffice.pages.presenters.values import day_text, language
from backoffice.pages.rows import (
    ActionField,
    ActionRow,
    EmptyState,
    FieldGroup,
    FieldRow,
    Link,
    Option,
    Tag,
)
from backoffice.pages.rows.appointments import (
    CalendarPage,
    ComingRow,
    DayPage,
    MovePage,
    PlanRow,
    WeekRow,
)
from efile.policy import Action
from workflows.appointments.calendars import Plan, Week
from workflows.appointments.days import Coming
from workflows.catalogue.parts import only
from workflows.dossier import Appointment
from workflows.offers import Offer
from workflows.slots import Slot

_A_DAY: Final = timedelta(days=1)
_OPEN: Final = ("received", "in_examination", "waiting_for_applicant", "decided", "notified")
_STATES: Final[Mapping[str, tuple[Promise, Any]]] = {
    "booked": (_("gebucht"), "neutral"),
    "pending": (_("noch nicht bestätigt"), "warning"),
    "missed": (_("nicht erschienen"), "danger"),
}
_WEEKDAYS: Final = (
    _("Montag"),
    _("Dienstag"),
    _("Mittwoch"),
    _("Donnerstag"),
    _("Freitag"),
    _("Samstag"),
    _("Sonntag"),
)


def appointment_group(slot: Appointment) -> FieldGroup:
    """What the case page says of the appointment."""
    if slot.day is None:
        rows = [FieldRow(label=gettext("Tag"), value=gettext("vom Terminsystem noch offen"))]
        return FieldGroup(gettext("Termin"), tuple(rows))
    rows = [
        FieldRow(label=gettext("Tag"), value=day_text(slot.day)),
        FieldRow(label=gettext("Zeit"), value=f"{slot.starts:%H:%M}–{slot.ends:%H:%M}"),
    ]
    if slot.district:
        rows.append(FieldRow(label=gettext("Bezirk"), value=slot.district))
    if slot.is_pending:
        pending = gettext("vom Terminsystem noch nicht bestätigt")
        rows.append(FieldRow(label=gettext("Stand"), value=pending))
    return FieldGroup(gettext("Termin"), tuple(rows))


def appointment_rows(desk: Desk) -> Iterator[ActionRow]:
    """Another time, and nobody came: for services with appointments, and those who may."""
    process, slot = desk.dossier.process, desk.dossier.booking
    if desk.dossier.definition.slots is None or not desk.may(Action.APPOINT):
        return
    if process.state not in _OPEN or process.decision == "refused":
        return
    if slot and slot.day and slot.day <= desk.today:
        yield _missing(desk)
    yield ActionRow(
        key="appointment",
        label=gettext("Termin verlegen oder absagen") if slot else gettext("Termin vergeben"),
        url=desk.url("appointment"),
        style="quiet",
        leads=True,
    )


def _missing(desk: Desk) -> ActionRow:
    return ActionRow(
        key="appointment-missed",
        label=gettext("Nicht erschienen"),
        url=desk.url("appointment_missed"),
        style="quiet",
        submit_label=gettext("Eintragen"),
        summary=gettext("Die Person erfährt es. Was folgt, entscheidet ein Mensch."),
        fields=(
            ActionField(
                name="again",
                label=gettext("Im Portal einen neuen Termin wählen lassen"),
                kind="checkbox",
            ),
            ActionField(
                name="note",
                label=gettext("Vermerk"),
                kind="textarea",
                maximum=str(LONGEST_TEXT),
            ),
        ),
        version=desk.version,
    )


def move_page(desk: Desk, slots: Sequence[Slot], attempt: Attempt | None) -> MovePage:
    """The free times for one case; ``attempt`` is a form that was refused just now."""
    case, slot = desk.dossier.process.case, desk.dossier.booking
    reason = ActionField(
        name="reason",
        label=gettext("Grund"),
        kind="text",
        required=True,
        maximum="300",
        hint=gettext("Er bleibt in der Akte stehen."),
    )
    times = ActionField(
        name="slot",
        label=gettext("Freie Zeiten"),
        kind="select",
        required=True,
        options=tuple(Option(str(one.id), _time(one)) for one in slots),
    )
    move = ActionRow(
        key="move",
        label=gettext("Auf diese Zeit legen"),
        url=desk.url("appointment"),
        fields=(times, reason),
        version=desk.version,
        open=True,
    )
    cancel = ActionRow(
        key="cancel",
        label=gettext("Termin absagen"),
        url=desk.url("appointment_cancel"),
        style="danger",
        summary=gettext("Die Zeit wird wieder frei. Die Person erfährt es."),
        fields=(reason,),
        version=desk.version,
    )
    return MovePage(
        case=Link(case.reference, desk.url("case")),
        applicant=case.applicant or gettext("ohne Namen"),
        current=_current(slot),
        move=next(iter(reshown([move], attempt))) if slots else None,
        cancel=next(iter(reshown([cancel], attempt))) if slot else None,
        empty=None if slots else EmptyState(gettext("In den nächsten 60 Tagen ist nichts frei.")),
    )


def _current(slot: Appointment | None) -> str:
    if slot is None:
        return gettext("Zurzeit gibt es keinen Termin.")
    if slot.day is None:
        return gettext("Das Terminsystem hat noch keine Zeit bestätigt.")
    told = {"day": day_text(slot.day), "time": f"{slot.starts:%H:%M}"}
    return gettext("Zurzeit am %(day)s um %(time)s Uhr.") % told


def _time(slot: Slot) -> str:
    weekday = str(_WEEKDAYS[slot.day.weekday()])
    told = {
        "weekday": weekday,
        "day": day_text(slot.day),
        "from": f"{slot.starts:%H:%M}",
        "to": f"{slot.ends:%H:%M}",
        "free": slot.free,
    }
    return gettext("%(weekday)s, %(day)s, %(from)s–%(to)s Uhr (%(free)d frei)") % told


def day_page(
    offer: Offer,
    day: date,
    coming: Sequence[Coming],
    *,
    offers: Sequence[Offer],
    may_lay_out: bool,
) -> DayPage:
    """Who comes on a day."""
    key, count = offer.definition.key, len(coming)
    total = ngettext("%(count)d Termin am %(day)s", "%(count)d Termine am %(day)s", count)
    return DayPage(
        title=offer.definition.title.in_(language()),
        summary=total % {"count": count, "day": day_text(day)},
        day=day,
        previous_url=day_address(key, day - _A_DAY),
        next_url=day_address(key, day + _A_DAY),
        service=key,
        services=services(key, offers),
        rows=tuple(_coming(one, offer) for one in coming),
        calendar_url=calendar_address(key) if may_lay_out else "",
        empty=None if coming else EmptyState(gettext("An diesem Tag kommt niemand.")),
    )


def day_address(service: str, day: date) -> str:
    """Where the list of a day is."""
    return f"{reverse('appointments')}?{urlencode({'service': service, 'day': day.isoformat()})}"


def calendar_address(service: str) -> str:
    """Where the hours of a calendar are."""
    return f"{reverse('appointments_calendar')}?{urlencode({'service': service})}"


def services(current: str, offers: Sequence[Offer]) -> tuple[Option, ...]:
    """The services with a calendar, to choose from."""
    return tuple(
        Option(
            one.definition.key, one.definition.title.in_(language()), one.definition.key == current
        )
        for one in offers
    )


def _coming(one: Coming, offer: Offer) -> ComingRow:
    rule = offer.definition.slots
    kind = only(rule.kinds, one.kind) if rule else None
    text, tone = _STATES[one.state]
    return ComingRow(
        key=str(one.case_id),
        url=reverse("case", args=[one.case_id]),
        window=f"{one.starts:%H:%M}–{one.ends:%H:%M}",
        applicant=one.applicant or gettext("ohne Namen"),
        reference=one.reference,
        kind=kind.title.in_(language()) if kind else one.kind,
        district=one.district,
        state=Tag(str(text), tone),
    )


def calendar_page(
    offer: Offer,
    weeks: Sequence[Week],
    *,
    offers: Sequence[Offer],
    districts: Sequence[str],
    today: date,
    attempt: Attempt | None = None,
    plan: Plan | None = None,
) -> CalendarPage:
    """The hours of a calendar; ``attempt`` is what a form said, ``plan`` what it comes to."""
    key = offer.definition.key
    typed = attempt.typed if attempt and attempt.action == "hours" else {}
    hours = ActionRow(
        key="hours",
        label=gettext("Sprechzeiten anlegen"),
        url=calendar_address(key),
        submit_label=gettext("Vorschau"),
        summary=gettext("Feiertage und Schließtage werden ausgelassen."),
        fields=tuple(_hours(offer, districts, today)),
        open=True,
    )
    close = ActionRow(
        key="close",
        label=gettext("Einen Tag schließen"),
        url=f"{reverse('appointments_close')}?{urlencode({'service': key})}",
        submit_label=gettext("Schließen"),
        fields=(
            ActionField(
                name="day",
                label=gettext("Tag"),
                kind="date",
                required=True,
                minimum=today.isoformat(),
                hint=gettext("Gebuchte Termine bleiben stehen; sie sind einzeln zu verlegen."),
            ),
        ),
    )
    return CalendarPage(
        title=offer.definition.title.in_(language()),
        days_url=day_address(key, today),
        service=key,
        services=services(key, offers),
        weeks=tuple(
            WeekRow(monday=one.monday, capacity=one.capacity, booked=one.booked, held=one.held)
            for one in weeks
        ),
        hours=next(iter(reshown([hours], attempt))),
        plan=_plan(key, plan, typed) if plan else None,
        close=next(iter(reshown([close], attempt))),
    )


def _plan(service: str, plan: Plan, typed: Mapping[str, Sequence[str]]) -> PlanRow:
    told = {"times": plan.new, "days": len(plan.days), "known": plan.known}
    finding = gettext(
        "Das legt %(times)d Zeiten an %(days)d Tagen neu an; %(known)d gibt es schon."
    )
    return PlanRow(
        url=f"{reverse('appointments_lay_out')}?{urlencode({'service': service})}",
        is_new=plan.new > 0,
        finding=finding % told,
        closed=tuple(
            f"{day_text(day)} {name or gettext('geschlossen')}" for day, name in plan.closed.items()
        ),
        values=tuple((name, value) for name, values in typed.items() for value in values),
    )


def _hours(offer: Offer, districts: Sequence[str], today: date) -> Iterator[ActionField]:
    rule = offer.definition.slots
    first = today + _A_DAY
    yield ActionField(
        name="kind",
        label=gettext("Art"),
        kind="select",
        required=True,
        options=tuple(
            Option(one.key, one.title.in_(language())) for one in (rule.kinds if rule else ())
        ),
    )
    yield ActionField(
        name="weekdays",
        label=gettext("Wochentage"),
        kind="checkboxes",
        required=True,
        options=tuple(Option(str(at), str(name), at < 5) for at, name in enumerate(_WEEKDAYS)),
    )
    yield _text("opens", gettext("Von (Uhrzeit)"), "08:00")
    yield _text("closes", gettext("Bis (Uhrzeit)"), "12:00")
    yield ActionField(
        name="minutes",
        label=gettext("Dauer eines Termins in Minuten"),
        kind="number",
        minimum="1",
        maximum="600",
        value="" if rule and rule.place == "address" else "20",
        hint=gettext("Ohne Angabe: ein Zeitraum von der ersten bis zur letzten Uhrzeit."),
    )
    yield ActionField(
        name="capacity",
        label=gettext("Plätze zur selben Zeit"),
        kind="number",
        required=True,
        minimum="1",
        maximum="1000",
        value="1",
    )
    yield _day("first", gettext("Erster Tag"), first)
    yield _day("last", gettext("Letzter Tag"), first + timedelta(days=90))
    if rule and rule.place == "address":
        yield ActionField(
            name="districts",
            label=gettext("Bezirke"),
            kind="checkboxes",
            required=True,
            options=tuple(Option(one, one, True) for one in districts),
        )


def _text(name: str, label: str, value: str) -> ActionField:
    return ActionField(
        name=name, label=label, kind="text", required=True, value=value, maximum="5", hint="hh:mm"
    )


def _day(name: str, label: str, value: date) -> ActionField:
    return ActionField(name=name, label=label, kind="date", required=True, value=value.isoformat())
