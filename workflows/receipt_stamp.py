"""The day on which a case was received, put right: what counts from it is reckoned anew."""

from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from efile.amending import amend_receipt
from efile.kernel.actors import Actor
from efile.kernel.clock import BERLIN, local_date
from efile.kernel.errors import FieldError, Invalid
from efile.kernel.verbs import verb
from efile.lifecycle import CaseIsClosed
from efile.models import Case
from efile.policy import Action, require
from workflows.case_deadlines import happened
from workflows.machine import locked, raise_revision
from workflows.models import Process, State
from workflows.replies import rank

LONGEST_REASON: Final = 300
# Whoever handed something in before the office opened did so on that day: its first moment.
_MIDNIGHT: Final = time()


@verb
def correct_receipt(
    case_id: UUID,
    received_on: date,
    reason: str,
    *,
    by: Actor,
    at: datetime,
    revision: int | None = None,
) -> Process:
    """The entrance stamp was wrong: the case was received on ``received_on`` (a local date).

    Every deadline that counts from receipt moves with it; the receipt the sender has stays as it
    was given. Refuses: NotFound, ActionNotGranted, CaseChanged, CaseIsClosed, Invalid (a day to
    come, the day it has already, no reason).
    """
    process = locked(case_id, by=by)
    require(Action.EXAMINE, case_id, process.scope, by=by)
    raise_revision(process, seen=revision)
    if process.state == State.CLOSED:
        raise CaseIsClosed
    stamped = Case.objects.values_list("received_at", flat=True).get(id=case_id)
    faults = []
    if received_on > local_date(at):
        faults.append(FieldError("/received_on", "in_future"))
    elif received_on == local_date(stamped):
        faults.append(FieldError("/received_on", "unchanged"))
    if not reason.strip():
        faults.append(FieldError("/reason", "required"))
    if len(reason) > LONGEST_REASON:
        faults.append(FieldError("/reason", "max_length", {"limit": LONGEST_REASON}))
    if faults:
        raise Invalid(faults)
    received_at = datetime.combine(received_on, _MIDNIGHT, BERLIN)
    amend_receipt(case_id, received_at, reason.strip(), by=by, at=at)
    process.received_at = received_at
    process.save(update_fields=["received_at"])
    happened(process, "received", received_on, by=by, at=at, because="receipt_stamp")
    rank(process)
    return process
