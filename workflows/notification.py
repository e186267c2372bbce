"""When a decision has reached the applicant, in fact or by law, and what runs from then."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from efile.kernel.actors import Actor, system
from efile.kernel.clock import local_date
from efile.kernel.errors import Conflict, FieldError, Invalid
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from workflows import facts
from workflows.case_deadlines import (
    as_told,
    end_with,
    happened,
    running,
    set_deadline,
    take_back,
)
from workflows.deadlines.derivation import Reckoning
from workflows.deadlines.law import DEFAULT_LAW, Regime
from workflows.deadlines.notification import last_retrieval_day
from workflows.deadlines.remedies import (
    objection_after_notification,
    objection_after_portal_notice,
    objection_after_post,
    objection_after_retrieval,
)
from workflows.machine import (
    Step,
    finish_tasks,
    fire,
    latest_decision,
    locked,
    raise_revision,
    require_right,
)
from workflows.models import Deadline, Decision, Letter, Process, StandingMatter, State
from workflows.offers import definition_of

# The deadline that every decision with a remedy has, whatever the definition calls it.
REMEDY: Final = "remedy"


class LetterIsMissing(Conflict):
    """The decision letter is not on file yet: the worker is still at it."""

    code = "letter_is_missing"


class NotNotifiedByPost(Conflict):
    """Only what the law presumes to have come by post can be shown to have come later."""

    code = "not_notified_by_post"


class ReceiptIsNoLater(Conflict):
    """It came no later than the law presumes (``notified_on``): that day counts all the same."""

    code = "receipt_is_no_later"


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
    standing = StandingMatter.objects.filter(tenant_id=process.tenant_id, ended_on__isnull=True)
    letters.filter(
        kind="permit",
        subject__in=standing.values("id"),
        channel="post",
        sent_on__isnull=True,
        document__isnull=False,
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
def note_receipt(
    case_id: UUID, received_on: date, *, by: Actor, at: datetime, revision: int | None = None
) -> Decision:
    """The letter is proven to have come on ``received_on``: from then on the remedy period runs.

    § 41 (2) sentence 3 VwVfG NRW, § 37 (2) SGB X, § 122 (2) AO: the presumption yields to a later
    receipt, an earlier one does not count. Refuses: NotFound, ActionNotGranted, CaseChanged,
    NotNotifiedByPost, ReceiptIsNoLater, Invalid (a day to come).
    """
    process = locked(case_id, by=by)
    require_right(process, Step.NOTIFY, by)
    raise_revision(process, seen=revision)
    decision = latest_decision(case_id)
    remedy = running(case_id).filter(key=REMEDY).first()
    letter = Letter.objects.filter(case_id=case_id, document=decision.letter if decision else None)
    posted_on = letter.values_list("sent_on", flat=True).first()
    if decision is None or remedy is None or decision.channel != "post" or posted_on is None:
        raise NotNotifiedByPost
    if received_on > local_date(at):
        raise Invalid([FieldError("/received_on", "in_future")])
    presumed_on = after_post(process, posted_on).day("notified")
    if received_on <= presumed_on:
        raise ReceiptIsNoLater(notified_on=presumed_on.isoformat())
    regime = Regime(definition_of(process.version).remedy.regime)
    reckoning = objection_after_notification(received_on, regime, law=DEFAULT_LAW)
    decision.notified_on, decision.remedy_ends_on = received_on, reckoning.day("end")
    decision.save(update_fields=["notified_on", "remedy_ends_on"])
    new = _set_remedy(process, reckoning, received_on, by, at)
    happened(process, "notified", received_on, by=by, at=at, because="receipt", besides={REMEDY})
    told = {"received_on": received_on, "before": as_told(remedy), "now": as_told(new)}
    record(facts.ReceiptNoted(case_id=case_id, facts=told), by=by, at=at)
    return decision


def not_notified(process: Process, *, by: Actor, at: datetime) -> None:
    """The decision has reached nobody: what ran from its arrival never did, inside a verb."""
    remedy = running(process.case_id).filter(key=REMEDY).first()
    if remedy:
        take_back(remedy, "returned", by=by, at=at)
    for event in ("posted", "notified"):
        happened(process, event, None, by=by, at=at, because="returned", besides={REMEDY})


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
    if reckoning and _has_a_period(process):
        decision.remedy_ends_on = reckoning.day("end")
        _set_remedy(process, reckoning, event_on, by, at)
    end_with("notified", process.case_id, at=at)
    if decision.channel == "post":
        happened(process, "posted", event_on, by=by, at=at, besides={REMEDY})
    happened(process, "notified", decision.notified_on, by=by, at=at, besides={REMEDY})
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


def _set_remedy(
    process: Process, reckoning: Reckoning, event_on: date, by: Actor, at: datetime
) -> Deadline:
    return set_deadline(
        process.tenant_id,
        process.case_id,
        key=REMEDY,
        kind="legal",
        event="notified",
        event_on=event_on,
        reckoning=reckoning,
        by=by,
        at=at,
    )


def _has_a_period(process: Process) -> bool:
    """An application to the local court is bound to none (§ 49 PStG)."""
    return definition_of(process.version).remedy.kind in ("action", "objection")


def _decision_with_letter(case_id: UUID) -> Decision:
    decision = latest_decision(case_id)
    if decision is None or decision.letter is None:
        raise LetterIsMissing
    return decision
