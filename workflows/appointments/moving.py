"""Another time for an appointment, or none: by the applicant up to a day, by the office always."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import Conflict, FieldError, Invalid
from efile.kernel.ids import uuid7
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.policy import Action, require
from workflows import facts, slots
from workflows.application import Application
from workflows.appointments.booking import PATIENCE, book_named, district_of, found, when
from workflows.appointments.calendar_of import mirrored
from workflows.appointments.port import Time, put_hold
from workflows.catalogue.parts import Slots
from workflows.machine import (
    StepNotPossible,
    announce,
    locked,
    locked_submission,
    raise_revision,
)
from workflows.models import Booking, Process, SlotDay, State
from workflows.models.process import UNDECIDED
from workflows.offers import definition_of
from workflows.repeat import earlier_answer, fingerprint, once

_MOVABLE: Final = (*UNDECIDED, State.DECIDED, State.NOTIFIED)


class NoAppointments(Conflict):
    """The service has no appointments."""

    code = "no_appointments"


class AppointmentIsNear(Conflict):
    """It is too late for the applicant to move or cancel it (``until`` was the last day)."""

    code = "appointment_is_near"


class NoAppointmentToMove(Conflict):
    """The appointment was missed, and no other was offered."""

    code = "no_appointment_to_move"


@dataclass(frozen=True, slots=True)
class HeldElsewhere:
    """A time of another system that is held for this move, under the hold's id."""

    hold: UUID
    time: Time


@verb
def move_appointment(
    case_id: UUID,
    slot: str | None,
    *,
    reason: str = "",
    by: Actor,
    at: datetime,
    revision: int | None = None,
    elsewhere: HeldElsewhere | None = None,
) -> Booking | None:
    """Give the case's appointment another time, or a first one; ``slot`` None takes it away.

    ``slot`` is the id of a slot or of a hold on one; ``elsewhere`` what ``hold_elsewhere`` gave.
    Staff say why. Refuses: NotFound, ActIsHeld, ActionNotGranted, CaseChanged, StepNotPossible,
    NoAppointments, AppointmentIsNear, NoAppointmentToMove, SlotTaken, Invalid.
    """
    process = locked(case_id, by=by)
    require(Action.APPOINT, case_id, process.scope, by=by)
    raise_revision(process, seen=revision)
    rule = _rule(process)
    if process.state not in _MOVABLE or process.decision == "refused":
        raise StepNotPossible(step="appointment", state=process.state)
    if by.kind == "user" and not reason.strip():
        raise Invalid([FieldError("/reason", "required")])
    live = Booking.objects.select_for_update(of=("self",)).select_related("slot")
    booking = live.filter(case_id=case_id, cancelled_at__isnull=True).first()
    if by.kind == "portal":
        _require_in_time(case_id, booking, rule, at)
    said = {"reason": reason.strip()} if reason.strip() else {}
    if slot is None:
        if booking:
            slots.release(case_id, by=by, at=at)
            announce(process, "slot_cancelled", at=at)
        return None
    if rule.provider == "external":
        return _owe(process, booking, rule, elsewhere, said, by, at)
    application = Application.of(process)
    wish = application.definition.slot_wish(application.form)
    district = (
        booking.slot.district
        if booking and booking.slot
        else district_of(application, process.tenant_id)
    )
    kind = booking.slot.kind if booking and booking.slot else wish.kind if wish else ""
    if booking is None:
        book_named(case_id, rule, kind, district or "", slot, by=by, at=at)
        announce(process, "slot_booked", at=at)
        return Booking.objects.select_related("slot").get(
            case_id=case_id, cancelled_at__isnull=True
        )
    wanted, hold = found(rule, kind, district or "", slot, by=by, at=at)
    return _shift(process, booking, wanted, hold, said, by, at)


def hold_elsewhere(process: Process, slot: str | None, *, at: datetime) -> HeldElsewhere | None:
    """Hold ``slot`` where another system keeps the calendar, before the transaction of the move.

    Refuses: NoAppointments, SlotTaken, AppointmentsUnavailable.
    """
    rule = _rule(process)
    if slot is None or rule.provider != "external":
        return None
    hold = uuid7()
    until = at + timedelta(minutes=rule.hold_minutes)
    return HeldElsewhere(hold, put_hold(hold, rule.calendar, slot, until))


