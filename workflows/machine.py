"""The only doors to a state: ``start`` and ``fire``."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Subquery
from django_fsm import TransitionNotAllowed, can_proceed

from efile import lifecycle
from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import Conflict, NotFound
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.policy import Action, ActionNotGranted, may, require, require_for_service, visible_to
from workflows import facts
from workflows.closing import Left, left_on
from workflows.models import (
    Booking,
    Decision,
    HeldAct,
    Process,
    PublicEvent,
    Question,
    State,
    Submission,
    Task,
)
from workflows.models.process import AT_WORK, UNDECIDED
from workflows.offers import definition_of
from workflows.payments.gate import require_paid


class Step(StrEnum):
    """What can be done to a case; the names of ``Process``'s transitions."""

    EXAMINE = "examine"
    REQUEST_PROOF = "request_proof"
    RECEIVE_ANSWER = "receive_answer"
    GRANT = "grant"
    GRANT_IN_PART = "grant_in_part"
    REFUSE = "refuse"
    SETTLE = "settle"
    NOTIFY = "notify"
    FORWARD = "forward"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    REOPEN = "reopen"


# What the published matrix must grant for a step; the definition narrows it further.
ACTIONS = {
    Step.EXAMINE: Action.EXAMINE,
    Step.REQUEST_PROOF: Action.REQUEST_PROOF,
    Step.RECEIVE_ANSWER: Action.RECEIVE_ANSWER,
    Step.GRANT: Action.DECIDE,
    Step.GRANT_IN_PART: Action.DECIDE,
    Step.REFUSE: Action.DECIDE,
    Step.SETTLE: Action.DECIDE,
    Step.NOTIFY: Action.NOTIFY,
    Step.FORWARD: Action.FORWARD,
    Step.WITHDRAW: Action.WITHDRAW,
    Step.CLOSE: Action.CLOSE,
    Step.REOPEN: Action.REOPEN,
}

# The names of the events a sender is told of; steps not named here are our own affair.
ANNOUNCED = {
    Step.EXAMINE: "examination_started",
    Step.REQUEST_PROOF: "question_asked",
    Step.RECEIVE_ANSWER: "answer_received",
    Step.GRANT: "granted",
    Step.GRANT_IN_PART: "granted_in_part",
    Step.REFUSE: "refused",
    Step.SETTLE: "settled",
    Step.FORWARD: "forwarded",
    Step.WITHDRAW: "withdrawn",
    Step.CLOSE: "closed",
    Step.REOPEN: "reopened",
}

DECIDES = {
    Step.GRANT: "granted",
    Step.GRANT_IN_PART: "granted_in_part",
    Step.REFUSE: "refused",
    Step.SETTLE: "none",
}


class StepNotPossible(Conflict):
    """The case's state does not allow this step."""

    code = "step_not_possible"


class TasksAreOpen(Conflict):
    """Something is still to be done; a case is closed when nothing is."""

    code = "tasks_are_open"


class FollowUpsAreOpen(Conflict):
    """Somebody wants to see the case again (``count``); a case is closed when nobody does."""

    code = "follow_ups_are_open"


class LettersAreWaiting(Conflict):
    """Letters (``count``) are not written or not posted yet; a case is closed when all are."""

    code = "letters_are_waiting"


class RemedyPeriodRuns(Conflict):
    """The decision can still be appealed (``ends_on``)."""

    code = "remedy_period_runs"


class InClarification(Conflict):
    """What was sent is no case yet: nobody is competent for it so far."""

    code = "in_clarification"


class CaseChanged(Conflict):
    """Somebody took a step since the page was shown."""

    code = "case_changed"


class ActIsHeld(Conflict):
    """Something is about to leave the house: first it goes out, or is taken back."""

    code = "act_is_held"


def start(process: Process, *, by: Actor, at: datetime, version: int, sent: str) -> None:
    """Put ``process`` in its first state, together with its case in the same transaction.

    ``sent`` is the digest of what was sent, which the journal watches from here on.
    """
    process.save(force_insert=True)
    record(
        facts.ProcessStarted(
            case_id=process.case_id,
            changes={
                "process.state": (None, process.state),
                "submission.envelope": (None, sent),
            },
            facts={"service": process.service_key, "version": version},
        ),
        by=by,
        at=at,
    )
    announce(process, "received", at=at)


