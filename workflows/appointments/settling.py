"""What another system has to be told of appointments: looked at, called, noted, in that order.

Level-triggered: each round compares what is owed with what is there. The calls are puts under the
booking's own id, so whoever dies between any two steps leaves nothing that the next round does not
mend. A system that is down keeps an application waiting for its appointment, and nothing else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

import structlog
from django.db.models import Q

from efile.kernel.actors import Actor, system
from efile.kernel.clock import now
from efile.kernel.journal import record
from efile.kernel.verbs import unit_of_work
from workflows import facts
from workflows.appointments import port
from workflows.appointments.calendar_of import mirrored
from workflows.appointments.port import AppointmentsUnavailable, Time
from workflows.machine import announce, locked
from workflows.models import Booking, Process, Task
from workflows.slots import SlotTaken

log = structlog.get_logger()

JOB: Final = "appointments"
LONGEST_PAUSE: Final = timedelta(hours=1)
# So many free times are tried before a person is asked.
ATTEMPTS: Final = 5
BATCH: Final = 100

Outcome = Literal["booked", "kept", "taken", "cancelled", "unavailable"]


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of one call: ``seen`` is what was owed then, ``time`` what is booked now."""

    booking: UUID
    seen: tuple[str, UUID | None, Any]
    outcome: Outcome
    time: Time | None = None


def call(case_id: UUID) -> list[Settled]:
    """Tell the other system whatever is owed for the case. Runs outside any transaction."""
    owed = Booking.objects.select_related("slot", "case").exclude(owed="").filter(case_id=case_id)
    return [_called(booking) for booking in owed.order_by("booked_at", "id")]


def note(case_id: UUID, called: Sequence[Settled]) -> None:
    """Note what came of the calls. A reaction: what is owed differently by now stays owed."""
    if not called:
        return
    at = now()
    tenant_id = Process.objects.values_list("tenant_id", flat=True).get(case_id=case_id)
    by = system(tenant_id, JOB)
    process = locked(case_id, by=by)
    for one in called:
        booking = Booking.objects.select_for_update().get(id=one.booking)
        if _seen(booking) != one.seen:
            # Somebody moved or withdrew meanwhile. What was cancelled before our booking got there
            # is cancelled once more; everything else is owed still.
            if booking.cancelled_at and one.outcome == "booked":
                booking.owed = "cancel"
            booking.next_try_at = at if booking.owed else None
            booking.save(update_fields=["owed", "next_try_at"])
        else:
            _note_one(process, booking, one, by, at)


def try_again(*, at: datetime) -> int:
    """Call for every case whose time has come; returns for how many."""
    due = Booking.objects.filter(~Q(owed=""), next_try_at__lte=at).order_by("next_try_at")
    cases = list(dict.fromkeys(due.values_list("case_id", flat=True)[:BATCH]))
    for case_id in cases:
        called = call(case_id)
        with unit_of_work():
            note(case_id, called)
    return len(cases)


def _called(booking: Booking) -> Settled:
    seen = _seen(booking)
    try:
        if booking.owed == "cancel":
            port.delete_booking(booking.id)
            return Settled(booking.id, seen, "cancelled")
        outcome, time = _book(booking)
    except AppointmentsUnavailable:
        return Settled(booking.id, seen, "unavailable")
    return Settled(booking.id, seen, outcome, time)


def _book(booking: Booking) -> tuple[Outcome, Time | None]:
    wish: dict[str, Any] = booking.wish or {}
    there = port.find_booking(booking.id)
    if there and wish.get("slot", "") in ("", there.id):
        # Called before, and not noted. Another time than this one is not wanted.
        return "booked", there
    for slot in _candidates(wish):
        try:
            return "booked", port.put_booking(
                booking.id,
                wish["calendar"],
                slot,
                reference=booking.case.reference,
                hold=wish.get("hold", ""),
            )
        except SlotTaken:
            continue
    return ("kept", there) if there else ("taken", None)


def _candidates(wish: dict[str, Any]) -> Iterator[str]:
    """The slot that was chosen, and no other; where none was, the first that are free."""
    if wish.get("slot"):
        yield wish["slot"]
        return
    first, last = date.fromisoformat(wish["first"]), date.fromisoformat(wish["last"])
    free = [
        one
        for one in port.list_times(wish["calendar"], first, last)
        if one.free > 0 and one.kind == wish["kind"]
    ]
    yield from (one.id for one in free[:ATTEMPTS])


def _seen(booking: Booking) -> tuple[str, UUID | None, Any]:
    return booking.owed, booking.slot_id, booking.wish


def _note_one(process: Process, booking: Booking, said: Settled, by: Actor, at: datetime) -> None:
    if said.outcome == "unavailable":
        pause = min(timedelta(seconds=30 * 2**booking.tries), LONGEST_PAUSE)
        booking.tries, booking.next_try_at = min(booking.tries + 1, 20), at + pause
        booking.save(update_fields=["tries", "next_try_at"])
        return
    booking.owed, booking.tries, booking.next_try_at = "", 0, None
    if said.outcome == "taken":
        booking.cancelled_at = at
    if said.time:
        calendar = (booking.wish or {})["calendar"]
        booking.slot_id = mirrored(process.tenant_id, calendar, said.time)
    booking.save()
    if said.outcome == "booked" and said.time:
        _tell(process, booking, said.time, by, at)
    elif said.outcome != "cancelled":
        _call_person(process, said.outcome, by, at)


def _tell(process: Process, booking: Booking, time: Time, by: Actor, at: datetime) -> None:
    day = {"day": time.starts.date(), "start": f"{time.starts:%H:%M}", "kind": time.kind}
    if (booking.wish or {}).get("moved"):
        record(facts.SlotMoved(case_id=process.case_id, facts={"to": day["day"]}), by=by, at=at)
        announce(process, "slot_moved", at=at)
    else:
        record(facts.SlotBooked(case_id=process.case_id, facts=day), by=by, at=at)
        announce(process, "slot_booked", at=at)


def _call_person(process: Process, outcome: Outcome, by: Actor, at: datetime) -> None:
    said = {"outcome": outcome}
    record(facts.AppointmentFailed(case_id=process.case_id, facts=said), by=by, at=at)
    Task.objects.create(
        tenant_id=process.tenant_id,
        case_id=process.case_id,
        kind="examine",
        facts={"reason": "appointment_failed", **said},
        opened_at=at,
    )
