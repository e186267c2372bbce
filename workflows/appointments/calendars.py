"""Laying out a calendar: weekly hours, without the days on which the office is closed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import F, Sum

from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import FieldError, Invalid
from efile.kernel.journal import record
from efile.kernel.models import Tenant
from efile.kernel.verbs import verb
from efile.policy import Action, ActionNotGranted, may_anywhere
from workflows import facts
from workflows.case_deadlines import office_calendar
from workflows.models import SlotDay, StreetRange
from workflows.offers import Offer, current_offer

LONGEST_SPAN: Final = timedelta(days=366)
MOST: Final = 20_000
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekly hours: on ``weekdays`` (0 is Monday) from ``opens`` to ``closes``.

    ``minutes`` long each, ``capacity`` at the same time; without minutes one time that lasts from
    opening to closing. ``districts`` () in an office.
    """

    weekdays: frozenset[int]
    opens: time
    closes: time
    minutes: int | None
    capacity: int
    kind: str
    first: date
    last: date
    districts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What hours come to: how many times on how many days, and the days left out, with why."""

    times: int
    days: Sequence[date]
    closed: Mapping[date, str]
    known: int

    @property
    def new(self) -> int:
        """How many of the times are not there yet."""
        return self.times - self.known


@dataclass(frozen=True, slots=True)
class Week:
    """How full a calendar is in the week that begins with ``monday``."""

    monday: date
    capacity: int
    booked: int
    held: int


def plan(service: str, hours: Hours, *, by: Actor) -> Plan:
    """What laying ``hours`` out would do. Refuses: NotFound, ActionNotGranted, Invalid."""
    offer = _offer(service, by)
    _require_sound(offer, hours, by.tenant_id)
    days, closed = _days(hours, offer.version.tenant)
    times = list(_times(hours))
    count = len(days) * len(times) * len(hours.districts or ("",))
    if count > MOST:
        raise Invalid([FieldError("/last", "too_many_slots", {"limit": MOST})])
    known = SlotDay.objects.filter(
        tenant_id=by.tenant_id,
        calendar=_calendar(offer),
        kind=hours.kind,
        external="",
        day__in=days,
        starts__in=[starts for starts, _ in times],
        district__in=hours.districts or ("",),
    ).count()
    return Plan(count, days, closed, known)


@verb
def lay_out_hours(service: str, hours: Hours, *, by: Actor, at: datetime) -> int:
    """Open these hours for booking; times that are there stay as they are. Returns how many.

    Refuses: what ``plan`` refuses.
    """
    offer = _offer(service, by)
    _require_sound(offer, hours, by.tenant_id)
    days, _ = _days(hours, offer.version.tenant)
    rows = [
        SlotDay(
            tenant_id=by.tenant_id,
            calendar=_calendar(offer),
            district=district,
            kind=hours.kind,
            day=day,
            starts=starts,
            ends=ends,
            capacity=hours.capacity,
        )
        for day in days
        for starts, ends in _times(hours)
        for district in hours.districts or ("",)
    ]
    if len(rows) > MOST:
        raise Invalid([FieldError("/last", "too_many_slots", {"limit": MOST})])
    before = SlotDay.objects.filter(tenant_id=by.tenant_id, calendar=_calendar(offer)).count()
    SlotDay.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    after = SlotDay.objects.filter(tenant_id=by.tenant_id, calendar=_calendar(offer)).count()
    told = {"calendar": _calendar(offer), "opened": after - before, "first": hours.first}
    record(facts.CalendarLaidOut(case_id=None, facts=told | {"last": hours.last}), by=by, at=at)
    return after - before


@verb
def close_day(service: str, day: date, *, by: Actor, at: datetime) -> int:
    """Take no more bookings on ``day``; returns how many there are that somebody must see to.

    Refuses: NotFound, ActionNotGranted, Invalid (a day gone by).
    """
    offer = _offer(service, by)
    if day < local_date(at):
        raise Invalid([FieldError("/day", "out_of_range")])
    slots = SlotDay.objects.select_for_update().filter(
        tenant_id=by.tenant_id, calendar=_calendar(offer), day=day, capacity__isnull=False
    )
    booked = sum(slots.order_by("id").values_list("booked", flat=True))
    slots.update(capacity=F("booked") + F("held"))
    told = {"calendar": _calendar(offer), "closed": day, "booked": booked}
    record(facts.CalendarLaidOut(case_id=None, facts=told), by=by, at=at)
    return booked


def weeks(service: str, *, first: date, count: int, by: Actor) -> list[Week]:
    """How full the calendar is from the week of ``first`` on. One statement beyond the service.

    Refuses: NotFound, ActionNotGranted.
    """
    offer = _offer(service, by)
    monday = first - timedelta(days=first.weekday())
    rows = (
        SlotDay.objects.filter(
            tenant_id=by.tenant_id,
            calendar=_calendar(offer),
            day__range=(monday, monday + timedelta(weeks=count) - _DAY),
        )
        .values("day")
        .annotate(room=Sum("capacity"), taken=Sum("booked"), kept=Sum("held"))
    )
    found = {monday + timedelta(weeks=ahead): [0, 0, 0] for ahead in range(count)}
    for row in rows:
        week = found[row["day"] - timedelta(days=row["day"].weekday())]
        for at, places in enumerate((row["room"], row["taken"], row["kept"])):
            week[at] += places or 0
    return [Week(day, *numbers) for day, numbers in found.items()]


def may_lay_out(by: Actor) -> bool:
    """Heads and administrators keep the calendars."""
    return may_anywhere(Action.OVERSEE, by=by) or may_anywhere(Action.ADMINISTER, by=by)


def districts_of(tenant_id: int) -> list[str]:
    """The districts of the street directory, in order. One statement."""
    known = StreetRange.objects.filter(tenant_id=tenant_id).exclude(waste_district="")
    return sorted(set(known.values_list("waste_district", flat=True).distinct()))


def _offer(service: str, by: Actor) -> Offer:
    if not may_lay_out(by):
        raise ActionNotGranted(action=Action.OVERSEE.value)
    return current_offer(by.tenant_id, service)


def _calendar(offer: Offer) -> str:
    return offer.definition.slots.calendar if offer.definition.slots else ""


def _require_sound(offer: Offer, hours: Hours, tenant_id: int) -> None:
    if faults := [*_faults_of_rule(offer, hours, tenant_id), *_faults_of_time(hours)]:
        raise Invalid(faults)


def _faults_of_rule(offer: Offer, hours: Hours, tenant_id: int) -> Iterator[FieldError]:
    rule = offer.definition.slots
    if rule is None or rule.provider != "builtin":
        yield FieldError("/service", "no_calendar")
        return
    if hours.kind not in {kind.key for kind in rule.kinds}:
        yield FieldError("/kind", "enum")
    if rule.place == "address":
        known = set(districts_of(tenant_id))
        if not hours.districts or not known.issuperset(hours.districts):
            yield FieldError("/districts", "required")


def _faults_of_time(hours: Hours) -> Iterator[FieldError]:
    if not hours.weekdays:
        yield FieldError("/weekdays", "required")
    if hours.capacity < 1:
        yield FieldError("/capacity", "out_of_range")
    if hours.closes <= hours.opens:
        yield FieldError("/closes", "time_order")
    elif not list(_times(hours)):
        yield FieldError("/minutes", "out_of_range")
    if hours.last < hours.first:
        yield FieldError("/last", "date_order")
    elif hours.last - hours.first > LONGEST_SPAN:
        yield FieldError("/last", "date_span", {"limit": LONGEST_SPAN.days})


def _days(hours: Hours, tenant: Tenant) -> tuple[list[date], dict[date, str]]:
    """The days of the hours, and those of them on which the office is closed."""
    calendar = office_calendar(tenant)
    open_days, closed, day = [], {}, hours.first
    while day <= hours.last:
        if day.weekday() in hours.weekdays:
            off = calendar.law.day_off(day)
            if off and off.holiday:
                closed[day] = off.holiday
            elif day in calendar.closing_days:
                closed[day] = ""
            else:
                open_days.append(day)
        day += _DAY
    return open_days, closed


def _times(hours: Hours) -> Iterator[tuple[time, time]]:
    if hours.minutes is None:
        yield hours.opens, hours.closes
        return
    if hours.minutes < 1:
        return
    any_day = date(2000, 1, 1)
    closes = datetime.combine(any_day, hours.closes)
    starts = datetime.combine(any_day, hours.opens)
    while (ends := starts + timedelta(minutes=hours.minutes)) <= closes:
        yield starts.time(), ends.time()
        starts = ends
