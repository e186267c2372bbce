"""Who works on a case: taking it up, giving it to a colleague, giving it back."""

from datetime import datetime
from uuid import UUID

from efile.kernel.actors import Actor
from efile.kernel.errors import FieldError, Invalid
from efile.kernel.journal import record
from efile.kernel.models import User
from efile.kernel.verbs import verb
from efile.lifecycle import CaseIsClosed
from efile.policy import Action, may, person, require
from workflows import facts
from workflows.machine import CaseChanged, Step, fire, locked
from workflows.models import Process, State
from workflows.payments.gate import is_awaited


@verb
def assign(
    case_id: UUID, user_id: int | None, *, by: Actor, at: datetime, revision: int | None = None
) -> Process:
    """Make ``user_id`` responsible for the case; None gives it back to the team.

    Whoever takes a received case up begins its examination. Refuses: NotFound,
    ActionNotGranted, CaseChanged, CaseIsClosed, Invalid (a colleague who may not examine it).
    """
    process = locked(case_id, by=by)
    require(Action.ASSIGN, case_id, process.scope, by=by)
    if revision is not None and revision != process.revision:
        raise CaseChanged
    if process.state == State.CLOSED:
        raise CaseIsClosed
    if user_id is not None:
        _require_able(process, user_id)
    takes_up = user_id == by.user_id and process.state == State.RECEIVED
    # Whoever takes on what is not paid yet examines it once it is.
    takes_up = takes_up and not is_awaited(process, Step.EXAMINE)
    before, process.assignee_id = process.assignee_id, user_id
    process.touched_at = at
    # Whoever takes it in the same moment is told; taking it up raises the revision by itself.
    process.revision += not takes_up
    process.save(update_fields=["assignee", "touched_at", "revision"])
    record(
        facts.Assigned(case_id=case_id, changes={"process.assignee": (before, user_id)}),
        by=by,
        at=at,
    )
    if takes_up:
        return fire(case_id, Step.EXAMINE, by=by, at=at)
    return process


def _require_able(process: Process, user_id: int) -> None:
    colleague = User.objects.filter(id=user_id, tenant_id=process.tenant_id, is_active=True).first()
    able = colleague and may(Action.EXAMINE, process.case_id, process.scope, by=person(colleague))
    if not able:
        raise Invalid([FieldError("/assignee", "not_able")])
