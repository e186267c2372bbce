"""Appointments: capacity by day, booked without ever exceeding it, and the list of a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import F

from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import Conflict
from efile.kernel.journal import record
from efile.kernel.models import Tenant
from efile.kernel.verbs import verb
from workflows import facts
from workflows.models import Booking, SlotDay


@dataclass(frozen=True, slots=True)
class Slot:
    """A day on which something can be booked; ``free`` places are left at the time of asking."""

    id: UUID
    kind: str
    district: str
    day: date
    starts: time
    ends: time
    free: int


class SlotTaken(Conflict):
    """The day that was asked for is full, and no other is wanted."""

    code = "slot_taken"


class NoSlot(Conflict):
    """Nothing is free as far as the calendar goes."""

    code = "no_slot"


def earliest(at: datetime) -> date:
    """The first day that can still be booked: the dispatch list of today is out."""
    return local_date(at) + timedelta(days=1)


def free_slots(
    tenant_id: int, calendar: str, *, first: date, last: date, district: str = ""
) -> list[Slot]:
    """The days with free places from ``first`` to ``last``, both included. One statement."""
    days = SlotDay.objects.filter(
        tenant_id=tenant_id,
        calendar=calendar,
        day__range=(first, last),
        booked__lt=F("capacity"),
    )
    if district:
        days = days.filter(district=district)
    return [
        Slot(
            one.id,
            one.kind,
            one.district,
            one.day,
            one.starts,
            one.ends,
            one.capacity - one.booked,
        )
        for one in days.order_by("day", "district", "kind")[:1000]
    ]


# Tenant, calendar, district, kind, first and last day.
_Wanted = tuple[int, str, str, str, date, date]

_BOOK = """
UPDATE workflows_slotday SET booked = booked + 1
 WHERE id = (SELECT id FROM workflows_slotday
              WHERE tenant_id = %s AND calendar = %s AND district = %s AND kind = %s
                AND day BETWEEN %s AND %s AND booked < capacity
              ORDER BY day LIMIT 1 FOR UPDATE)
RETURNING id, kind, district, day, starts, ends, capacity - booked
"""


def book(
    case_id: UUID,
    *,
    calendar: str,
    district: str,
    kind: str,
    first: date,
    last: date,
    by: Actor,
    at: datetime,
) -> Slot:
    """Book the first free day from ``first`` to ``last`` for the case, inside a verb.

    Refuses: NoSlot. The database itself refuses an overbooked day (``never_overbooked``).
    """
    parameters: _Wanted = (by.tenant_id, calendar, district, kind, first, last)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_BOOK, parameters)
            row = cursor.fetchone()
        if row:
            break
        # Either nothing is free, or the day we waited for filled up meanwhile: look again.
        if not _has_room(parameters):
            raise NoSlot(kind=kind, district=district)
    slot = Slot(*row)
    Booking.objects.create(tenant_id=by.tenant_id, case_id=case_id, slot_id=slot.id, booked_at=at)
    record(
        facts.SlotBooked(
            case_id=case_id,
            facts={"day": slot.day, "kind": slot.kind, "district": slot.district},
        ),
        by=by,
        at=at,
    )
    return slot


def release(case_id: UUID, *, by: Actor, at: datetime) -> None:
    """Give the case's place back, if it holds one, inside a verb."""
    booking = (
        Booking.objects.select_for_update()
        .filter(case_id=case_id, cancelled_at__isnull=True)
        .first()
    )
    if booking is None:
        return
    booking.cancelled_at = at
    booking.save(update_fields=["cancelled_at"])
    SlotDay.objects.filter(id=booking.slot_id).update(booked=F("booked") - 1)
    record(facts.SlotReleased(case_id=case_id, facts={"slot": booking.slot_id}), by=by, at=at)


@verb
def lay_out(
    tenant: Tenant,
    calendar: str,
    *,
    days: Iterable[date],
    district: str,
    kind: str,
    capacity: int,
    starts: time,
    ends: time,
) -> int:
    """Open ``days`` for booking; days that exist are left as they are. Returns how many are new."""
    laid_out = SlotDay.objects.filter(
        tenant=tenant, calendar=calendar, district=district, kind=kind
    )
    known = set(laid_out.values_list("day", flat=True))
    wanted = [
        SlotDay(
            tenant=tenant,
            calendar=calendar,
            district=district,
            kind=kind,
            day=day,
            starts=starts,
            ends=ends,
            capacity=capacity,
        )
        for day in days
        if day not in known
    ]
    SlotDay.objects.bulk_create(wanted, ignore_conflicts=True)
    return len(wanted)


def _has_room(parameters: _Wanted) -> bool:
    tenant_id, calendar, district, kind, first, last = parameters
    return SlotDay.objects.filter(
        tenant_id=tenant_id,
        calendar=calendar,
        district=district,
        kind=kind,
        day__range=(first, last),
        booked__lt=F("capacity"),
    ).exists()