@verb
def fire(
    case_id: UUID,
    step: Step,
    *,
    by: Actor,
    at: datetime,
    revision: int | None = None,
    told: Mapping[str, Any] | None = None,
) -> Process:
    """Take ``step`` on the case: lock, check right and condition, move, record.

    ``revision`` is the one the actor saw; ``told`` goes into the journal beside the states.
    Refuses: NotFound, ActIsHeld, ActionNotGranted, CaseChanged, StepNotPossible, TasksAreOpen,
    FollowUpsAreOpen, LettersAreWaiting, RemedyPeriodRuns.
    """
    process = locked(case_id, by=by)
    require_right(process, step, by)
    if revision is not None and revision != process.revision:
        raise CaseChanged
    _require_condition(process, step, by, at)
    before, decided = process.state, process.decision
    try:
        getattr(process, step)()
    except TransitionNotAllowed:
        raise StepNotPossible(step=step.value, state=before) from None
    process.decision = _decision_after(step, decided)
    process.state_since = process.touched_at = at
    process.done_at = _done_at(process, before, at)
    process.revision += 1
    process.save(
        update_fields=["state", "decision", "state_since", "touched_at", "done_at", "revision"]
    )
    changes: dict[str, tuple[Any, Any]] = {"process.state": (before, process.state)}
    if process.decision != decided:
        changes["process.decision"] = (decided, process.decision)
    record(
        facts.StateChanged(
            case_id=case_id, changes=changes, facts={"step": step.value, **(told or {})}
        ),
        by=by,
        at=at,
    )
    if event := _event_of(step, by):
        announce(process, event, at=at)
    return process


def raise_revision(process: Process, *, seen: int | None) -> None:
    """What a decision rests on changes now: whoever looks at an older page will be told.

    ``seen`` is the revision the actor saw. Refuses: CaseChanged.
    """
    if seen is not None and seen != process.revision:
        raise CaseChanged
    process.revision += 1
    process.save(update_fields=["revision"])


def missed(process: Process, *, at: datetime) -> dict[str, tuple[Any, Any]]:
    """Nobody was told of the decision after all, inside a verb: it has to be told again.

    Returns what the caller's journal entry must say; nothing where it was not told yet.
    """
    if process.state != State.NOTIFIED:
        return {}
    process.miss()
    process.state_since = process.touched_at = at
    process.done_at = None
    process.due_on = local_date(at)
    process.revision += 1
    process.save(
        update_fields=["state", "state_since", "touched_at", "done_at", "due_on", "revision"]
    )
    return {"process.state": (State.NOTIFIED.value, process.state)}


def possible_steps(process: Process, *, by: Actor) -> list[Step]:
    """The steps ``by`` may take from here, as far as state and rights tell."""
    return [
        step
        for step in Step
        if step is not Step.RECEIVE_ANSWER
        and can_proceed(getattr(process, step))
        and (step is not Step.WITHDRAW or process.state in UNDECIDED)
        and may(ACTIONS[step], process.case_id, process.scope, by=by)
        and _definition_allows(process, step, by)
    ]


def locked(case_id: UUID, *, by: Actor, even_held: bool = False) -> Process:
    """The process, locked, if ``by`` may know of it.

    While an act is held back (``workflows.holding``) people leave the case alone, but for what
    asks for it ``even_held``; the applicant and the system go on. Refuses: NotFound, ActIsHeld.
    """
    process = _lockable(by).filter(case_id=case_id).first()
    if process is None:
        raise NotFound
    # Asked under the lock: whoever held something a moment ago has committed it.
    if by.kind == "user" and not even_held and HeldAct.objects.filter(case_id=case_id).exists():
        raise ActIsHeld
    return process


def locked_submission(submission_id: UUID, *, by: Actor) -> Process:
    """The process of the sender's submission, locked, for the sender to answer.

    Refuses: NotFound, ScopeMissing, InClarification.
    """
    mine = Submission.objects.filter(id=submission_id, tenant_id=by.tenant_id, source=by.key)
    named = Subquery(mine.values("service_key"))
    process = _lockable(by).annotate(named=named).filter(submission=submission_id).first()
    service = (
        mine.values_list("service_key", flat=True).first() if process is None else process.named
    )
    if service is None:
        raise NotFound
    require_for_service("answer", service, by=by)
    if process is None:
        raise InClarification
    return process


def _lockable(by: Actor) -> QuerySet[Process]:
    version = Process.objects.select_related("version").defer("version__definition")
    return version.select_for_update(of=("self",)).filter(known_to(by))


