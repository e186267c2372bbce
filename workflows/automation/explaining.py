"""How the machine decided a case, as a document in its file and in the applicant's portal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from efile import filing
from efile.kernel.actors import system
from efile.kernel.clock import local_date, now
from efile.kernel.ids import uuid7
from efile.letters.explanation import ExplainedCheck, ExplanationFacts, render_explanation
from efile.letters.text import filled
from efile.models import Document
from efile.storage import Stored, default_store
from workflows.application import Application
from workflows.catalogue.definition import Definition, shown_value
from workflows.catalogue.parts import Check
from workflows.catalogue.wording import REGISTERS, source_name, variable_name
from workflows.machine import latest_decision, locked
from workflows.models import CheckResult, Decision, Process, RegisterQuery

JOB: Final = "automation"
TITLE: Final = "So wurde automatisch entschieden"
_BERLIN: Final = ZoneInfo("Europe/Berlin")
_OUTCOMES: Final = {"passed": "erfüllt", "failed": "nicht erfüllt"}
_DECISIONS: Final = {"granted": "bewilligt", "refused": "abgelehnt"}


@dataclass(frozen=True, slots=True)
class Explained:
    """The explanation of one decision, its bytes in the store."""

    decision: UUID
    stored: Stored


def render_explanations(case_id: UUID) -> Explained | None:
    """The explanation the case owes, rendered and stored; None where no machine decided.

    Outside any transaction.
    """
    decision = latest_decision(case_id)
    if decision is None or not decision.is_automated or _is_filed(case_id, decision):
        return None
    pdf = render_explanation(explanation_of(decision))
    stored = default_store().write([pdf], max_bytes=len(pdf), expected_sha256=None)
    return Explained(decision.id, stored)


def file_explanation(case_id: UUID, explained: Explained | None) -> None:
    """Put the explanation on file; whoever is told by the portal finds it there."""
    if explained is None:
        return
    at = now()
    decision = Decision.objects.get(id=explained.decision)
    by = system(decision.tenant_id, JOB)
    process = locked(case_id, by=by)
    # Under the lock: two workers may have written the same explanation.
    if _is_filed(case_id, decision) or latest_decision(case_id) != decision:
        return
    content = filing.content_for(process.tenant_id, explained.stored, "application/pdf", at=at)
    document = filing.NewDocument(
        id=uuid7(),
        kind="letter",
        title=TITLE,
        content_id=content,
        sha256=explained.stored.sha256,
        filename="Erlaeuterung.pdf",
        direction="out",
        is_public=decision.channel == "portal",
    )
    filing.file_documents(case_id, [document], by=by, at=at)


def explanation_of(decision: Decision) -> ExplanationFacts:
    """What the machine did for ``decision``, from what was kept of it. Four statements."""
    process = Process.objects.select_related("case", "version", "tenant").get(
        case_id=decision.case_id
    )
    application = Application.of(process)
    results = _results(decision)
    queries = list(RegisterQuery.objects.filter(case_id=process.case_id).order_by("asked_at", "id"))
    definition = application.definition
    return ExplanationFacts(
        letterhead=process.tenant.letterhead,
        city=process.tenant.name,
        dated=local_date(decision.decided_at),
        reference=process.case.reference,
        service=definition.title.in_("de"),
        outcome=_DECISIONS[decision.kind],
        decided_at=_moment(decision.decided_at),
        checked_at=_moment(results[0].evaluated_at),
        legal_basis=decision.legal_basis,
        version=results[0].version_number,
        checks=[
            _explained(definition, application, check, result, queries)
            for result in results
            if (check := definition.check(result.key))
        ],
    )


def _explained(
    definition: Definition,
    application: Application,
    check: Check,
    result: CheckResult,
    queries: Sequence[RegisterQuery],
) -> ExplainedCheck:
    schemas = {one.name: one.schema for one in definition.validator.fields}
    about = {query.register for query in check.registers}
    reason = ""
    if result.outcome == "failed":
        reason = filled(check.reason.in_("de"), definition.shown(application.form, "de"))
    return ExplainedCheck(
        title=check.title.in_("de"),
        outcome=_OUTCOMES[result.outcome],
        paragraph=result.paragraph,
        source=source_name(check, "de"),
        inputs=[
            (
                variable_name(name, schemas, "de"),
                shown_value(_schema(schemas, name), value, "de"),
            )
            for name, value in result.inputs.items()
        ],
        rule=result.rule,
        asked=[
            (REGISTERS[query.register].in_("de"), query.purpose, _moment(query.asked_at))
            for query in queries
            if query.register in about
        ],
        reason=reason,
    )


def _schema(schemas: Mapping[str, Mapping[str, Any]], name: str) -> Mapping[str, Any]:
    """How the value of a variable is to be read."""
    if name in ("today", "applicant.birth_date"):
        return {"format": "date"}
    group, _, field = name.partition(".")
    return schemas.get(field, {}) if group == "form" else {}


def _results(decision: Decision) -> list[CheckResult]:
    """The checks of the run that ``decision`` rests on: the last one before it."""
    evaluated = CheckResult.objects.filter(
        case_id=decision.case_id, evaluated_at__lte=decision.decided_at
    )
    runs = list(evaluated.order_by("-run", "position"))
    return [one for one in runs if one.run == runs[0].run]


def _is_filed(case_id: UUID, decision: Decision) -> bool:
    # One for each decision: a reopened case that is decided anew gets another.
    return Document.objects.filter(
        case_id=case_id, title=TITLE, filed_at__gte=decision.decided_at
    ).exists()


def _moment(at: datetime) -> str:
    return f"{at.astimezone(_BERLIN):%d.%m.%Y, %H:%M} Uhr"
