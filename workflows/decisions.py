"""Deciding: grant or refuse, and what a grant brings into the world."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from efile import numbers
from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import Conflict, FieldError, Invalid
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.models import Party
from workflows import facts, slots
from workflows.application import Application
from workflows.case_deadlines import end_deadlines
from workflows.catalogue.definition import Fee
from workflows.deadlines.periods import Period, Unit, day_completed
from workflows.machine import Step, drop_questions, finish_tasks, fire
from workflows.models import Decision, Process, StandingMatter
from workflows.notification import told_by


class ReasonsAreMissing(Invalid):
    """A decision that does not grant everything gives its reasons (§ 39 VwVfG NRW)."""

    code = "reasons_are_missing"


class FormIsFaulty(Conflict):
    """What was sent breaks the form: it cannot be granted before the faults are cleared up."""

    code = "form_is_faulty"


@verb
def decide(
    case_id: UUID,
    step: Step,
    *,
    by: Actor,
    at: datetime,
    reasons: str = "",
    clauses: str = "",
    legal_basis: str = "",
    revision: int | None = None,
) -> Decision:
    """Grant (``step`` GRANT, GRANT_IN_PART) or refuse the application.

    Open questions and tasks are overtaken; a grant brings the standing matter of the definition
    into the world, a refusal gives the appointment back. The letter is written afterwards.
    Refuses: what ``fire`` refuses, ReasonsAreMissing, FormIsFaulty, FeeUndetermined.
    """
    if step is not Step.GRANT and not reasons.strip():
        raise ReasonsAreMissing([FieldError("/reasons", "required")])
    process = fire(case_id, step, by=by, at=at, revision=revision)
    drop_questions(case_id, by=by, at=at)
    finish_tasks(case_id, ["examine", "review_answer"], by=by, at=at)
    end_deadlines(case_id, ["processing", "answer"])
    application = Application.of(process)
    if application.faults and step is not Step.REFUSE:
        raise FormIsFaulty
    decision = Decision.objects.create(
        tenant_id=by.tenant_id,
        case_id=case_id,
        kind=process.decision,
        reasons=reasons.strip(),
        clauses=clauses.strip(),
        is_automated=by.kind == "system",
        legal_basis=legal_basis,
        decided_at=at,
        decided_by=by.key,
        fee_cents=fee_of(application, step, at).cents,
        channel="portal" if application.electronic else "post",
    )
    Process.objects.filter(case_id=case_id).update(due_on=told_by(decision))
    record(
        facts.Decided(
            case_id=case_id,
            changes={f"decision.{decision.id}": (None, decision.kind)}
            | _end_earlier_matters(case_id, at),
            facts={
                "automated": decision.is_automated,
                "legal_basis": legal_basis,
                "fee_cents": decision.fee_cents,
            },
        ),
        by=by,
        at=at,
    )
    if step is Step.REFUSE:
        slots.release(case_id, by=by, at=at)
    else:
        _begin_matter(process, application, by=by, at=at)
    return decision


def fee_of(application: Application, step: Step, at: datetime) -> Fee:
    """Granting costs what the table says; refusing costs nothing here."""
    if step is Step.REFUSE:
        return Fee(0, "EUR", "", ())
    return application.definition.fee_for(application.form, local_date(at))


def _end_earlier_matters(case_id: UUID, at: datetime) -> dict[str, tuple[Any, Any]]:
    """A case that was reopened is decided anew: what it granted before holds no longer."""
    changes: dict[str, tuple[Any, Any]] = {}
    for matter in StandingMatter.objects.filter(case_id=case_id, ended_on__isnull=True):
        before = matter.watched
        matter.ended_on = local_date(at)
        matter.save(update_fields=["ended_on"])
        changes[f"matter.{matter.id}"] = (before, matter.watched)
    return changes


def _begin_matter(process: Process, sent: Application, *, by: Actor, at: datetime) -> None:
    matter = sent.definition.standing_matter
    terms = sent.definition.terms_for(sent.form, sent.applicant, local_date(at))
    if matter is None or terms is None:
        return
    applicant = (
        Party.objects.filter(case_id=process.case_id, role="applicant").order_by("position").first()
    )
    year = f"{local_date(at):%y}"
    number = numbers.draw(by.tenant_id, f"{matter.number_prefix}/{year}")
    begun = StandingMatter.objects.create(
        tenant_id=by.tenant_id,
        case_id=process.case_id,
        kind=matter.kind,
        number=f"{matter.number_prefix}-{year}-{number:06d}",
        service_key=process.service_key,
        holder=applicant.holder if applicant else "",
        data={
            **terms.data,
            "object": sent.definition.object_of(sent.form, sent.applicant),
        },
        valid_from=terms.valid_from,
        # § 188 (2) BGB: a period that begins with a day ends with the eve of its anniversary.
        valid_to=day_completed(terms.valid_from, Period(terms.months, Unit.MONTHS))
        - timedelta(days=1),
    )
    record(
        facts.MatterBegan(
            case_id=process.case_id,
            changes={f"matter.{begun.id}": (None, begun.watched)},
        ),
        by=by,
        at=at,
    )
