"""The city's own calendars: places that are free, held, booked, moved and given back.

Never more than a slot takes: the database itself refuses it (``never_overbooked``). A hold counts
until it expires by the clock handed in; whoever wants a place collects what has expired first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from efile.kernel.actors import Actor
from efile.kernel.clock import BERLIN, local_date
from efile.kernel.errors import Conflict
from efile.kernel.journal import record
from efile.kernel.models import Tenant
from efile.kernel.verbs import unit_of_work, verb
from workflows import facts
from workflows.models import Booking, SlotDay, SlotHold

MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which something can be booked; ``free`` places are left at the time of asking.

    ``id`` is a text where another system keeps the calendar; ``district`` "" in an office.
    """

    id: UUID | str
    kind: str
    district: str
    day: date
    starts: time
    ends: time
    free: int


class SlotTaken(Conflict):
    """The time that was asked for is full, or no longer held, and no other is wanted."""

    code = "slot_taken"


class NoSlot(Conflict):
    """Nothing is free as far as the calendar goes."""

    code = "no_slot"


def earliest(at: datetime, place: str = "address") -> date:
    """The first day that can still be booked: the dispatch list of today is out.

    An ``office`` takes whoever comes today, too.
    """
    return local_date(at) + timedelta(days=0 if place == "office" else 1)


def free_slots(
    tenant_id: int,
    calendar: str,
    *,
    first: date,
    last: date,
    district: str = "",
    at: datetime | None = None,
) -> list[Slot]:
    """What is free from ``first`` to ``last``, both included, in the order of time. One statement.

    With ``at`` what has begun is left out, and holds count only until they expire; without, all do.
    """
    slots = SlotDay.objects.filter(tenant_id=tenant_id, calendar=calendar, day__range=(first, last))
    if district:
        slots = slots.filter(district=district)
    if at is None:
        slots = slots.annotate(free=F("capacity") - F("booked") - F("held"))
    else:
        holds = SlotHold.objects.filter(slot=OuterRef("id"), expires_at__gt=at).order_by()
        live = Subquery(holds.values("slot").annotate(n=Count("id")).values("n"))
        held = Coalesce(live, 0, output_field=IntegerField())
        slots = slots.filter(_to_come(at)).annotate(free=F("capacity") - F("booked") - held)
    found = slots.filter(free__gt=0).order_by("day", "starts", "district", "kind")
    return [
        Slot(one.id, one.kind, one.district, one.day, one.starts, one.ends, one.free)
        for one in found[:MOST]
    ]


def _to_come(at: datetime) -> Q:
    here = at.astimezone(BERLIN)
    return Q(day__gt=here.date()) | Q(day=here.date(), starts__gt=here.time())


_COLUMNS: Final = "id, kind, district, day, starts, ends, capacity - booked - held"
_COMES: Final = "(day > %(today)s OR (day = %(today)s AND starts > %(now)s))"

# Slots ``y`` to come that have room by the clock: what is held counts until it expires.
FREE: Final = f"""{_COMES}
   AND booked + (CASE WHEN held = 0 THEN 0 ELSE (
         SELECT count(*) FROM workflows_slothold h
          WHERE h.slot_id = y.id AND h.expires_at > %(at)s) END) < capacity"""  # noqa: S608

_IS_FREE: Final = f"""
SELECT FROM workflows_slotday y WHERE id = %(slot)s AND tenant_id = %(tenant)s AND {FREE}
"""

_FIRST: Final = f"""
SELECT id FROM workflows_slotday y
 WHERE tenant_id = %(tenant)s AND calendar = %(calendar)s AND district = %(district)s
   AND kind = %(kind)s AND day BETWEEN %(first)s AND %(last)s AND {FREE}
 ORDER BY day, starts LIMIT 1
"""  # noqa: S608 - put together from constants of this file alone

