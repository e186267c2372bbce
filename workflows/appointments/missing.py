"""Nobody came: noted by the office, told to the applicant, and a person decides what follows."""

from datetime import datetime
from uuid import UUID

from efile import filing
from efile.kernel.actors import Actor
from efile.kernel.clock import BERLIN
from efile.kernel.errors import Conflict
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.policy import Action, require
from workflows import facts
from workflows.machine import announce, locked, raise_revision
from workflows.models import Booking, Task
from workflows.offers import definition_of


class AppointmentToCome(Conflict):
    """There is no appointment that has begun: nobody can have missed it."""

    code = "appointment_to_come"


@verb
def note_missed(
    case_id: UUID,
    *,
    again: bool,
    note: str = "",
    by: Actor,
    at: datetime,
    revision: int | None = None,
) -> None:
    """The applicant did not come; ``again`` lets them choose another appointment in the portal.

    Refuses: NotFound, ActIsHeld, ActionNotGranted, CaseChanged, AppointmentToCome.
    """
    process = locked(case_id, by=by)
    require(Action.APPOINT, case_id, process.scope, by=by)
    raise_revision(process, seen=revision)
    live = Booking.objects.select_for_update(of=("self",)).select_related("slot")
    booking = live.filter(case_id=case_id, cancelled_at__isnull=True).first()
    here = at.astimezone(BERLIN)
    slot = booking.slot if booking else None
    if booking is None or slot is None or (slot.day, slot.starts) > (here.date(), here.time()):
        raise AppointmentToCome
    booking.missed_at = booking.cancelled_at = at
    booking.offered_at = at if again and definition_of(process.version).slots else None
    booking.save(update_fields=["missed_at", "cancelled_at", "offered_at"])
    if note.strip():
        filing.write_note(case_id, note.strip(), by=by, at=at)
    said = {"day": slot.day, "start": f"{slot.starts:%H:%M}", "again": again}
    record(facts.SlotMissed(case_id=case_id, facts=said), by=by, at=at)
    announce(process, "slot_missed", at=at)
    Task.objects.create(
        tenant_id=process.tenant_id,
        case_id=case_id,
        kind="examine",
        facts={"reason": "appointment_missed", "again": again},
        opened_at=at,
    )