def known_to(actor: Actor) -> Q:
    """The WHERE of processes ``actor`` may know of: portals know what they sent themselves."""
    if actor.kind == "portal":
        return Q(tenant_id=actor.tenant_id, source=actor.key)
    return visible_to(actor, "case__", scope="scope")


def announce(process: Process, kind: str, *, at: datetime) -> None:
    """Tell the sender, if there is one, with the next reading of the feed."""
    if process.submission:
        PublicEvent.objects.create(
            tenant_id=process.tenant_id,
            case_id=process.case_id,
            submission=process.submission,
            source=process.source,
            kind=kind,
            at=at,
        )


def finish_tasks(case_id: UUID, kinds: list[str], *, by: Actor, at: datetime) -> None:
    """Mark the open tasks of these ``kinds`` as done."""
    Task.objects.filter(case_id=case_id, kind__in=kinds, done_at__isnull=True).update(
        done_at=at, done_by=by.key
    )


def _event_of(step: Step, by: Actor) -> str | None:
    # Going on without the applicant's answer is no answer.
    if step is Step.RECEIVE_ANSWER and by.kind != "portal":
        return ANNOUNCED[Step.EXAMINE]
    return ANNOUNCED.get(step)


def _decision_after(step: Step, before: str) -> str:
    if step in DECIDES:
        return DECIDES[step]
    return "" if step is Step.REOPEN else before


def _done_at(process: Process, before: str, at: datetime) -> datetime | None:
    """When the work on it ended: with the step that led out of it, until one leads back."""
    if process.state in AT_WORK:
        return None
    return at if before in AT_WORK else process.done_at


def _definition_allows(process: Process, step: Step, by: Actor) -> bool:
    """The definition may name fewer roles than the matrix grants, never more."""
    roles = definition_of(process.version).roles_for(step.value)
    if by.kind == "user":
        return bool(by.roles_in(process.scope) & roles)
    return by.kind in roles


def require_right(process: Process, step: Step, by: Actor) -> None:
    """Refuse with ActionNotGranted unless matrix and definition let ``by`` take ``step``."""
    require(ACTIONS[step], process.case_id, process.scope, by=by)
    if not _definition_allows(process, step, by):
        raise ActionNotGranted(action=step.value)


def _require_condition(process: Process, step: Step, by: Actor, at: datetime) -> None:
    require_paid(process, step.value, kind=by.kind, today=local_date(at))
    if step is Step.CLOSE:
        decision = latest_decision(process.case_id)
        require_done(process, left_on(process.case_id, decision), at)
        lifecycle.close_case(process.case_id, by=by, at=at)
    elif step is Step.WITHDRAW and process.state in (State.DECIDED, State.NOTIFIED):
        _require_appointment_to_come(process, at)


def require_done(process: Process, left: Left, at: datetime) -> None:
    """Nothing open or on its way, nobody to be reminded, and nobody can still appeal (zdA)."""
    if process.state not in (State.NOTIFIED, State.WITHDRAWN, State.FORWARDED):
        raise StepNotPossible(step=Step.CLOSE.value, state=process.state)
    if left.held:
        raise ActIsHeld
    if left.tasks:
        raise TasksAreOpen(count=left.tasks)
    if left.follow_ups:
        raise FollowUpsAreOpen(count=left.follow_ups)
    if left.letters:
        raise LettersAreWaiting(count=left.letters)
    if left.decision and process.state == State.NOTIFIED and not left.decision.imposes_nothing:
        ends_on = left.decision.remedy_ends_on
        if ends_on and local_date(at) <= ends_on:
            raise RemedyPeriodRuns(ends_on=ends_on.isoformat())


def _require_appointment_to_come(process: Process, at: datetime) -> None:
    live = Booking.objects.filter(
        case_id=process.case_id, cancelled_at__isnull=True, slot__day__gt=local_date(at)
    )
    if not live.exists():
        raise StepNotPossible(step=Step.WITHDRAW.value, state=process.state)


def latest_decision(case_id: UUID) -> Decision | None:
    """The decision that counts: a reopened case may have several."""
    return Decision.objects.filter(case_id=case_id).order_by("-decided_at", "-id").first()


def drop_questions(case_id: UUID, *, by: Actor, at: datetime) -> None:
    """Open questions need no answer any more: the case went another way."""
    Question.objects.filter(
        case_id=case_id, answered_at__isnull=True, dropped_at__isnull=True
    ).update(dropped_at=at)
    finish_tasks(case_id, ["await_answer"], by=by, at=at)
