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
from workflows.automation import sample
from workflows.case_deadlines import end_with, happened
from workflows.catalogue.money import NOTHING, Fee
from workflows.machine import Step, drop_questions, finish_tasks, fire
from workflows.matter_cases import carry_out, undo_effect
from workflows.models import Decision, Process
from workflows.notification import told_by
from workflows.outgoing import owe_letter
from workflows.waiting import entries as waiting


class ReasonsAreMissing(Invalid):
    """A decision that does not grant everything gives its reasons (§ 39 VwVfG NRW)."""

    code = "reasons_are_missing"


class DiscretionIsMissing(Invalid):
    """Who exercises discretion says what was weighed (§ 39 (1) sentence 3 VwVfG NRW)."""

    code = "discretion_is_missing"


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

    Open questions and tasks are overtaken; a grant does to the standing matter of the definition
    what its form asks for, a refusal gives the appointment back. The letter is written afterwards,
    with ``reasons``, ``clauses`` and the considerations of ``discretion``.
    Refuses: what ``fire`` refuses, ReasonsAreMissing, DiscretionIsMissing, FormIsFaulty,
    FeeUndetermined, MatterUnknown, MatterHasEnded, NothingIsOwed.
    """
    if step is not Step.GRANT and not reasons.strip():
        raise ReasonsAreMissing([FieldError("/reasons", "required")])
    process = fire(case_id, step, by=by, at=at, revision=revision)
    drop_questions(case_id, by=by, at=at)
    finish_tasks(case_id, ["examine", "review_answer"], by=by, at=at)
    end_with("decided", case_id, at=at)
    application = Application.of(process)
    # Not needed where all is granted and nothing imposed (§ 39 (2) no. 1 VwVfG NRW).
    burdens = step is not Step.GRANT or clauses.strip()
    if application.definition.discretion and burdens and not discretion.strip():
        raise DiscretionIsMissing([FieldError("/discretion", "required")])
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
    happened(process, "decided", local_date(at), by=by, at=at)
    if application.electronic:
        happened(process, "provided", local_date(at), by=by, at=at)
    owe_letter(process, decision.kind, channel=decision.channel, subject=decision.id, by=by, at=at)
    sample.compare(process, decision.kind, by=by, at=at)
    record(
        facts.Decided(
            case_id=case_id,
            changes={f"decision.{decision.id}": (None, decision.kind)},
            facts={
                "automated": decision.is_automated,
                "legal_basis": legal_basis,
                "fee_cents": decision.fee_cents,
            },
        ),
        by=by,
        at=at,
    )
    undo_effect(process, by=by, at=at)
    if application.definition.waiting_list:
        waiting.leave(process, process.decision, by=by, at=at)
    if step is Step.REFUSE:
        slots.release(case_id, by=by, at=at)
    else:
        decision.fixes_amount = carry_out(
            process, application, channel=decision.channel, by=by, at=at
        )
        if decision.fixes_amount:
            decision.save(update_fields=["fixes_amount"])
    return decision


def fee_of(application: Application, step: Step, at: datetime) -> Fee:
    """Granting costs what the table says; refusing only where the table says so."""
    table = application.definition.fee
    if step is Step.REFUSE and not (table and table.on_refusal):
        return NOTHING
    return application.definition.fee_for(application.form, local_date(at))
