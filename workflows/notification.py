"""When a decision has reached the applicant, in fact or by law, and what runs from then."""

from datetime import date, datetime
from uuid import UUID

from efile.kernel.actors import Actor, system
from efile.kernel.clock import local_date
from efile.kernel.errors import Conflict, FieldError, Invalid
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from workflows import facts
from workflows.case_deadlines import set_deadline
from workflows.deadlines.derivation import Reckoning
from workflows.deadlines.law import DEFAULT_LAW, Regime
from workflows.deadlines.notification import last_retrieval_day
from workflows.deadlines.remedies import (
    objection_after_portal_notice,
    objection_after_post,
    objection_after_retrieval,
)
from workflows.machine import Step, finish_tasks, fire, latest_decision, locked
from workflows.models import Decision, Letter, Process, State
from workflows.offers import definition_of


class LetterIsMissing(Conflict):
    """The decision letter is not on file yet: the worker is still at it."""

    code = "letter_is_missing"


def told_by(decision: Decision) -> date:
    """The day by which the decision should have reached the applicant: it is next on the list.

    In the portal the last day for retrieval (§ 41 (2a) VwVfG NRW); by post the day it is made.
    """
    decided_on = local_date(decision.decided_at)
    if decision.channel == "portal":
        return last_retrieval_day(decided_on, DEFAULT_LAW).on
    return decided_on


@verb
def notify_by_post(
    case_id: UUID, posted_on: date, *, by: Actor, at: datetime, revision: int | None = None
) -> Decision:
    """The letter was posted on ``posted_on``; by law it has arrived some days later.

    Refuses: NotFound, ActionNotGranted, LetterIsMissing, Invalid (a day to come, or before the
    decision).
    """
    process = locked(case_id, by=by)
    decision = _decision_with_letter(case_id)
    if posted_on > local_date(at) or posted_on < local_date(decision.decided_at):
        raise Invalid([FieldError("/posted_on", "out_of_range")])
    # With the decision goes what was granted by it; what came back is sent once more.
    letters = Letter.objects.filter(case_id=case_id)
    letters.filter(document=decision.letter).update(
        channel="post", sent_on=posted_on, returned_on=None, returned_because=""
    )
    letters.filter(
        kind="permit", channel="post", sent_on__isnull=True, document__isnull=False
    ).update(sent_on=posted_on)
    notified_by_post(process, decision, posted_on, by=by, at=at, revision=revision)
    return decision


def notified_by_post(
    process: Process,
    decision: Decision,
    posted_on: date,
    *,
    by: Actor,
    at: datetime,
    revision: int | None = None,
) -> None:
    """The letter of ``decision`` is in the post since ``posted_on``, inside a verb."""
    reckoning = after_post(process, posted_on)
    decision.channel = "post"
    notified(process, decision, reckoning, posted_on, by=by, at=at, revision=revision)


def after_post(process: Process, posted_on: date) -> Reckoning:
    """When an act posted on ``posted_on`` has arrived by law, and until when it can be appealed."""
    regime = Regime(definition_of(process.version).remedy.regime)
    return objection_after_post(posted_on, regime, law=DEFAULT_LAW)


@verb
def note_retrieval(case_id: UUID, document_id: UUID, *, at: datetime) -> None:
    """The sender fetched a document; if it was the decision, the applicant is notified by that.

    § 41 (2a) VwVfG NRW: the day after retrieval, if within ten days; § 37 (2a) SGB X and § 122a
    AO count from the notice instead. Anything else, or a second fetch, changes nothing.
    """
    decision = latest_decision(case_id)
    if decision is None or decision.letter != document_id or decision.channel != "portal":
        return
    by = system(decision.tenant_id, "retrieval")
    process = locked(case_id, by=by)
    if process.state != State.DECIDED:
        return
    provided, retrieved = local_date(decision.decided_at), local_date(at)
    regime = Regime(definition_of(process.version).remedy.regime)
    if regime is Regime.SGB_X:
        reckoning = objection_after_portal_notice(provided, law=DEFAULT_LAW)
    else:
        reckoning = objection_after_retrieval(provided, retrieved, law=DEFAULT_LAW)
    if reckoning.values.get("notified") is None:
        return
    notified(process, decision, reckoning, retrieved, by=by, at=at)


def notified(
    process: Process,
    decision: Decision,
    reckoning: Reckoning | None,
    event_on: date,
    *,
    by: Actor,
    at: datetime,
    revision: int | None = None,
) -> None:
    """Fix the day of notification and what runs from it, and move the case on."""
    decision.notified_on = reckoning.day("notified") if reckoning else event_on
    if reckoning:
        decision.remedy_ends_on = reckoning.day("end")
        set_deadline(
            by.tenant_id,
            process.case_id,
            key="remedy",
            kind="legal",
            event_on=event_on,
            reckoning=reckoning,
        )
    decision.save(update_fields=["notified_on", "remedy_ends_on", "channel"])
    finish_tasks(process.case_id, ["serve_by_post"], by=by, at=at)
    record(
        facts.Notified(
            case_id=process.case_id,
            facts={"notified_on": decision.notified_on, "channel": decision.channel},
        ),
        by=by,
        at=at,
    )
    fire(process.case_id, Step.NOTIFY, by=by, at=at, revision=revision)


def _decision_with_letter(case_id: UUID) -> Decision:
    decision = latest_decision(case_id)
    if decision is None or decision.letter is None:
        raise LetterIsMissing
    return decision
