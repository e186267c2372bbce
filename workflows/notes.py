"""Notes on a case: what colleagues leave for one another."""

from datetime import datetime
from uuid import UUID

from efile import filing
from efile.kernel.actors import Actor
from efile.kernel.verbs import verb
from efile.lifecycle import CaseIsClosed
from efile.policy import Action, require
from workflows import drafts
from workflows.machine import locked
from workflows.models import State


@verb
def leave_note(case_id: UUID, text: str, *, by: Actor, at: datetime) -> None:
    """Leave a note on an open case.

    Refuses: NotFound, ActionNotGranted, CaseIsClosed, TextIsEmpty.
    """
    process = locked(case_id, by=by, even_held=True)
    require(Action.WRITE_NOTE, case_id, process.scope, by=by)
    if process.state == State.CLOSED:
        raise CaseIsClosed
    filing.write_note(case_id, text, by=by, at=at)
    drafts.forget(case_id, "note", by.user_id)
