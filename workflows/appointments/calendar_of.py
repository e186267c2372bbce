"""Whose calendar a service books from, and what of it is free."""

from datetime import date, datetime
from uuid import UUID

from workflows.appointments.port import Time, list_times
from workflows.catalogue.definition import Definition
from workflows.models import SlotDay
from workflows.slots import Slot, earliest, free_slots


def free_times(
    tenant_id: int,
    definition: Definition,
    *,
    first: date,
    last: date,
    district: str = "",
    at: datetime,
) -> list[Slot]:
    """What can be booked for the service from ``first`` to ``last``; nothing without a calendar.

    Refuses: AppointmentsUnavailable (the calendar is another system's, and that is down).
    """
    slots = definition.slots
    if slots is None:
        return []
    first = max(first, earliest(at, slots.place))
    if slots.provider == "builtin":
        return free_slots(
            tenant_id, slots.calendar, first=first, last=last, district=district, at=at
        )
    times = list_times(slots.calendar, first, last)
    return [as_slot(one) for one in times if one.free > 0 and one.starts > at]


def as_slot(time: Time) -> Slot:
    """A time of the other system as a slot of ours."""
    starts, ends = time.starts, time.ends
    return Slot(time.id, time.kind, "", starts.date(), starts.time(), ends.time(), time.free)


def mirrored(tenant_id: int, calendar: str, time: Time) -> UUID:
    """Our row for a time of the other system, so that everything else finds it as it finds ours."""
    row, _ = SlotDay.objects.update_or_create(
        tenant_id=tenant_id,
        calendar=calendar,
        external=time.id,
        defaults={
            "district": "",
            "kind": time.kind[:20],
            "day": time.starts.date(),
            "starts": time.starts.time(),
            "ends": time.ends.time(),
            "capacity": None,
        },
    )
    return row.id
