"""Intake: what a sender hands in becomes a case with a receipt, once, or is kept for a person."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from efile import filing, lifecycle
from efile.kernel.actors import Actor
from efile.kernel.clock import local_date
from efile.kernel.errors import FieldError, Invalid, NotFound
from efile.kernel.ids import uuid7
from efile.kernel.verbs import unit_of_work, verb
from efile.models import Case
from efile.policy import ServiceNotGranted
from workflows import inbox, machine
from workflows.application import Application
from workflows.appointments.booking import book_for
from workflows.case_deadlines import begin
from workflows.catalogue.submission import errors_in
from workflows.envelope import Envelope, as_kept
from workflows.matter_names import file_object
from workflows.models import Process, Submission
from workflows.offers import Offer, current_offer
from workflows.payments.demanding import demand_at_intake
from workflows.questions import documents_from
from workflows.receipt_signature import content_sha256, signed
from workflows.repeat import earlier_answer, once
from workflows.slots import NoSlot, SlotTaken
from workflows.waiting import entries as waiting

# Several submissions of one new applicant at once: one opens the file, the others join it.
ATTEMPTS = 3
# What else belongs to the filing of one case, in the same transaction.
Also = Callable[[Case], object]


def accept(
    envelope: Envelope, *, key: str, by: Actor, at: datetime, also: Also | None = None
) -> tuple[str, bool]:
    """File ``envelope`` and return (the receipt as JSON, whether it had been given before).

    Repeat-safe under ``key``. What cannot be matched is refused, or with ``on_invalid: clarify``
    kept in the inbox with a receipt that has no case reference yet. ``also`` is done with the new
    case in the same transaction; what it refuses undoes the case.
    Refuses: ServiceNotGranted, Invalid (every fault), KeyReused, SlotTaken, NoSlot.
    """
    digest = envelope.digest
    kept = replace(as_kept(envelope, by.tenant_id), sha256=content_sha256(envelope.data))
    for attempt in range(ATTEMPTS):
        try:
            return _accept(kept, key, digest, by, at, also)
        except lifecycle.FileAppeared:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def _accept(
    envelope: Envelope, key: str, digest: str, by: Actor, at: datetime, also: Also | None
) -> tuple[str, bool]:
    offer, errors = examine(envelope, by)
    if (offer or envelope.clarify) and not by.may("submit", envelope.service):
        # What was handed in while that was granted keeps its answer.
        earlier = earlier_answer(key, digest, by=by)
        if earlier is None:
            raise ServiceNotGranted
        return earlier, True
    if offer and not errors:
        try:
            file = partial(_file, envelope, offer, by, at, also)
            return once(key, digest, by=by, act=lambda: _told(file(), envelope, by))
        except Invalid as refusal:  # found only once the uploads were looked at
            errors = list(refusal.errors)
        except (NoSlot, SlotTaken) as refusal:
            if not envelope.clarify:
                raise
            errors = [FieldError("/form", refusal.code)]
    earlier = earlier_answer(key, digest, by=by)
    if earlier is not None:
        return earlier, True
    if not envelope.clarify or any(e.rule == "upload_not_available" for e in errors):
        raise Invalid(errors)
    keep = partial(_keep, envelope, offer, errors, by, at)
    return once(key, digest, by=by, act=lambda: _told(keep(), envelope, by))


def examine(envelope: Envelope, by: Actor) -> tuple[Offer | None, list[FieldError]]:
    """The service in force and every fault that shows before anything is written."""
    try:
        offer = current_offer(by.tenant_id, envelope.service)
    except NotFound:
        return None, [FieldError("/service", "unknown_service")]
    return offer, errors_in(offer.definition, envelope.data)


def _file(
    envelope: Envelope, offer: Offer, by: Actor, at: datetime, also: Also | None
) -> dict[str, Any]:
    """Everything one application brings into being, the number last."""
    attachments = envelope.data.get("attachments") or []
    claimed = filing.claim_uploads(_upload_pointers(attachments), by=by)
    documents = documents_from(offer.definition, attachments, claimed)
    submission = _submission(envelope, offer.definition.key, by, at)
    case, slot = open_application(
        envelope.data, offer, documents, submission=submission, by=by, at=at
    )
    submission.case = case
    submission.save(force_insert=True)
    if also:
        also(case)
    uploads = [UUID(one["upload"]) for one in attachments]
    receipt = _receipt(submission) | {
        "case_reference": case.reference,
        "file_reference": case.case_file.reference,
        "state": "received",
        "service_version": offer.version.number,
        "attachments": [
            {"upload": str(upload), "document": str(document.id), "sha256": document.sha256}
            for upload, document in zip(uploads, documents, strict=True)
        ],
    }
    return receipt | ({"appointment": slot} if slot else {})


def open_application(
    data: Mapping[str, Any],
    offer: Offer,
    documents: Sequence[filing.NewDocument],
    *,
    submission: Submission,
    by: Actor,
    at: datetime,
) -> tuple[Case, dict[str, Any] | None]:
    """Case, process, first deadline and appointment of ``submission``, inside a verb."""
    definition, version = offer.definition, offer.version
    application = Application.read(definition, data)
    new = lifecycle.NewCase(
        id=uuid7(),
        position=version.position,
        lead_unit_id=version.unit_id,
        access_class=definition.access_class,
        subject=application.subject,
        received_at=submission.received_at,
        parties=[_party(party) for party in data.get("parties") or []],
        documents=documents,
        holder=application.holder if definition.file.grouping == "per_applicant" else "",
        object_key=_object_key(application, by.tenant_id),
        retention_years=definition.retention.years,
        disposal_code=definition.retention.disposal_code,
    )
    received_on = local_date(submission.received_at)
    process = Process(
        case_id=new.id,
        tenant_id=by.tenant_id,
        scope=new.scope,
        version=version,
        service_key=definition.key,
        submission=submission.id,
        source=submission.source,
        state_since=at,
        received_at=submission.received_at,
        touched_at=at,
        due_on=received_on,
    )
    complete = {} if application.faults else {"complete": received_on}
    ends = begin(process, {"received": received_on, **complete}, by=by, at=at)
    process.due_on = ends["processing"]
    slot = book_for(application, new.id, by=by, at=at)
    with unit_of_work() as unit:
        unit.opens(new.id)
        machine.start(
            process,
            by=by,
            at=at,
            version=version.number,
            sent=filing.text_digest(submission.envelope),
        )
        waiting.keep(process, application, by=by, at=at)
        case = lifecycle.open_case(new, by=by, at=at)
        demand_at_intake(process, application, case.reference, by=by, at=at)
    return case, slot


@verb
def assign_to_service(item_id: UUID, service: str, *, by: Actor, at: datetime) -> Case:
    """A person says what a kept submission is: it becomes a case, received when it arrived.

    Faults of form do not stop it now; they are the caseworker's to clear up.
    Refuses: NotFound, ItemIsSettled, Invalid (unknown service).
    """
    item = inbox.locked_item(item_id, by=by)
    if item.submission is None:
        raise NotFound
    try:
        offer = current_offer(by.tenant_id, service)
    except NotFound:
        raise Invalid([FieldError("/service", "unknown_service")]) from None
    submission = item.submission
    case, _ = open_application(
        inbox.envelope_of(item),
        offer,
        inbox.attachments_of(item),
        submission=submission,
        by=by,
        at=at,
    )
    Submission.objects.filter(id=submission.id).update(case=case)
    inbox.settle(item, "assigned", by=by, at=at)
    return case


def _keep(
    envelope: Envelope,
    offer: Offer | None,
    errors: Sequence[FieldError],
    by: Actor,
    at: datetime,
) -> dict[str, Any]:
    attachments = envelope.data.get("attachments") or []
    claimed = filing.claim_uploads(_upload_pointers(attachments), by=by)
    submission = _submission(envelope, envelope.service[:200], by, at)
    scope = f"{offer.version.unit_id}:{offer.definition.access_class}" if offer else ""
    inbox.keep_submission(
        submission,
        scope=scope,
        reason=_reason(errors),
        errors=errors,
        claimed=[(one, claimed[UUID(one["upload"])]) for one in attachments],
        by=by,
        at=at,
    )
    return _receipt(submission) | {
        "case_reference": None,
        "file_reference": None,
        "state": "in_clarification",
        "service_version": offer.version.number if offer else None,
        "attachments": [
            {
                "upload": one["upload"],
                "document": None,
                "sha256": claimed[UUID(one["upload"])].sha256,
            }
            for one in attachments
        ],
    }


def _submission(envelope: Envelope, service: str, by: Actor, at: datetime) -> Submission:
    return Submission(
        tenant_id=by.tenant_id,
        source=by.key,
        service_key=service,
        language=str(envelope.data.get("language") or "de"),
        channel=envelope.channel,
        envelope=envelope.text,
        received_at=envelope.stamped_at or at,
    )


def _receipt(submission: Submission) -> dict[str, Any]:
    return {
        "id": str(submission.id),
        "received_at": submission.received_at.isoformat(),
        "service": submission.service_key,
    }


def _told(receipt: Mapping[str, Any], envelope: Envelope, by: Actor) -> str:
    return json.dumps(signed(receipt, envelope.sha256, source=by.key))


def _reason(errors: Sequence[FieldError]) -> str:
    rules = {error.rule for error in errors}
    if "unknown_service" in rules:
        return "unknown_service"
    return "missing_proof" if rules == {"proof_missing"} else "invalid_form"


def _upload_pointers(attachments: Sequence[Mapping[str, Any]]) -> dict[UUID, str]:
    return {
        UUID(one["upload"]): f"/attachments/{index}/upload" for index, one in enumerate(attachments)
    }


def _object_key(application: Application, tenant_id: int) -> str:
    definition = application.definition
    if definition.file.grouping != "per_object":
        return ""
    if known := file_object(application, tenant_id):
        return known[:200]
    return str(definition.object_of(application.form, application.applicant) or "")[:200]


def _party(party: Mapping[str, Any]) -> lifecycle.NewParty:
    identity = party.get("identity") or {}
    return lifecycle.NewParty(
        role=party["role"],
        kind=party["kind"],
        given_names=party.get("given_names", ""),
        family_name=party.get("family_name", ""),
        organisation=party.get("organisation", ""),
        birth_date=_day(party.get("birth_date")),
        address=party.get("address") or {},
        email=party.get("email", ""),
        phone=party.get("phone", ""),
        identity_source=identity.get("source", ""),
        assurance=identity.get("assurance", "none"),
        holder=identity.get("holder", ""),
    )


def _day(text: str | None) -> date | None:
    """A birthday as sent; one that is no day (only after clarification) stays open."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