# The counters of the row itself decide: what the lock waited for is seen in them.
_BOOK: Final = f"""
UPDATE workflows_slotday SET booked = booked + 1
 WHERE id = ({_FIRST} FOR UPDATE) AND booked + held < capacity
RETURNING {_COLUMNS}
"""  # noqa: S608 - put together from constants of this file alone

_TAKE: Final = f"""
UPDATE workflows_slotday SET {{counter}} = {{counter}} + 1
 WHERE id = %(slot)s AND tenant_id = %(tenant)s AND booked + held < capacity AND {_COMES}
RETURNING {_COLUMNS}
"""  # noqa: S608 - put together from constants of this file alone

_COLLECT: Final = """
WITH gone AS (
  DELETE FROM workflows_slothold WHERE slot_id = %(slot)s AND expires_at <= %(at)s RETURNING id)
UPDATE workflows_slotday SET held = held - (SELECT count(*) FROM gone)
 WHERE id = %(slot)s AND capacity IS NOT NULL
"""

# The slot first, then its hold: as everybody who locks both.
_REDEEM: Final = f"""
WITH kept AS (
  SELECT y.id FROM workflows_slotday y
   WHERE y.id = (SELECT slot_id FROM workflows_slothold
                  WHERE id = %(hold)s AND tenant_id = %(tenant)s AND source = %(source)s)
     FOR UPDATE
), gone AS (
  DELETE FROM workflows_slothold h USING kept
   WHERE h.id = %(hold)s AND h.slot_id = kept.id AND h.expires_at > %(at)s RETURNING h.slot_id
)
UPDATE workflows_slotday y SET booked = booked + 1, held = held - 1
  FROM gone WHERE y.id = gone.slot_id
RETURNING {_COLUMNS.replace("id,", "y.id,", 1)}
"""  # noqa: S608 - put together from constants of this file alone


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
    """Book the first free time from ``first`` to ``last`` for the case, inside a verb.

    Refuses: NoSlot. The database itself refuses an overbooked slot (``never_overbooked``).
    """
    wanted = {
        **_clock(by, at),
        "calendar": calendar,
        "district": district,
        "kind": kind,
        "first": first,
        "last": last,
    }
    while (slot := _one(_BOOK, wanted)) is None:
        # Either nothing is free, or what was is full of expired holds or of others by now.
        first_free = _first_free(wanted)
        if first_free is None:
            raise NoSlot(kind=kind, district=district)
        _collect(by.tenant_id, first_free, at)
    _note(case_id, slot, by, at)
    return slot


def any_free(
    *,
    calendar: str,
    district: str,
    kind: str,
    first: date,
    last: date,
    by: Actor,
    at: datetime,
) -> bool:
    """Whether ``book`` would find a time at this moment. One statement, nothing is locked."""
    wanted = {"calendar": calendar, "district": district, "kind": kind, "first": first}
    return _first_free({**_clock(by, at), **wanted, "last": last}) is not None


def is_free(slot_id: UUID, *, by: Actor, at: datetime) -> bool:
    """Whether ``take`` would find a place at this moment. One statement, nothing is locked."""
    with connection.cursor() as cursor:
        cursor.execute(_IS_FREE, {**_clock(by, at), "slot": slot_id})
        return cursor.fetchone() is not None


def book_slot(case_id: UUID, slot_id: UUID, *, by: Actor, at: datetime) -> Slot:
    """Book this very slot for the case, inside a verb. Refuses: SlotTaken."""
    slot = take(slot_id, by=by, at=at)
    _note(case_id, slot, by, at)
    return slot


def book_held(case_id: UUID, hold_id: UUID, *, by: Actor, at: datetime) -> Slot:
    """Book what ``by`` holds for the case, inside a verb. Refuses: SlotTaken (held no longer)."""
    slot = redeem(hold_id, by=by, at=at)
    _note(case_id, slot, by, at)
    return slot


