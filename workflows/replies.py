"""What the office owes an applicant who wrote: a reply within days, and a place on the list."""

from datetime import date, datetime
from typing import Final

from efile.kernel.actors import system
from efile.kernel.clock import local_date
from workflows.case_deadlines import end_deadlines, office_calendar, set_deadline
from workflows.deadlines.operations import reply_target
from workflows.machine import latest_decision
from workflows.models import Deadline, Process, Question, State
from workflows.models.process import AT_WORK
from workflows.notification import told_by

# Working days of the office; the house's own promise, no period of law.
REPLY_WITHIN: Final = 3


def owe_reply(process: Process, *, at: datetime) -> None:
    """The applicant wrote: a case at work becomes due for a reply, unless it is already."""
    if process.state not in AT_WORK or _running(process, "reply"):
        return
    received_on = local_date(at)
    calendar = office_calendar(process.tenant)
    set_deadline(
        process.tenant_id,
        process.case_id,
        key="reply",
        kind="processing",
        event_on=received_on,
        reckoning=reply_target(received_on, REPLY_WITHIN, calendar),
        by=system(process.tenant_id, "replies"),
        at=at,
    )
    rank(process)


def reply_given(process: Process, *, at: datetime) -> None:
    """Somebody answered, or read what asks for no answer: nothing is owed any more."""
    end_deadlines(process.case_id, ["reply"], at=at)
    rank(process)


def rank(process: Process) -> None:
    """Let the case stand on the work list by the nearest day that matters.

    That is the reply that is owed, and beside it what the case itself is about: the answer it
    waits for, the processing target, or the day its decision should have arrived. A case that is
    no longer at work stands on no list.
    """
    if process.state not in AT_WORK:
        return
    due_on = min((*_running(process, "reply"), *_own(process)), default=process.due_on)
    Process.objects.filter(case_id=process.case_id).update(due_on=due_on)


def _own(process: Process) -> list[date]:
    if process.state == State.DECIDED:
        decision = latest_decision(process.case_id)
        return [told_by(decision)] if decision else []
    if process.state == State.WAITING:
        # Of several answers the one that is due first.
        waited_for = Question.objects.filter(
            case_id=process.case_id, answered_at__isnull=True, dropped_at__isnull=True
        )
        return list(waited_for.values_list("due_on", flat=True))
    return _running(process, "processing")


def _running(process: Process, key: str) -> list[date]:
    rows = Deadline.objects.filter(case_id=process.case_id, key=key, is_running=True)
    return list(rows.values_list("ends_on", flat=True))