def move_submission_appointment(
    submission_id: UUID, slot: str | None, *, key: str | None, by: Actor, at: datetime
) -> tuple[str, bool]:
    """The sender moves or cancels: (JSON ``{appointment}``, replayed).

    Refuses: NotFound, InClarification, KeyReused, and what ``move_appointment`` refuses.
    """
    digest = fingerprint(f"appointment:{submission_id}", {"slot": slot})
    earlier = earlier_answer(key, digest, by=by) if key else None
    if earlier is not None:
        return earlier, True
    elsewhere = _look_elsewhere(submission_id, slot, by, at)

    def act() -> str:
        case_id = locked_submission(submission_id, by=by).case_id
        moved = move_appointment(case_id, slot, by=by, at=at, elsewhere=elsewhere)
        return json.dumps({"appointment": told(moved) if moved else None})

    return once(key, digest, by=by, act=act)


def told(booking: Booking) -> Mapping[str, Any]:
    """The appointment of a case, as its sender is told."""
    state = "pending" if booking.is_pending else "booked"
    if booking.slot is None:
        return {"state": state, "kind": (booking.wish or {}).get("kind", "")}
    return {"state": state, "kind": booking.slot.kind, **when(booking.slot)}


def _look_elsewhere(
    submission_id: UUID, slot: str | None, by: Actor, at: datetime
) -> HeldElsewhere | None:
    process = (
        Process.objects.select_related("version")
        .filter(tenant_id=by.tenant_id, source=by.key, submission=submission_id)
        .first()
    )
    if process is None or not by.may("answer", process.service_key):
        return None  # what is asked for is refused in a moment
    return hold_elsewhere(process, slot, at=at)


def _rule(process: Process) -> Slots:
    rule = definition_of(process.version).slots
    if rule is None:
        raise NoAppointments
    return rule


def _require_in_time(case_id: UUID, booking: Booking | None, rule: Slots, at: datetime) -> None:
    if booking is None:
        last = Booking.objects.filter(case_id=case_id).order_by("-booked_at", "-id").first()
        if last and last.missed_at and not last.offered_at:
            raise NoAppointmentToMove
        return
    if booking.slot is None:
        return
    until = booking.slot.day - timedelta(days=rule.move_until_days)
    if local_date(at) > until:
        raise AppointmentIsNear(until=until.isoformat())


def _shift(
    process: Process,
    booking: Booking,
    wanted: UUID,
    hold: UUID | None,
    said: Mapping[str, Any],
    by: Actor,
    at: datetime,
) -> Booking:
    left = booking.slot
    assert left is not None
    # Both at once and in one order: two who change places do not wait for each other.
    both = SlotDay.objects.filter(id__in=[wanted, left.id]).order_by("id")
    list(both.select_for_update().values_list("id"))
    if wanted != left.id:
        if hold:
            slots.redeem(hold, by=by, at=at)
        else:
            slots.take(wanted, by=by, at=at)
        slots.give_back(left.id)
        booking.slot = SlotDay.objects.get(id=wanted)
        booking.booked_at = at
        booking.save(update_fields=["slot", "booked_at"])
        assert booking.slot is not None
        told = {"from": _moment(left), "to": _moment(booking.slot), **said}
        record(facts.SlotMoved(case_id=process.case_id, facts=told), by=by, at=at)
        announce(process, "slot_moved", at=at)
    return booking


def _moment(slot: SlotDay) -> str:
    return f"{slot.day.isoformat()} {slot.starts:%H:%M}"


def _owe(
    process: Process,
    booking: Booking | None,
    rule: Slots,
    elsewhere: HeldElsewhere | None,
    said: Mapping[str, Any],
    by: Actor,
    at: datetime,
) -> Booking:
    """What is held over there becomes the appointment once this is committed."""
    assert elsewhere is not None
    slot_id = mirrored(process.tenant_id, rule.calendar, elsewhere.time)
    if booking is None:
        booking = Booking(tenant_id=process.tenant_id, case_id=process.case_id, booked_at=at)
    before = booking.slot
    booking.slot = SlotDay.objects.get(id=slot_id)
    booking.provider, booking.owed, booking.tries = "external", "book", 0
    booking.next_try_at = at + PATIENCE
    booking.wish = {
        "calendar": rule.calendar,
        "kind": elsewhere.time.kind,
        "slot": elsewhere.time.id,
        "hold": str(elsewhere.hold),
        "moved": before is not None,
    }
    booking.save()
    told = {"owed": "book", "to": _moment(booking.slot), **said}
    record(facts.AppointmentOwed(case_id=process.case_id, facts=told), by=by, at=at)
    return booking