def hold(slot_id: UUID, *, minutes: int, by: Actor, at: datetime) -> SlotHold:
    """Keep a place of the slot for so many ``minutes``, inside a verb. Refuses: SlotTaken."""
    take(slot_id, counter="held", by=by, at=at)
    return SlotHold.objects.create(
        tenant_id=by.tenant_id,
        slot_id=slot_id,
        source=by.key,
        held_at=at,
        expires_at=at + timedelta(minutes=minutes),
    )


def take(slot_id: UUID, *, by: Actor, at: datetime, counter: str = "booked") -> Slot:
    """Count one more place of a slot to come as ``counter``, inside a verb. Refuses: SlotTaken."""
    wanted = {**_clock(by, at), "slot": slot_id}
    statement = _TAKE.format(counter=counter)
    slot = _one(statement, wanted)
    if slot is None:
        _collect(by.tenant_id, slot_id, at)
        slot = _one(statement, wanted)
    if slot is None:
        raise SlotTaken
    return slot


def redeem(hold_id: UUID, *, by: Actor, at: datetime) -> Slot:
    """Turn the sender's hold into a booked place, inside a verb. Refuses: SlotTaken."""
    held = {"hold": hold_id, "tenant": by.tenant_id, "source": by.key, "at": at}
    slot = _one(_REDEEM, held)
    if slot is None:
        raise SlotTaken
    return slot


def give_back(slot_id: UUID) -> None:
    """Count one booked place of the slot less, inside a verb."""
    SlotDay.objects.filter(id=slot_id, capacity__isnull=False).update(booked=F("booked") - 1)


def collect(*, at: datetime) -> int:
    """Give back what was held and has expired; returns in how many slots."""
    due = SlotHold.objects.filter(expires_at__lte=at).order_by()
    slots = list(due.values_list("tenant", "slot").distinct())
    for tenant_id, slot_id in slots:
        with unit_of_work():
            _collect(tenant_id, slot_id, at)
    return len(slots)


def _collect(tenant_id: int, slot_id: UUID, at: datetime) -> None:
    """Give back the expired holds of one slot, which is locked from here on."""
    slot = SlotDay.objects.select_for_update().filter(tenant_id=tenant_id, id=slot_id)
    if slot.first():
        with connection.cursor() as cursor:
            cursor.execute(_COLLECT, {"slot": slot_id, "at": at})


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
    if booking.provider == "external":
        # Whatever became of the booking there: it is told that there is none.
        booking.owed, booking.tries, booking.next_try_at = "cancel", 0, at
    booking.save(update_fields=["cancelled_at", "owed", "tries", "next_try_at"])
    if booking.slot_id:
        give_back(booking.slot_id)
    record(facts.SlotReleased(case_id=case_id, facts={"slot": booking.slot_id}), by=by, at=at)
    if booking.owed:
        record(facts.AppointmentOwed(case_id=case_id, facts={"owed": "cancel"}), by=by, at=at)


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
    """Open ``days`` for booking at that time; what exists is left as it is. Returns how many."""
    laid_out = SlotDay.objects.filter(
        tenant=tenant, calendar=calendar, district=district, kind=kind, starts=starts
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


def _clock(by: Actor, at: datetime) -> dict[str, Any]:
    here = at.astimezone(BERLIN)
    return {"tenant": by.tenant_id, "today": here.date(), "now": here.time(), "at": at}


def _one(statement: str, parameters: dict[str, Any]) -> Slot | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row = cursor.fetchone()
    return Slot(*row) if row else None


def _note(case_id: UUID, slot: Slot, by: Actor, at: datetime) -> None:
    Booking.objects.create(tenant_id=by.tenant_id, case_id=case_id, slot_id=slot.id, booked_at=at)
    told = {"day": slot.day, "kind": slot.kind, "district": slot.district}
    if not slot.district:
        told["start"] = f"{slot.starts:%H:%M}"
    record(facts.SlotBooked(case_id=case_id, facts=told), by=by, at=at)


def _first_free(wanted: dict[str, Any]) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute(_FIRST, wanted)
        row = cursor.fetchone()
    return row[0] if row else None
