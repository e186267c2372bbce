"""The checks of a definition: asked, evaluated, kept, and what follows from them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from efile.kernel.actors import Actor, system
from efile.kernel.clock import local_date, now
from efile.kernel.journal import record
from efile.kernel.verbs import verb
from efile.models import Party
from efile.policy import Action, require
from efile.spelling import same_name
from workflows import facts
from workflows.application import Application
from workflows.automation import sample, switch
from workflows.catalogue.parts import Check
from workflows.catalogue.rules import CheckOutcome
from workflows.decisions import decide
from workflows.machine import DECIDES, Step, StepNotPossible, locked
from workflows.matter_names import matter_facts
from workflows.models import (
    CheckResult,
    Process,
    RegisterQuery,
    Service,
    StandingMatter,
    Task,
    Verdict,
)
from workflows.models.process import UNDECIDED
from workflows.payments.gate import is_awaited
from workflows.proactive.renewing import renewed_by
from workflows.registers import Answer, ask
from workflows.streets import find_place

JOB = "checks"
# Why a person was called that no check knows of.
OTHERS = (
    "act_failed",
    "appointment_failed",
    "appointment_missed",
    "payment_overdue",
    "payment_refused",
)


def ask_registers(case_id: UUID) -> list[Answer]:
    """Ask everything the checks of this case need. Runs outside any transaction."""
    process = Process.objects.select_related("case", "version").get(case_id=case_id)
    if process.state not in UNDECIDED or is_awaited(process, Step.EXAMINE):
        return []
    application = Application.of(process)
    definition = application.definition
    return [
        ask(
            query,
            definition.input_for(query, application.form, application.applicant),
            case_reference=process.case.reference,
            tenant_id=process.tenant_id,
            applicant=application.applicant,
            at=now(),
        )
        for query in definition.register_queries()
    ]


def run(case_id: UUID, answers: Sequence[Answer]) -> None:
    """Evaluate all checks over ``answers`` and act on them: decide, or call a person.

    A reaction, so it looks at the present: a case that was decided meanwhile stays decided.
    """
    at = now()
    tenant_id = Process.objects.values_list("tenant_id", flat=True).get(case_id=case_id)
    by = system(tenant_id, JOB)
    process = locked(case_id, by=by)
    if process.state not in UNDECIDED or is_awaited(process, Step.EXAMINE):
        return
    application = Application.of(process)
    _log_queries(process, answers)
    outcomes = _evaluate(process, application, answers, at)
    _keep(process, outcomes, at)
    record(
        facts.ChecksRun(
            case_id=case_id,
            facts={check.key: outcome.outcome for check, outcome in outcomes},
        ),
        by=by,
        at=at,
    )
    _act(process, application, outcomes, by, at)


@verb
def run_again(case_id: UUID, *, by: Actor, at: datetime) -> None:
    """Ask the registers and evaluate the checks once more: one was down, or knows better by now.

    Refuses: NotFound, ActionNotGranted, StepNotPossible (decided already).
    """
    process = locked(case_id, by=by)
    require(Action.EXAMINE, case_id, process.scope, by=by)
    if process.state not in UNDECIDED:
        raise StepNotPossible(state=process.state)
    record(facts.ChecksAskedFor(case_id=case_id), by=by, at=at)


def _act(
    process: Process,
    application: Application,
    outcomes: list[tuple[Check, CheckOutcome]],
    by: Actor,
    at: datetime,
) -> None:
    """§ 35a VwVfG NRW: the system decides only where the law lets it and nothing is in doubt."""
    definition = application.definition
    service = Service.objects.get(tenant_id=process.tenant_id, key=definition.key)
    basis = service.automation_basis
    failed = [check for check, outcome in outcomes if outcome.outcome == "failed"]
    unclear = [check for check, outcome in outcomes if outcome.outcome == "not_evaluated"]
    needs_person = unclear or [check for check in failed if check.on_failure == "person"]
    for_person = _why_a_person(process, application, service)
    if not for_person and (needs_person or (failed and definition.automation.level != "full")):
        for_person = "checks_not_passed"
    step = Step.REFUSE if failed else Step.GRANT
    if not for_person and sample.is_drawn(process.case_id, sample.percent_of(service, definition)):
        for_person = "sample"
        sample.keep_proposal(process, DECIDES[step], by=by, at=at)
    if for_person:
        _call_person(process, for_person, failed, unclear, at)
    elif not is_awaited(process, Step.GRANT):  # once it is paid the checks are run again
        decide(
            process.case_id,
            step,
            reasons="\n\n".join(check.reason.in_("de") for check in failed),
            by=by,
            at=at,
            legal_basis=definition.automation.legal_basis or basis,
        )


def _why_a_person(process: Process, application: Application, service: Service) -> str | None:
    """What forbids the machine to decide, whatever the checks say; None where nothing does."""
    if application.faults:
        return "form_is_faulty"
    if application.sent.get("office"):
        # Nobody applied: what the office takes up by itself is a person's to decide.
        return "opened_by_office"
    if not application.definition.automation.decides(service.automation_basis):
        return "no_legal_basis"
    if application.corrections or Verdict.objects.filter(case_id=process.case_id).exists():
        # Somebody has put a hand to it: what follows is no longer the machine's to decide.
        return "person_at_work"
    if application.definition.free_texts(application.form):
        # § 24 (1) sentence 3 VwVfG NRW: what the applicant says of the single case is heard.
        return "free_text"
    return "automation_is_off" if switch.is_off(service.pk) else None


def _call_person(
    process: Process,
    reason: str,
    failed: list[Check],
    unclear: list[Check],
    at: datetime,
) -> None:
    """Open one task for a person; a second run renews what it says."""
    said = {
        "reason": reason,
        "failed": [check.key for check in failed],
        "not_evaluated": [check.key for check in unclear],
    }
    case_id = process.case_id
    open_task = Task.objects.filter(
        # What came to nothing stays said until somebody has seen to it.
        ~Q(facts__reason__in=OTHERS),
        case_id=case_id,
        kind="examine",
        done_at__isnull=True,
    )
    if not open_task.update(facts=said):
        Task.objects.create(
            tenant_id=process.tenant_id, case_id=case_id, kind="examine", facts=said, opened_at=at
        )


def _evaluate(
    process: Process, application: Application, answers: Sequence[Answer], at: datetime
) -> list[tuple[Check, CheckOutcome]]:
    definition = application.definition
    registers: dict[str, dict[str, Any] | None] = {}
    for answer in answers:
        known = registers.get(answer.register, {})
        # One silent answer makes the register silent: half a picture decides nothing.
        registers[answer.register] = (
            None if answer.facts is None or known is None else {**known, **answer.facts}
        )
    place = find_place(
        process.tenant_id, definition.address_in(application.form, application.applicant)
    )
    data = definition.rules.bind(
        form=application.form,
        applicant=_applicant_facts(application.applicant),
        registers=registers,
        standing=_standing(process, application, at),
        matter=matter_facts(process, application, at),
        address=place.as_facts(),
        today=local_date(at),
    )
    return [(check, definition.rules.evaluate(check, data)) for check in definition.checks]


def _applicant_facts(applicant: Mapping[str, Any]) -> dict[str, Any]:
    address = applicant.get("address") or {}
    identity = applicant.get("identity") or {}
    stated = {
        name: applicant[name]
        for name in ("kind", "given_names", "family_name", "birth_date")
        if applicant.get(name)
    }
    return {
        **stated,
        **{name: address.get(name, "") for name in ("street", "number", "postcode", "city")},
        "assurance": identity.get("assurance", "none"),
    }


def _standing(process: Process, application: Application, at: datetime) -> dict[str, int | None]:
    """Running matters of the same service: of this applicant, and about this object."""
    definition = application.definition
    today = local_date(at)
    running = (
        StandingMatter.objects.filter(
            tenant_id=process.tenant_id, service_key=definition.key, ended_on__isnull=True
        )
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))
        .exclude(case_id=process.case_id)
        # Who takes the offer to renew something still has it: that is no second one.
        .exclude(id__in=renewed_by(process.case_id))
    )
    target = definition.object_of(application.form, application.applicant)
    return {
        "active_permits": _of_applicant(running, process),
        "active_for_object": (
            running.filter(data__contains={"object": target}).count() if target else 0
        ),
    }


def _of_applicant(running: QuerySet[StandingMatter], process: Process) -> int | None:
    """How many of ``running`` are this applicant's; None where that takes a person to say.

    Only a bPK2 tells two people apart: where one of them has none, the same name and birthday may
    be the same person.
    """
    applicant = (
        Party.objects.filter(case_id=process.case_id, role="applicant").order_by("position").first()
    )
    if applicant is None:
        return 0
    if applicant.holder and (own := running.filter(holder=applicant.holder).count()):
        return own
    unsure = running.filter(holder="") if applicant.holder else running
    namesakes = Party.objects.filter(
        case_id__in=unsure.values("case_id"),
        role="applicant",
        birth_date=applicant.birth_date,
        organisation=applicant.organisation,
    )
    for party in namesakes:
        if all(
            same_name(getattr(party, part), getattr(applicant, part))
            for part in ("family_name", "given_names")
        ):
            return None
    return 0


def _log_queries(process: Process, answers: Sequence[Answer]) -> None:
    RegisterQuery.objects.bulk_create(
        [
            RegisterQuery(
                tenant_id=process.tenant_id,
                case_id=process.case_id,
                register=answer.register,
                purpose=answer.purpose,
                asked_at=answer.asked_at,
                outcome=answer.outcome,
                milliseconds=answer.milliseconds,
            )
            for answer in answers
        ]
    )


def _keep(process: Process, outcomes: list[tuple[Check, CheckOutcome]], at: datetime) -> None:
    last = CheckResult.objects.filter(case_id=process.case_id).aggregate(run=Max("run"))["run"] or 0
    CheckResult.objects.bulk_create(
        [
            CheckResult(
                tenant_id=process.tenant_id,
                case_id=process.case_id,
                run=last + 1,
                position=position,
                key=check.key,
                outcome=outcome.outcome,
                inputs=dict(outcome.inputs),
                rule=outcome.expression,
                paragraph=check.paragraph,
                version_number=process.version.number,
                evaluated_at=at,
                detail=outcome.error or "",
            )
            for position, (check, outcome) in enumerate(outcomes)
        ]
    )
