"""Deciding: grant or refuse, and what a grant brings into the world."""

from datetime import datetime
from uuid import UUID

from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import Conflict, FieldError, Invalid
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from workflows import facts, slots
from workflows.application import Application
from workflows.case_deadlines import end_deadlines
from workflows.catalogue.definition import Fee
from workflows.machine import Step, drop_questions, finish_tasks, fire
from workflows.matters import begin_matter, end_matters
from workflows.models import Decision, Process
from workflows.notification import told_by
from workflows.outgoing import owe_letter


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
    discretion: str = "",
    legal_basis: str = "",
    revision: int | None = None,
) -> Decision:
    """Grant (``step`` GRANT, GRANT_IN_PART) or refuse the application.

    Open questions and tasks are overtaken; a grant brings the standing matter of the definition
    into the world, a refusal gives the appointment back. The letter is written afterwards, with
    ``reasons``, ``clauses`` and the considerations of ``discretion``.
    Refuses: what ``fire`` refuses, ReasonsAreMissing, FormIsFaulty, FeeUndetermined.
    """
    if step is not Step.GRANT and not reasons.strip():
        raise ReasonsAreMissing([FieldError("/reasons", "required")])
    process = fire(case_id, step, by=by, at=at, revision=revision)
    drop_questions(case_id, by=by, at=at)
    finish_tasks(case_id, ["examine", "review_answer"], by=by, at=at)
    end_deadlines(case_id, ["processing", "answer", "reply"])
    application = Application.of(process)
    if application.faults and step is not Step.REFUSE:
        raise FormIsFaulty
    decision = Decision.objects.create(
        tenant_id=by.tenant_id,
        case_id=case_id,
        kind=process.decision,
        reasons=reasons.strip(),
        clauses=clauses.strip(),
        discretion=discretion.strip(),
        is_automated=by.kind == "system",
        legal_basis=legal_basis,
        decided_at=at,
        decided_by=by.key,
        fee_cents=fee_of(application, step, at).cents,
        channel="portal" if application.electronic else "post",
    )
    Process.objects.filter(case_id=case_id).update(due_on=told_by(decision))
    owe_letter(process, decision.kind, channel=decision.channel, subject=decision.id, by=by, at=at)
    record(
        facts.Decided(
            case_id=case_id,
            changes={f"decision.{decision.id}": (None, decision.kind)} | end_matters(case_id, at),
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
        begin_matter(process, application, channel=decision.channel, by=by, at=at)
    return decision


def fee_of(application: Application, step: Step, at: datetime) -> Fee:
    """Granting costs what the table says; refusing costs nothing here."""
    if step is Step.REFUSE:
        return Fee(0, "EUR", "", ())
    return application.definition.fee_for(application.form, local_date(at))
